import CMNL
import Testing
import Wire

@testable import Netlink

/// The octets are those of a little-endian machine; each attribute is length, type, value, padding to four.
@Suite struct AttributeTests {
    @Test("Attributes are written with their lengths, padded, one behind the other")
    func flat() {
        let octets = written(Link.self) { link in
            link.put(.name, "veth0")
            link.put(.mtu, 1400)
            link.put(.address, MACAddress(rawValue: 0x0200_0000_0001))
        }
        #expect(
            octets == [
                10, 0, 3, 0, 0x76, 0x65, 0x74, 0x68, 0x30, 0, 0, 0,
                8, 0, 4, 0, 0x78, 0x05, 0, 0,
                10, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 0,
            ])
    }

    @Test("A nest is as long as what was put into it, and a structure may stand at its start")
    func nested() {
        let octets = written(Link.self) { link in
            link.nest(.information) { information in
                information.put(.kind, "veth")
                information.nest(.veth) { veth in
                    veth.nest(.peer) { peer in
                        peer.append(UInt32(0x0403_0201))
                        peer.put(.name, "b")
                    }
                }
            }
        }
        #expect(
            octets == [
                36, 0, 18, 0x80,
                9, 0, 1, 0, 0x76, 0x65, 0x74, 0x68, 0, 0, 0, 0,
                20, 0, 2, 0x80,
                16, 0, 1, 0x80, 1, 2, 3, 4, 6, 0, 3, 0, 0x62, 0, 0, 0,
            ])
    }

    @Test("Addresses travel in network order; nf_tables' numbers too")
    func networkOrder() {
        let octets = written(Route.self) { $0.put(.gateway, .v4(IPv4Address(198, 18, 0, 1))) }
        #expect(octets == [8, 0, 5, 0, 198, 18, 0, 1])
        let policy = written(FilterChain.self) { $0.put(.policy, BigEndian(1)) }
        #expect(policy == [8, 0, 5, 0, 0, 0, 0, 1])
    }

    @Test("What was written is read by the same keys, in nests too; what nobody asks for does no harm")
    func reading() {
        let link = AttributeReader<Link>([
            8, 0, 0xff, 0x3f, 1, 2, 3, 4,
            10, 0, 3, 0, 0x76, 0x65, 0x74, 0x68, 0x30, 0, 0, 0,
            16, 0, 18, 0x80, 9, 0, 1, 0, 0x76, 0x65, 0x74, 0x68, 0, 0, 0, 0,
            8, 0, 4, 0, 0x78, 0x05, 0, 0,
        ])
        #expect(link[.name] == "veth0")
        #expect(link[.mtu] == 1400)
        #expect(link[.information]?[.kind] == "veth")
        #expect(link[.master] == nil)
        #expect(link[.bridgePort]?[.state] == nil)
    }

    @Test("A value of the wrong size is none")
    func wrongSizes() {
        let link = AttributeReader<Link>([6, 0, 4, 0, 0x78, 0x05, 0, 0, 9, 0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0])
        #expect(link[.mtu] == nil)
        #expect(link[.address] == nil)
        let route = AttributeReader<Route>([9, 0, 5, 0, 198, 18, 0, 1, 0, 0, 0, 0])
        #expect(route[.gateway] == nil)
    }

    @Test(
        "What is cut off or shorter than its own head is left out",
        arguments: [
            [8, 0, 4, 0, 0x78, 0x05, 0, 0, 12, 0, 3, 0, 0x76, 0],
            [8, 0, 4, 0, 0x78, 0x05, 0, 0, 3, 0, 3, 0],
            [8, 0, 4, 0, 0x78, 0x05, 0, 0, 8, 0, 3],
        ] as [[UInt8]])
    func truncated(octets: [UInt8]) {
        let link = AttributeReader<Link>(octets)
        #expect(link[.mtu] == 1400)
        #expect(link[.name] == nil)
    }

    @Test("One read is cut into messages; a message that is cut off is left out")
    func messages() {
        let octets: [UInt8] = [
            20, 0, 0, 0, 16, 0, 2, 0, 5, 0, 0, 0, 9, 0, 0, 0, 0xaa, 0xbb, 0xcc, 0xdd,
            16, 0, 0, 0, 3, 0, 0, 0, 6, 0, 0, 0, 9, 0, 0, 0,
            40, 0, 0, 0, 16, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3, 4,
        ]
        let messages = ReceivedMessage.split(octets)
        #expect(messages.map(\.type) == [16, 3])
        #expect(messages.map(\.flags) == [2, 0])
        #expect(messages.map(\.sequence) == [5, 6])
        #expect(messages.map(\.payload) == [[0xaa, 0xbb, 0xcc, 0xdd], []])
        #expect(ReceivedMessage.split([]).isEmpty)
    }

    @Test("A message that is shorter than its protocol's header is no record")
    func shortRecords() {
        let short = ReceivedMessage(type: 16, flags: 0, sequence: 1, payload: [UInt8](repeating: 0, count: 3))
        #expect(LinkRecord(short) == nil)
        #expect(AddressRecord(short) == nil)
        #expect(RouteRecord(short) == nil)
        #expect(NeighborRecord(short) == nil)
        // A link without a name and an address without octets are none either.
        let bare = ReceivedMessage(type: 16, flags: 0, sequence: 1, payload: [UInt8](repeating: 0, count: 16))
        #expect(LinkRecord(bare) == nil)
        #expect(AddressRecord(bare) == nil)
        #expect(NeighborRecord(bare) == nil)
    }

    @Test("A link is read from the kernel's octets")
    func linkRecord() {
        // ifinfomsg: family 0, Ethernet, index 2, flags up, running and lower up; then five attributes.
        let message = ReceivedMessage(
            type: 16, flags: 0, sequence: 1,
            payload: [
                0, 0, 1, 0, 2, 0, 0, 0, 0x43, 0, 1, 0, 0, 0, 0, 0,
                9, 0, 3, 0, 0x65, 0x74, 0x68, 0x30, 0, 0, 0, 0,
                5, 0, 16, 0, 6, 0, 0, 0,
                8, 0, 4, 0, 0xdc, 0x05, 0, 0,
                8, 0, 10, 0, 7, 0, 0, 0,
                10, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 0,
            ])
        let link = LinkRecord(message)
        #expect(link?.index == 2)
        #expect(link?.name == "eth0")
        #expect(link?.isUp == true)
        #expect(link?.isRunning == true)
        #expect(link?.isLoopback == false)
        #expect(link?.operationalState == 6)
        #expect(link?.mtu == 1500)
        #expect(link?.master == 7)
        #expect(link?.macAddress == MACAddress(rawValue: 0x0200_0000_0001))
        #expect(link?.kind == nil)
    }

    @Test("An error says what was asked, the kernel's reason and its sentence")
    func errors() {
        let plain = NetlinkError("add it", code: 17)
        #expect("\(plain)" == "add it: File exists")
        #expect(plain.isAlreadyThere && !plain.isNotThere)
        let spoken = NetlinkError("find it", code: 19, message: "no such thing")
        #expect("\(spoken)" == "find it: No such device (no such thing)")
        #expect(spoken.isNotThere && !spoken.isAlreadyThere)
    }
}

/// The attributes that the body writes, as they would be sent.
private func written<Space>(_ space: Space.Type, _ body: (AttributeWriter<Space>) -> Void) -> [UInt8] {
    let capacity = 4096
    let storage = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    defer { unsafe storage.deallocate() }
    guard let header = unsafe mnl_nlmsg_put_header(storage) else { return [] }
    unsafe body(AttributeWriter<Space>(header: header, space: capacity))
    let octets = unsafe UnsafeRawBufferPointer(start: storage, count: Int(header.pointee.nlmsg_len))
    return unsafe Array(octets.dropFirst(16))
}

import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Interfaces")
struct InterfaceTests {
    private func addresses(_ texts: String...) -> [IPAddress] { texts.compactMap { IPAddress($0) } }

    @Test("The primary address is the first one that is not virtual")
    func primary() {
        let interface = Interface(
            index: 2, isUp: true, addresses: addresses("10.0.0.100", "10.0.0.1", "10.0.0.2", "fe80::9", "fe80::1"))
        let state = interface.state(without: addresses("10.0.0.100", "fe80::9").contains)
        #expect(state.isUp)
        #expect(state.primaryIPv4 == IPv4Address("10.0.0.1"))
        #expect(state.linkLocalIPv6 == IPv6Address("fe80::1"))
    }

    @Test("An interface with nothing but virtual addresses has no address to send from")
    func onlyVirtual() {
        let interface = Interface(index: 2, isUp: true, addresses: addresses("10.0.0.100", "2001:db8::1"))
        let state = interface.state(without: addresses("10.0.0.100").contains)
        #expect(state.primaryIPv4 == nil)
        #expect(state.linkLocalIPv6 == nil)
    }

    @Test("Every interface that is missing is named, and loopback is refused")
    func missing() {
        var router = VirtualRouterConfiguration(name: "VI_1", interface: "eth9", virtualRouterID: 51)
        router.addresses = [
            VirtualAddress(IPPrefix("10.0.0.100/24")!, interface: "eth9"),
            VirtualAddress(IPPrefix("10.0.0.101/24")!, interface: "eth8"),
        ]
        router.trackedInterfaces = [TrackedItem("eth7"), TrackedItem("eth0")]
        let other = VirtualRouterConfiguration(name: "VI_2", interface: "lo", virtualRouterID: 52)
        var configuration = DaemonConfiguration()
        configuration.router.virtualRouters = [router, other]
        let interfaces = [
            "eth0": Interface(index: 2, isUp: true), "lo": Interface(index: 1, isUp: true, isLoopback: true),
        ]
        let complaints = MachineCheck.complaints(about: configuration, in: "/etc/k.conf", among: interfaces)
        #expect(
            complaints.map(\.rendered) == [
                "/etc/k.conf: fatal error: interface eth9 for vrrp_instance VI_1 doesn't exist",
                "/etc/k.conf: fatal error: interface eth8 for ip address 10.0.0.101/24 doesn't exist",
                "/etc/k.conf: fatal error: (VI_1) tracked interface eth7 doesn't exist",
                "/etc/k.conf: fatal error: (VI_2) cannot use a loopback interface",
            ])
    }

    @Test(
        "A source of events survives its token",
        arguments: [
            EventSource.signals, .interfaces, .packets(interfaceIndex: 7), .process(pid: 4_194_304),
            .process(pid: .max),
        ])
    func tokens(source: EventSource) {
        #expect(EventSource(token: source.token) == source)
    }
}

@Suite("Announcements")
struct AnnouncementTests {
    private func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private let mac = MACAddress("42:65:fe:d6:72:2f")!

    @Test("An IPv4 address is announced by keepalived's gratuitous ARP, octet for octet")
    func gratuitousARP() {
        let frame = announcement(of: IPAddress("10.9.0.100")!, from: mac, isRouter: { false }).serialized()
        #expect(
            hexadecimal(frame)
                == "ffffffffffff" + "4265fed6722f" + "0806" + "0001080006040001" + "4265fed6722f" + "0a090064"
                + "ffffffffffff" + "0a090064")
    }

    @Test("An IPv6 address is announced by keepalived's unsolicited neighbor advertisement, octet for octet")
    func neighborAdvertisement() {
        let frame = announcement(of: IPAddress("fe80::66")!, from: mac, isRouter: { false }).serialized()
        let address = "fe800000000000000000000000000066"
        #expect(
            hexadecimal(frame)
                == "333300000001" + "4265fed6722f" + "86dd" + "6000000000203aff" + address
                + "ff020000000000000000000000000001" + "8800a566" + "20000000" + address + "02014265fed6722f")
    }
}

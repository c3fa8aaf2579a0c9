import Testing
import VRRPCore
import Wire

@Suite("What is sent and to whom")
struct TransmissionTests {
    private func transmission(
        _ version: VRRPVersion = .v3, _ change: (inout VirtualRouterConfiguration) -> Void
    ) throws -> Transmission {
        var bench = Bench(started: .tutorial(version, change))
        return try #require(bench.reachDeadline().transmissions.first)
    }

    private func checksum(_ transmission: Transmission) -> [UInt8] { Array(transmission.payloads[0][6..<8]) }

    @Test("The group is the family's, or the one that was configured")
    func group() throws {
        #expect(try transmission { _ in }.destinations == [.group])
        let other = IPAddress.v4(IPv4Address(224, 0, 0, 19))
        #expect(try transmission { $0.multicastGroup = other }.destinations == [other])
        let unicast = try transmission {
            $0.multicastGroup = other
            $0.unicastPeers = [.higher]
        }
        #expect(unicast.destinations == [.higher])
    }

    @Test("What goes to the group has hop limit 255 whatever is configured for peers")
    func hopLimits() throws {
        #expect(try transmission { $0.unicastHopLimit = 3 }.hopLimit == 255)
        #expect(try transmission { $0.unicastPeers = [.higher] }.hopLimit == 255)
        let limited = try transmission {
            $0.unicastPeers = [.higher]
            $0.unicastHopLimit = 3
        }
        #expect(limited.hopLimit == 3)
    }

    @Test("To IPv6 peers the kernel's own hop limit is used, unless one is configured")
    func hopLimitsOfVersion6() throws {
        for (configured, expected) in [(nil, nil), (9, 9)] as [(UInt8?, UInt8?)] {
            var configuration = VirtualRouterConfiguration(
                name: "VI_6", version: .v3, family: .ipv6, interface: "eth0", virtualRouterID: 66)
            configuration.unicastPeers = [try #require(IPAddress("fe80::b"))]
            configuration.unicastHopLimit = configured
            var bench = Bench(configuration)
            bench.send(.interface("eth0", InterfaceState(isUp: true, linkLocalIPv6: IPv6Address("fe80::a"))))
            bench.send(.start)
            #expect(try #require(bench.reachDeadline().transmissions.first).hopLimit == expected)
        }
    }

    @Test("The checksum covers what was configured, and only v3 over IPv4 has a choice")
    func coverage() throws {
        let unicast: (ChecksumCoverage) throws -> [UInt8] = { coverage in
            checksum(
                try transmission {
                    $0.unicastPeers = [.higher]
                    $0.checksumCoverage = coverage
                })
        }
        // Sums of message, both addresses, 112 and 12, by hand.
        #expect(try unicast(.message) == [0x5f, 0xfa])
        #expect(try unicast(.pseudoHeader) == [0x4b, 0x57])
        #expect(try unicast(.pseudoHeaderToGroup) == [0x75, 0x58])
        for coverage in [ChecksumCoverage.pseudoHeader, .message, .pseudoHeaderToGroup] {
            #expect(checksum(try transmission(.v2) { $0.checksumCoverage = coverage }) == [0x70, 0x5d])
        }
    }

    @Test("Every reading of a checksum is accepted, whatever is sent")
    func acceptedCoverage() {
        for coverage in [ChecksumCoverage.pseudoHeader, .message, .pseudoHeaderToGroup] {
            let configuration = VirtualRouterConfiguration.tutorial(.v3) {
                $0.unicastPeers = [.higher]
                $0.checksumCoverage = coverage
            }
            for destination in [IPAddress.ours, .group] {
                var bench = Bench(started: configuration)
                let packet = VRRPPacket.valid(for: configuration)
                var datagram = Datagram.carrying(packet, to: .ours)
                datagram.payload = packet.serialized(source: .higher, destination: destination)
                bench.send(.datagram(datagram))
                datagram.payload = packet.serialized(
                    source: .higher, destination: .ours, checksumAsVersion2: true)
                bench.send(.datagram(datagram))
                #expect(bench.virtualRouter.statistics.advertisementsReceived == 2)
                datagram.payload = packet.serialized(source: .higher, destination: .lower)
                bench.send(.datagram(datagram))
                #expect(bench.virtualRouter.statistics.discards == [.checksum: 1])
            }
        }
    }

    @Test("An advertisement is made anew when its priority, source or configuration is another, and only then the same")
    func prepared() throws {
        var bench = Bench(active: .tutorial { $0.trackedInterfaces = [TrackedItem("eth1", weight: 20)] })
        let first = try #require(bench.reachDeadline().transmissions.first)
        #expect(bench.reachDeadline().transmissions == [first])
        bench.send(.interface("eth1", InterfaceState(isUp: true)))
        #expect(bench.reachDeadline().steps == ["advertise 120"])
        bench.send(.interface("eth0", InterfaceState(isUp: true, primaryIPv4: IPv4Address(10, 9, 0, 77))))
        #expect(bench.reachDeadline().transmissions.map(\.source) == [.v4(IPv4Address(10, 9, 0, 77))])
        let configuration = VirtualRouterConfiguration.tutorial { $0.addresses = [.first, .second] }
        let reloaded = bench.router.reconfigure(RouterConfiguration(virtualRouters: [configuration]), at: bench.now)
        #expect(reloaded.transmissions.first?.payloads[0][3] == 2)
    }
}

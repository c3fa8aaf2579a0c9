import Testing
import VRRPCore
import Wire

/// Two lives of one router: in one of them packets come too that fail a check, or are for nobody.
@Suite("Packets that fail a check")
struct BisimulationTests {
    private static let scripts = [ScriptConfiguration(name: "chk")]

    private static func configuration(_ version: VRRPVersion, _ seed: UInt64) -> VirtualRouterConfiguration {
        .tutorial(version) {
            $0.addresses = [.first, .second]
            $0.trackedScripts = [TrackedItem("chk", weight: -60)]
            $0.preempts = seed % 3 != 0
            $0.preemptDelay = seed % 3 == 1 ? .seconds(2) : .zero
            $0.announcement.refresh = .seconds(7)
            if version == .v2, seed % 2 == 0 { $0.authentication = .header(key: Array("secret12".utf8)) }
        }
    }

    /// Something that can happen in both lives.
    private static func event(
        _ generator: inout SplitMix, for configuration: VirtualRouterConfiguration, _ sequence: inout UInt32
    ) -> RouterEvent {
        switch generator.next() % 16 {
        case 0: return .interface("eth0", generator.next() % 3 == 0 ? .down : .ready)
        case 1: return .interface("eth0", .ready)
        case 2: return .scriptResult(name: "chk", succeeded: generator.next() % 2 == 0)
        case 3: return .addressLost(VirtualAddress.first.prefix.address, interface: "eth0")
        case 4...9:
            var packet = VRRPPacket.proper(for: configuration)
            packet.priority = [0, 40, 100, 100, 101, 200][Int(generator.next() % 6)]
            var datagram = Datagram.carrying(packet, from: generator.next() % 2 == 0 ? .lower : .higher)
            sequence += 10
            datagram.seal(sequence, for: configuration)
            return .datagram(datagram)
        default: return .deadline
        }
    }

    /// A packet that must have no effect.
    private static func badPacket(
        _ generator: inout SplitMix, for configuration: VirtualRouterConfiguration, _ sequence: UInt32
    ) -> Datagram {
        var packet = VRRPPacket.proper(for: configuration)
        packet.priority = UInt8(truncatingIfNeeded: generator.next())
        let kind = generator.next() % 8
        if kind == 0 { packet.version = packet.version == 2 ? 3 : 2 }
        if kind == 1 { packet.type = 3 }
        if kind == 2 { packet.addresses.removeLast() }
        if kind == 3 { packet.interval = packet.version == 2 ? .seconds(9) : .zero }
        var datagram = Datagram.carrying(packet, from: generator.next() % 2 == 0 ? .lower : .higher)
        datagram.seal(sequence + 1_000_000, for: configuration)
        if kind == 4 { datagram.hopLimit = 254 }
        if kind == 5 { datagram.payload[6] ^= 0x55 }
        if kind == 6 { datagram.payload[1] = 99 }
        if kind == 7 {
            datagram.authentication =
                datagram.authentication == nil
                ? ReceivedAuthenticationHeader(securityParametersIndex: 1, sequenceNumber: 1, isIntact: true) : nil
        }
        return datagram
    }

    @Test(
        "They change no state, no deadline and nothing that is done, in any of many lives",
        arguments: [VRRPVersion.v2, .v3])
    func lives(version: VRRPVersion) {
        for seed in 0..<60 as Range<UInt64> {
            let configuration = Self.configuration(version, seed)
            var generator = SplitMix(state: seed)
            var plain = Bench(started: configuration, scripts: Self.scripts)
            var troubled = plain
            var sequence: UInt32 = 0
            for _ in 0..<120 {
                let delay = Duration.milliseconds(Int(generator.next() % 1_500))
                for _ in 0..<generator.next() % 3 {
                    let datagram = Self.badPacket(&generator, for: configuration, sequence)
                    let part = delay / 4
                    #expect(troubled.send(.datagram(datagram), after: part).steps.isEmpty)
                }
                let event = Self.event(&generator, for: configuration, &sequence)
                plain.now = plain.now + delay
                troubled.now = plain.now
                #expect(plain.send(event).withoutLogs == troubled.send(event).withoutLogs)
                #expect(plain.state == troubled.state)
                #expect(plain.router.nextDeadline == troubled.router.nextDeadline)
            }
        }
    }

    @Test("A hundred routers together write one line a second about them, and own up to the rest")
    func oneLine() {
        let configurations = (1...100).map { number in
            VirtualRouterConfiguration.tutorial {
                ($0.name, $0.virtualRouterID) = ("VI_\(number)", UInt8(number))
            }
        }
        var router = Router(RouterConfiguration(virtualRouters: configurations))
        _ = router.handle(.interface("eth0", .ready), at: .zero)
        _ = router.handle(.start, at: .zero)
        var lines: [String] = []
        for number in 0..<2_500 {
            var packet = VRRPPacket.valid(for: configurations[number % 100])
            if number % 2 == 0 { packet.type = 2 } else { packet.addresses = [] }
            let now = Instant.zero + .milliseconds(number)
            lines += router.handle(.datagram(.carrying(packet)), at: now).logs
        }
        #expect(
            lines == [
                "(VI_1) Invalid packet type. 2 and expect 1 from 10.9.0.11",
                "(VI_1) Invalid packet type. 2 and expect 1 from 10.9.0.11 (999 more before this one)",
                "(VI_1) Invalid packet type. 2 and expect 1 from 10.9.0.11 (999 more before this one)",
            ])
        #expect(router.virtualRouters.flatMap(\.statistics.discards.values).reduce(0, +) == 2_500)
    }
}

extension VRRPPacket {
    /// With the authentication type that a configuration asks for.
    static func proper(for configuration: VirtualRouterConfiguration) -> VRRPPacket {
        var packet = valid(for: configuration)
        if case .header = configuration.authentication { packet.authentication = .other(type: 2, data: []) }
        return packet
    }
}

extension Datagram {
    /// Puts a sound authentication header in front, where the configuration asks for one.
    mutating func seal(_ sequenceNumber: UInt32, for configuration: VirtualRouterConfiguration) {
        guard case .header = configuration.authentication, case .v4(let source) = source else { return }
        authentication = ReceivedAuthenticationHeader(
            securityParametersIndex: source.rawValue, sequenceNumber: sequenceNumber, isIntact: true)
    }
}

extension [RouterAction] {
    var withoutLogs: [RouterAction] {
        filter { action in
            if case .log = action { false } else { true }
        }
    }
}

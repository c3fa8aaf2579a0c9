import Testing
import Wire

@testable import VRRPCore

/// A packet as a peer makes it, and the faults that can be made in it.
struct Draft {
    var packet: VRRPPacket
    var source = IPAddress.higher
    var destination: IPAddress
    var hopLimit: UInt8 = 255
    var trailing: [UInt8] = []
    var checksumError: UInt8 = 0

    init(for configuration: VirtualRouterConfiguration) {
        packet = .valid(for: configuration)
        packet.priority = 200
        destination = configuration.unicastPeers.isEmpty ? .group : .ours
        if case .password(let secret) = configuration.authentication { packet.authentication = .password(secret) }
    }

    var datagram: Datagram {
        var datagram = Datagram.carrying(packet, from: source, to: destination)
        datagram.hopLimit = hopLimit
        datagram.payload[7] ^= checksumError
        datagram.payload += trailing
        return datagram
    }
}

/// One fault for each reason to discard, in the order of the ladder.
enum Violation: CaseIterable {
    case trailingOctet
    case hopLimit
    case version
    case unknownAuthentication, otherAuthentication, noAuthentication, password
    case interval
    case type
    case tooManyAddresses
    case checksum
    case destination
    case otherAddress
    case stranger

    /// Faults on one rung exclude each other.
    var rung: Int {
        switch self {
        case .trailingOctet: 1
        case .hopLimit: 2
        case .version: 3
        case .unknownAuthentication, .otherAuthentication, .noAuthentication, .password: 4
        case .interval: 5
        case .type: 6
        case .tooManyAddresses: 7
        case .checksum: 8
        case .destination: 9
        case .otherAddress: 10
        case .stranger: 11
        }
    }

    func commit(in draft: inout Draft) {
        switch self {
        case .trailingOctet: draft.trailing = [0]
        case .hopLimit: draft.hopLimit = 254
        case .version: draft.packet.version = draft.packet.version == 2 ? 3 : 2
        case .unknownAuthentication: draft.packet.authentication = .other(type: 3, data: [1, 2, 3, 4, 5, 6, 7, 8])
        case .otherAuthentication: draft.packet.authentication = .other(type: 2, data: [0, 0, 0, 0, 0, 0, 0, 0])
        case .noAuthentication: draft.packet.authentication = .none
        case .password: draft.packet.authentication = .password(Array("secret1X".utf8))
        case .interval: draft.packet.interval = .seconds(2)
        case .type: draft.packet.type = 2
        case .tooManyAddresses: draft.packet.addresses.append(.v4(IPv4Address(10, 9, 0, 102)))
        case .checksum: draft.checksumError = 1
        case .destination: draft.destination = draft.destination.isMulticast ? .ours : .group
        case .otherAddress: draft.packet.addresses[0] = .v4(IPv4Address(10, 9, 0, 102))
        case .stranger: draft.source = .v4(IPv4Address(10, 9, 0, 12))
        }
    }

    /// The first words of the log line.
    var sentence: String {
        switch self {
        case .trailingOctet: "vrrp packet too short, too long or not one"
        case .hopLimit: "invalid TTL/HL. Received 254 and expect 255"
        case .version: "wrong version. Received 3 and expect 2"
        case .unknownAuthentication: "Invalid auth type: 3"
        case .otherAuthentication: "received a 2 auth, expecting 1!"
        case .noAuthentication: "received a 0 auth, expecting 1!"
        case .password: "received an invalid passwd!"
        case .interval: "advertisement interval mismatch mine=1 sec rcv'd=2 sec"
        case .type: "Invalid packet type. 2 and expect 1"
        case .tooManyAddresses: "received an unexpected ip number count 3, expected 2!"
        case .checksum: "Invalid VRRPv2 checksum"
        case .destination: "Expected multicast packet but received unicast packet"
        case .otherAddress: "ip address associated with VRID 51 not present in MASTER advert: 10.9.0.100"
        case .stranger: "unicast source address 10.9.0.12 not a unicast peer"
        }
    }

    var counter: Discard.Counter {
        switch self {
        case .trailingOctet: .length
        case .hopLimit: .hopLimit
        case .version: .version
        case .unknownAuthentication: .authenticationType
        case .otherAuthentication, .noAuthentication: .authenticationMismatch
        case .password: .authenticationFailure
        case .interval: .interval
        case .type: .type
        case .tooManyAddresses, .otherAddress: .addressList
        case .checksum: .checksum
        case .destination: .destination
        case .stranger: .peer
        }
    }

    /// A group router with a password, or one with peers where the fault needs it.
    var configuration: VirtualRouterConfiguration {
        .tutorial {
            $0.addresses = [.first, .second]
            $0.authentication = .password(Array("secret12".utf8))
            if self == .stranger { $0.unicastPeers = [.higher, .lower] }
        }
    }
}

@Suite("Receive checks")
struct ReceiveCheckTests {
    private func discard(_ draft: Draft, by configuration: VirtualRouterConfiguration) -> Discard? {
        do {
            _ = try ReceiveCheck(configuration).examine(draft.datagram)
            return nil
        } catch {
            return error
        }
    }

    @Test("A fault changes a counter and the log, and no state and no deadline", arguments: Violation.allCases)
    func onlyCounted(violation: Violation) {
        var draft = Draft(for: violation.configuration)
        violation.commit(in: &draft)
        for start in [Bench(started: violation.configuration), Bench(active: violation.configuration)] {
            var bench = start
            let logs = bench.send(.datagram(draft.datagram), after: .milliseconds(700)).logs
            #expect(logs.count == 1)
            #expect(logs.first?.hasPrefix("(VI_1) \(violation.sentence)") == true, "\(logs)")
            #expect(logs.first?.hasSuffix(" from \(draft.source)") == true, "\(logs)")
            #expect(bench.state == start.state)
            #expect(bench.router.nextDeadline == start.router.nextDeadline)
            #expect(bench.virtualRouter.statistics.discards == [violation.counter: 1])
            #expect(bench.virtualRouter.statistics.advertisementsReceived == 0)
        }
    }

    @Test("Of two faults the one on the lower rung is named", arguments: Violation.allCases, Violation.allCases)
    func order(first: Violation, second: Violation) {
        guard first.rung < second.rung, second != .stranger else { return }
        let configuration = first.configuration
        var draft = Draft(for: configuration)
        first.commit(in: &draft)
        let expected = discard(draft, by: configuration)
        second.commit(in: &draft)
        #expect(expected?.counter == first.counter)
        #expect(discard(draft, by: configuration)?.counter == first.counter)
    }

    @Test("Whoever is not a peer is looked at last", arguments: Violation.allCases)
    func strangerIsLast(other: Violation) {
        let configuration = Violation.stranger.configuration
        guard other != .stranger, other != .hopLimit else { return }
        var draft = Draft(for: configuration)
        Violation.stranger.commit(in: &draft)
        other.commit(in: &draft)
        #expect(discard(draft, by: configuration)?.counter == other.counter)
    }

    @Test("A proper packet is accepted by every kind of router")
    func accepted() throws {
        let secret = AdvertisementAuthentication.password(Array("secret12".utf8))
        let configurations: [VirtualRouterConfiguration] = [
            .tutorial(.v2), .tutorial(.v3), .tutorial(.v2) { $0.authentication = secret },
            .tutorial(.v2) { $0.unicastPeers = [.higher] }, .tutorial(.v3) { $0.unicastPeers = [.higher] },
        ]
        for configuration in configurations {
            let advertisement = try ReceiveCheck(configuration).examine(Draft(for: configuration).datagram)
            #expect(advertisement.source == .higher)
            #expect(advertisement.priority?.rawValue == 200)
            #expect(advertisement.interval == .seconds(1))
        }
    }

    @Test("The order of the addresses does not matter")
    func anyOrder() {
        let configuration = VirtualRouterConfiguration.tutorial { $0.addresses = [.first, .second] }
        var draft = Draft(for: configuration)
        draft.packet.addresses.reverse()
        #expect(discard(draft, by: configuration) == nil)
        draft.packet.addresses[0] = draft.packet.addresses[1]
        #expect(
            discard(draft, by: configuration) == .missingAddress(.v4(IPv4Address(10, 9, 0, 101)), virtualRouterID: 51))
    }

    @Test("Excluded addresses are not on the wire")
    func excluded() {
        let configuration = VirtualRouterConfiguration.tutorial { $0.excludedAddresses = [.second] }
        #expect(discard(Draft(for: configuration), by: configuration) == nil)
    }

    @Test("Peers may be routers away, the group may not")
    func hopLimits() {
        let unicast = VirtualRouterConfiguration.tutorial(.v3) { $0.unicastPeers = [.higher] }
        var draft = Draft(for: unicast)
        draft.hopLimit = 60
        #expect(discard(draft, by: unicast) == nil)
        var other = Draft(for: .tutorial(.v3))
        other.hopLimit = 60
        #expect(discard(other, by: .tutorial(.v3)) == .hopLimit(60))
    }

    @Test("A router with peers refuses the group, and one with the group refuses to be addressed alone")
    func kinds() {
        let unicast = VirtualRouterConfiguration.tutorial { $0.unicastPeers = [.higher] }
        var draft = Draft(for: unicast)
        draft.destination = .group
        #expect(discard(draft, by: unicast) == .multicast)
        draft.destination = .ours
        #expect(discard(draft, by: .tutorial()) == .unicast)
    }

    @Test("A v3 packet with another interval is accepted, one with none is not")
    func intervalOfVersion3() {
        var draft = Draft(for: .tutorial(.v3))
        draft.packet.interval = .milliseconds(40_950)
        #expect(discard(draft, by: .tutorial(.v3)) == nil)
        draft.packet.interval = .zero
        #expect(discard(draft, by: .tutorial(.v3)) == .zeroInterval)
        draft.packet.priority = 0
        #expect(discard(draft, by: .tutorial(.v3)) == .zeroInterval)
    }

    @Test("A v2 packet to a v3 router, and the other way round, is a matter of versions")
    func versions() {
        #expect(
            discard(Draft(for: .tutorial(.v2)), by: .tutorial(.v3)) == .version(received: 2, expected: 3))
        #expect(
            discard(Draft(for: .tutorial(.v3)), by: .tutorial(.v2)) == .version(received: 3, expected: 2))
    }

    @Test("Versions that nobody defined are not called malformed", arguments: [0, 1, 4, 15] as [UInt8])
    func unknownVersion(version: UInt8) {
        var datagram = Draft(for: .tutorial(.v3)).datagram
        datagram.payload[0] = version << 4 | 1
        #expect(throws: Discard.version(received: version, expected: 3)) {
            try ReceiveCheck(.tutorial(.v3)).examine(datagram)
        }
    }

    @Test("Every cut of a packet is malformed")
    func truncated() {
        let whole = Draft(for: .tutorial(.v3)).datagram
        for length in 2..<whole.payload.count {
            var datagram = whole
            datagram.payload = Array(whole.payload.prefix(length))
            var bench = Bench(started: .tutorial(.v3))
            bench.send(.datagram(datagram))
            #expect(bench.virtualRouter.statistics.discards == [.length: 1])
        }
    }

    @Test("A v3 checksum is good with and without the pseudo-header")
    func checksumReadings() {
        let octets: [UInt8] = [0x31, 0x33, 0xc8, 0x01, 0x00, 0x64, 0xfb, 0xf9, 0x0a, 0x09, 0x00, 0x64]
        let datagram = Datagram(
            interface: "eth0", source: .higher, destination: .group, hopLimit: 255, payload: octets)
        #expect(throws: Never.self) { try ReceiveCheck(.tutorial(.v3)).examine(datagram) }
        #expect(discard(Draft(for: .tutorial(.v3)), by: .tutorial(.v3)) == nil)
    }

    @Test("A stream of bad packets costs one line per second, and the next line owns up to the rest")
    func rateLimit() {
        var bench = Bench(started: .tutorial { $0.advertisementInterval = .seconds(255) })
        var lines: [String] = []
        for _ in 0..<25 {
            lines += bench.hear(200, every: .seconds(1), after: .milliseconds(100)).logs
        }
        let sentence = "(VI_1) advertisement interval mismatch mine=255 sec rcv'd=1 sec from 10.9.0.11"
        #expect(
            lines == [sentence, sentence + " (9 more before this one)", sentence + " (9 more before this one)"])
        #expect(bench.virtualRouter.statistics.discards == [.interval: 25])
    }

    @Test("Bad packets at any rate do not silence a master")
    func noStarvation() {
        var bench = Bench(active: .tutorial { $0.announcement.delay = .zero })
        var sent = 0
        for _ in 0..<50 {
            bench.hear(200, every: .seconds(2), after: .milliseconds(100))
            if bench.router.nextDeadline == bench.now { sent += bench.reachDeadline().transmissions.count }
        }
        #expect(sent == 5)
    }
}

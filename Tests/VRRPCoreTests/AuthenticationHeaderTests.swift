import Testing
import VRRPCore
import Wire

@Suite("Authentication headers")
struct AuthenticationHeaderTests {
    private static let key = Array("secret12".utf8)
    private static let configuration = VirtualRouterConfiguration.tutorial { $0.authentication = .header(key: key) }

    private static func sealed(_ sequenceNumber: UInt32, _ priority: UInt8 = 200) -> Datagram {
        var packet = VRRPPacket.proper(for: configuration)
        packet.priority = priority
        var datagram = Datagram.carrying(packet)
        datagram.seal(sequenceNumber, for: configuration)
        return datagram
    }

    private func numbers(_ actions: [RouterAction]) -> [UInt32?] {
        actions.transmissions.map(\.authentication?.sequenceNumber)
    }

    @Test("Every advertisement has the key and the next number, the message authentication type 2 and eight zeros")
    func sent() throws {
        var bench = Bench(started: Self.configuration)
        let first = try #require(bench.reachDeadline().transmissions.first)
        #expect(first.authentication == SentAuthenticationHeader(key: Self.key, sequenceNumber: 1))
        // keepalived's own message for these settings, but for the priority and so the checksum.
        let octets: [UInt8] = [
            0x21, 0x33, 0x64, 0x01, 0x02, 0x01, 0x6e, 0x5d, 0x0a, 0x09, 0x00, 0x64, 0, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(first.payloads == [octets])
        #expect(numbers(bench.reachDeadline()) == [2])
        #expect(numbers(bench.send(.stop)) == [3])
    }

    @Test("A backup goes on from its master's number, and a master from that of a weaker one")
    func succession() {
        var bench = Bench(started: Self.configuration)
        bench.send(.datagram(Self.sealed(700)))
        #expect(numbers(bench.reachDeadline()) == [701])
        #expect(numbers(bench.send(.datagram(Self.sealed(9_000, 50)))) == [9_001])
    }

    @Test("After the last number comes the first, for both sides")
    func wrap() {
        var bench = Bench(started: Self.configuration)
        bench.send(.datagram(Self.sealed(.max)))
        bench.send(.datagram(Self.sealed(1)))
        #expect(bench.virtualRouter.statistics.advertisementsReceived == 2)
        bench.send(.datagram(Self.sealed(.max)))
        #expect(numbers(bench.reachDeadline()) == [1])
    }

    @Test("A number that was heard or sent before is refused")
    func replay() {
        var bench = Bench(started: Self.configuration)
        bench.send(.datagram(Self.sealed(10)))
        for number in [10, 9, 1] as [UInt32] { bench.send(.datagram(Self.sealed(number))) }
        #expect(bench.virtualRouter.statistics.discards == [.authenticationFailure: 3])
        bench.reachDeadline()
        let logs = bench.send(.datagram(Self.sealed(11)), after: .milliseconds(1)).logs
        #expect(
            logs == [
                "(VI_1) IPSEC-AH : sequence number 11 already processed. Packet dropped. from 10.9.0.11"
                    + " (2 more before this one)"
            ])
        #expect(bench.state.description == "MASTER")
    }

    @Test("A packet that fails a check uses up no number")
    func unaffected() {
        var bench = Bench(started: Self.configuration)
        var datagram = Self.sealed(5_000)
        datagram.hopLimit = 1
        bench.send(.datagram(datagram))
        var other = Self.sealed(6_000)
        other.authentication?.isIntact = false
        bench.send(.datagram(other))
        bench.send(.datagram(Self.sealed(3)))
        #expect(bench.virtualRouter.statistics.advertisementsReceived == 1)
    }

    @Test("A header must be there exactly where it is configured, be intact, and name its source")
    func refused() throws {
        let mismatch = Discard.Counter.authenticationMismatch
        let failure = Discard.Counter.authenticationFailure
        var without = Self.sealed(1)
        without.authentication = nil
        var broken = Self.sealed(1)
        broken.authentication?.isIntact = false
        var other = Self.sealed(1)
        other.authentication?.securityParametersIndex = 0x0a09_000c
        let cases: [(Datagram, Discard.Counter, String)] = [
            (without, mismatch, "No AH header but auth type is AH"),
            (broken, failure, "IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password !"),
            (other, failure, "IPSEC-AH : invalid IPSEC SPI value"),
        ]
        for (datagram, counter, sentence) in cases {
            var bench = Bench(started: Self.configuration)
            #expect(bench.send(.datagram(datagram)).logs == ["(VI_1) \(sentence) from 10.9.0.11"])
            #expect(bench.virtualRouter.statistics.discards == [counter: 1])
        }
        var plain = Bench(started: .tutorial())
        let logs = plain.send(.datagram(Self.sealed(1))).logs
        #expect(logs == ["(VI_1) Received AH header but auth type not AH from 10.9.0.11"])
    }
}

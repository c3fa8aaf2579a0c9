import Testing
import VRRPCore
import Wire

@Suite("Whatever a peer sends")
struct HostileDatagramTests {
    /// A packet with any one octet changed to any value, under a checksum that is right again, and every other length.
    private func datagrams(for configuration: VirtualRouterConfiguration) -> [Datagram] {
        let proper = Datagram.carrying(.valid(for: configuration))
        var payloads: [[UInt8]] = []
        for index in proper.payload.indices {
            for value in UInt8.min...UInt8.max {
                var payload = proper.payload
                payload[index] = value
                payload.replaceSubrange(6..<8, with: [0, 0])
                let checksum = InternetChecksum.of(payload)
                payload.replaceSubrange(6..<8, with: [UInt8(checksum >> 8), UInt8(checksum & 0xff)])
                payloads.append(payload)
            }
        }
        payloads += (0...64).map { Array((proper.payload + Array(repeating: 0xff, count: 64)).prefix($0)) }
        return payloads.map { payload in
            var datagram = proper
            datagram.payload = payload
            return datagram
        }
    }

    @Test(
        "A router is still in the election afterwards, and what it discarded has changed nothing",
        arguments: [VRRPVersion.v2, .v3], [true, false])
    func anything(version: VRRPVersion, isMaster: Bool) {
        let configuration = VirtualRouterConfiguration.tutorial(version)
        let fresh = isMaster ? Bench(active: configuration) : Bench(started: configuration)
        for datagram in datagrams(for: configuration) {
            var bench = fresh
            bench.send(.datagram(datagram), after: .milliseconds(1))
            #expect(bench.router.nextDeadline.map { $0 > bench.now } == true, "\(datagram.payload)")
            if bench.virtualRouter.statistics.advertisementsReceived == 0 {
                #expect(bench.state == fresh.state, "\(datagram.payload)")
            }
        }
    }
}

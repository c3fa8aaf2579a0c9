import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct ReportFilterTests {
    @Test("A silent interface sends no IGMP and every other protocol, until it may speak again")
    func silence() async throws {
        let (heard, early) = try await onOwnThread {
            let hub = try Hub()
            let first = try hub.plug(1)
            let second = try hub.plug(2)
            let ear = try second.member(2)
            let otherEar = try second.member(113)
            var filter = try NamespaceBroker.shared.enter(first.namespace) { () throws(SystemError) in
                do throws(NetlinkError) {
                    return try ReportFilter(table: "reports")
                } catch {
                    throw SystemError("ReportFilter", code: error.code)
                }
            }
            try filter.raise(over: ["eth0", "eth7"])
            // Those that are silent already are as good.
            try filter.cover(["eth0"])
            try? first.send(1, protocol: 2)
            try first.send(2, protocol: 113)
            let passed = try nextOctet(otherEar)
            let early = try ear.receive()
            try filter.uncover(["eth0"])
            try first.send(3, protocol: 2)
            let freed = try nextOctet(ear)
            // A second table takes the place of the first one, with more names than fit into a message.
            try filter.raise(over: (0..<1200).map { "if\($0)" } + ["eth0"])
            try? first.send(4, protocol: 2)
            try filter.lower()
            try first.send(5, protocol: 2)
            return ([passed, freed, try nextOctet(ear)], early)
        }
        #expect(early == nil)
        #expect(heard == [2, 3, 5])
    }
}

import NetnsKit
import Testing
import Timeline
import Wire

@Suite("Events as JSON lines")
struct EventRecordTests {
    @Test("Each kind has the fields that mean something to it, and no others")
    func kinds() throws {
        let (first, second) = (MACAddress(rawValue: 0x0200_0000_0001), MACAddress(rawValue: 0x0200_0000_0002))
        let address = IPAddress.v4(IPv4Address(192, 168, 1, 100))
        let port = SwitchPort("node2", "eth0")
        let answered = ClientRequest(
            service: "192.168.1.100:80", number: 3, asked: Self.instant(250), outcome: .answered(by: "node2"))
        let refused = ClientRequest(
            service: "192.168.1.100:80", number: 4, asked: Self.instant(500), outcome: .failed("connection refused"))
        let prefix = try #require(IPPrefix("10.77.0.0/16"))
        let lines: [(TimelineEvent.Kind, String)] = [
            (
                .routeAdded(NodeRoute(to: prefix, via: address, interface: "eth0")),
                #""interface":"eth0","kind":"event","route":"10.77.0.0/16 via 192.168.1.100 on eth0","src":"kernel","#
                    + #""t":0.5,"v":1,"what":"route-added""#
            ),
            (
                .neighbor(address, .found(second, before: first), interface: "eth0"),
                #""address":"192.168.1.100","before":"02:00:00:00:00:01","interface":"eth0","kind":"event","#
                    + #""mac":"02:00:00:00:00:02","src":"kernel","t":0.5,"v":1,"what":"neighbor-found""#
            ),
            (
                .neighbor(address, .failed, interface: "eth0"),
                #""address":"192.168.1.100","interface":"eth0","kind":"event","src":"kernel","t":0.5,"v":1,"#
                    + #""what":"neighbor-failed""#
            ),
            (
                .forwarding(first, ForwardingChange(now: port)),
                #""kind":"event","mac":"02:00:00:00:00:01","port":"node2/eth0","src":"kernel","t":0.5,"v":1,"#
                    + #""what":"station-found""#
            ),
            (
                .forwarding(first, ForwardingChange(before: port)),
                #""before":"node2/eth0","kind":"event","mac":"02:00:00:00:00:01","src":"kernel","t":0.5,"v":1,"#
                    + #""what":"station-forgotten""#
            ),
            (
                .request(answered),
                #""after":0.25,"kind":"event","number":3,"responder":"node2","service":"192.168.1.100:80","#
                    + #""src":"client","t":0.5,"v":1,"what":"answered""#
            ),
            (
                .request(refused),
                #""after":0,"kind":"event","number":4,"service":"192.168.1.100:80","src":"client","t":0.5,"#
                    + #""text":"connection refused","v":1,"what":"unanswered""#
            ),
        ]
        for (kind, line) in lines {
            let event = TimelineEvent(at: Self.instant(500), kind)
            #expect(try JSONLines.line(EventRecord(event, origin: .zero)) == "{\(line)}")
        }
    }

    private static func instant(_ milliseconds: Int) -> Instant { .zero + .milliseconds(milliseconds) }
}

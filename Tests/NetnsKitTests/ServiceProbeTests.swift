import NetnsTesting
import Testing
import Timeline
import Wire

@testable import NetnsKit

@Suite("Answers of a web server")
struct HTTPAnswerTests {
    @Test(
        "A status of 2xx is an answer of whom the first line of the page names, and every other is a failure",
        arguments: [
            ("HTTP/1.0 200 OK\r\nServer: x\r\n\r\nnode1\nmore\n", ClientRequest.Outcome.answered(by: "node1")),
            ("HTTP/1.1 204 No Content\r\n\r\n", .answered(by: nil)),
            ("HTTP/1.0 200 OK\n\nnode2", .answered(by: "node2")),
            ("HTTP/1.1 503 Service Unavailable\r\n", .failed("HTTP/1.1 503 Service Unavailable")),
            ("HTTP/1.0 200 OK\r\nServer: x\r\n", .failed("the head of the answer has no end")),
            ("SSH-2.0-OpenSSH\r\n", .failed("no status line")), ("HTTP/1.0", .failed("no status line")),
            ("", .failed("closed without an answer")),
        ])
    func outcomes(text: String, outcome: ClientRequest.Outcome) {
        var whole = HTTPAnswer()
        whole.append(Array(text.utf8))
        #expect(whole.outcome(isComplete: true) == outcome)
        // Octet by octet: what is settled early is settled as it ends.
        var parts = HTTPAnswer()
        for octet in text.utf8 {
            parts.append([octet])
            if let early = parts.outcome(isComplete: false) { #expect(early == outcome) }
        }
    }

    @Test("A server that never comes to a point is given up")
    func endless() {
        var answer = HTTPAnswer()
        answer.append([UInt8](repeating: UInt8(ascii: "x"), count: 65 * 1024))
        #expect(answer.outcome(isComplete: false) == .failed("no status line"))
    }
}

@Suite("Clients of a service", .requiresNamespaces)
struct ServiceProbeTests {
    private static let target = IPAddress.v4(IPv4Address(192, 168, 1, 12))

    @Test("A port that nobody serves refuses each connection, and a silent host lets it run out")
    func failures() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let probe = try lab["node1"].probe(Self.target, port: 80, patience: .milliseconds(200))
            try await lab.expect("refused", within: .seconds(3), since: lab.start) { event in
                guard event.node == "node1", case .request(let request) = event.kind else { return false }
                return request.outcome == .failed("connection refused") && request.service == "192.168.1.12:80"
            }
            let began = try lab.inject(.silence(LinkEnd("node2", "eth0"))).inForce
            let late = try await lab.expect("no answer", within: .seconds(3), since: began) { event in
                guard case .request(let request) = event.kind else { return false }
                return request.outcome == .failed("no answer within 0.200 s")
            }
            if case .request(let request) = late.kind { #expect(late.time - request.asked >= .milliseconds(200)) }
            probe.stop()
            let count = probe.sentCount
            let stopped = lab.step("stopped")
            try await lab.expectNever("it goes on", for: .milliseconds(100), since: stopped) {
                if case .request = $0.kind { true } else { false }
            }
            #expect(probe.sentCount == count)
        }
    }

    @Test(
        "A page tells who served it, and an outage is measured between requests",
        .requires(program: "/usr/sbin/haproxy", package: "haproxy"))
    func pages() async throws {
        try await Lab.run(LabTests.pair) { lab in
            try Self.serve(on: lab["node2"])
            let probe = try lab["node1"].probe(Self.target, port: 80, get: "/")
            try await Self.expectAnswer(in: lab, since: lab.start)
            let crash = try lab.inject(.kill(ProcessName("haproxy", on: "node2"), .tree)).began
            try await lab.expect("refused", within: .seconds(3), since: crash) { event in
                if case .request(let request) = event.kind { !request.isAnswered } else { false }
            }
            try Self.serve(on: lab["node2"])
            try await Self.expectAnswer(in: lab, since: crash)
            probe.stop()
            let experience = lab.timeline.experience(of: "192.168.1.12:80", by: "node1")
            #expect(experience.responders == ["node2"])
            let outage = try #require(experience.longestOutage)
            let (last, first) = (try #require(outage.lastGood), try #require(outage.firstGood))
            #expect(last < crash + .milliseconds(20) && first > crash)
            #expect(outage.missed >= 1)
            #expect(experience.wrongAnswers(expected: ["node2"]).isEmpty)
        }
    }

    @Test(
        "A connection that says nothing is known by the station that accepted it",
        .requires(program: "/usr/sbin/haproxy", package: "haproxy"))
    func connections() async throws {
        var topology = LabTests.pair
        topology.nodes[1].interfaces[0].macAddress = MACAddress("02:00:00:00:00:12")
        try await Lab.run(topology) { lab in
            try Self.serve(on: lab["node2"])
            let probe = try lab["node1"].probe(Self.target, port: 80)
            try await lab.expect("it is accepted", within: .seconds(8), since: lab.start) {
                if case .request(let request) = $0.kind { request.isAnswered } else { false }
            }
            probe.stop()
            let experience = lab.timeline.experience(of: "192.168.1.12:80", by: "node1")
            #expect(experience.responders == ["02:00:00:00:00:12"])
        }
    }

    @Test("A ping over IPv6 is answered, and its numbers go up by one")
    func pingIPv6() async throws {
        var topology = LabTests.pair
        for (index, address) in ["2001:db8::1/64", "2001:db8::2/64"].enumerated() {
            topology.nodes[index].interfaces[0].addresses.append(address)
        }
        let target = try #require(IPv6Address("2001:db8::2"))
        try await Lab.run(topology) { lab in
            let probe = try lab["node1"].probe(target, over: "eth0")
            try await lab.expect("the tenth answer", within: .seconds(5), since: lab.start) {
                guard case .icmp(let message, _)? = $0.frame?.content, let echo = message.echo else { return false }
                return $0.node == "node1" && echo.isReply && echo.sequence >= 9
            }
            probe.stop()
            let experience = lab.timeline.echoExperience(of: .v6(target), by: "node1")
            #expect(experience.responders.count == 1)
            #expect(zip(experience.requests, experience.requests.dropFirst()).allSatisfy { $1.number - $0.number == 1 })
        }
    }

    /// A server whose page is the name of its node.
    private static func serve(on node: Node) throws {
        try node.write(
            """
            defaults
                mode http
                timeout client 1s
                timeout server 1s
                timeout connect 1s
            frontend page
                bind 192.168.1.12:80
                http-request return status 200 content-type text/plain string "\(node.name)\\n"

            """, to: "/run/haproxy.cfg")
        try node.start("/usr/sbin/haproxy", ["-db", "-f", "/run/haproxy.cfg"])
    }

    private static func expectAnswer(in lab: Lab, since start: Instant) async throws {
        try await lab.expect("a page of node2", within: .seconds(8), since: start) { event in
            guard case .request(let request) = event.kind else { return false }
            return request.responder == "node2" && request.asked >= start
        }
    }
}

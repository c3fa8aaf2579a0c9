import NetnsKit
import Testing

@testable import labrun

@Suite("The words of a standing lab") struct SessionWordsTests {
    private static let node1 = FaultTarget(
        node: "node1", daemon: "vrrpd", services: ["haproxy"], interfaces: ["data0", "mgmt0"])

    @Test(
        "A word means one fault",
        arguments: [
            ("crash", [Fault.kill(ProcessName("vrrpd", on: "node1"), .tree)]),
            ("parent", [.kill(ProcessName("vrrpd", on: "node1"), .parent)]),
            ("child", [.kill(ProcessName("vrrpd", on: "node1"), .children)]),
            ("term", [.terminate(ProcessName("vrrpd", on: "node1"))]),
            ("stop", [.pause(ProcessName("vrrpd", on: "node1"))]),
            ("hang", [.hang(ProcessName("vrrpd", on: "node1"))]),
            ("linkdown", [.linkDown(LinkEnd("node1", "data0"))]),
            ("linkdown:mgmt0", [.linkDown(LinkEnd("node1", "mgmt0"))]),
            ("carrier", [.carrierLoss(LinkEnd("node1", "data0"))]),
            ("mute", [.mute(LinkEnd("node1", "data0"), ipProtocol: 112)]),
            ("deaf:mgmt0", [.deaf(LinkEnd("node1", "mgmt0"), ipProtocol: 112)]),
            ("filter", [.filter(LinkEnd("node1", "data0"), ipProtocol: 112)]),
            ("silence", [.silence(LinkEnd("node1", "data0"))]),
            ("fill", [.full(directory: "/run", node: "node1")]),
            ("service", [.kill(ProcessName("haproxy", on: "node1"), .tree)]),
        ] as [(String, [Fault])])
    func faults(_ text: String, _ wanted: [Fault]) throws {
        let (word, interface) = try FaultWord.parse(text)
        #expect(try word.faults(on: Self.node1, interface: interface) == wanted)
    }

    @Test("Every word is tried above, and explained in one line of 80 columns")
    func explained() {
        #expect(FaultWord.allCases.count == 14)
        for word in FaultWord.allCases { #expect((1...66).contains(word.meaning.count), "\(word)") }
    }

    @Test(
        "An unknown word, and an interface where there is no link, are refused", arguments: ["", "Crash", "crash:eth0"])
    func refused(_ text: String) {
        #expect(throws: SessionRefusal.self) { try FaultWord.parse(text) }
    }

    @Test("A node without a daemon, a service or that interface is told so")
    func lacking() throws {
        let client = FaultTarget(node: "client", daemon: nil, services: [], interfaces: ["eth0"])
        for text in ["crash", "service", "linkdown:eth1"] {
            let (word, interface) = try FaultWord.parse(text)
            #expect(throws: SessionRefusal.self) { try word.faults(on: client, interface: interface) }
        }
    }

    @Test("A daemon's line tells a state when it has the words, whatever the daemon's time and case are")
    func states() {
        let line = StateLine("Sat Nov 28 12:21:26 2026: (VI_1) Entering BACKUP STATE (init)")
        #expect(line?.name == "VI_1")
        #expect(line?.state == "BACKUP")
        #expect(StateLine("(VI_DB) entering FAULT state")?.state == "FAULT")
        for other in ["", "(", "(VI_1) Entering", "Entering MASTER STATE", "(VI_1) Changing effective priority"] {
            #expect(StateLine(other) == nil)
        }
    }

    @Test("A daemon's time, and what it says at every end, are left out of its last words")
    func lastWords() {
        let lines = [
            "Sat Nov 28 12:24:19 2026: (Line 2) WARNING - interface eth7 doesn't exist",
            "Sat Nov 28 12:24:19 2026: CPU usage (self/children) user: 0.0",
            "no time: 1", "Sat Nov 28 12:24:19 2026: Stopped Keepalived v2.2.7",
        ]
        #expect(LastWords.telling(lines) == ["(Line 2) WARNING - interface eth7 doesn't exist", "no time: 1"])
    }

    @Test("Standing labs are found in the user's own place unless the environment says another")
    func places() {
        #expect(SessionDirectory.place(named: nil, runtime: "/run/user/0", user: 0) == "/run/labrun")
        #expect(SessionDirectory.place(named: nil, runtime: "/run/user/7", user: 7) == "/run/user/7/labrun")
        #expect(SessionDirectory.place(named: nil, runtime: nil, user: 7) == "/tmp/labrun-7")
        #expect(SessionDirectory.place(named: "/x", runtime: "/run/user/7", user: 7) == "/x")
        #expect(SessionDirectory.place(named: "x", runtime: nil, user: 0) == "/run/labrun")
    }

    @Test("A name becomes part of a path, so it is small letters, digits and dashes")
    func names() {
        for name in ["lab", "a", "step-4", String(repeating: "x", count: 24)] { #expect(SessionDirectory.isName(name)) }
        for name in ["", "-a", "A", "a/b", "..", "a b", "ä", String(repeating: "x", count: 25)] {
            #expect(!SessionDirectory.isName(name), "\(name)")
        }
    }

    @Test("Ages are told as people tell them")
    func ages() {
        #expect(Duration.seconds(0.9).ageText == "0 s")
        #expect(Duration.seconds(119).ageText == "119 s")
        #expect(Duration.seconds(120).ageText == "2 min")
        #expect(Duration.seconds(7199).ageText == "119 min")
        #expect(Duration.seconds(11_100).ageText == "3 h 5 min")
    }

    @Test("The status of nodes with many addresses fits 80 columns, and leaves none of them out")
    func status() {
        let addresses = [
            "data0 10.0.1.11/24 10.0.1.100/24 2001:db8::100/64 2001:db8::11/64", "mgmt0 10.0.9.11/24",
        ]
        let status = LabStatus(
            name: "lab", plan: SessionPlan(step: "step8", variant: "reference", daemon: "ours", isFast: false, etc: ""),
            since: 0, age: 6.9,
            nodes: [
                .init(
                    name: "lb1", addresses: addresses,
                    programs: [.init(name: "haproxy", end: "signal 9"), .init(name: "vrrpd")]),
                .init(name: "ops", addresses: ["eth0 10.0.9.1/24"], programs: []),
            ],
            faults: [])
        #expect(
            status.text == [
                "lab: step8, reference, ours; up for 6 s",
                "  lb1      haproxy (ended: signal 9), vrrpd",
                "                                      data0 10.0.1.11/24 10.0.1.100/24",
                "                                        2001:db8::100/64 2001:db8::11/64",
                "                                      mgmt0 10.0.9.11/24",
                "  ops      no daemon                  eth0 10.0.9.1/24",
                "  no fault is in force",
            ])
    }

    @Test("Requests are what they were on the other side")
    func requests() throws {
        let order = ProgramOrder(
            node: "node1", words: ["a", "b c"], terminal: .init(kind: "xterm", rows: 24, columns: 80))
        let octets = try SessionMessage.octets(SessionRequest.execute(order))
        #expect(!octets.contains(UInt8(ascii: "\n")))
        guard case .execute(let read) = try SessionMessage.value(SessionRequest.self, from: octets) else {
            Issue.record("another request was read")
            return
        }
        #expect(read.words == ["a", "b c"])
        #expect(read.terminal?.columns == 80)
    }
}

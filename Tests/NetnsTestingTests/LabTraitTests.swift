import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

/// Two hosts on a segment; every lab of these tests has the same names and addresses.
let pair = Topology(
    [1, 2].map { NodeDescription("r\($0)", [InterfaceDescription("eth0", on: "lan", ["10.0.0.\($0)/24"])]) })

@Suite("A test with a lab", .lab(pair))
struct LabTraitTests {
    @Test("finds it as the current one, with the topology of its suite")
    func current() async throws {
        let lab = try Lab.current
        #expect(lab.topology.nodes.map(\.name) == ["r1", "r2"])
        let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
        try await lab.expect("r1 notices", within: .seconds(5), since: cut.began) {
            $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
        }
    }

    @Test("has one for each case, and nothing of another case's is in it", arguments: 1...4)
    func oneForEachCase(number: UInt16) async throws {
        let lab = try Lab.current
        try lab["r1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0", sequence: number)
        try await lab.expect("an answer", within: .seconds(5), since: lab.start) {
            $0.node == "r1" && $0.frameDirection == .received && $0.frame != nil
        }
        try await lab.watch(for: .milliseconds(20))
        let answers = lab.timeline.echoAnswers(from: .v4(IPv4Address(10, 0, 0, 2)), to: "r1")
        #expect(answers.map(\.sequence) == [number])
    }

    @Test("of its own has that one, and no other is built", .lab(Topology([NodeDescription("alone", [])])))
    func ownTopology() throws {
        #expect(try Lab.current.topology.nodes.map(\.name) == ["alone"])
    }

    @Test("passes it on to its tasks, and not to those that are detached")
    func tasks() async throws {
        let lab = try Lab.current
        async let child = Self.isCurrent(lab)
        #expect(await child)
        #expect(await Task { Self.isCurrent(lab) }.value)
        #expect(await Task.detached { !Self.isCurrent(lab) }.value)
    }

    private static func isCurrent(_ lab: Lab) -> Bool {
        (try? Lab.current) === lab
    }
}

@Suite("Tests that run at the same time", .requiresNamespaces)
struct IsolationTests {
    @Test("eight labs of the same names and addresses hear nothing of each other, and none blames another for a leak")
    func parallelLabs() async throws {
        let results = try await withThrowingTaskGroup(of: (answers: [UInt16], leaks: [Leak]).self) { group in
            for number in 1...8 { group.addTask { try await Self.talk(UInt16(number)) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.flatMap(\.answers).sorted() == Array(1...8))
        #expect(results.flatMap(\.leaks) == [])
    }

    /// Asks once in a lab of its own, by a number that no other lab uses.
    private static func talk(_ number: UInt16) async throws -> (answers: [UInt16], leaks: [Leak]) {
        let audit = LeakAudit()
        let answers = try await Lab.run(pair) { lab in
            defer { audit.note(lab) }
            try lab["r1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0", sequence: number)
            try await lab.expect("an answer", within: .seconds(20), since: lab.start) { _ in
                !lab.timeline.echoAnswers(from: .v4(IPv4Address(10, 0, 0, 2)), to: "r1").isEmpty
            }
            return lab.timeline.echoAnswers(from: .v4(IPv4Address(10, 0, 0, 2)), to: "r1").map(\.sequence)
        }
        return (answers, await audit.leaks())
    }

    @Test("outside of a lab there is none, and the error says what to do")
    func outside() {
        let error = #expect(throws: LabMissing.self) { try Lab.current }
        #expect(error?.description.contains(".lab(topology)") == true)
    }
}

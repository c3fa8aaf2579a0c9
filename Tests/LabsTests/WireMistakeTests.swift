import LabCourse
import NetnsKit
import Testing
import Timeline
import Wire

@testable import Labs

@Suite("Mistakes as the wire shows them")
struct WireMistakeTests {
    private typealias Speech = Wiretap.Speech

    private static func codes(
        _ tap: Wiretap, _ changes: Specimen.Change..., leaks: [Leak] = []
    ) throws -> [MistakeCode] {
        let step = try #require(Course.step("step4"))
        let submission = step.submission(step.files(of: .pair("test", changes)))
        return Catalogue.diagnose(tap.observation(submission, leaks: leaks)).map(\.code)
    }

    /// Both nodes claim the address; what the one says is not what the other says.
    private static func masters(_ first: Speech, _ second: Speech) -> Wiretap {
        var tap = Wiretap()
        var first = first
        first.priority = 150
        tap.says("node1", first, at: [3.4, 4.4, 5.4, 6.4], reaching: "node2")
        tap.says("node2", second, at: [3.6, 4.6, 5.6, 6.6], reaching: "node1")
        tap.gains("node1", 3.401)
        tap.gains("node2", 3.601)
        return tap
    }

    @Test("Two masters that differ in one thing are told by it")
    func contradictions() throws {
        let cases: [(Speech, Speech, MistakeCode)] = [
            (Speech(), Speech(id: 52), .differentRouterID),
            (Speech(), Speech(password: "secret99"), .differentPassword),
            (Speech(), Speech(password: ""), .differentPassword),
            (Speech(), Speech(interval: .seconds(2)), .differentInterval),
            (Speech(), Speech(version: 3), .differentVersion),
            (Speech(), Speech(addresses: [Wiretap.shared, Wiretap.other]), .differentAddresses),
            (Speech(), Speech(peer: .v4(IPv4Address(192, 168, 1, 11))), .unicastAgainstMulticast),
            (Speech(), Speech(priority: 150), .equalPriorities),
        ]
        for (first, second, code) in cases {
            var tap = Self.masters(first, second)
            if code == .equalPriorities { tap = Self.tie }
            #expect(try Self.codes(tap) == [code])
        }
    }

    /// Two masters of one priority while nothing passes between them.
    private static var tie: Wiretap {
        var tap = Wiretap()
        tap.says("node1", Speech(priority: 150), at: [3.4, 4.4])
        tap.says("node2", Speech(priority: 150), at: [3.4, 4.4])
        return tap
    }

    @Test("Two masters that agree in everything, and whose packets arrive, are filtered")
    func filtered() throws {
        #expect(try Self.codes(Self.masters(Speech(), Speech())) == [.filtered])
    }

    @Test("A clean failover shows no mistake")
    func failover() throws {
        var tap = Wiretap()
        tap.says("node1", Speech(priority: 150), at: [3.4, 4.4, 5.4], reaching: "node2")
        tap.gains("node1", 3.401)
        tap.says("node2", Speech(), at: [9.0, 10.0, 11.0], reaching: "node1")
        tap.gains("node2", 9.001)
        #expect(try Self.codes(tap) == [])
    }

    @Test("Two masters that do not reach each other are a cut, and nobody's mistake")
    func partition() throws {
        var tap = Wiretap()
        tap.says("node1", Speech(priority: 150), at: [3.4, 4.4, 5.4, 6.4, 7.4])
        tap.says("node2", Speech(), at: [3.6, 4.6, 5.6, 6.6, 7.6])
        #expect(try Self.codes(tap) == [])
    }

    @Test("A master that yields to the first better word is not deaf, even if it says one last thing")
    func yielding() throws {
        var tap = Wiretap()
        tap.says("node2", Speech(), at: [1, 2, 3, 3.4], reaching: "node1")
        tap.says("node1", Speech(priority: 150), at: [3.399, 4.399, 5.399, 6.399], reaching: "node2")
        #expect(try Self.codes(tap) == [])
    }

    @Test("Two instances with numbers and addresses of their own do not contradict each other")
    func twoInstances() throws {
        var tap = Wiretap()
        tap.says("node1", Speech(priority: 150, id: 51), at: [3.4, 4.4, 5.4], reaching: "node2")
        tap.says("node2", Speech(priority: 150, id: 52, addresses: [Wiretap.other]), at: [3.4, 4.4], reaching: "node1")
        #expect(try Self.codes(tap) == [])
    }

    @Test("A unicast master that holds the address in silence has the wrong peers; one that is heard has not")
    func silentMaster() throws {
        let change = Specimen.Change.adding("unicast_peer {", "    192.168.1.13", "}", to: LabFile.master)
        var tap = Wiretap()
        tap.gains("node1", 3.4)
        tap.add(7, .step("later"))
        tap.logs("node1", 7, "(VI_1) goes on")
        #expect(try Self.codes(tap, change) == [.wrongPeers])
        tap.says("node1", Speech(priority: 150, peer: .v4(IPv4Address(192, 168, 1, 13))), at: [3.5, 4.5])
        #expect(try Self.codes(tap, change) == [])
    }

    @Test("A daemon that misses bond0 is told from one that misses another interface")
    func renamed() throws {
        var tap = Wiretap()
        tap.logs("node2", 0.1, "(Line 20) WARNING - interface bond0 for vrrp_instance VI_1 doesn't exist")
        #expect(try Self.codes(tap) == [.interfaceRenamed])
        var typing = Wiretap()
        typing.logs("node2", 0.1, "(Line 20) WARNING - interface eth9 for vrrp_instance VI_1 doesn't exist")
        #expect(!(try Self.codes(typing)).contains(.interfaceRenamed))
    }

    @Test("Sights name the frame, the kernels and the line of the log")
    func sights() throws {
        var tap = Self.masters(Speech(), Speech(password: "secret99"))
        tap.logs("node2", 4.41, "(VI_1) received an invalid passwd!")
        let step = try #require(Course.step("step4"))
        let files = step.files(
            of: .pair("test", [.setting("auth_pass", "    auth_pass secret99", in: LabFile.backup)]))
        let found = try #require(Catalogue.diagnose(tap.observation(step.submission(files))).first)
        #expect(
            found.sights.map(\.source) == [
                "lan.pcapng 3.400 s", "lan.pcapng 3.600 s", "kernels 3.601 s", "node2.log 4.410 s",
            ])
        #expect(found.sights[1].text == "node2 sends the password 'secret99'")
        #expect(found.sights[2].text == "node1 and node2 have 192.168.1.100 to the end")
        #expect(found.places.map(\.text) == ["auth_pass secret12", "auth_pass secret99"])
    }

    @Test(
        "A host that stood still for a third of a second is told, a tenth is not",
        arguments: [(330, true), (100, false)])
    func stalls(_ milliseconds: Int, _ isTold: Bool) throws {
        var tap = Wiretap()
        tap.says("node1", Speech(priority: 150), at: [3.4])
        tap.add(5, .stall(.milliseconds(milliseconds)))
        #expect(try Self.codes(tap) == (isTold ? [.hostStalled] : []))
    }

    @Test("A check that has failed since the start is told, unless something had been done to the lab before")
    func failing() throws {
        var tap = Wiretap()
        tap.logs("node1", 0.2, "VRRP_Script(chk_haproxy) failed (exited with status 1)")
        tap.says("node1", Speech(priority: 90), at: [3.8, 4.8])
        #expect(try Self.codes(tap) == [.failingSinceStart])
        var broken = Wiretap()
        broken.add(0.1, .fault("eth1 of node1 is down"))
        broken.logs("node1", 0.2, "VRRP_Script(chk_haproxy) failed (exited with status 1)")
        broken.says("node1", Speech(priority: 90), at: [3.8, 4.8])
        #expect(try Self.codes(broken) == [])
    }

    @Test("A webhook without a limit that is heard five seconds late is told, one of a second is not")
    func lateWebhook() throws {
        let step = try #require(Course.step("step8"))
        let specimen = try #require(Catalogue.webhookSpecimens.first { $0.id == "VR127-capstone" })
        let submission = step.submission(step.files(of: specimen))
        for (delay, expected) in [(5.0, ["ops log"]), (1.0, [])] {
            var tap = Wiretap()
            tap.logs("lb1", 1, "(VI_HTTP) Entering MASTER STATE")
            let call = #"webhook 10.0.9.11 POST {"instance": "VI_HTTP", "state": "MASTER"}"#
            tap.add(1 + delay, .output(process: "webhook", stream: .standardOutput, line: call), at: "ops")
            let found = Catalogue.diagnose(tap.observation(submission)).filter { $0.code == .webhookBlocks }
            #expect(Set(found.flatMap(\.sights).map(\.source)).sorted() == expected)
        }
    }

    @Test("What is left of a lab is told")
    func leaks() throws {
        #expect(try Self.codes(Wiretap(), leaks: [Leak(.process, "cat (17) of node node1")]) == [.somethingLeaked])
    }
}

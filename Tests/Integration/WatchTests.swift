import Glibc
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("labrun watch", .requiresNamespaces)
struct WatchTests {
    private static let path = "/etc/keepalived/keepalived.conf"

    @Test("A save is noticed within two seconds, and what it fixed is said")
    func saves() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let solution = LabStep.step3.files[0].solution
            let broken = solution.replacing("\"/etc/keepalived/notify.sh MASTER\"", with: "/bin/true")
            try machine.write(broken, to: Self.path)
            let watch = try machine.start(
                Machine.program("labrun"), ["watch", "step3", "--daemon", "ours", "-o", "/tmp/out"], as: "watch")
            try await lab.expect(line: "FAIL  1 to do", from: watch, within: .seconds(60))
            let saved = lab.step("save")
            try machine.write(solution, to: Self.path)
            let noticed = try await lab.expect(
                line: "keepalived.conf saved, line ", from: watch, within: .seconds(10), since: saved)
            #expect(noticed.time - saved < .seconds(2))
            try await lab.expect(line: "PASS  1 fixed", from: watch, within: .seconds(60), since: saved)
            try await lab.expect(line: "step3 done.", from: watch, within: .seconds(60), since: saved)
            try watch.send(signal: SIGINT)
            #expect(try #require(await watch.exit(within: .seconds(5))) == .exited(code: 130))
        }
    }

    @Test("A file that is not there yet is waited for, also when its directory is made later")
    func empty() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let words = ["watch", "step3", "--daemon", "ours", "--etc", "/tmp/etc", "-o", "/tmp/out"]
            let watch = try machine.start(Machine.program("labrun"), words, as: "watch")
            try await lab.expect(line: "not written yet: /tmp/etc/keepalived.conf", from: watch, within: .seconds(20))
            let saved = lab.step("save")
            _ = try await machine.run("/bin/mkdir", ["/tmp/etc"])
            try machine.write("vrrp_instance X {\n}\n", to: "/tmp/etc/keepalived.conf")
            try await lab.expect(line: "keepalived.conf is new", from: watch, within: .seconds(3), since: saved)
            try watch.send(signal: SIGTERM)
            #expect(try #require(await watch.exit(within: .seconds(5))) == .exited(code: 143))
        }
    }

    @Test("At a terminal h gives a hint, q quits, and the terminal is as before")
    func keys() async throws {
        let directory = "/tmp/labrun-watch-\(ThisProcess.pid)"
        defer { FileSystem.remove(directory + "/state.json") }
        let person = try Person(
            Machine.program("labrun"), ["watch", "step3", "--daemon", "ours", "--etc", directory + "/nothing"],
            environment: ["PATH=/usr/bin:/bin", "TERM=dumb", "LABRUN_STATE=\(directory)/state.json"])
        try await person.expect("r again  h hint  q quit")
        try await person.expect("not written yet")
        #expect(!person.isOrdinary)
        try person.type("h")
        try await person.expect("Hint 1 of ")
        try person.type("q")
        #expect(try await person.end() == .exited(0))
        #expect(person.isOrdinary)
    }
}

import LabCourse
import Testing

@testable import Labs

@Suite("Mistakes of the machine")
struct MachineMistakeTests {
    @Test("A machine of which nothing bad is known has none")
    func sound() {
        #expect(Catalogue.diagnose(MachineState()) == [])
    }

    @Test("Each bad thing has a name of its own, and the fix is what a person types")
    func named() {
        let machine = MachineState(
            missingDaemons: ["apt-get install -y keepalived"], refusal: "cannot make namespaces",
            strays: [
                StrayDaemon(pid: 212, commandLine: "keepalived --dump-conf -f x"), StrayDaemon(pid: 9, commandLine: ""),
            ])
        let found = Catalogue.diagnose(machine)
        #expect(found.map(\.code) == [.notInstalled, .notPrivileged, .strayDaemon, .strayDaemon])
        #expect(found[2].remedy == "kill 212")
        #expect(found[2].sentence.contains("keepalived --dump-conf -f x"))
    }

    @Test("This test's own process tree has no stray daemon in it that listens and is called vrrpd or keepalived")
    func survey() {
        // On a machine with a service of its own the survey names it, with its command line.
        for stray in StrayDaemon.survey() { #expect(stray.pid > 1 && !stray.commandLine.isEmpty) }
    }
}

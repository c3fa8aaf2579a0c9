import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

extension RunDocument {
    /// The document of a run that begins here and now.
    init(in artifacts: Artifacts, seed: UInt64, daemons: [DaemonPair]) async {
        var programs = ["labrun": Labrun.version]
        for daemon in Set(daemons.flatMap { [$0.first, $0.second] }) {
            programs[daemon.name] = await Probe.version(of: daemon) ?? "says no version"
        }
        let now: Duration = (MonotonicClock.now - Instant.zero) + .nanoseconds(MonotonicClock.offsetToRealTime)
        self.init(
            run: RunRecord(
                id: artifacts.directory.split(separator: "/").last.map(String.init) ?? "",
                arguments: Array(CommandLine.arguments.dropFirst()), seed: seed, started: now.inSeconds,
                machine: .own, programs: programs))
    }

    /// The document of a run that has ended, with scenarios that no lab was made for; each gets its directory.
    func completed(
        with scenarios: [ScenarioDocument], _ seconds: Double, _ exit: ExitStatus, _ artifacts: Artifacts
    ) -> RunDocument {
        var document = self
        document.scenarios = scenarios.map { (try? artifacts.write($0)) ?? $0 }
        document.end = EndRecord(
            scenarios.flatMap { $0.checks.map(\.verdict) }, seconds: seconds, exit: exit.rawValue,
            artifacts: artifacts.directory)
        return document
    }
}

extension MachineRecord {
    /// The machine that this runs on.
    static var own: MachineRecord {
        var name = utsname()
        unsafe uname(&name)
        let text = { (field: UnsafeRawBufferPointer) in
            unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }
        return MachineRecord(
            system: distribution ?? "Linux",
            kernel: unsafe withUnsafeBytes(of: &name.release) { unsafe text($0) },
            architecture: unsafe withUnsafeBytes(of: &name.machine) { unsafe text($0) },
            cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// What os-release(5) has for people.
    private static var distribution: String? {
        let octets = try? FileSystem.read("/etc/os-release", atMost: 64 * 1024)
        let lines = String(decoding: octets ?? [], as: UTF8.self).split(separator: "\n")
        let key = "PRETTY_NAME="
        return lines.first { $0.hasPrefix(key) }.map { line in
            String(line.dropFirst(key.count)).trimmingPrefix("\"").split(separator: "\"").first.map(String.init) ?? ""
        }
    }
}

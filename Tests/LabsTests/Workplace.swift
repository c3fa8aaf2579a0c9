import LabCourse
import Labs
import LinuxSystem

/// A machine that is the same wherever the tests run.
enum Workplace {
    static let programs: Set = [
        "/usr/bin/pgrep", "/usr/bin/killall", "/bin/sh", "/bin/bash", "/usr/bin/env", "/usr/bin/true", "/usr/bin/false",
        "/usr/bin/curl", "/usr/bin/socat", "/usr/bin/logger", "/usr/bin/ping", "/usr/bin/sleep", "/usr/bin/cat",
    ]

    static let machine = machine(programs)

    static func machine(_ programs: Set<String>) -> MachineFacts {
        let directory = FileStatus(owner: 0, group: 0, mode: 0o040755)
        return MachineFacts(
            account: { name in
                ["root": UserAccount(user: 0, group: 0), "nobody": UserAccount(user: 65534, group: 65534)][name]
            },
            way: { path in
                programs.contains(path) ? [directory, FileStatus(owner: 0, group: 0, mode: 0o100755)] : nil
            })
    }

    /// What the catalogue finds in files of a step.
    static func findings(
        _ files: [SourceFile], in step: LabStep, _ machine: MachineFacts = machine
    ) -> [Diagnosis] {
        Catalogue.diagnose(step.submission(files, machine: machine))
    }

    /// Such as `VR104 keepalived.conf:45,46`.
    static func summary(_ diagnosis: Diagnosis) -> String {
        let lines = diagnosis.places.compactMap(\.line).map { "\($0)" }
        let name = diagnosis.places.first?.file.split(separator: "/").last ?? ""
        return "\(diagnosis.code.rawValue) \(name):\(lines.joined(separator: ","))"
    }
}

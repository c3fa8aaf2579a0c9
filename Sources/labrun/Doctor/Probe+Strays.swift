import FoundationEssentials
import Glibc
import LabCourse
import Labs
import NetnsKit

// What has to be looked at before the sandbox is entered.
extension Probe {
    private static let variable = "LABRUN_STRAYS"

    /// Looks for daemons outside of labs, and lets the process inside the sandbox know.
    static func rememberStrays() {
        guard let line = try? JSONLines.line(StrayDaemon.survey()) else { return }
        unsafe setenv(variable, line, 1)
    }

    /// Daemons that were found outside of every lab.
    static func strays() -> [Finding] {
        let text = unsafe getenv(variable).map { unsafe String(cString: $0) } ?? "[]"
        let strays = (try? JSONDecoder().decode([StrayDaemon].self, from: Data(text.utf8))) ?? []
        let found = Catalogue.diagnose(MachineState(strays: strays)).map { Finding("stray daemon", .fail, $0) }
        return found.isEmpty ? [Finding("stray daemons", .pass, "none outside of labs")] : found
    }

    /// Why there can be no labs here.
    static func refusal(_ error: LabError) -> [Finding] {
        Catalogue.diagnose(MachineState(refusal: "\(error)")).map { diagnosis in
            guard let rights = ContainerRights.own else { return Finding("rights", .fail, diagnosis) }
            let observed = "\(diagnosis.sentence); \(rights.observation)"
            return Finding("rights", .fail, observed, remedy: rights.remedy, code: diagnosis.code)
        }
    }
}

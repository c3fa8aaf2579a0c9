import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import Wire

extension Catalogue {
    static let passwordCut = Mistake(
        .passwordCut, "password cut short", .warning,
        symptom: "Another password than the one in the file travels. keepalived -t exits with 5.",
        reason: """
            VRRPv2 has room for eight octets. keepalived cuts what is longer, on every node alike, so nodes with the \
            same long password still agree; so do secret123 and secret12. A # or ! without quotes begins a comment, \
            and the password ends before it: nothing is said about that.
            """,
        wrong: "auth_pass secret123", right: "auth_pass secret12",
        message: "Truncating auth_pass to 8 characters",
        inFiles: { submission in
            submission.diagnoses { router, diagnostic in
                let isTruncated = diagnostic.message.hasPrefix("Truncating auth_pass")
                let isComment =
                    diagnostic.message.contains("begins a comment here")
                    && diagnostic.location.text.trimmed.hasPrefix("auth_pass")
                guard isTruncated || isComment else { return nil }
                let words = diagnostic.location.text.split { $0 == " " || $0 == "\t" }.map(String.init)
                let password = words.count > 1 ? words[1].filter { $0 != "\"" } : ""
                if isComment {
                    let rest = password.prefix { $0 != "#" && $0 != "!" }
                    return Diagnosis(
                        .passwordCut, .warning, at: [Diagnosis.Place(diagnostic.location)],
                        "A comment begins within the password: '\(rest)' is what travels.",
                        remedy: "auth_pass \"\(password)\", or a password without # and !")
                }
                let cut = String(decoding: password.utf8.prefix(8), as: UTF8.self)
                return Diagnosis(
                    .passwordCut, .warning, at: [Diagnosis.Place(diagnostic.location)],
                    "'\(password)' has \(password.utf8.count) characters; what travels is '\(cut)'.",
                    remedy: "auth_pass \(cut)", message: "Truncating auth_pass to 8 characters")
            }
        },
        specimens: [
            Specimen("VR101-nine", in: "step3", [.line("auth_pass secret12", "auth_pass secret123")]),
            Specimen("VR101-ten", in: "step3", [.line("auth_pass secret12", "auth_pass Pr0dSecr3t")]),
            Specimen("VR101-comment", in: "step3", [.line("auth_pass secret12", "auth_pass sec#ret1")]),
        ],
        demonstration: Demonstration("Another password than the configured one travels") { run in
            let first = try await run.becomeMaster()
            let octets =
                switch first.advertisement?.0.authentication {
                case .password(let octets)?: octets.prefix { $0 != 0 }
                default: [UInt8]().prefix(0)
                }
            let sent = String(decoding: octets, as: UTF8.self)
            let written = run.writtenPassword("node1")
            run.judge(
                "the password on the wire is shorter than the one in the file",
                !sent.isEmpty && sent.utf8.count < written.utf8.count && written.hasPrefix(sent),
                expected: "the beginning of '\(written)'", observed: "'\(sent)' on the wire, '\(written)' in the file")
        })
}

extension ScenarioRun {
    /// What stands behind `auth_pass`, before anybody cuts it.
    fileprivate func writtenPassword(_ node: String) -> String {
        let line = reading(of: node)?.instances.first?.first("authentication")?.first("auth_pass")
        return line?.keyword.location.text.trimmed.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    }
}

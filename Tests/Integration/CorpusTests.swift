import Foundation
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline

/// Configurations that users of keepalived sent to its maintainer, each with keepalived's own verdict. They are not
/// part of the package: where they are missing, the test is skipped.
@Suite("A collection of keepalived's users' files", .requiresNamespaces)
struct CorpusTests {
    /// Files on which we do not agree, and the row of docs/differences.md that says why.
    private static let differences = [
        "101.conf": "namespace", "751.conf": "namespace", "950-test.conf": "namespace", "ipvs": "namespace",
        "keepalived.ipvs": "namespace", "n1.conf": "namespace", "notify.conf": "namespace",
        "notify2.conf": "namespace", "1139.conf": "other-services",
        "679__track_file__template_vrrp_instance": "unknown-block",
    ]

    /// The nodes on which keepalived judged the files: four interfaces, 10.1.N.1/24 each.
    private static let topology = Topology([
        NodeDescription(
            Machine.name,
            (0...3).map { InterfaceDescription("eth\($0)", on: "lan\($0)", ["10.1.\($0).1/24"]) },
            exposedPaths: Machine.topology.nodes[0].exposedPaths)
    ])

    /// How long a file may take: a second, or five when nothing is optimized.
    private static var limit: Duration {
        RunningProgram.directory.contains("release") ? .seconds(1) : .seconds(5)
    }

    @Test(
        "vrrpd -t answers what keepalived -t answers, or docs/differences.md says why not",
        .enabled(if: Corpus.exists, "../shared/corpus is not beside the package"),
        .enabled(if: UserAccount(named: "keepalived_script") == nil, "there is a user keepalived_script"),
        .timeLimit(.minutes(10)))
    func verdicts() async throws {
        let verdicts = try Corpus.verdicts()
        #expect(verdicts.count > 300)
        let ours = try await Lab.run(Self.topology) { lab in
            var ours: [String: CommandResult] = [:]
            for file in verdicts.keys.sorted() {
                let path = Corpus.path(of: file)
                ours[file] = try await lab[Machine.name].run(
                    Machine.program("vrrpd"), ["-t", "-f", path], within: Self.limit)
            }
            return ours
        }
        try judge(ours, verdicts)
    }

    private func judge(_ ours: [String: CommandResult], _ verdicts: [String: Int]) throws {
        var agreed = 0
        var disagreed: Set<String> = []
        for (file, expected) in verdicts {
            guard let result = ours[file] else {
                Issue.record("\(file): not done after \(Self.limit)")
                continue
            }
            guard case .exited(let code) = result.status else {
                Issue.record("\(file): \(result.status)")
                continue
            }
            // Where keepalived hung or was killed there is nothing to agree with; ending is enough.
            if expected >= 124 { continue }
            if Int(code) == expected { agreed += 1 } else { disagreed.insert(file) }
        }
        let unexplained = disagreed.subtracting(Self.differences.keys)
        #expect(unexplained.isEmpty, "no row of docs/differences.md: \(unexplained.sorted())")
        let settled = Set(Self.differences.keys).subtracting(disagreed)
        #expect(settled.isEmpty, "these no longer disagree: \(settled.sorted())")
        #expect(agreed * 100 >= (agreed + disagreed.count) * 95, "\(agreed) agree, \(disagreed.count) do not")
    }

    @Test("Every difference that a file of the collection shows has its row")
    func rows() throws {
        let text = try String(contentsOf: Corpus.package.appending(path: "docs/differences.md"), encoding: .utf8)
        for key in Set(Self.differences.values) {
            #expect(text.contains("\n| `\(key)` |"), "\(key)")
        }
    }
}

private enum Corpus {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL
    private static let directory = package.appending(path: "../shared/corpus").standardizedFileURL

    static var exists: Bool { FileManager.default.fileExists(atPath: directory.appending(path: "verdicts.json").path) }

    static func path(of file: String) -> String {
        directory.appending(path: "keepalived-conf").appending(path: file).path
    }

    /// The exit status of `keepalived -t` by file.
    static func verdicts() throws -> [String: Int] {
        struct Verdict: Decodable {
            let exit: Int
        }
        let data = try Data(contentsOf: directory.appending(path: "verdicts.json"))
        return try JSONDecoder().decode([String: Verdict].self, from: data).mapValues(\.exit)
    }
}

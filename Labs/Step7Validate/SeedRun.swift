import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// A seed on its node: written, tested twice, started once, and judged.
struct SeedRun: Sendable {
    private let seed: Seed
    private let run: ScenarioRun

    init(_ seed: Seed, _ run: ScenarioRun) {
        self.seed = seed
        self.run = run
    }

    /// Does it all.
    ///
    /// - Returns: the seed's line in the table.
    func row() async throws -> String {
        let node = run.lab[seed.id]
        for file in seed.files { try node.write(file) }
        let seen = try await Examination(of: LabFile.master, among: seed.files, on: node)
        judge(seen)
        let start = try Start(run, on: seed.id, file: LabFile.master)
        let expected = run.daemons.first.name == "keepalived" ? seed.fate : seed.ownFate ?? seed.fate
        let fate = try await start.settle(run.lab, expected)
        run.judge(
            "\(seed.title): what happens", fate == expected, expected: expected.words, observed: fate.words,
            window: start.begin...run.lab.step("\(seed.id) is judged"))
        return seen.row(seed.title, fate: "\(fate)")
    }

    private func judge(_ seen: Examination) {
        if let vrrpd = seen.vrrpd, seed.difference == nil {
            run.judge(
                "\(seed.title): vrrpd -t answers \(seed.answer)", vrrpd.code == "\(seed.answer)",
                expected: "\(seed.answer)", observed: "\(vrrpd.code): \(vrrpd.summary)")
        }
        if let keepalived = seen.keepalived, let vrrpd = seen.vrrpd { compare(keepalived, vrrpd, seen) }
        let names = seen.codes.map(\.rawValue).joined(separator: " ")
        let expected = seed.code?.rawValue ?? "no mistake of the catalogue"
        run.judge(
            "\(seed.title): it has its name", seen.codes == (seed.code.map { [$0] } ?? []), expected: expected,
            observed: names.isEmpty ? "no name" : names)
    }

    /// Where the two tests differ, docs/differences.md says why.
    private func compare(_ keepalived: TestAnswer, _ vrrpd: TestAnswer, _ seen: Examination) {
        let own = seen.ownLines
        let missed = keepalived.lines.filter { line in
            !own.contains(line) && !(seed.head(ofBlockEndingAt: line).map(own.contains) ?? false)
        }.sorted()
        let isAlike = keepalived.code == vrrpd.code && missed.isEmpty
        if let difference = seed.difference, !isAlike {
            let lines = missed.isEmpty ? "" : "; only keepalived names lines \(missed)"
            run.skip(
                "\(seed.title): both tests say the same",
                because: "\(keepalived.code) and \(vrrpd.code)\(lines): '\(difference)' in docs/differences.md")
            return
        }
        run.judge(
            "\(seed.title): both tests say the same", isAlike,
            expected: "\(keepalived.code), lines \(keepalived.lines.sorted())",
            observed: isAlike ? "\(vrrpd.code)" : "\(vrrpd.code), without lines \(missed)")
        let isTold = keepalived.messages.isEmpty || !vrrpd.messages.isEmpty || !seen.diagnoses.isEmpty
        run.judge(
            "\(seed.title): what keepalived finds, we find", isTold, expected: keepalived.summary,
            observed: vrrpd.summary)
    }
}

extension Seed {
    /// keepalived names the line at which it noticed, such as the end of a block that lacks something.
    fileprivate func head(ofBlockEndingAt number: Int) -> Int? {
        let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(number - 1), lines[number - 1].contains("}") else { return nil }
        var depth = 0
        for index in (0..<number).reversed() {
            depth += lines[index].count { $0 == "}" } - lines[index].count { $0 == "{" }
            if depth == 0 { return index + 1 }
        }
        return nil
    }
}

extension Seed.Fate {
    /// With everything that is compared.
    fileprivate var words: String {
        guard case .runs(let state, let hasAddress, let notifies) = self else { return "\(self)" }
        let name = state == .none ? "no state" : state.rawValue
        return "\(name), \(hasAddress ? "an address" : "no address"), script \(notifies ? "called" : "not called")"
    }
}

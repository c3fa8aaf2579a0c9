import LabCourse
import NetnsKit

/// A run in the Common Test Report Format, 1.0.0: one JSON document.
///
/// What is inconclusive has the status `other`; `rawStatus` is the verdict in this project's own word.
public struct CTRFReport: Encodable {
    private let reportFormat = "CTRF"
    private let specVersion = "1.0.0"
    private let generatedBy = "labrun"
    private let results: Results

    /// - Parameter attachments: the paths of a scenario's files as a CI job finds them.
    public init(_ document: RunDocument, attachments: (ScenarioDocument) -> [String] = { _ in [] }) {
        results = Results(document, attachments)
    }

    /// The document on one line.
    public func json() throws -> String { try JSONLines.line(self) }

    private struct Results: Encodable {
        var tool: Tool
        var summary: Summary
        var tests: [Test]
        var environment: Environment

        init(_ document: RunDocument, _ attachments: (ScenarioDocument) -> [String]) {
            let cases = document.cases
            tool = Tool(name: "labrun", version: document.run.programs["labrun"])
            summary = Summary(document, cases)
            tests = cases.map { Test($0, attachments: attachments) }
            let extra = ["run": document.run.id, "seed": "\(document.run.seed)"]
            environment = Environment(
                osPlatform: "linux", osRelease: document.run.machine.kernel, osVersion: document.run.machine.system,
                extra: extra.merging(document.run.programs) { own, _ in own })
        }
    }

    private struct Tool: Encodable {
        var name: String
        var version: String?
    }

    private struct Environment: Encodable {
        var osPlatform: String
        var osRelease: String
        var osVersion: String
        var extra: [String: String]
    }

    private struct Summary: Encodable {
        var tests, passed, failed, skipped, pending, other, flaky, suites: Int
        /// In milliseconds since 1970.
        var start, stop: Int

        init(_ document: RunDocument, _ cases: [ReportedCase]) {
            let count = { (verdict: Verdict) in cases.count { $0.verdict == verdict } }
            tests = cases.count
            (passed, failed, skipped) = (count(.pass), count(.fail), count(.skip))
            (pending, other) = (0, count(.inconclusive))
            flaky = cases.count { $0.isFlaky }
            suites = Set(cases.map(\.suite)).count
            let ends = document.scenarios.map { $0.record.started + $0.record.length }
            let end = document.end.map { document.run.started + $0.seconds } ?? ends.max() ?? document.run.started
            (start, stop) = (milliseconds(document.run.started), milliseconds(end))
        }
    }

    private struct Test: Encodable {
        var name: String
        var status: String
        var rawStatus: String
        /// In milliseconds.
        var duration: Int
        var start, stop: Int
        var suite: [String]
        var message: String?
        var trace: String?
        var tags: [String]?
        var retries: Int?
        var flaky: Bool?
        var retryAttempts: [Attempt]?
        var attachments: [Attachment]?
        var extra: Figures?

        init(_ test: ReportedCase, attachments: (ScenarioDocument) -> [String]) {
            let record = test.scenario.record
            name = "\(test.group) \(test.name)"
            status = Self.status(of: test.verdict)
            rawStatus = test.verdict.rawValue
            duration = milliseconds(test.seconds)
            (start, stop) = (milliseconds(record.started), milliseconds(record.started + record.length))
            suite = [test.suite, test.group]
            extra = Figures(measured: test.check?.measured, bound: test.check?.bound, seed: record.seed)
            tags = test.code.map { [$0] }
            if test.verdict != .pass { message = test.message }
            if test.verdict > .pass {
                trace = test.text
                attachments(test.scenario).forEach { add($0) }
            }
            guard test.isSpokesman, record.attempts > 1 else { return }
            retries = record.attempts - 1
            flaky = test.isFlaky
            retryAttempts = (test.scenario.earlier ?? []).enumerated().map { index, check in
                Attempt(attempt: index + 1, status: "other", message: "\(check.title): \(check.observed)")
            }
        }

        private mutating func add(_ path: String) {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            attachments = (attachments ?? []) + [Attachment(name: name, contentType: Self.type(of: name), path: path)]
        }

        private static func status(of verdict: Verdict) -> String {
            switch verdict {
            case .pass: "passed"
            case .fail: "failed"
            case .skip: "skipped"
            case .inconclusive: "other"
            }
        }

        private static func type(of name: String) -> String {
            switch name.split(separator: ".").last {
            case "svg": "image/svg+xml"
            case "pcapng": "application/x-pcapng"
            case "ndjson": "application/x-ndjson"
            case "html": "text/html"
            default: "text/plain"
            }
        }
    }

    private struct Attempt: Encodable {
        var attempt: Int
        var status: String
        var message: String
    }

    private struct Attachment: Encodable {
        var name: String
        var contentType: String
        var path: String
    }

    /// What the format has no place for.
    private struct Figures: Encodable {
        var measured: Double?
        var bound: [Double]?
        var seed: UInt64?
    }
}

private func milliseconds(_ seconds: Double) -> Int {
    Int((seconds * 1000).rounded())
}

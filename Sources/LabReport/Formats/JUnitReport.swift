import FoundationEssentials
import LabCourse
import Mustache

/// A run as JUnit XML, as CI systems read it.
///
/// A suite is a step with a pair of daemons, a case is a check. What is inconclusive is an error and no failure; what
/// was inconclusive in earlier runs of a scenario stands beside the case that came out as the whole did.
public struct JUnitReport {
    private let document: RunDocument
    private let attachments: (ScenarioDocument) -> [String]

    /// - Parameter attachments: the paths of a scenario's files as a CI job finds them; they are named with what did
    ///   not pass.
    public init(_ document: RunDocument, attachments: @escaping (ScenarioDocument) -> [String] = { _ in [] }) {
        self.document = document
        self.attachments = attachments
    }

    /// The whole file.
    public func xml() throws -> String {
        MarkupText.registered
        let text = String(decoding: PackageResources.junit_mustache, as: UTF8.self)
        return try MustacheTemplate(string: text).render(model)
    }

    private var model: SuitesModel {
        let cases = document.cases
        var names: [String] = []
        for name in cases.map(\.suite) where !names.contains(name) { names.append(name) }
        let suites = names.map { name in suite(name, cases.filter { $0.suite == name }) }
        return SuitesModel(name: "labrun \(document.run.id)", counts: Counts(cases), suites: suites)
    }

    private func suite(_ name: String, _ cases: [ReportedCase]) -> SuiteModel {
        let run = document.run
        var properties = [
            Property(name: "seed", value: "\(run.seed)"), Property(name: "system", value: run.machine.system),
            Property(name: "kernel", value: run.machine.kernel),
        ]
        properties += run.programs.sorted { $0.key < $1.key }.map { Property(name: $0.key, value: $0.value) }
        let begin = cases.first?.scenario.record.started ?? run.started
        return SuiteModel(
            name: Self.line(name), counts: Counts(cases),
            timestamp: Date(timeIntervalSince1970: begin).formatted(.iso8601), properties: properties,
            cases: cases.map(model))
    }

    private func model(of test: ReportedCase) -> CaseModel {
        var properties: [Property] = []
        if let measured = test.check?.measured {
            properties.append(Property(name: "measured", value: Figures.number(measured)))
        }
        if let bound = test.check?.bound { properties.append(Property(name: "bound", value: Figures.range(bound))) }
        if test.isSpokesman, let seed = test.scenario.record.seed {
            properties.append(Property(name: "seed", value: "\(seed)"))
        }
        var output: String?
        if test.verdict > .pass {
            output = attachments(test.scenario).map { "[[ATTACHMENT|\($0)]]" }.joined(separator: "\n")
        }
        return CaseModel(
            classname: Self.line(test.group), name: Self.line(test.name), time: Figures.number(test.seconds),
            properties: properties, outcomes: Self.outcomes(of: test), output: output)
    }

    /// What it came to, and before it what earlier runs of its scenario could not answer.
    private static func outcomes(of test: ReportedCase) -> [Outcome] {
        var outcomes: [Outcome] = []
        let (message, text) = (line(test.message), inert(test.text))
        switch test.verdict {
        case .pass: break
        case .skip: outcomes = [Outcome(element: "skipped", type: nil, message: message, text: "")]
        case .fail:
            outcomes = [Outcome(element: "failure", type: test.code ?? "check", message: message, text: text)]
        case .inconclusive:
            outcomes = [Outcome(element: "error", type: "inconclusive", message: message, text: text)]
        }
        guard test.isSpokesman else { return outcomes }
        let element = test.scenario.record.verdict == .pass ? "flakyFailure" : "rerunError"
        return outcomes
            + (test.scenario.earlier ?? []).map { check in
                Outcome(
                    element: element, type: "inconclusive", message: line("\(check.title): \(check.observed)"),
                    text: inert("expected  \(check.expected)\nobserved  \(check.observed)"))
            }
    }

    /// A text without line ends, as an attribute keeps none.
    private static func line(_ text: String) -> String {
        inert(text.split { $0.isNewline }.joined(separator: " "))
    }

    /// Words of a program's own cannot attach files to a report.
    private static func inert(_ text: String) -> String {
        text.split(separator: "[[", omittingEmptySubsequences: false).joined(separator: "[ [")
    }
}

private struct SuitesModel {
    var name: String
    var tests, failures, errors, skipped: Int
    var time: String
    var suites: [SuiteModel]

    init(name: String, counts: Counts, suites: [SuiteModel]) {
        self.name = name
        (tests, failures, errors, skipped) = (counts.tests, counts.failures, counts.errors, counts.skipped)
        time = counts.time
        self.suites = suites
    }
}

private struct SuiteModel {
    var name: String
    var tests, failures, errors, skipped: Int
    var time: String
    var timestamp: String
    var properties: [Property]
    var cases: [CaseModel]

    init(name: String, counts: Counts, timestamp: String, properties: [Property], cases: [CaseModel]) {
        self.name = name
        (tests, failures, errors, skipped) = (counts.tests, counts.failures, counts.errors, counts.skipped)
        time = counts.time
        self.timestamp = timestamp
        self.properties = properties
        self.cases = cases
    }
}

private struct CaseModel {
    var classname: String
    var name: String
    var time: String
    var properties: [Property]
    var hasProperties: Bool
    var outcomes: [Outcome]
    var output: String?

    init(
        classname: String, name: String, time: String, properties: [Property], outcomes: [Outcome], output: String?
    ) {
        self.classname = classname
        self.name = name
        self.time = time
        self.properties = properties
        hasProperties = !properties.isEmpty
        self.outcomes = outcomes
        self.output = output?.isEmpty == false ? output : nil
    }
}

private struct Property {
    var name: String
    var value: String
}

private struct Outcome {
    var element: String
    var type: String?
    var message: String
    var text: String
}

private struct Counts {
    var tests, failures, errors, skipped: Int
    var time: String

    init(_ cases: [ReportedCase]) {
        let count = { (verdict: Verdict) in cases.count { $0.verdict == verdict } }
        tests = cases.count
        (failures, errors, skipped) = (count(.fail), count(.inconclusive), count(.skip))
        time = Figures.number(cases.map(\.seconds).reduce(0, +))
    }
}

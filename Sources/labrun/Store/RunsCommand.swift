import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit

/// `labrun runs`.
struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the runs that are kept, with what they came to.")

    @OptionGroup var place: StorePlace

    @Flag(name: .long, help: "Write a JSON document.")
    var json = false

    func run() throws {
        let rows = place.store.runs.map { Row($0) }
        if json {
            Terminal.say(try JSONLines.line(rows))
            return
        }
        guard !rows.isEmpty else {
            Terminal.complain("\(StoreError.none(place.artifacts))")
            throw ExitCode(ExitStatus.nothingRan.rawValue)
        }
        Terminal.say(" RUN    WHEN              RESULT  CHECKS                     SIZE  WORDS")
        for row in rows { Terminal.say(Terminal.fitted(row.line)) }
    }

    /// A run in the list.
    struct Row: Codable, Hashable {
        /// The name of its directory.
        var id: String
        var directory: String
        /// In seconds since 1970.
        var started: Double?
        /// The words after `labrun`.
        var arguments: [String]?
        var verdict: Verdict?
        /// The exit code.
        var exit: Int32?
        var passed: Int?
        var failed: Int?
        var inconclusive: Int?
        var skipped: Int?
        /// In octets.
        var size: Int

        init(_ run: RunStore.Run) {
            directory = run.directory
            id = run.directory.split(separator: "/").last.map(String.init) ?? ""
            size = FileSystem.size(ofTree: run.directory)
            guard let document = try? RunStore.document(in: run.directory) else { return }
            started = document.run.started
            arguments = document.run.arguments
            guard let end = document.end else { return }
            (verdict, exit) = (end.verdict, end.exit)
            (passed, failed, inconclusive, skipped) = (end.passed, end.failed, end.inconclusive, end.skipped)
        }

        /// Such as `2026-03-09 14:21`.
        private static func text(of time: LocalTime) -> String {
            let two = { (number: Int) in (number < 10 ? "0" : "") + "\(number)" }
            return "\(time.year)-\(two(time.month))-\(two(time.day)) \(two(time.hour)):\(two(time.minute))"
        }

        var line: String {
            let time = started.map { Self.text(of: LocalTime(secondsSince1970: Int64($0))) } ?? "cannot be read"
            let counts = [(passed, "ok"), (failed, "FAIL"), (inconclusive, "??"), (skipped, "skip")]
                .compactMap { count, word in count.flatMap { $0 > 0 ? "\($0) \(word)" : nil } }
            let tenths = (size * 10 + (1 << 19)) >> 20
            let octets = "\(tenths / 10).\(tenths % 10) MB"
            return " " + Terminal.column(id, 7) + Terminal.column(time, 18)
                + Terminal.column(verdict?.mark ?? "-", 8) + Terminal.column(counts.joined(separator: ", "), 24)
                + String(repeating: " ", count: max(8 - octets.count, 0)) + octets
                + "  " + Terminal.printable((arguments ?? []).joined(separator: " "))
        }
    }
}

/// Where runs are kept.
struct StorePlace: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("artifacts")],
        help: ArgumentHelp("Where the runs are.", valueName: "directory"))
    var artifacts = "labrun-out"

    var store: RunStore { RunStore(below: artifacts) }
}

import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import Wire

extension Catalogue {
    static let syntax = Mistake(
        .syntax, "a word, a number or a brace that is not understood", .error,
        symptom: "The line has no effect: a default stands, a block is missing, or the daemon ends.",
        reason: """
            keepalived reads on after nearly every error and leaves out what it does not know: a misspelt block goes \
            with everything in it, and a misspelt priority beside state MASTER means priority 255. keepalived -t \
            exits with 5 for a harmless remark and for a lost block alike; only its lines tell which it was.
            """,
        wrong: "prioritiy 150", right: "priority 150",
        message: "(Line 20) Unknown keyword 'prioritiy'",
        inFiles: { submission in
            submission.routers.flatMap { router in
                router.reading.result.diagnostics.compactMap { SyntaxFinding($0)?.diagnosis }
            }
        },
        specimens: syntaxSpecimens,
        demonstration: Demonstration("The daemon complains of the line, and goes on or ends") { run in
            try await run.showComplaint(since: try run.start("node1"))
        })

    /// For a line that was to say the priority.
    private static let priorityLost = Demonstration("node1 advertises another priority than the file has") { run in
        let begin = try run.start("node1")
        try await run.showComplaint(since: begin)
        let sent = try await run.claim(by: "node1", since: begin).advertisement?.0.priority ?? 0
        run.judge(
            "the priority on the wire is not the one that was meant", sent != LabNetwork.masterPriority,
            expected: "another one than \(LabNetwork.masterPriority)", observed: "priority \(sent)")
    }

    private static let syntaxSpecimens = [
        Specimen(
            "VR117-keyword", in: "step3", [.line("priority 150", "prioritiy 150")], demonstration: priorityLost),
        Specimen("VR117-block", in: "step3", [.line("virtual_ipaddress {", "virtual_ipaddres {")]),
        Specimen("VR117-place", in: "step3", [.line("weight -60", "weight -60\n    advert_int 1")]),
        Specimen("VR117-unclosed", in: "step3", [.line("eth0:vip\n    }\n", "eth0:vip\n")]),
        Specimen("VR117-end", in: "step3", [.line("notify.sh FAULT\"\n}\n", "notify.sh FAULT\"\n")]),
        Specimen("VR117-extra", in: "step3", [.line("notify.sh FAULT\"\n}\n", "notify.sh FAULT\"\n}\n}\n")]),
        Specimen("VR117-opening", in: "step3", [.line("vrrp_instance VI_1 {", "vrrp_instance VI_1")]),
        Specimen(
            "VR117-priority", in: "step3", [.line("priority 150", "priority 300")], demonstration: priorityLost),
        Specimen("VR117-vrid", in: "step3", [.line("virtual_router_id 51", "virtual_router_id 256")]),
        Specimen("VR117-novrid", in: "step3", [.line("    virtual_router_id 51\n", "")]),
        Specimen(
            "VR117-nopriority", in: "step3", [.line("    priority 150\n", "")], demonstration: priorityLost),
        Specimen("VR117-state", in: "step3", [.line("state MASTER", "state master")]),
        Specimen("VR117-address", in: "step3", [.line("192.168.1.100/24", "192.168.1.300/24")]),
        Specimen("VR117-quotes", in: "step3", [.line("\"/usr/bin/pgrep -x haproxy\"", "“/usr/bin/pgrep -x haproxy”")]),
        Specimen("VR117-weight", in: "step3", [.line("weight -60", "weight -300")]),
        Specimen("VR117-type", in: "step3", [.line("auth_type PASS", "auth_type PASSWORD")]),
    ]
}

extension ScenarioRun {
    /// Judges that node1's daemon names a line in which the parser finds a mistake of this kind.
    fileprivate func showComplaint(since begin: Instant) async throws {
        let found = reading(of: "node1")?.result.diagnostics.compactMap { SyntaxFinding($0) } ?? []
        let lines = Set(found.map(\.line).filter { $0 > 0 })
        let ends = lines.sorted().map { "\($0)" }.joined(separator: ", ")
        try await showLine("the daemon complains of line \(ends)", since: begin) { line in
            let text = line.logMessage
            return lines.contains { text.contains("Line \($0))") || text.contains(".conf:\($0):") }
                || text.contains("missing '}'s") || text.contains("virtual router id must be set")
                || text.contains("due to address_owner") || text.contains("cannot be accessed")
        }
    }
}

/// Something that the parser says and that has no better name.
private struct SyntaxFinding {
    let diagnostic: Diagnostic

    var line: Int { diagnostic.location.line }
    private var message: String { diagnostic.message }

    /// What is told under another name.
    private static let elsewhere = [
        "Truncating auth_pass", "preempt delay will not work", "preempt_delay is incompatible",
        "nopreempt will not work", "nopreempt is incompatible", "does not run this without quotes",
        "address family must match", "Cannot specify label for IPv6", "since own interface", "Unknown interface!",
        "is defined later", "does not support authentication", "is not replaced here",
        "A unicast keyword has been specified", "is listed twice",
    ]

    /// Nil when it is no mistake of this kind.
    init?(_ diagnostic: Diagnostic) {
        guard diagnostic.severity > .note, diagnostic.category != .fileNotFound,
            !Self.elsewhere.contains(where: diagnostic.message.contains)
        else { return nil }
        if diagnostic.message.contains("track script "), diagnostic.message.contains("not found, ignoring") {
            return nil
        }
        if diagnostic.message.contains("begins a comment here"),
            diagnostic.location.text.trimmed.hasPrefix("auth_pass")
        {
            return nil
        }
        self.diagnostic = diagnostic
    }

    var diagnosis: Diagnosis {
        Diagnosis(
            .syntax, diagnostic.severity >= .error ? .error : .warning,
            at: [Diagnosis.Place(diagnostic.location)], sentence, remedy: remedy, message: keepalived)
    }

    private var word: String? { message.quoted.first }
    private var line0: String { diagnostic.location.text.trimmed }

    /// keepalived's own words, where ours are not the same.
    private var keepalived: String? {
        message.hasPrefix("Unknown keyword") ? "(Line \(line)) Unknown keyword '\(word ?? "")'" : nil
    }

    private var sentence: String {
        guard message.hasPrefix("Unknown keyword"), let word else { return message.withoutGuess + "." }
        if message.contains("it belongs in") {
            return "'\(word)' is no keyword in this block: the line is left out."
        }
        return message.hasSuffix("ignoring its block")
            ? "'\(word)' is no keyword: the block is left out with everything in it."
            : "'\(word)' is no keyword: the line is left out."
    }

    private var remedy: String {
        let quoted = message.quoted
        if message.contains("did you mean"), quoted.count > 1 {
            return line0.replacing(quoted[0], with: quoted[1])
        }
        if message.contains("it belongs in"), quoted.count > 1 { return "move the line into \(quoted[1])" }
        if let range = message.firstRange(of: "outside range ") {
            let bounds = message[range.upperBound...].prefix { $0 != "]" } + "]"
            return "a number in \(bounds)"
        }
        for (text, remedy) in Self.remedies where message.contains(text) { return remedy }
        return "look the line up with: keepalived -t -f FILE"
    }

    private static let remedies = [
        ("missing '}'", "close the block that begins in this line with a }"),
        ("Missing '}'", "close this block with a } before that line"),
        ("Extra '}'", "take the } away, or open the block that it is to close"),
        ("Missing '{'", "put the { behind the name, in the same line"),
        ("Unexpected '{'", "write the name of the block and the { in one line"),
        ("unknown state", "state MASTER or state BACKUP, in capitals"),
        ("invalid IP", "an address such as 192.168.1.100/24: four numbers up to 255"),
        ("address prefix len", "a length such as /24"),
        ("typographic quotes", "plain quotes: \""),
        ("virtual router id must be set", "virtual_router_id 51"),
        ("without a priority", "priority 150"),
        ("No VIP specified", "virtual_ipaddress { 192.168.1.100/24 }, with the } in a line of its own"),
        ("authentication type", "auth_type PASS"),
        ("needs a line of its own", "one keyword in a line"),
        ("missing a parameter", "write the value behind the keyword"),
        ("already", "one line of the kind"),
        ("byte order mark", "save the file as UTF-8 without a mark"),
        ("non-breaking spaces", "plain blanks"),
        ("no password given", "auth_pass secret12"),
        ("without auth_type", "auth_type PASS"),
        ("must be an integer", "a whole number of seconds, or version 3"),
    ]
}

extension String {
    /// What stands between apostrophes.
    fileprivate var quoted: [String] {
        let parts = split(separator: "'", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count - 1, by: 2).map { String(parts[$0]) }
    }

    /// Without what our parser adds to keepalived's words.
    fileprivate var withoutGuess: String {
        let text = firstRange(of: "; did you mean").map { String(self[..<$0.lowerBound]) } ?? self
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    fileprivate func replacing(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}

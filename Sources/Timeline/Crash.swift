import Wire

/// How a program came to an end that its author did not want.
public struct Crash: Hashable, Sendable {
    /// What killed the program, or complained about it.
    public var cause: Cause
    /// What is known of it: a sentence, or the whole report of a sanitizer.
    public var text: String
    /// Nil when there is none, or when nobody can say where.
    public var core: CoreFile?

    /// Tells of a crash; the core is nil where none was found.
    public init(_ cause: Cause, _ text: String, core: CoreFile? = nil) {
        self.cause = cause
        self.text = text
        self.core = core
    }

    /// Who noticed.
    public enum Cause: Hashable, Sendable {
        /// The kernel ended it with a signal such as SIGSEGV.
        case signal(number: Int32)
        /// A sanitizer found a mistake, such as `AddressSanitizer`; the program may go on.
        case sanitizer(String)
        /// Swift's runtime gave up: a precondition, an overflow, an index out of range.
        case runtime
    }

    /// The first line of the text.
    public var summary: String { String(text.prefix { $0 != "\n" }) }
}

/// A program's memory at its end, as the kernel wrote it.
public struct CoreFile: Hashable, Sendable {
    /// As the node sees it.
    public var path: String
    /// In octets.
    public var size: Int

    /// Names a file that exists, with its size in octets.
    public init(path: String, size: Int) {
        self.path = path
        self.size = size
    }
}

extension ExitStatus {
    /// The signals by which a program is not stopped but says that it is broken.
    private static let crashSignals: [Int32: String] = [
        4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV", 31: "SIGSYS",
    ]

    /// The name of the signal with which a program crashed; nil when it did not.
    public var crashSignal: String? {
        guard case .signaled(let number) = self else { return nil }
        return Self.crashSignals[number]
    }
}

extension Crash {
    /// Recognizes the line with which a sanitizer or Swift's runtime begins its report.
    ///
    /// AddressSanitizer, LeakSanitizer, ThreadSanitizer and MemorySanitizer name themselves; a line of
    /// UndefinedBehaviorSanitizer begins with a place in a source file.
    public init?(line: String) {
        for (marker, name) in Self.sanitizers {
            guard let start = line.firstRange(of: marker)?.lowerBound else { continue }
            self.init(.sanitizer(name), String(line[start...]))
            return
        }
        if line.contains(": runtime error: ") {
            self.init(.sanitizer("UndefinedBehaviorSanitizer"), line)
        } else if line.hasPrefix("Fatal error: ") || line.contains(".swift:") && line.contains(": Fatal error: ")
            || line.hasPrefix("*** Program crashed: ")
        {
            self.init(.runtime, line)
        } else {
            return nil
        }
    }

    private static let sanitizers = [
        ("ERROR: AddressSanitizer", "AddressSanitizer"), ("ERROR: LeakSanitizer", "LeakSanitizer"),
        ("WARNING: ThreadSanitizer", "ThreadSanitizer"), ("WARNING: MemorySanitizer", "MemorySanitizer"),
    ]
}

extension TimelineEvent {
    /// The crash that an event reports: by its kind, or by what a program wrote on its standard error.
    public var crash: Crash? {
        switch kind {
        case .crashed(_, let crash): crash
        case .output(_, .standardError, let line): Crash(line: line)
        default: nil
        }
    }

    /// The process that an event is about, as the lab calls it.
    public var process: String? {
        switch kind {
        case .started(let process, _), .output(let process, _, _), .exited(let process, _), .crashed(let process, _):
            process
        default: nil
        }
    }
}

extension Timeline {
    /// Every event that reports a crash: a signal of the kernel's, a sanitizer's report, a fatal error of Swift's.
    public var crashes: [TimelineEvent] { events.filter { $0.crash != nil } }
}

extension Checker {
    /// No program crashed, and no sanitizer had anything to say.
    public static let noCrash = Checker("no program crashes") { timeline in
        timeline.crashes.map { event in
            Violation(
                at: event.time, node: event.node,
                "\(event.process ?? "a program"): \(event.crash?.summary ?? "it crashed")",
                window: event.earliestTime...event.time)
        }
    }
}

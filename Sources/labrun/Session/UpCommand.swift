import ArgumentParser
import Glibc
import LabCourse
import LinuxSystem
import NetnsKit

/// `labrun up STEP`.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build a step's lab, start everything in it, and let it stay.",
        discussion: """
            It returns when every daemon runs and every address has an owner, and says so when that does not come. \
            The lab goes on in the background until 'labrun down'.
            """)

    @OptionGroup var lab: LabOptions

    func run() async throws {
        // What was mistyped or is missing is said before anything is started.
        let scenario = try lab.scenario()
        _ = try lab.runner()
        let missing = scenario.needs.filter { !RunningProgram.isExecutable($0.path) }
        guard missing.isEmpty else {
            Terminal.complain(
                "\(lab.step) needs \(missing.map(\.name).joined(separator: ", ")): apt-get install -y "
                    + missing.map(\.package).joined(separator: " "))
            throw ExitCode(ExitStatus.notReady.rawValue)
        }
        let directory = try SessionDirectory.opened()
        guard !directory.isAlive(lab.name) else { throw try Self.refusal(lab.name) }
        Terminal.say("building \(lab.step) and starting what runs in it ...", to: STDERR_FILENO)
        let start = try LabServer(lab, in: directory).start()
        show(start, try Selection.step(lab.step))
        if !start.complaints.isEmpty { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private static func refusal(_ name: String) throws -> ExitCode {
        var what = ""
        if let client = try? SessionClient(named: name), case .status(let status)? = try? client.ask(.status) {
            what = " (\(status.plan.text), for \(Duration.seconds(status.age).ageText))"
        }
        Terminal.complain("'\(name)' is up already\(what): labrun down ends it, --name makes another")
        return ExitCode(ExitStatus.nothingRan.rawValue)
    }

    /// A sentence, and below it what the daemon said, in lines that fit the terminal.
    private static func say(_ complaint: String) {
        let lines = complaint.split(separator: "\n").map(String.init)
        Terminal.say("  FAIL  \(lines.first ?? "")")
        for line in lines.dropFirst() {
            var rest = line[...]
            while !rest.isEmpty {
                Terminal.say("        " + rest.prefix(Terminal.width - 8))
                rest = rest.dropFirst(Terminal.width - 8)
            }
        }
    }

    private func show(_ start: SessionStart, _ step: LabStep) {
        let option = lab.name == SessionDirectory.standardName ? "" : " --name \(lab.name)"
        Terminal.say("\(step.id)  \(step.title)\n\n\(step.picture)\n")
        for line in start.status.text { Terminal.say(line) }
        Terminal.say("")
        for complaint in start.complaints { Self.say(complaint) }
        if !start.complaints.isEmpty, lab.variant == .yours {
            Terminal.say("  What is wrong with your files: labrun check \(step.id)\n")
        }
        let node = start.status.nodes.first { $0.configuration != nil }?.name ?? "node1"
        Terminal.say(
            """
            \(start.complaints.isEmpty ? "It runs." : "It is up nevertheless, so that you can look.")
              labrun look\(option)                 who has the address, who says what
              labrun sh \(node)\(option)             a shell there; the log: \(DaemonLogs.path)
              labrun break \(node) crash\(option)    let something go wrong (labrun break --help)
              labrun heal\(option)                 and right again
              labrun capture\(option)              what passes on the wire
              labrun down\(option)                 the end
            """)
    }
}

/// The process that holds the lab, as long as somebody waits for it to be ready.
private struct LabServer: ~Copyable {
    private let child: ChildProcess
    private let report: OwnedDescriptor
    private let log: String
    private let loop: EventLoop
    private let signals: SignalDescriptor

    init(_ lab: LabOptions, in directory: SessionDirectory) throws {
        let log = directory.log(of: lab.name)
        let complaints = try OwnedDescriptor.open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, mode: 0o600)
        var pipe = try Pipe()
        let report = pipe.takeReadEnd()
        let target = pipe.takeWriteEnd()
        let variables = ThisProcess.environment.filter { !$0.hasPrefix(SessionDirectory.variable + "=") }
        var request = ProgramRequest(
            RunningProgram.path, ["labrun", "serve-lab"] + lab.words,
            environment: variables + ["\(SessionDirectory.variable)=\(directory.path)"])
        request.descriptors = [nil, target.number, complaints.number]
        request.directory = "/"
        let loop = try EventLoop()
        let signals = try SignalDescriptor(SignalDescriptor.endingSignals)
        try loop.watch(report.number, as: 0)
        try loop.watch(signals.descriptor, as: 2)
        let child = try ChildProcess(request)
        try loop.watch(child.descriptor, as: 1)
        self.child = child
        self.report = report
        self.log = log
        self.loop = loop
        self.signals = signals
    }

    /// Waits until the lab stands; when it does not come to that, ends with the server's own words and exit code.
    consuming func start() throws -> SessionStart {
        var octets: [UInt8] = []
        while true {
            for source in try loop.wait(until: nil) where source == 2 {
                for signal in try signals.receive() { try giveUp(signal) }
            }
            if Readiness.canRead(report.number), let part = try report.read() { octets += part }
            if let end = octets.firstIndex(of: UInt8(ascii: "\n")) {
                return try SessionMessage.value(SessionStart.self, from: octets[..<end])
            }
            guard let end = try child.collect() else { continue }
            let words = (try? FileSystem.read(log)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            Terminal.say(words.isEmpty ? "labrun: the lab's server ended without a word" : words, to: STDERR_FILENO)
            switch end {
            case .exited(let code): throw ExitCode(code == 0 ? ExitStatus.internalError.rawValue : code)
            case .killed(let signal, _): throw ExitCode(128 + signal)
            }
        }
    }

    /// Nobody waits any more, so the lab is not wanted.
    private borrowing func giveUp(_ signal: Int32) throws -> Never {
        try child.send(signal: SIGTERM)
        _ = try child.collect(blocking: true)
        Terminal.complain("interrupted; everything is taken down")
        throw ExitCode(128 + signal)
    }
}

import ArgumentParser
import Glibc
import LinuxSystem
import Timeline
import Wire

/// `labrun capture [SEGMENT]`.
struct Capture: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what passes in the lab that is up, line by line, until Ctrl-C.",
        discussion: """
            Each frame is told once, by its sender. With -w it is a file for Wireshark instead:

              labrun capture -w lan.pcapng
              labrun capture -w - | wireshark -k -i -
            """)

    @OptionGroup var session: SessionOptions

    @Argument(help: "A segment of the lab; all of them when it is left out.")
    var segment: String?

    @Option(
        name: .customShort("w"),
        help: ArgumentHelp("Write pcapng there, or to the standard output (-).", valueName: "file"))
    var file: String?

    @Option(name: .customShort("c"), help: ArgumentHelp("End after so many frames.", valueName: "count"))
    var count: Int?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("-c \(count): at least one frame is wanted") }
    }

    func run() async throws {
        // A reader that goes ends the capture and is no reason to die.
        SignalDescriptor.block([SIGPIPE])
        let client = try SessionClient(named: session.name)
        guard case .capturing(let offset) = try client.ask(.capture(segment: segment)) else {
            throw SessionClient.lost()
        }
        var output = try CaptureOutput(to: file, realTimeOffset: offset)
        let signals = try SignalDescriptor(SignalDescriptor.endingSignals)
        let loop = try EventLoop()
        try loop.watch(client.connection.descriptor, as: 0)
        try loop.watch(signals.descriptor, as: 1)
        while output.frameCount < count ?? .max {
            // Ctrl-C is how this ends.
            if try loop.wait(until: nil).contains(1) { break }
            guard case .sight(let record) = try client.answer() else { throw SessionClient.lost() }
            guard output.write(record.event) else { return }
        }
        if let file, file != "-" { Terminal.complain("\(output.frameCount) frames in \(file)") }
    }
}

/// Where captured frames go: lines, or a file for Wireshark.
private struct CaptureOutput: ~Copyable {
    private(set) var frameCount = 0
    private var text: CaptureText
    private var stream: PCAPNGStream?
    private let target: OwnedDescriptor

    init(to file: String?, realTimeOffset: Int64) throws {
        let target = try Self.open(file)
        var stream: PCAPNGStream?
        if file == nil {
            Terminal.say(CaptureText.heading, to: STDERR_FILENO)
        } else {
            let new = PCAPNGStream(realTimeOffset: .nanoseconds(realTimeOffset))
            try target.write(new.beginning)
            stream = new
        }
        text = CaptureText(realTimeOffset: realTimeOffset)
        self.stream = stream
        self.target = target
    }

    private static func open(_ file: String?) throws -> OwnedDescriptor {
        guard let file, file != "-" else { return try OwnedDescriptor.duplicate(of: STDOUT_FILENO) }
        do throws(SystemError) {
            return try OwnedDescriptor.open(file, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        } catch {
            throw ValidationError("'\(file)' cannot be written (\(error)): choose another with -w")
        }
    }

    /// - Returns: false when nobody reads any more.
    mutating func write(_ event: TimelineEvent) -> Bool {
        if case .frame = event.kind { frameCount += 1 }
        let octets = stream?.octets(of: event) ?? Array((text.line(event) + "\n").utf8)
        return (try? target.write(octets)) != nil
    }
}

import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

/// The numbers in tracked files, as of the last look.
///
/// The directories are watched, so that a file may come, go, and be replaced by a rename. Where a directory is not
/// there, the nearest one above it is watched until it comes.
struct TrackedFiles {
    /// What the routers must be told, and what there is to say.
    typealias Outcome = ScriptRunner.Outcome

    /// A file with more octets than a number takes is not read to its end.
    private static let limit = 4096

    private var configured: [TrackFile] = []
    /// By the file's name in the configuration.
    private(set) var values: [String: Int] = [:]
    private var monitor: Box<DirectoryMonitor>?
    /// The last complaint about each file.
    private var complaints: [String: String] = [:]

    /// Takes over a new set of files. Values that are to be written at the start are written into new ones.
    mutating func adopt(_ files: [TrackFile], _ loop: borrowing EventLoop) -> Outcome {
        let known = Set(configured.map(\.name))
        configured = files
        values = values.filter { name, _ in files.contains { $0.name == name } }
        guard !files.isEmpty else {
            monitor = nil
            return ([], [])
        }
        var outcome: Outcome = ([], [])
        for file in files where !known.contains(file.name) { initialize(file, &outcome) }
        do {
            if monitor == nil {
                let monitor = Box(try DirectoryMonitor())
                try loop.watch(monitor.value.descriptor, as: EventSource.trackedFiles.token)
                self.monitor = monitor
            }
        } catch {
            outcome.log.append(LogEntry(.notice, "Tracked files cannot be watched: \(error)"))
        }
        let seen = look()
        return (outcome.events + seen.events, outcome.log + seen.log)
    }

    /// Looks at every file, and reports the numbers that are new.
    mutating func look() -> Outcome {
        var outcome: Outcome = ([], [])
        // First the ear, then the look: what changes in between is heard.
        monitor?.value.clear()
        watchDirectories(&outcome)
        for file in configured {
            guard let value = value(of: file, &outcome), values[file.name] != value else { continue }
            values[file.name] = value
            outcome.events.append(.fileValue(name: file.name, value))
        }
        return outcome
    }

    private mutating func watchDirectories(_ outcome: inout Outcome) {
        for file in configured {
            // A directory that appears between the question and the watch is found by asking again.
            for _ in 0..<8 {
                let directory = Self.nearestDirectory(above: file.path)
                do {
                    try monitor?.value.watch(directory)
                } catch {
                    complain("Track file \(file.name) cannot be watched: \(error)", about: file, &outcome)
                }
                if directory == Self.nearestDirectory(above: file.path) { break }
            }
        }
    }

    private static func nearestDirectory(above path: String) -> String {
        var parts = path.split(separator: "/").dropLast()
        while !parts.isEmpty {
            let directory = "/" + parts.joined(separator: "/")
            if FileSystem.isDirectory(directory) { return directory }
            parts = parts.dropLast()
        }
        return "/"
    }

    /// keepalived's rule: what is not there, empty or no number is 0; a number beyond all reason changes nothing.
    private mutating func value(of file: TrackFile, _ outcome: inout Outcome) -> Int? {
        guard FileSystem.exists(file.path) else { return 0 }
        let octets: [UInt8]
        do {
            octets = try FileSystem.read(file.path, atMost: Self.limit)
        } catch {
            complain("Track file \(file.name) counts as 0: \(error)", about: file, &outcome)
            return 0
        }
        guard let number = TrackedNumber(octets) else {
            complain("Track file \(file.name) holds a number that is too large - ignoring it", about: file, &outcome)
            return nil
        }
        complaints[file.name] = nil
        return number.value
    }

    private mutating func initialize(_ file: TrackFile, _ outcome: inout Outcome) {
        guard let value = file.initialValue, file.overwrites || !FileSystem.exists(file.path) else { return }
        do {
            try FileSystem.write(file.path, Array("\(value)\n".utf8), mode: 0o644)
        } catch {
            complain("Track file \(file.name) cannot be made: \(error)", about: file, &outcome)
        }
    }

    private mutating func complain(_ text: String, about file: TrackFile, _ outcome: inout Outcome) {
        guard complaints[file.name] != text else { return }
        complaints[file.name] = text
        outcome.log.append(LogEntry(.notice, text))
    }
}

/// A number as C's `strtol` finds it at the beginning of a file: decimal, `0x` or octal; what follows does not matter.
struct TrackedNumber: Hashable, Sendable {
    let value: Int

    /// nil for a number that keepalived ignores, which is half of what 32 bits hold, or more.
    init?(_ octets: [UInt8]) {
        var rest = octets.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
        let sign = rest.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var radix = 10
        if rest.first == UInt8(ascii: "0") {
            let isHexadecimal = rest.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
            radix = isHexadecimal ? 16 : 8
            if isHexadecimal { rest = rest.dropFirst(2) }
        }
        var number = 0
        for octet in rest {
            guard let digit = Character(Unicode.Scalar(octet)).hexDigitValue, digit < radix else { break }
            number = number * radix + digit
            if number > Int(Int32.max / 2) { return nil }
        }
        value = sign == UInt8(ascii: "-") ? -number : number
    }
}

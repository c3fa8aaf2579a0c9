import KeepalivedConfiguration
import LinuxSystem

/// A process as `/proc` shows it.
struct ProcessDescription: Hashable, Sendable {
    /// As the kernel keeps it: at most 15 octets.
    var name: String
    /// The words of the command line; none for the kernel's own threads.
    var words: [String]

    init(name: String, words: [String]) {
        self.name = name
        self.words = words
    }

    /// Looks at a process; nil when there is none, or one that has ended and was not collected.
    init?(pid: Int32, withWords: Bool = true) {
        guard let status = try? FileSystem.readSystemFile("/proc/\(pid)/stat") else { return nil }
        // The name stands in parentheses, and may hold some itself.
        guard let open = status.firstIndex(of: UInt8(ascii: "(")),
            let close = status.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        let state = status[close...].dropFirst(2).first
        guard state != UInt8(ascii: "Z"), state != UInt8(ascii: "X") else { return nil }
        name = String(decoding: status[(open + 1)..<close], as: UTF8.self)
        let line = withWords ? (try? FileSystem.readSystemFile("/proc/\(pid)/cmdline")) ?? [] : []
        words = line.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension TrackProcess {
    /// Whether the command line matters, and not only the name.
    var comparesWords: Bool { comparesCommandLine || parameters != nil }

    /// Whether a process is one of these (keepalived's `process`, `param_match`, `full_command`).
    func matches(_ process: ProcessDescription) -> Bool {
        guard comparesWords else {
            return process.name == String(decoding: program.utf8.prefix(15), as: UTF8.self)
        }
        guard process.words.first == program else { return false }
        guard let parameters else { return true }
        let given = process.words.dropFirst()
        switch match {
        case .exact: return given.elementsEqual(parameters)
        case .initial: return given.starts(with: parameters)
        case .partial:
            guard let last = parameters.last, given.count >= parameters.count else { return parameters.isEmpty }
            let before = parameters.dropLast()
            return given.starts(with: before) && given.dropFirst(before.count).first?.hasPrefix(last) == true
        }
    }
}

import LinuxSystem
import NetnsKit

/// A VRRP daemon that a lab can run: ours, keepalived, or one at a path that takes keepalived's options.
public struct DaemonProgram: Hashable, Sendable {
    /// The word that selected it.
    public var name: String
    /// An absolute path.
    public var path: String

    public init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    /// The name under which nodes run it.
    public var process: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Its directory, when it lies where the private directories of a node would hide it.
    public var hiddenDirectory: String? {
        let directory = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let isHidden = NodeDescription.standardPrivateDirectories.contains { directory.hasPrefix($0 + "/") }
        return isHidden ? directory : nil
    }

    /// In the foreground, with the log on its standard error and nowhere else.
    public func arguments(configuration: String) -> [String] {
        ["-n", "-l", "-D", "-G", "-f", configuration]
    }
}

/// Which daemon runs on which of two nodes.
public struct DaemonPair: Hashable, Sendable, CustomStringConvertible {
    public var first: DaemonProgram
    public var second: DaemonProgram

    public init(_ first: DaemonProgram, _ second: DaemonProgram) {
        self.first = first
        self.second = second
    }

    public var description: String {
        first == second ? first.name : "\(first.name):\(second.name)"
    }

    /// What a node has to expose, so that its programs find both daemons.
    public var hiddenDirectories: [String] {
        Set([first, second].compactMap(\.hiddenDirectory)).sorted()
    }

    /// Reads `ours`, `keepalived`, a path, or two of them joined by a colon, and finds the programs.
    public init(parsing text: String) throws(DaemonSelectionError) {
        let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let first = words.first, words.count <= 2, !words.contains("") else { throw .unreadable(text) }
        self.init(try DaemonPair.program(first), try DaemonPair.program(words.last ?? first))
    }

    private static func program(_ word: String) throws(DaemonSelectionError) -> DaemonProgram {
        let candidates: [String]
        switch word {
        case "ours":
            candidates = [
                RunningProgram.directory + "/vrrpd", RunningProgram.prefix + "/sbin/vrrpd", "/usr/sbin/vrrpd",
                "/usr/local/sbin/vrrpd",
            ]
        case "keepalived":
            candidates = ["/usr/sbin/keepalived", "/usr/local/sbin/keepalived"]
        default:
            guard word.hasPrefix("/") else { throw .unknown(word) }
            candidates = [word]
        }
        guard let path = candidates.first(where: RunningProgram.isExecutable) else { throw .missing(word, candidates) }
        return DaemonProgram(name: word, path: path)
    }
}

/// Why a choice of daemons cannot be run.
public enum DaemonSelectionError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String)
    case unknown(String)
    case missing(String, [String])

    public var description: String {
        switch self {
        case .unreadable(let text):
            "'\(text)' names no daemons: write ours, keepalived, an absolute path, or two of them as A:B"
        case .unknown(let word):
            "there is no daemon '\(word)': write ours, keepalived, or an absolute path"
        case .missing("keepalived", _):
            "keepalived is not installed: apt-get install -y keepalived, or run the lab with --daemon ours"
        case .missing("ours", let paths):
            "vrrpd is missing; looked for \(Set(paths).sorted().joined(separator: ", ")): "
                + "build or install the whole package"
        case .missing(let path, _):
            "\(path) is not a program that can be run"
        }
    }
}

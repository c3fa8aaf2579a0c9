import LinuxSystem

/// Where standing labs can be found: for each a socket, a lock that its server holds while it lives, and a log.
struct SessionDirectory {
    /// Names another directory than the user's own.
    static let variable = "LABRUN_RUN_DIR"
    /// What a lab is called when nobody says otherwise.
    static let standardName = "lab"

    let path: String

    /// Finds the directory, and makes it for this user alone where it is missing.
    init() throws(SystemError) {
        path = Self.place(
            named: ThisProcess.environment(Self.variable), runtime: ThisProcess.environment("XDG_RUNTIME_DIR"),
            user: ThisProcess.user)
        try FileSystem.makePrivateDirectory(path)
    }

    /// The directory of a user.
    ///
    /// - Parameters:
    ///   - named: what the environment says, which counts most.
    ///   - runtime: where a user's programs keep what lives as long as they do.
    static func place(named: String?, runtime: String?, user: UInt32) -> String {
        if let named, named.hasPrefix("/") { return named }
        if user == 0 { return "/run/labrun" }
        if let runtime, runtime.hasPrefix("/") { return runtime + "/labrun" }
        return "/tmp/labrun-\(user)"
    }

    func socket(of name: String) -> String { "\(path)/\(name)\(Ending.socket)" }
    func lock(of name: String) -> String { "\(path)/\(name)\(Ending.lock)" }
    /// What a server complained of; it stays until the next lab of that name.
    func log(of name: String) -> String { "\(path)/\(name)\(Ending.log)" }

    private enum Ending {
        static let socket = ".socket"
        static let lock = ".lock"
        static let log = ".log"
    }

    /// The labs that have left anything but a log here, alive or dead, in order.
    var names: [String] {
        let names = FileSystem.names(in: path).compactMap { file in
            [Ending.socket, Ending.lock].first { file.hasSuffix($0) }.map { String(file.dropLast($0.count)) }
        }
        return Set(names).sorted()
    }

    /// Whether the server of a lab lives, also while it still builds the lab.
    func isAlive(_ name: String) -> Bool { LockedFile.isHeld(lock(of: name)) }

    /// The process that waits outside of a lab's sandbox; nil when nobody does.
    func server(of name: String) -> Int32? {
        guard isAlive(name), let octets = try? FileSystem.read(lock(of: name)) else { return nil }
        return Int32(String(decoding: octets.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    /// Removes what a server left that was killed.
    func clear(_ name: String) {
        FileSystem.remove(socket(of: name))
        FileSystem.remove(lock(of: name))
    }

    /// Whether a word can be the name of a lab: it becomes part of a path.
    static func isName(_ text: String) -> Bool {
        (1...24).contains(text.utf8.count) && !text.hasPrefix("-")
            && text.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: octet == UInt8(ascii: "-")
                }
            }
    }
}

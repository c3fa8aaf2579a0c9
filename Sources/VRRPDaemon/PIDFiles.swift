import LinuxSystem

/// Shows our number to whoever wants to signal us, and keeps a second daemon out.
struct PIDFiles: ~Copyable {
    private let files: [Box<LockedFile>]

    /// Claims both files. Another owner of one of them is an error of the kind `alreadyRunning`.
    init(_ place: RunningPlace) throws(DaemonError) {
        var files: [Box<LockedFile>] = []
        for path in Set([place.pidFile, place.vrrpPIDFile]).sorted() {
            files.append(Box(try Self.claim(path)))
        }
        self.files = files
    }

    /// Lets go of the files, which removes them; so does going out of scope.
    consuming func remove() {}

    private static func claim(_ path: String) throws(DaemonError) -> LockedFile {
        let claimed = try insisting { () throws(SystemError) in try LockedFile(claiming: path) }
        guard let file = claimed else {
            throw DaemonError(.alreadyRunning, "daemon is already running: another process holds \(path)")
        }
        try insisting { () throws(SystemError) in try file.write("\(ThisProcess.pid)\n") }
        return file
    }
}

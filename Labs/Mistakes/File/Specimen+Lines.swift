import LabCourse

extension Specimen.Change {
    /// A line, or several, in the place of another in node1's configuration.
    static func line(_ old: String, _ new: String, in path: String = LabFile.master) -> Self {
        .replacing(old, with: new, in: path)
    }

    /// Lets the check of a configuration run a script of one's own.
    static func checking(with command: String, in path: String = LabFile.master) -> Self {
        .replacing("\"/usr/bin/pgrep -x haproxy\"", with: command, in: path)
    }

    /// A script that only its owner can run, as the text asks for.
    static func script(_ path: String, _ text: String, mode: UInt32 = 0o700, owner: UInt32 = 0) -> Self {
        .adding(SourceFile(path, Array(text.utf8), mode: mode, owner: owner))
    }
}

extension LabFile {
    /// The check that step 6 has its reader write.
    static let check = "/etc/keepalived/check_service.sh"
}

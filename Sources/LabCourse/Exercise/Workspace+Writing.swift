import LinuxSystem

extension Workspace {
    /// What came of writing a file.
    public struct Written: Hashable, Sendable {
        /// Where it is.
        public var place: String
        /// Where what was there before is kept; nil when there was nothing, or nothing else.
        public var backup: String?
        /// False when the same was there already.
        public var isNew: Bool
    }

    /// Puts a file where its reader wants it, and keeps what was there beside it under the next free name of the form
    /// `NAME.bak-N`.
    ///
    /// - Throws: `SystemError`, with what was there before still in its place.
    public func write(_ file: SourceFile) throws(SystemError) -> Written {
        let place = place(of: file.path)
        try FileSystem.makeDirectories(directory)
        var backup: String?
        if FileSystem.exists(place) {
            if let old = try self.file(file.path), old.contents == file.contents {
                try FileSystem.setMode(place, file.mode)
                return Written(place: place, backup: nil, isNew: false)
            }
            backup = try keep(place)
        }
        do {
            try FileSystem.replace(place, with: file.contents, mode: file.mode)
        } catch {
            if let backup { FileSystem.remove(backup) }
            throw error
        }
        // Who calls with more rights than the directory's owner leaves them a file of their own.
        if let owner = FileSystem.way(to: directory)?.last { FileSystem.give(place, toLike: owner) }
        try FileSystem.setMode(place, file.mode)
        return Written(place: place, backup: backup, isNew: true)
    }

    /// Gives a file a second name; nobody's copy is overwritten.
    private func keep(_ place: String) throws(SystemError) -> String {
        var number = 1
        while true {
            let name = "\(place).bak-\(number)"
            if try FileSystem.addName(name, to: place) { return name }
            number += 1
        }
    }
}

import CLinux
import Glibc

/// A mounted file system as a whole, in whatever mount namespace: what it holds, and what it may hold.
public struct MountedFileSystem: ~Copyable, Sendable {
    /// What a file system has room for, and what of it is used.
    public struct Capacity: Hashable, Sendable {
        /// In octets.
        public var blockSize: Int
        public var blocks: Int
        public var usedBlocks: Int
        public var files: Int
        public var usedFiles: Int
    }

    private let root: OwnedDescriptor

    /// - Parameter root: the directory that it is mounted on.
    public init(at root: consuming OwnedDescriptor) {
        self.root = root
    }

    /// Reads how full it is.
    public borrowing func capacity() throws(SystemError) -> Capacity {
        var status = statfs()
        let number = root.number
        try systemCall("fstatfs") { unsafe fstatfs(number, &status) }
        return Capacity(
            blockSize: Int(status.f_bsize), blocks: Int(status.f_blocks),
            usedBlocks: Int(status.f_blocks) - Int(status.f_bfree), files: Int(status.f_files),
            usedFiles: Int(status.f_files) - Int(status.f_ffree))
    }

    /// Gives a tmpfs other bounds; none may be below what is used, and 0 means without bound.
    public borrowing func limit(blocks: Int, of blockSize: Int, files: Int) throws(SystemError) {
        try configure([("size", String(blocks * blockSize)), ("nr_inodes", String(files))])
    }

    /// Lets nothing in it be changed, or lets it again; a file that is open for writing is a reason to refuse
    /// (`EBUSY`).
    public borrowing func setReadOnly(_ isReadOnly: Bool) throws(SystemError) {
        try configure([(isReadOnly ? "ro" : "rw", nil)])
    }

    private borrowing func configure(_ parameters: [(key: String, value: String?)]) throws(SystemError) {
        let number = root.number
        let context = OwnedDescriptor(owning: try systemCall("fspick") { clinux_pick_file_system(number) })
        for (key, value) in parameters {
            let command: UInt32 = value == nil ? Self.setFlag : Self.setString
            try systemCall("fsconfig \(key)") {
                unsafe clinux_configure_file_system(context.number, command, key, value)
            }
        }
        try systemCall("fsconfig") { clinux_configure_file_system(context.number, Self.reconfigure, nil, nil) }
    }

    /// `FSCONFIG_*`, which glibc does not name.
    private static let setFlag: UInt32 = 0
    private static let setString: UInt32 = 1
    private static let reconfigure: UInt32 = 7
}

extension OwnedDescriptor {
    /// A file without a name, for `open` on a directory (`O_TMPFILE`); glibc shows the number to GNU programs only.
    public static let unnamed: Int32 = 0o20200000
}

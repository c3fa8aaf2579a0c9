import Glibc
import LinuxSystem

extension FaultInjector {
    /// The directory's file system is bounded by what it holds, and one block more, which a file without a name takes:
    /// a tmpfs without any block in use cannot be bounded to none.
    func fill(_ directory: String, of name: String) throws(LabError) -> Inverse {
        let node = try node(name)
        let (before, ballast) = try node.withFileSystem(of: directory) { (system, root) throws(SystemError) in
            let before = try system.capacity()
            let ballast = try Ballast(in: root)
            let now = try system.capacity()
            try system.limit(blocks: now.usedBlocks + 1, of: now.blockSize, files: max(now.usedFiles, 1))
            try ballast.grow(by: now.blockSize)
            return (before, ballast)
        }
        return { () throws(LabError) in
            try node.withFileSystem(of: directory) { (system, _) throws(SystemError) in
                try system.limit(blocks: before.blocks, of: before.blockSize, files: before.files)
            }
            // Until here it has kept the room taken.
            withExtendedLifetime(ballast) {}
        }
    }

    func protect(_ directory: String, of name: String) throws(LabError) -> Inverse {
        let node = try node(name)
        try node.withFileSystem(of: directory) { (system, _) throws(SystemError) in try system.setReadOnly(true) }
        return { () throws(LabError) in
            try node.withFileSystem(of: directory) { (system, _) throws(SystemError) in try system.setReadOnly(false) }
        }
    }
}

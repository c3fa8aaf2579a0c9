import LinuxSystem
import NetnsKit

/// Where failing tests leave their evidence, beside the attachments of Swift Testing.
enum TestArtifacts {
    /// Writes it into a directory of its own below `NETNSKIT_ARTIFACTS`.
    ///
    /// - Returns: the directory; nil when nobody wants one, or it cannot be written.
    static func write(_ evidence: Evidence, of test: String) -> String? {
        ThisProcess.environment("NETNSKIT_ARTIFACTS").flatMap { write(evidence, of: test, below: $0) }
    }

    static func write(_ evidence: Evidence, of test: String, below root: String) -> String? {
        do throws(SystemError) {
            try FileSystem.makeDirectories(root)
            var (directory, number) = ("\(root)/\(test)", 1)
            // A test with arguments fails in several cases, and at the same time.
            while try !FileSystem.makeNewDirectory(directory) {
                number += 1
                directory = "\(root)/\(test)-\(number)"
            }
            try evidence.write(to: directory)
            return directory
        } catch {
            _ = StandardError.write("netnskit: no evidence is written below \(root): \(error)\n")
            return nil
        }
    }
}

import LinuxSystem
import NetnsKit
import Testing

/// Where failing tests leave their evidence, beside the attachments of Swift Testing.
enum TestArtifacts {
    /// Attaches the evidence of a lab to the test that runs, writes it where somebody wants it, and says how to repeat.
    static func leave(of lab: Lab, as title: String, _ sourceLocation: SourceLocation) {
        guard let evidence = try? Evidence(lab) else { return }
        let name = String(title.prefix { $0 != "(" }.map { $0 == "/" || $0 == " " ? "_" : $0 })
        for file in evidence.files {
            Attachment.record(file.octets, named: "\(name)-\(file.name)", sourceLocation: sourceLocation)
        }
        let place = write(evidence, of: name).map { ", evidence in \($0)" } ?? ""
        let seed = lab.topology.seed
        _ = StandardError.write("netnskit: \(name) failed; NETNSKIT_SEED=\(seed) repeats its chances\(place)\n")
    }

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

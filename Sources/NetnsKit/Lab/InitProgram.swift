import Glibc
import LinuxSystem

/// Finds the program that becomes the first process of every node.
enum InitProgram {
    /// Its path: NETNSKIT_INIT, else beside the running program, else in the installation's libexec.
    static func locate() throws(LabError) -> String {
        let candidates = self.candidates
        guard let found = candidates.first(where: RunningProgram.isExecutable) else {
            throw .initMissing(lookedIn: candidates)
        }
        return found
    }

    private static var candidates: [String] {
        if let chosen = unsafe getenv("NETNSKIT_INIT") { return [unsafe String(cString: chosen)] }
        return [RunningProgram.directory + "/netnsinit", RunningProgram.prefix + "/libexec/netnskit/netnsinit"]
    }
}

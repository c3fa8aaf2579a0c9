import Glibc
import LinuxSystem

/// Finds the program that becomes the first process of every node.
enum InitProgram {
    /// Its path: NETNSKIT_INIT, else beside the running program, else in the installation's libexec.
    static func locate() throws(LabError) -> String {
        let candidates = self.candidates
        guard let found = candidates.first(where: { unsafe access($0, X_OK) == 0 }) else {
            throw .initMissing(lookedIn: candidates)
        }
        return found
    }

    private static var candidates: [String] {
        if let chosen = unsafe getenv("NETNSKIT_INIT") { return [unsafe String(cString: chosen)] }
        let directory = runningProgram.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return [directory + "/netnsinit", directory + "/../libexec/netnskit/netnsinit"]
    }

    private static var runningProgram: String {
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, used in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) { path in
                unsafe path.baseAddress.map { unsafe readlink("/proc/self/exe", $0, path.count) } ?? -1
            }
            used = max(length, 0)
        }
        return String(decoding: octets, as: UTF8.self)
    }
}

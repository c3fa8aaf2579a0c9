import NetnsKit

extension Lab {
    @TaskLocal static var ofTask: Lab?

    /// The lab that the trait `.lab(…)` has built for the test that runs.
    ///
    /// - Throws: `LabMissing` outside of such a test, and in a task that was detached from it.
    public static var current: Lab {
        get throws(LabMissing) {
            guard let lab = ofTask else { throw LabMissing() }
            return lab
        }
    }
}

/// There is no lab for the task that asked for one.
public struct LabMissing: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String {
        "no lab belongs to this task: give the test or its suite the trait .lab(topology), and do not detach tasks"
    }
}

import ArgumentParser
import LinuxSystem

/// The system whose job a command is part of; its log is written as that system reads it.
enum CISystem: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// What the environment says, and `plain` when it says nothing.
    case auto
    /// A person looks on.
    case none
    case github
    case gitlab
    /// Any other: nothing but lines, each written at once.
    case plain

    /// What the environment says: `GITHUB_ACTIONS`, `GITLAB_CI`, or just `CI`.
    static var detected: CISystem {
        let isSet = { (name: String) in
            ThisProcess.environment(name).map { !["", "0", "false"].contains($0) } ?? false
        }
        if isSet("GITHUB_ACTIONS") { return .github }
        if isSet("GITLAB_CI") { return .gitlab }
        return isSet("CI") ? .plain : .none
    }

    /// What `auto` stands for here; everything else stands for itself.
    var resolved: CISystem {
        guard self == .auto else { return self }
        return Self.detected == .none ? .plain : Self.detected
    }
}

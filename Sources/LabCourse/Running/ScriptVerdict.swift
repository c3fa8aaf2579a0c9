import Timeline

/// What a daemon says of a check in its log: that it has failed, or is well again.
public struct ScriptVerdict: Hashable, Sendable, CustomStringConvertible {
    /// The `vrrp_script`.
    public var script: String
    public var isGood: Bool

    public init(_ script: String, isGood: Bool) {
        self.script = script
        self.isGood = isGood
    }

    /// Reads a line such as `VRRP_Script(chk) failed (exited with status 1)`; nil when it says something else.
    public init?(line: String) {
        guard let opening = line.firstRange(of: "VRRP_Script(") else { return nil }
        let rest = line[opening.upperBound...]
        guard let end = rest.firstIndex(of: ")") else { return nil }
        switch rest[end...].dropFirst().split(separator: " ").first {
        case "succeeded": isGood = true
        case "failed": isGood = false
        default: return nil
        }
        script = String(rest[..<end])
    }

    public var description: String { "\(script): \(isGood ? "good" : "failed")" }
}

extension TimelineEvent {
    /// What a daemon's line says of a check; nil when the event is none.
    public var scriptVerdict: ScriptVerdict? {
        guard case .output(_, _, let line) = kind else { return nil }
        return ScriptVerdict(line: line)
    }
}

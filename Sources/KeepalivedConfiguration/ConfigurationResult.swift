/// What a configuration text came to.
public struct ConfigurationResult: Hashable, Sendable {
    public let configuration: DaemonConfiguration
    /// In reading order.
    public let diagnostics: [Diagnostic]

    /// Whether everything that the text wants to run can run.
    public var isUsable: Bool {
        !diagnostics.contains { $0.severity == .fatal }
    }

    /// What keepalived is silent about although something else was meant; it leaves the exit status of a test alone.
    public var advice: [Diagnostic] {
        diagnostics.filter { $0.category == .advice }
    }

    /// The exit status of a configuration test, as keepalived computes it: 0 for nothing but notes and advice, 2 for a
    /// missing parameter, 6 for a security violation or a required file that is missing, 5 for any other complaint, 4
    /// when nothing is wrong but a missing file (where keepalived 2.2.7 answers 0).
    public var testExitCode: Int32 {
        Self.testExitCode(of: diagnostics)
    }

    /// The same for what has been found by more than reading the text.
    public static func testExitCode(of diagnostics: [Diagnostic]) -> Int32 {
        let categories = Set(diagnostics.filter { $0.severity > .note }.map(\.category))
        if categories.contains(.missingParameter) { return 2 }
        if categories.contains(.security) || categories.contains(.requiredFileNotFound) { return 6 }
        if categories.contains(.general) { return 5 }
        return categories.contains(.fileNotFound) ? 4 : 0
    }
}

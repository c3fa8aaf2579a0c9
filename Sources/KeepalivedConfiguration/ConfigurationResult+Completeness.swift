extension ConfigurationResult {
    /// Whether the text ends inside a block, as one does that was not written to its end.
    public var isCutShort: Bool {
        diagnostics.contains { $0.severity == .error && $0.message.hasSuffix(" missing '}'s") }
    }
}

/// What a configuration's text may depend on beside files.
public struct ConfigurationSurroundings: Sendable {
    /// What `@ID` lines are compared with (`--config-id`); nil compares equal to no ID.
    public var configID: String?
    /// Every include must match something that can be read (`--all-config`).
    public var requiresIncludes: Bool
    /// What `${_ENV NAME}` stands for.
    public var environment: @Sendable (_ name: String) -> String?

    public init(
        configID: String? = nil, requiresIncludes: Bool = false,
        environment: @escaping @Sendable (_ name: String) -> String? = { _ in nil }
    ) {
        self.configID = configID
        self.requiresIncludes = requiresIncludes
        self.environment = environment
    }
}

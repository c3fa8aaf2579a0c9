import NetnsKit

/// What somebody hands in for a step: a configuration for each node, the scripts, and the machine they refer to.
public struct Submission: Sendable {
    /// Such as `step4`.
    public var step: String
    /// One for each node that has a configuration, in the order of the topology.
    public var routers: [Router]
    /// Every file that is at hand, the configurations among them.
    public var files: [SourceFile]
    public var machine: MachineFacts
    /// Every interface of the lab, those of clients among them.
    public var interfaces: [InterfaceDescription]

    /// A node and its configuration.
    public struct Router: Sendable {
        public var node: String
        /// What the lab gives the node.
        public var interfaces: [InterfaceDescription]
        public var reading: ConfigurationReading

        public init(node: String, interfaces: [InterfaceDescription], reading: ConfigurationReading) {
            self.node = node
            self.interfaces = interfaces
            self.reading = reading
        }
    }

    /// - Parameter interfaces: those of the routers when nil.
    public init(
        step: String, routers: [Router], files: [SourceFile], machine: MachineFacts,
        interfaces: [InterfaceDescription]? = nil
    ) {
        self.step = step
        self.routers = routers
        self.files = files
        self.machine = machine
        self.interfaces = interfaces ?? routers.flatMap(\.interfaces)
    }

    /// A file by the path that configurations use for it.
    public func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

    /// A node's configuration.
    public func router(_ node: String) -> Router? { routers.first { $0.node == node } }
}

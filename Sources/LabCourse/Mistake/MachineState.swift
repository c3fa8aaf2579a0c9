/// What was found out about a machine, for those who look for a mistake of the machine.
public struct MachineState: Sendable {
    /// The daemons of the course that are not there, each in a sentence that says how to get it.
    public var missingDaemons: [String]
    /// Why the kernel makes no namespaces for this process; nil when it does.
    public var refusal: String?
    /// Daemons that take part in VRRP and are in no lab.
    public var strays: [StrayDaemon]

    public init(missingDaemons: [String] = [], refusal: String? = nil, strays: [StrayDaemon] = []) {
        self.missingDaemons = missingDaemons
        self.refusal = refusal
        self.strays = strays
    }
}

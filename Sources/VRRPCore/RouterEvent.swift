import Wire

/// What can happen to a daemon's routers. The host says when; nothing in here reads a clock.
public enum RouterEvent: Hashable, Sendable {
    /// The daemon is ready: routers leave `initialize`.
    case start
    /// An orderly end: masters resign, addresses are removed.
    case stop
    /// `nextDeadline` has come; early or repeated ones change nothing.
    case deadline
    /// A VRRP packet was heard.
    case datagram(Datagram)
    /// An interface appeared, changed or vanished.
    case interface(String, InterfaceState)
    /// A run of a track script ended.
    case scriptResult(name: String, succeeded: Bool)
    /// The number in a tracked file; 0 for a file that cannot be read.
    case fileValue(name: String, Int)
    /// How many processes there are now of a tracked kind.
    case processCount(name: String, Int)
    /// Somebody else took an address of ours away from an interface.
    case addressLost(IPAddress, interface: String)
    /// Somebody else took a route of ours away.
    case routeLost(VirtualRoute, router: String)
    /// Somebody else took a rule of ours away.
    case ruleLost(VirtualRule, router: String)
}

import VRRPCore
import Wire

/// How a host serves its router.
///
/// Anything but the default is a defect, planted to learn whether an invariant notices it: a judge that never says no
/// proves nothing.
public struct HostBehavior: Sendable {
    /// After a pause, what waits in the socket is heard before silence is concluded.
    public var drainsSocketFirst = true
    /// How much later than agreed every deadline is served.
    public var timerDelay: Duration = .zero
    /// Whether a new configuration reaches the router.
    public var reloads = true
    /// What becomes of an event on its way to the router; nil is the event itself.
    public var hears: (@Sendable (RouterEvent) -> [RouterEvent])?
    /// What becomes of an action on its way to the kernel; nil is the action itself.
    public var performs: (@Sendable (RouterAction) -> [RouterAction])?

    /// A host without a defect.
    public init() {}
}

/// A class of faults; each seed does without some of them, because what happens all the time hides what happens rarely.
public enum FaultKind: String, Hashable, Sendable, CaseIterable {
    /// A host loses its power, and comes back.
    case crash
    /// A daemon dies and leaves its addresses, and comes back.
    case kill
    /// A daemon is stopped in good order, and started again.
    case stop
    /// A daemon stands still for a while.
    case pause
    /// A link loses its carrier for a while.
    case unplug
    /// One host does not hear another for a while.
    case deafness
    /// Two hosts do not hear each other for a while; others hear both.
    case cut
    /// The hosts fall into two groups for a while.
    case split
    /// Frames are lost and duplicated at random for a while.
    case noise
    /// A reload changes a priority.
    case reload
}

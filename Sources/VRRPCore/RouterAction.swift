import Wire

/// What the host must do, in the order given: the order is part of the contract.
public enum RouterAction: Hashable, Sendable {
    case transmit(Transmission)
    /// Put the addresses of a virtual router in place.
    case install([VirtualAddress], router: String)
    /// Take them away again, except what is in place for another router too; those that are not there are not an error.
    case remove([VirtualAddress], router: String)
    /// Send one round of gratuitous ARP or unsolicited neighbor advertisements, `count` packets per address, in rounds
    /// over all addresses.
    case announce([VirtualAddress], count: Int, router: String)
    /// Send one gratuitous ARP or unsolicited neighbor advertisement for an address that is not a virtual one: peers
    /// that were told otherwise while the router was in fault learn its place again.
    case announceSource(IPAddress, interface: String)
    /// Put routes, then rules, in place, after the addresses.
    case installRoutes([VirtualRoute], [VirtualRule], router: String)
    /// Take rules, then routes, away, before the addresses, except what is in place for another router too.
    case removeRoutes([VirtualRoute], [VirtualRule], router: String)
    /// Drop what is sent to these addresses, neighbor discovery excepted, before they are installed (`no_accept`).
    case shield([VirtualAddress], router: String)
    /// Drop it no longer, after they were removed.
    case unshield([VirtualAddress], router: String)
    /// Tell the outside world: notify scripts, FIFOs, mail and logs.
    case transition(Transition)
    case log(LogEntry)
}

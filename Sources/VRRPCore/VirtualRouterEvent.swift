import Wire

extension VirtualRouter {
    /// What can happen to one virtual router.
    enum Event: Hashable {
        case startup(Conditions)
        case shutdown
        case deadline
        case advertisement(Advertisement)
        /// Something that the router depends on may have changed.
        case conditions(Conditions)
        /// The router is told something new, and this is what the world means for that.
        indirect case configuration(VirtualRouterConfiguration, Conditions)
        /// The router is no longer configured.
        case deletion
        case addressLost(IPAddress, interface: String)
        indirect case routeLost(VirtualRoute)
        indirect case ruleLost(VirtualRule)
        /// The neighbors on an interface know its former MAC address.
        case relocation(interface: String)
        case group(GroupEvent)
    }

    /// What its sync group asks of a member.
    enum GroupEvent: Hashable {
        /// Everybody wants to be master.
        case takeOver
        /// Somebody is master no longer.
        case stepDown
        /// A master of the group heard a weaker one.
        case contest
    }
}

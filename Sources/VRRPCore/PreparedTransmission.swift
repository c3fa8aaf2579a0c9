import Wire

/// The advertisement that a router sent last, kept because the next one is mostly the same.
///
/// It follows from the rest of the router, so it takes no part in comparisons.
struct PreparedTransmission: Sendable {
    private var priority: Priority?
    private var source: IPAddress?
    private var transmission: Transmission?

    /// The advertisement with this priority, made anew only when something about it changed.
    mutating func transmission(
        of configuration: VirtualRouterConfiguration, from source: IPAddress, priority: Priority?
    ) -> Transmission {
        if let transmission, self.source == source, self.priority == priority { return transmission }
        let made = configuration.transmission(from: source, priority: priority)
        (transmission, self.source, self.priority) = (made, source, priority)
        return made
    }
}

extension PreparedTransmission: Hashable {
    static func == (left: PreparedTransmission, right: PreparedTransmission) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}

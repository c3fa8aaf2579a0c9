import Wire

/// What one node's lane has room for, from top to bottom.
struct SwimlaneLane {
    var node: String
    /// Where it begins.
    var top: Double
    /// The virtual routers that have a state.
    let routers: [String]
    /// The addresses that the node ever had.
    let addresses: [IPAddress]
    /// What its clients ask.
    let services: [String]
    let hasSigns: Bool
    let hasMoments: Bool
    let hasTicks: Bool

    static let bar = 13.0
    static let thinBar = 8.0
    static let strip = 8.0
    private static let gap = 3.0
    private static let routersPerLane = 4
    private static let servicesPerLane = 4

    init(_ node: String, _ story: SwimlaneStory, top: Double) {
        self.node = node
        self.top = top
        let names = story.states.filter { $0.node == node }.map(\.router)
        routers = Array(Self.unique(names).prefix(Self.routersPerLane))
        addresses = story.addresses.filter { address in
            story.ownership[address]?.contains { $0.node == node } ?? false
        }
        services = Array(
            Self.unique(story.requests.filter { $0.node == node }.map(\.request.service)).prefix(Self.servicesPerLane))
        hasSigns =
            story.told.contains { $0.node == node } || story.results.contains { $0.moment.node == node }
        hasMoments =
            story.announcements.contains { $0.node == node } || story.learned.contains { $0.node == node }
        hasTicks = story.advertisements.contains { $0.node == node }
    }

    private static func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var momentsTop: Double { top + 6 + (hasSigns ? 14 : 0) }
    /// The middle of marks for checks and calls.
    var signLine: Double { top + 13 }
    /// The middle of marks for what was announced and learned.
    var momentLine: Double { momentsTop + 6 }
    /// Where advertisements stand, and programs start and end.
    var tickLine: Double { momentsTop + (hasMoments ? 13 : 0) + (hasTicks ? 24 : 12) }
    private var barsTop: Double { tickLine + Self.gap }
    private var addressesTop: Double { barsTop + (Self.bar + Self.gap) * Double(routers.count) }
    private var stripsTop: Double { addressesTop + (Self.thinBar + Self.gap) * Double(addresses.count) }

    func bar(ofRouter index: Int) -> ClosedRange<Double> {
        let top = barsTop + (Self.bar + Self.gap) * Double(index)
        return top...top + Self.bar
    }

    func bar(ofAddress index: Int) -> ClosedRange<Double> {
        let top = addressesTop + (Self.thinBar + Self.gap) * Double(index)
        return top...top + Self.thinBar
    }

    func bar(ofService index: Int) -> ClosedRange<Double> {
        let top = stripsTop + (Self.strip + Self.gap) * Double(index)
        return top...top + Self.strip
    }

    var bottom: Double { stripsTop + (Self.strip + Self.gap) * Double(services.count) + 6 }
}

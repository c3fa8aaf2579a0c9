/// What is to be seen in a lab at one moment.
struct LookReport: Codable, Sendable {
    var name: String
    var plan: SessionPlan
    /// For so many seconds.
    var age: Double
    var addresses: [Address]
    var nodes: [Node]
    var faults: [String]
    var hints: [LookHint]

    /// A virtual address: who has it, and who answers for it.
    struct Address: Codable, Sendable {
        var address: String
        /// Those whose kernels have it now.
        var owners: [Owner]
        /// For how many seconds several have had it together.
        var sharedFor: Double?
        /// For how many seconds nobody has had it, if somebody had it before.
        var lostFor: Double?
        /// Who asked for it by ARP just now; nil when nobody could.
        var asker: String?
        var answers: [Answer]
    }

    struct Owner: Codable, Sendable {
        var node: String
        /// In seconds.
        var since: Double
    }

    struct Answer: Codable, Sendable, Hashable {
        var mac: String
        var node: String?
    }

    /// A node and its virtual routers.
    struct Node: Codable, Sendable {
        var name: String
        /// The daemon's process; nil for a node that runs none.
        var daemon: String?
        /// How the daemon ended; nil while it runs.
        var end: String?
        var routers: [Router]
    }

    /// A virtual router of a node.
    struct Router: Codable, Sendable {
        var name: String
        var virtualRouterID: Int
        /// As its log says; nil when it has said nothing since its start.
        var state: String?
        var configuredPriority: Int
        /// As it was advertised last.
        var advertisedPriority: Int?
        var hasAddress: Bool
        /// How many seconds ago it advertised, and whether that means that it still does.
        var sent: Double?
        var isSending: Bool
        var heard: Hearing?
    }

    /// The last advertisement that reached a node's interface.
    struct Hearing: Codable, Sendable {
        var node: String
        var priority: Int
        /// In seconds.
        var ago: Double
    }
}

/// Something typical that was seen, with the code of the mistake that looks so.
struct LookHint: Codable, Sendable, Hashable {
    /// Such as `VR206`; nil when it is no mistake of a file.
    var code: String?
    var sentence: String
}

/// How long it took once to build a network and to take it down.
struct Round: Sendable {
    /// Until every node has its address and its interfaces are up.
    var up: Duration
    /// Until the call that takes it down came back.
    var returned: Duration
    /// Until the kernel had taken away the last node's cable, counted from the same moment; nil when nobody saw it.
    var gone: Duration?
}

/// Something that builds a network of nodes on one bridge.
protocol Contestant: Sendable {
    var name: String { get }
    /// Larger networks would take minutes.
    var largest: Int { get }
    /// Whether it can run here; else why not.
    var obstacle: String? { get }
    func round(of count: Int) async throws -> Round
}

extension Contestant {
    var largest: Int { .max }
    var obstacle: String? { nil }
}

/// Node number 1 is 10.0.0.2/16.
func address(ofNode number: Int) -> String {
    "10.0.\(number / 200).\(number % 200 + 1)"
}

import VRRPCore
import Wire

/// One line of `virtual_routes` or `static_routes`.
struct RouteLine: Sendable {
    var route: VirtualRoute
    var location: SourceLocation

    /// nil when the route cannot be used, with a word about it.
    static func read(_ directive: Directive, _ diagnostics: inout Diagnostics) -> RouteLine? {
        var parser = RouteParser(reader: LineReader(directive))
        do throws(LineRefusal) {
            let route = try parser.route(&diagnostics)
            let line = RouteLine(route: route, location: directive.keyword.location)
            return line.tracked(parser.hasOrigin, &diagnostics)
        } catch {
            diagnostics.error("\(error.reason) - ignoring the route", at: error.location)
            return nil
        }
    }

    /// A route is only watched while it is recognizable as ours.
    private func tracked(_ hasOrigin: Bool, _ diagnostics: inout Diagnostics) -> RouteLine {
        var line = self
        guard route.isTracked else { return line }
        if hasOrigin, route.origin != VirtualRoute(to: route.destination).origin {
            diagnostics.warning(
                "Route cannot be tracked if protocol is not RTPROT_KEEPALIVED(18), resetting protocol", at: location)
            line.route.origin = 18
        }
        if route.nextHops.allSatisfy({ $0.interface == nil }) {
            diagnostics.warning(
                "Warning - cannot track route \(route.destination) with no interface specified, not tracking",
                at: location)
            line.route.isTracked = false
        }
        return line
    }
}

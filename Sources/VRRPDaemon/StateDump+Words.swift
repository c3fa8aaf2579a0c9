import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// How single things are spelled, in the state and in JSON alike.
extension StateDump {
    /// `1795844617.557692 (Sat Nov 28 05:43:37.557692 2026)`
    func stamp(_ instant: Instant) -> String {
        let (seconds, fraction) = realTime(of: instant)
        return "\(seconds)\(fraction) (\(LocalTime(secondsSince1970: seconds).calendarDate(fraction: fraction)))"
    }

    /// Seconds since 1970, and the rest in six digits behind a dot.
    func realTime(of instant: Instant) -> (seconds: Int64, fraction: String) {
        let (seconds, rest) = (instant.nanoseconds + clockOffset).quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest / 1000)
        return (seconds, "." + String(repeating: "0", count: 6 - digits.count) + digits)
    }

    func seconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds)
    }

    func interval(_ router: VirtualRouterConfiguration) -> String {
        switch router.version {
        case .v2: "\(seconds(router.advertisementInterval)) sec"
        case .v3: "\(router.advertisementInterval.nanoseconds / 1_000_000) milli-sec"
        }
    }

    func command(_ script: PreparedScript) -> String {
        script.arguments.map { "'\($0)'" }.joined(separator: " ")
    }

    func account(_ script: PreparedScript) -> String {
        "\(script.account.user):\(script.account.group)"
    }

    /// As the configuration could have said it, and `set` when it is in place.
    func text(of address: VirtualAddress) -> String {
        var text = "\(address.prefix) dev \(address.interface) scope \(name(of: address.scope))"
        if let label = address.label { text += " label \(label)" }
        return installed.contains(address) ? text + " set" : text
    }

    func text(of route: VirtualRoute) -> String {
        var words = route.kind == .unicast ? [] : ["\(route.kind)"]
        words.append("\(route.destination)")
        for hop in route.nextHops {
            if route.nextHops.count > 1 { words.append("nexthop") }
            if let gateway = hop.gateway {
                words += ["via", gateway.family == .ipv4 ? "inet" : "inet6", "\(gateway)"]
            }
            if let interface = hop.interface { words += ["dev", interface] }
            if route.nextHops.count > 1 { words += ["weight", "\(hop.weight)"] }
        }
        if let source = route.preferredSource { words += ["src", "\(source)"] }
        if route.table != 254 { words += ["table", "\(route.table)"] }
        if let priority = route.priority { words += ["metric", "\(priority)"] }
        return (words + ["proto", "\(route.origin)"]).joined(separator: " ")
    }

    func text(of rule: VirtualRule) -> String {
        var words = rule.isInverted ? ["not"] : []
        if let source = rule.source { words += ["from", "\(source)"] }
        if let destination = rule.destination { words += ["to", "\(destination)"] }
        words += ["priority", "\(rule.priority)"]
        if let mark = rule.mark { words += ["fwmark", "\(mark)"] }
        if let interface = rule.inputInterface { words += ["iif", interface] }
        if let interface = rule.outputInterface { words += ["oif", interface] }
        switch rule.action {
        case .lookUp(let table): words += ["lookup", "\(table)"]
        case .goTo(let priority): words += ["goto", "\(priority)"]
        case .blackhole: words.append("blackhole")
        case .unreachable: words.append("unreachable")
        case .prohibit: words.append("prohibit")
        }
        return words.joined(separator: " ")
    }

    private func name(of scope: AddressScope) -> String {
        switch scope {
        case .global: "global"
        case .site: "site"
        case .link: "link"
        case .host: "host"
        case .nowhere: "nowhere"
        default: "\(scope.rawValue)"
        }
    }
}

import Glibc
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct RouteMonitorTests {
    @Test("Addresses are told in the order in which they came and went, as they are listed")
    func addresses() async throws {
        let told = try await onOwnThread {
            let namespace = try NamespaceBroker.shared.createNetwork()
            let monitor = try RouteMonitor(.addresses, in: namespace)
            var routes = try RouteSocket(in: namespace)
            try routes.addAddress(AddressRecord(prefix("198.18.0.11/24"), interfaceIndex: 1))
            try routes.addAddress(AddressRecord(prefix("198.18.0.100/24"), interfaceIndex: 1, label: "lo:vip"))
            try routes.removeAddress(AddressRecord(prefix("198.18.0.100/24"), interfaceIndex: 1))
            return try notifications(of: monitor) { if case .addressRemoved = $0 { true } else { false } }
        }
        let first = AddressRecord(prefix("198.18.0.11/24"), interfaceIndex: 1, label: "lo")
        var second = AddressRecord(prefix("198.18.0.100/24"), interfaceIndex: 1, label: "lo:vip")
        second.isSecondary = true
        #expect(told == [.address(first), .address(second), .addressRemoved(second)])
    }

    @Test("A link is told when it comes, when it is set up and when it goes")
    func links() async throws {
        let told = try await onOwnThread {
            let namespace = try NamespaceBroker.shared.createNetwork()
            let monitor = try RouteMonitor(.links, in: namespace)
            var routes = try RouteSocket(in: namespace)
            try routes.createVeth(VethEnd("a"), VethEnd("b"))
            let index = try routes.link(named: "a").index
            try routes.setLink(index, isUp: true)
            try routes.deleteLink(index)
            return try notifications(of: monitor) {
                if case .linkRemoved(let link) = $0 { link.name == "a" } else { false }
            }
        }
        let stories = told.compactMap { notification -> String? in
            switch notification {
            case .link(let link) where link.name == "a": link.isUp ? "up" : "down"
            case .linkRemoved(let link) where link.name == "a": "removed"
            default: nil
            }
        }
        #expect(stories.first == "down")
        #expect(stories.contains("up"))
        #expect(stories.last == "removed")
    }

    @Test("A route is told when it comes and when it goes; other tables than the main one are not")
    func routes() async throws {
        let told = try await onOwnThread {
            let namespace = try NamespaceBroker.shared.createNetwork()
            let monitor = try RouteMonitor(.routes, in: namespace)
            var routes = try RouteSocket(in: namespace)
            try routes.setLink(1, isUp: true)
            let route = RouteRecord(to: prefix("203.0.113.0/24"), interfaceIndex: 1)
            try routes.addRoute(route)
            try routes.removeRoute(route)
            return try notifications(of: monitor) { if case .routeRemoved = $0 { true } else { false } }
        }
        let route = RouteRecord(to: prefix("203.0.113.0/24"), interfaceIndex: 1)
        // Of loopback's own routes only this one is in the main table.
        #expect(
            told.filter { $0 != .route(RouteRecord(to: prefix("::1/128"), interfaceIndex: 1)) } == [
                .route(route), .routeRemoved(route),
            ])
    }

    @Test("A monitor tells its own subjects and its own namespace only")
    func selection() async throws {
        let told = try await onOwnThread {
            let namespace = try NamespaceBroker.shared.createNetwork()
            let other = try NamespaceBroker.shared.createNetwork()
            let monitor = try RouteMonitor(.addresses, in: namespace)
            var elsewhere = try RouteSocket(in: other)
            try elsewhere.addAddress(AddressRecord(prefix("198.18.0.1/24"), interfaceIndex: 1))
            var routes = try RouteSocket(in: namespace)
            try routes.createVeth(VethEnd("a"), VethEnd("b"))
            try routes.addAddress(AddressRecord(prefix("198.18.0.2/24"), interfaceIndex: 1))
            return try notifications(of: monitor) { if case .address = $0 { true } else { false } }
        }
        #expect(told == [.address(AddressRecord(prefix("198.18.0.2/24"), interfaceIndex: 1, label: "lo"))])
    }

    @Test("A reader that is too late is told that it missed something, and goes on hearing")
    func overflow() async throws {
        let (first, later) = try await onOwnThread {
            let namespace = try NamespaceBroker.shared.createNetwork()
            let monitor = try RouteMonitor(.addresses, in: namespace)
            var tiny: Int32 = 1
            unsafe setsockopt(monitor.descriptor, SOL_SOCKET, SO_RCVBUF, &tiny, socklen_t(MemoryLayout<Int32>.size))
            var routes = try RouteSocket(in: namespace)
            for number in 1...50 {
                try routes.addAddress(AddressRecord(prefix("198.18.0.\(number)/24"), interfaceIndex: 1))
            }
            let first = try notifications(of: monitor) { $0 == .overflow }
            while try EventLoop().isReady(monitor.descriptor) { _ = try monitor.receive() }
            try routes.addAddress(AddressRecord(prefix("203.0.113.1/24"), interfaceIndex: 1))
            return (first, try notifications(of: monitor) { if case .address = $0 { true } else { false } })
        }
        #expect(first.contains(.overflow))
        #expect(later == [.address(AddressRecord(prefix("203.0.113.1/24"), interfaceIndex: 1, label: "lo"))])
    }
}

extension EventLoop {
    /// Whether a descriptor can be read now.
    fileprivate func isReady(_ descriptor: Int32) throws -> Bool {
        try watch(descriptor, as: 0)
        return try !wait(until: .zero).isEmpty
    }
}

import Testing
import VRRPCore
import Wire

@Suite("Options of a virtual router")
struct OptionTests {
    private static let gateway = IPAddress.v4(IPv4Address(10, 9, 0, 1))
    private static let route = VirtualRoute(
        to: IPPrefix(host: .v4(IPv4Address(192, 0, 2, 1))), nextHops: [VirtualRoute.NextHop(gateway: gateway)])
    private static let rule = VirtualRule(.ipv4, .lookUp(table: 100), priority: 1_000)

    // MARK: Learned intervals

    @Test(
        "A v3 backup believes an interval of at most four times its own, or what is configured",
        arguments: [
            (4, 40_950, 14_437_500_000), (4, 4_000, 14_437_500_000), (4, 3_000, 10_828_125_000),
            (1, 40_950, 3_609_375_000), (nil, 40_950, 147_803_906_250),
        ] as [(Int?, Int, Int64)])
    func cap(cap: Int?, milliseconds: Int, expected: Int64) {
        let configuration = VirtualRouterConfiguration.tutorial(.v3) { $0.learnedIntervalCap = cap }
        for fresh in [Bench(started: configuration), Bench(active: configuration)] {
            var bench = fresh
            bench.hear(200, every: .milliseconds(milliseconds))
            #expect(bench.nanosecondsLeft == expected)
        }
    }

    @Test("A weaker master that is honored may refresh the wait, and lengthen it no further than the cap")
    func capOfHonored() {
        var bench = Bench(started: .tutorial(.v3) { $0.preempts = false })
        for _ in 0..<3 {
            bench.hear(1, every: .milliseconds(40_950), after: .seconds(4))
            #expect(bench.nanosecondsLeft == 14_437_500_000)
        }
        #expect(bench.send(.deadline, after: .nanoseconds(14_437_500_000)).steps.last == "MASTER 100")
    }

    @Test("A reload to a shorter interval lowers what is believed")
    func capAfterReload() {
        var bench = Bench(started: .tutorial(.v3))
        bench.hear(200, every: .seconds(4))
        let configuration = VirtualRouterConfiguration.tutorial(.v3) { $0.advertisementInterval = .milliseconds(100) }
        _ = bench.router.reconfigure(RouterConfiguration(virtualRouters: [configuration]), at: bench.now)
        #expect(bench.nanosecondsLeft == 1_443_750_000)
    }

    // MARK: Checks

    @Test("With skip_check_adv_addr a backup looks at the addresses of its present master only once")
    func addressCheck() {
        for skips in [false, true] {
            var bench = Bench(started: .tutorial { $0.skipsAddressCheck = skips })
            var packet = VRRPPacket.valid(for: .tutorial())
            packet.priority = 200
            packet.addresses = [VirtualAddress.second.prefix.address]
            bench.send(.datagram(.carrying(packet)))
            #expect(bench.virtualRouter.statistics.discards == [.addressList: 1])
            bench.hear(200)
            bench.send(.datagram(.carrying(packet)))
            packet.addresses = []
            bench.send(.datagram(.carrying(packet)))
            #expect(bench.virtualRouter.statistics.discards == [.addressList: skips ? 1 : 3])
            bench.send(.datagram(.carrying(packet, from: .lower)))
            #expect(bench.virtualRouter.statistics.discards == [.addressList: skips ? 2 : 4])
        }
        var master = Bench(active: .tutorial { $0.skipsAddressCheck = true })
        var packet = VRRPPacket.valid(for: .tutorial())
        packet.addresses = []
        master.send(.datagram(.carrying(packet)))
        #expect(master.virtualRouter.statistics.discards == [.addressList: 1])
    }

    @Test("A peer with limits must be as near as they say, and only that peer", arguments: [253, 254, 255] as [UInt8])
    func peerHopLimits(hopLimit: UInt8) {
        let configuration = VirtualRouterConfiguration.tutorial {
            $0.unicastPeers = [.higher, .lower]
            $0.peerHopLimits = [.higher: 254...254]
        }
        for (source, isLimited) in [(IPAddress.higher, true), (.lower, false)] {
            var bench = Bench(started: configuration)
            var datagram = Datagram.carrying(.valid(for: configuration), from: source, to: .ours)
            datagram.hopLimit = hopLimit
            let logs = bench.send(.datagram(datagram)).logs
            let isRefused = isLimited && hopLimit != 254
            #expect(bench.virtualRouter.statistics.discards == (isRefused ? [.hopLimit: 1] : [:]))
            let line = "(VI_1) TTL/HL \(hopLimit) not in range 254 - 254 from 10.9.0.11"
            #expect(logs == (isRefused ? [line] : []))
        }
    }

    // MARK: Addresses, routes, firewall

    @Test("Routes come after the addresses and go before them, and so at the start")
    func routes() {
        let configuration = VirtualRouterConfiguration.tutorial {
            $0.routes = [Self.route]
            $0.rules = [Self.rule]
        }
        var bench = Bench(configuration)
        bench.send(.interface("eth0", .ready))
        #expect(bench.send(.start).steps == ["unroute 1+1", "remove 1", "BACKUP 100"])
        let steps = bench.reachDeadline().steps
        #expect(steps == ["advertise 100", "install 1", "route 1+1", "announce 1x5", "MASTER 100"])
        #expect(bench.send(.stop).steps == ["advertise 0", "unroute 1+1", "remove 1", "STOP 100"])
    }

    @Test("Without accept the addresses are shielded before they come and until they are gone, unless they are owned")
    func shield() {
        var bench = Bench(started: .tutorial { $0.accepts = false })
        let steps = bench.reachDeadline().steps
        #expect(steps == ["advertise 100", "shield 1", "install 1", "announce 1x5", "MASTER 100"])
        #expect(bench.hear(200).steps == ["advertise 100", "remove 1", "unshield 1", "BACKUP 100"])
        var owner = Bench(
            started: .tutorial(priority: 255) {
                $0.accepts = false
                $0.startsAsMaster = true
            })
        #expect(owner.send(.stop).steps == ["advertise 0", "remove 1", "STOP 255"])
    }

    @Test("A reload replaces only the routes and rules that differ, old ones first")
    func routesAfterReload() {
        var other = Self.route
        other.priority = 50
        var bench = Bench(active: .tutorial { $0.routes = [Self.route] })
        let configuration = VirtualRouterConfiguration.tutorial {
            $0.routes = [Self.route, other]
            $0.rules = [Self.rule]
        }
        let more = bench.router.reconfigure(RouterConfiguration(virtualRouters: [configuration]), at: bench.now)
        #expect(more.steps == ["advertise 100", "route 1+1"])
        #expect(more.contains(.installRoutes([other], [Self.rule], router: "VI_1")))
        let fewer = bench.router.reconfigure(
            RouterConfiguration(virtualRouters: [.tutorial { $0.routes = [other] }]), at: bench.now)
        #expect(fewer.steps == ["advertise 100", "unroute 1+1"])
        #expect(fewer.contains(.removeRoutes([Self.route], [Self.rule], router: "VI_1")))
    }

    @Test("A reload raises and lowers the shield, around what comes and goes")
    func shieldAfterReload() {
        var bench = Bench(active: .tutorial())
        var told = VirtualRouterConfiguration.tutorial { $0.accepts = false }
        #expect(bench.reload(told).steps == ["advertise 100", "shield 1"])
        told.addresses = [.second]
        let moved = bench.reload(told).steps
        #expect(moved == ["advertise 100", "shield 1", "install 1", "announce 1x5", "remove 1", "unshield 1"])
        told.accepts = true
        #expect(bench.reload(told).steps == ["advertise 100", "unshield 1"])
    }

    @Test("A router that goes from the group to peers is another one")
    func otherKind() {
        var bench = Bench(active: .tutorial())
        let steps = bench.reload(.tutorial { $0.unicastPeers = [.higher] }).steps
        #expect(steps == ["advertise 0", "remove 1", "FAULT 100", "remove 1", "BACKUP 100"])
    }

    @Test("A unicast router that leaves a fault shows its peers where it is; one with a group does not")
    func announceSource() {
        for peers in [[], [IPAddress.higher]] {
            var bench = Bench(started: .tutorial { $0.unicastPeers = peers })
            bench.send(.interface("eth0", .down))
            let steps = bench.send(.interface("eth0", .ready)).steps
            #expect(steps == (peers.isEmpty ? [] : ["announce 10.9.0.10 on eth0"]) + ["BACKUP 100"])
        }
    }

    @Test("A new MAC address is announced at once by a master, for the addresses on that interface")
    func relocation() throws {
        var state = InterfaceState.ready
        state.macAddress = MACAddress("02:00:00:00:00:01")
        var other = VirtualAddress.second
        other.interface = "eth1"
        var bench = Bench(.tutorial { $0.addresses = [.first, other] })
        bench.send(.interface("eth0", state))
        bench.send(.start)
        state.macAddress = MACAddress("02:00:00:00:00:02")
        #expect(bench.send(.interface("eth0", state)).isEmpty)
        bench.reachDeadline()
        #expect(bench.send(.interface("eth0", state)).isEmpty)
        state.macAddress = MACAddress("02:00:00:00:00:03")
        let actions = bench.send(.interface("eth0", state))
        #expect(actions == [.announce([.first], count: 5, router: "VI_1")])
        #expect(bench.send(.interface("eth7", state)).isEmpty)
    }

    @Test("Addresses on other interfaces are announced in a rhythm of their own, where that is configured")
    func otherInterfaces() {
        var other = VirtualAddress.second
        other.interface = "eth1"
        var bench = Bench(
            active: .tutorial {
                $0.addresses = [.first, other]
                $0.announcement.otherInterfacesRefresh = .milliseconds(2_500)
                $0.announcement.delay = .zero
            })
        let start = bench.now
        var heard: [Int64] = []
        while bench.now < start + .seconds(8) {
            for case .announce(let addresses, 1, _) in bench.reachDeadline() {
                #expect(addresses == [other])
                heard.append((bench.now - start).nanoseconds / 1_000_000)
            }
        }
        #expect(heard == [2_500, 5_000, 7_500])
    }

    @Test("The addresses on a virtual interface are on the router's own: they have no rhythm beside its own")
    func ownVirtualInterface() {
        var own = VirtualAddress.first
        own.interface = "vrrp.51"
        var bench = Bench(
            active: .tutorial {
                $0.virtualInterface = VirtualInterface("vrrp.51")
                $0.addresses = [own]
                $0.announcement.otherInterfacesRefresh = .milliseconds(2_500)
                $0.announcement.delay = .zero
            })
        let end = bench.now + .seconds(8)
        while bench.now < end { #expect(bench.reachDeadline().steps.allSatisfy { $0 == "advertise 100" }) }
        let lost = bench.send(.addressLost(own.prefix.address, interface: "vrrp.51"))
        #expect(lost.steps == ["install 1", "announce 1x5"])
    }

    // MARK: What is told

    @Test("Priorities are told of where that is configured, by their state")
    func priorityChanges() {
        for notifies in [false, true] {
            let configuration = VirtualRouterConfiguration.tutorial {
                $0.trackedInterfaces = [TrackedItem("eth1", weight: 20)]
                $0.notifiesPriorityChanges = notifies
            }
            let up = RouterEvent.interface("eth1", InterfaceState(isUp: true))
            var backup = Bench(started: configuration)
            #expect(backup.send(up).steps == (notifies ? ["BACKUP_PRIORITY 120"] : []))
            var master = Bench(active: configuration)
            #expect(master.send(up).steps == (notifies ? ["MASTER_PRIORITY 120"] : []))
            var fault = Bench(configuration)
            fault.send(.start)
            #expect(fault.send(up).steps.isEmpty)
        }
    }

    @Test("A router that is gone is DELETED where that is configured, even from a fault")
    func deletion() {
        let configuration = VirtualRouterConfiguration.tutorial { $0.notifiesDeletion = true }
        var bench = Bench(active: configuration)
        #expect(bench.reload().steps == ["advertise 0", "remove 1", "DELETED 100"])
        var fault = Bench(configuration)
        fault.send(.start)
        #expect(fault.reload().steps == ["DELETED 100"])
    }

    @Test("The last transition is when the state changed, and nothing else")
    func lastTransition() {
        var bench = Bench(started: .tutorial())
        #expect(bench.virtualRouter.lastTransition == .zero)
        bench.hear(200, after: .seconds(1))
        #expect(bench.virtualRouter.lastTransition == .zero)
        bench.reachDeadline()
        #expect(bench.virtualRouter.lastTransition == bench.now)
        let before = bench.now
        bench.hear(50, after: .seconds(1))
        bench.reachDeadline()
        #expect(bench.virtualRouter.lastTransition == before)
    }

    @Test("A stop lets all masters resign before the first address goes")
    func stopOfMany() {
        var router = Router(
            RouterConfiguration(virtualRouters: [
                .tutorial(), .tutorial { ($0.name, $0.virtualRouterID, $0.addresses) = ("VI_2", 52, [.second]) },
            ]))
        _ = router.handle(.interface("eth0", .ready), at: .zero)
        _ = router.handle(.start, at: .zero)
        _ = router.handle(.deadline, at: .zero + .seconds(4))
        let steps = router.handle(.stop, at: .zero + .seconds(4)).steps
        #expect(steps == ["advertise 0", "advertise 0", "remove 1", "remove 1", "STOP 100", "STOP 100"])
    }
}

extension Bench {
    fileprivate mutating func reload(_ configurations: VirtualRouterConfiguration...) -> [RouterAction] {
        router.reconfigure(RouterConfiguration(virtualRouters: configurations), at: now)
    }
}

import Testing
import VRRPCore
import VRRPSimulator
import Wire

/// A judge that never says no proves nothing: each of these hosts does something wrong, and is found out.
@Suite struct DefectTests {
    struct Defect: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var behavior: HostBehavior

        init(_ description: String, _ plant: (inout HostBehavior) -> Void) {
            testDescription = description
            behavior = HostBehavior()
            plant(&behavior)
        }
    }

    static let defects = [
        Defect("believes its clock before its socket") { $0.drainsSocketFirst = false },
        Defect("serves deadlines 1.5 s late") { $0.timerDelay = .milliseconds(1500) },
        Defect("serves deadlines 25 s late") { $0.timerDelay = .seconds(25) },
        Defect("never reloads") { $0.reloads = false },
        Defect("does not hear resignations") { $0.hears = { $0.priority == 0 ? [] : [$0] } },
        Defect("does not resign") { $0.performs = { $0.priority == 0 ? [] : [$0] } },
        Defect("hears nothing") { $0.hears = { $0.priority == nil ? [$0] : [] } },
        Defect("says nothing") { $0.performs = { $0.priority == nil ? [$0] : [] } },
        Defect("never removes addresses") { $0.performs = { if case .remove = $0 { [] } else { [$0] } } },
        Defect("never installs addresses") { $0.performs = { if case .install = $0 { [] } else { [$0] } } },
        Defect("does not notice that its link is down") {
            $0.hears = { if case .interface(_, let state) = $0, !state.isUp { [] } else { [$0] } }
        },
        Defect("is not told to stop") { $0.hears = { if case .stop = $0 { [] } else { [$0] } } },
        Defect("takes everybody for weaker") { $0.hears = { [$0.claiming(1)] } },
        Defect("takes everybody for stronger") { $0.hears = { [$0.claiming(254)] } },
        Defect("takes every advertisement for a resignation") { $0.hears = { [$0.claiming(0)] } },
        Defect("starts again with each advertisement") {
            $0.hears = { $0.priority == nil ? [$0] : [.interface("eth0", .absent), .interface("eth0", .here), $0] }
        },
    ]

    @Test("a defect in one host is found within 20 seeds of ten minutes", arguments: defects)
    func found(_ defect: Defect) {
        let isFound = (UInt64(1)...20).contains { seed in
            let scenario = Scenario(seed: seed, duration: .seconds(600))
            var simulation = Simulation(scenario, defects: [1: defect.behavior])
            // By minutes: two routers that both take the other for weaker answer each other without end.
            return (1...10).contains { minute in
                simulation.run(until: Instant.zero + .seconds(60 * minute))
                return !SimulationReport(simulation).findings.isEmpty
            }
        }
        #expect(isFound)
    }

    @Test("a host that believes what fails a check is found by comparing its story with a quiet one")
    func credulous() {
        var behavior = HostBehavior()
        behavior.hears = { [$0.claiming($0.priority)] }
        let isFound = (UInt64(1)...10).contains { seed in
            let scenario = Scenario(seed: seed, duration: .seconds(120))
            let quiet = SimulationReport(playing: scenario, defects: [1: behavior])
            let intruder = Intruder(every: .milliseconds(150), seed: seed)
            return SimulationReport(playing: scenario, defects: [1: behavior], intruder: intruder).trace != quiet.trace
        }
        #expect(isFound)
    }

    @Test("what a router must put up with is no defect: deadlines and advertisements that come twice")
    func harmless() {
        var behavior = HostBehavior()
        behavior.hears = { event in
            switch event {
            case .deadline, .datagram: [event, event]
            default: [event]
            }
        }
        for seed in UInt64(1)...10 {
            let scenario = Scenario(seed: seed, duration: .seconds(300))
            #expect(SimulationReport(playing: scenario, defects: [1: behavior]).findings.isEmpty, "seed \(seed)")
        }
    }
}

extension InterfaceState {
    fileprivate static let here = InterfaceState(isUp: true, primaryIPv4: IPv4Address(192, 168, 1, 11))
}

extension RouterEvent {
    /// What an advertisement claims; nil for every other event.
    fileprivate var priority: UInt8? {
        guard case .datagram(let datagram) = self, datagram.payload.count > 2 else { return nil }
        return datagram.payload[2]
    }

    /// The same advertisement with another priority, and right in everything else; other events as they are.
    fileprivate func claiming(_ priority: UInt8?) -> RouterEvent {
        guard case .datagram(var datagram) = self, let priority,
            var packet = try? VRRPPacket(parsing: datagram.payload, family: .ipv4), packet.type < 16
        else { return self }
        packet.priority = priority
        packet.type = VRRPPacket.advertisement
        datagram.hopLimit = 255
        datagram.payload = packet.serialized(source: datagram.source, destination: datagram.destination)
        return .datagram(datagram)
    }
}

extension RouterAction {
    /// What an advertisement claims; nil for every other action.
    fileprivate var priority: UInt8? {
        guard case .transmit(let transmission) = self else { return nil }
        return transmission.payloads.first?.dropFirst(2).first
    }
}

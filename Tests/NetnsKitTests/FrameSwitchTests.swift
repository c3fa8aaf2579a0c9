import Chance
import LinuxSystem
import NetnsTesting
import Testing
import Timeline
import Wire

@testable import NetnsKit

/// The switch's own life.
@Suite("The switch in user space", .requiresNamespaces, .requiresTapDevices)
struct FrameSwitchTests {
    @Test("goes with everything it holds when a lab fails half way")
    func failure() async throws {
        weak var leftover: FrameSwitch?
        do {
            let recorder = Recorder()
            let watcher = try Watcher(recorder: recorder)
            let frameSwitch = try FrameSwitch(seed: 1, recorder: recorder, watcher: watcher)
            leftover = frameSwitch
            let namespace = try NamespaceBroker.shared.createNetwork()
            try frameSwitch.plug(
                InterfaceDescription("eth0", on: "lan"), of: "node1", namespace: namespace, isPointToPoint: false)
            #expect(throws: LabError.self) {
                try frameSwitch.plug(
                    InterfaceDescription("eth1", on: "lan", mtu: 100_000), of: "node1", namespace: namespace,
                    isPointToPoint: false)
            }
            frameSwitch.stop()
            watcher.forgetAll()
        }
        // The thread lets go of it a moment after it has said that it ends.
        let deadline = MonotonicClock.now + .seconds(2)
        while leftover != nil, MonotonicClock.now < deadline { await Task.yield() }
        #expect(leftover == nil)
    }

    @Test("a lab that cannot be built on it says why, and the next one can")
    func nextLab() async throws {
        var topology = FabricTests.trio(.userSpace)
        topology.nodes[1].interfaces[0].mtu = 100_000
        await #expect(throws: LabError.self) { try await Lab.run(topology) { _ in } }
        topology.nodes[1].interfaces[0].mtu = 9000
        let isReached = try await Lab.run(topology) { lab in try await FabricTests.reaches(2, from: 1, in: lab) }
        #expect(isReached)
    }

    @Test("a machine without TAP devices is told what it lacks")
    func missingDevice() {
        let error = LabError.noTapDevices(SystemError("open /dev/net/tun", code: 2))
        #expect(error.concernsMachine)
        #expect("\(error)".contains("start it with --device /dev/net/tun"))
    }

    @Test("a cable that is not recorded leaves nothing in the record, whatever becomes of its frames")
    func unrecorded() async throws {
        var topology = FabricTests.trio(.userSpace)
        topology.nodes[0].interfaces[0].isRecorded = false
        try await Lab.run(topology) { lab in
            try lab.inject(.impair(LinkEnd("node1", "eth0"), .sent, Impairment(delay: .milliseconds(1))))
            let start = lab.step("ask")
            try lab["node1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0")
            try await lab.expect("node2 is asked", within: .seconds(2), since: start) {
                $0.node == "node2" && !$0.isSent && $0.icmpType(1) == 8
            }
            #expect(!lab.timeline.contains { $0.node == "node1" && $0.category == .wire })
        }
    }
}

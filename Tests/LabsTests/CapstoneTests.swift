import KeepalivedConfiguration
import LabCourse
import Testing
import Timeline
import VRRPCore
import Wire

@testable import Labs

@Suite("The capstone's files")
struct CapstoneTests {
    private static func reading(_ path: String, _ files: [SourceFile]) throws -> ConfigurationReading {
        ConfigurationReading(try #require(files.first { $0.path == path }))
    }

    @Test("The solution has nothing to complain about, and names no interface that the lab lacks")
    func solution() throws {
        let files = LabStep.step8.files.map(\.solved)
        for path in [CapstoneFile.lb1, CapstoneFile.lb2] {
            let reading = try Self.reading(path, files)
            #expect(reading.result.diagnostics.isEmpty, "\(reading.result.diagnostics)")
            #expect(reading.routers.map(\.name) == ["VI_HTTP", "VI_HTTP6", "VI_DB"])
            #expect(reading.routers.allSatisfy { $0.interface == "data0" })
        }
    }

    @Test("lb2 is lb1 in the mirror: what one sends to is what the other sends from")
    func mirror() throws {
        let files = LabStep.step8.files.map(\.solved)
        let first = try Self.reading(CapstoneFile.lb1, files).routers
        let second = try Self.reading(CapstoneFile.lb2, files).routers
        for (one, other) in zip(first, second) {
            #expect(one.unicastPeers == other.sourceAddress.map { [$0] })
            #expect(other.unicastPeers == one.sourceAddress.map { [$0] })
            #expect(one.virtualRouterID == other.virtualRouterID)
            #expect(one.addresses.map(\.prefix) == other.addresses.map(\.prefix))
            #expect(Set([one.priority.rawValue, other.priority.rawValue]) == [100, 150])
        }
        #expect(first.map(\.preempts) == [false, false, true])
    }

    @Test("A run ten times as fast has VRRPv3, a tenth of a second and no password, and keeps everything else")
    func fast() throws {
        let scenario = try #require(LabStep.step8.scenarios(.reference, pace: .fast).first)
        for path in [CapstoneFile.lb1, CapstoneFile.lb2] {
            let slow = try Self.reading(path, LabStep.step8.files.map(\.solved))
            let fast = try Self.reading(path, scenario.files.map(\.source))
            #expect(fast.result.diagnostics.isEmpty, "\(fast.result.diagnostics)")
            #expect(fast.routers.allSatisfy { $0.version == .v3 && $0.authentication == .none })
            #expect(fast.routers.allSatisfy { $0.advertisementInterval == .milliseconds(100) })
            #expect(fast.routers.map(\.unicastPeers) == slow.routers.map(\.unicastPeers))
            #expect(fast.routers.map(\.trackedScripts) == slow.routers.map(\.trackedScripts))
            #expect(fast.routers.map(\.preempts) == slow.routers.map(\.preempts))
        }
    }

    @Test("What the learner begins with is the published file, which names an interface that the lab lacks")
    func start() throws {
        let files = LabStep.step8.files.map(\.begun)
        #expect(try Self.reading(CapstoneFile.lb1, files).routers.allSatisfy { $0.interface == "bond0" })
        #expect(try Self.reading(CapstoneFile.lb2, files).routers.isEmpty)
    }

    @Test("The errata have the numbers that the course leaves for this step")
    func errata() {
        let errata = LabStep.step8.errata
        #expect(errata.map(\.id) == ["E80", "E81", "E82", "E83", "E84", "E85", "E86", "E87", "E88"])
        #expect(errata.allSatisfy { $0.step == "step8" })
    }

    @Test("The lesson and the picture fit a terminal")
    func lesson() {
        let lines = LabStep.step8.lesson.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 71)
        for line in lines + LabStep.step8.picture.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}

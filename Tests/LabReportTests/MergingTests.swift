import LabCourse
import LabReport
import Testing

@Suite struct MergingTests {
    @Test("Shards make the whole, in the order of their numbers")
    func whole() throws {
        let merging = try Merging([Self.shard("2/2", "step2/stop"), Self.shard("1/2", "step2/crash")])
        #expect(merging.isComplete && merging.missing == [])
        let document = merging.document(id: "0009", exit: 0, artifacts: "out/0009")
        #expect(document.scenarios.map(\.record.id) == ["step2/crash", "step2/stop"])
        #expect(document.run.id == "0009" && document.run.shard == nil)
        #expect(document.end?.passed == 2 && document.end?.cut == nil && document.end?.unfinished == nil)
    }

    @Test("A shard that is missing is named, and the whole is not complete")
    func missing() throws {
        let merging = try Merging([Self.shard("3/3", "step2/stop"), Self.shard("1/3", "step2/crash")])
        #expect(merging.missing == ["2/3"] && !merging.isComplete)
        let document = merging.document(id: "0009", exit: 2, artifacts: "out/0009")
        #expect(document.end?.cut == "shard 2/3 missing")
    }

    @Test("A shard that could not run everything leaves the whole incomplete")
    func cutShort() throws {
        let merging = try Merging([Self.shard("1/1", "step2/stop", planned: 2)])
        #expect(merging.unanswered == 1 && !merging.isComplete)
    }

    @Test("A shard that is there twice is refused, with both places")
    func twice() {
        let error = MergeError.twice("1/2", "dir-step2/crash", "dir-step2/stop")
        #expect(throws: error) { try Merging([Self.shard("1/2", "step2/crash"), Self.shard("1/2", "step2/stop")]) }
        #expect("\(error)".contains("leave one of them out"))
    }

    @Test("A run of other words, another seed, another version or another number of shards is refused")
    func foreign() {
        var parts = (0..<4).map { _ in Self.shard("2/2", "step2/stop") }
        parts[0].document.run.words = ["run", "step3"]
        parts[1].document.run.seed = 8
        parts[2].document.run.programs["labrun"] = "0.2.0"
        parts[3].document.run.shard = "2/3"
        for part in parts {
            #expect(throws: MergeError.self) { try Merging([Self.shard("1/2", "step2/crash"), part]) }
        }
    }

    @Test("A whole run is no shard, and nothing is nothing to merge")
    func noShard() {
        var part = Self.shard("1/2", "step2/crash")
        part.document.run.shard = nil
        #expect(throws: MergeError.notShard("dir-step2/crash")) { try Merging([part]) }
        #expect(throws: MergeError.none) { try Merging([]) }
    }

    private static func shard(_ shard: String, _ scenario: String, planned: Int = 2) -> Merging.Part {
        var document = RunDocument.sample([.sample(scenario, [.sample("a check", .pass)])])
        document.run.shard = shard
        document.run.words = ["run", "step2"]
        document.run.planned = shard.hasSuffix("/1") ? planned : 2
        return Merging.Part(directory: "dir-\(scenario)", document: document)
    }
}

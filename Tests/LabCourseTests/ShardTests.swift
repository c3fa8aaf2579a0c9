import LabCourse
import Testing

@Suite struct ShardTests {
    @Test("Every piece is in exactly one shard, whatever it takes and however many shards there are")
    func partition() {
        for count in 1...40 {
            let seconds = (0..<60).map { ($0 * 7919) % 23 }
            let parts = Shard.partition(seconds, into: count)
            #expect(parts.count == count)
            #expect(parts.flatMap(\.self).sorted() == Array(0..<60))
            #expect(parts.allSatisfy { $0 == $0.sorted() })
        }
    }

    @Test("The longest goes first, to the shard that has least: no shard is longer than it must be")
    func balance() {
        #expect(Shard.partition([2, 8, 3, 7, 4], into: 2) == [[0, 1, 2], [3, 4]])
        #expect(Shard.partition([5, 5, 5, 5], into: 2) == [[0, 2], [1, 3]])
        #expect(Shard.partition([0, 0, 0], into: 3) == [[0], [1], [2]])
        #expect(Shard.partition([9], into: 3) == [[0], [], []])
        #expect(Shard.partition([], into: 2) == [[], []])
    }

    @Test("A shard is written as which of how many, from 1", arguments: ["0/3", "4/3", "3", "1/0", "a/b", "1/2/3", ""])
    func refused(_ text: String) {
        #expect(Shard(parsing: text) == nil)
    }

    @Test("Kubernetes counts from 0, GitLab from 1")
    func environment() {
        let kubernetes = ["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "3"]
        #expect(Shard { kubernetes[$0] }?.description == "1/3")
        let gitLab = ["CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "3"]
        #expect(Shard { gitLab[$0] }?.description == "3/3")
        let alone = ["JOB_COMPLETION_INDEX": "0"]
        #expect(Shard { alone[$0] } == nil)
        let beyond = ["JOB_COMPLETION_INDEX": "3", "JOB_COMPLETIONS": "3"]
        #expect(Shard { beyond[$0] } == nil)
    }
}

import Chance
import Testing

@Suite("A shrinker")
struct ShrinkerTests {
    private static let numbers = Array(1...20)

    @Test("finds the two of twenty that fail together, in few attempts and always in the same way")
    func pair() async {
        let shrinker = Shrinker<[Int]>(simplifications: \.shorterLists)
        let isFailing = { (story: [Int]) in story.contains(3) && story.contains(17) }
        let outcome = await shrinker.shrink(Self.numbers, whileFailing: isFailing)
        #expect(outcome.story == [3, 17])
        #expect(outcome.attempts < 100)
        #expect(await shrinker.shrink(Self.numbers, whileFailing: isFailing) == outcome)
    }

    @Test("keeps a story of which every part is needed, and tries each shorter one once")
    func smallest() async {
        let shrinker = Shrinker<[Int]>(simplifications: \.shorterLists)
        let outcome = await shrinker.shrink([1, 2, 3, 4]) { $0.count == 4 }
        #expect(outcome.story == [1, 2, 3, 4])
        // Two halves and four single elements.
        #expect(outcome.attempts == 6)
        #expect(outcome.steps == 0)
    }

    @Test("accepts a step only when it fails often enough, and stops trying when that is decided")
    func repeats() async {
        let shrinker = Shrinker<[Int]>(repeats: 3, needed: 2, simplifications: \.shorterLists)
        var tries: [[Int]: Int] = [:]
        let outcome = await shrinker.shrink([1, 2]) { story in
            tries[story, default: 0] += 1
            // Without 1 it fails at the first attempt alone, without 2 always.
            return story == [2] ? tries[story] == 1 : true
        }
        #expect(outcome.story == [1])
        #expect(tries == [[2]: 3, [1]: 2])
        #expect(outcome.attempts == 5)
    }
}

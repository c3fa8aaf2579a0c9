/// Makes a story that fails as small as it gets while it still fails.
///
/// It takes the first simplification that fails as well, and begins anew with that; when none does, the story is as
/// small as single steps can make it. The same story and the same answers take the same way.
public struct Shrinker<Story: Hashable & Sendable> {
    /// A story that cannot be simplified any further without succeeding, and what finding it took.
    public struct Outcome: Hashable, Sendable {
        /// The smallest story that was found, or the first one when nothing could be left out.
        public var story: Story
        /// How often a story was tried, repeats included.
        public var attempts: Int
        /// How often a simplification was accepted.
        public var steps: Int
    }

    private let simplifications: (Story) -> [Story]
    private let repeats: Int
    private let needed: Int

    /// - Parameters:
    ///   - repeats: how often each simplification is tried; one that fails by chance alone would lead astray.
    ///   - needed: how many of them must fail; 1...repeats.
    ///   - simplifications: simpler stories, the boldest first. Each must be simpler by one and the same measure, or
    ///     this would go round in circles.
    public init(repeats: Int = 1, needed: Int = 1, simplifications: @escaping (Story) -> [Story]) {
        self.simplifications = simplifications
        self.repeats = max(repeats, 1)
        self.needed = min(max(needed, 1), self.repeats)
    }

    /// Simplifies a story that is known to fail; one that was tried is not tried again.
    public func shrink(_ story: Story, whileFailing isFailing: (Story) async throws -> Bool) async rethrows -> Outcome {
        var outcome = Outcome(story: story, attempts: 0, steps: 0)
        var tried: Set<Story> = [story]
        var isSmallest = false
        while !isSmallest {
            isSmallest = true
            for candidate in simplifications(outcome.story) where tried.insert(candidate).inserted {
                guard try await fails(candidate, &outcome.attempts, isFailing) else { continue }
                outcome.story = candidate
                outcome.steps += 1
                isSmallest = false
                break
            }
        }
        return outcome
    }

    /// Tries until it is decided.
    private func fails(
        _ story: Story, _ attempts: inout Int, _ isFailing: (Story) async throws -> Bool
    ) async rethrows -> Bool {
        var failures = 0
        for number in 0..<repeats where failures < needed && failures + repeats - number >= needed {
            attempts += 1
            if try await isFailing(story) { failures += 1 }
        }
        return failures >= needed
    }
}

extension Array {
    /// The list without some of it: first without one half or the other, then quarters, and at last single elements.
    public var shorterLists: [[Element]] {
        var lists: [[Element]] = []
        var length = count / 2
        while length >= 1 {
            for start in stride(from: 0, to: count, by: length) {
                lists.append(Array(self[..<start] + self[Swift.min(start + length, count)...]))
            }
            length /= 2
        }
        return lists
    }
}

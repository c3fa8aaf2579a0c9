/// Guesses which known word was meant.
enum Spelling {
    /// The known word with the fewest changed letters, at most two and fewer than half of the word; the first in
    /// alphabetical order of several.
    static func nearest(to word: String, among known: some Sequence<String>) -> String? {
        let limit = min(2, (word.utf8.count - 1) / 2)
        let candidates = known.map { (distance(Array(word.utf8), Array($0.utf8)), $0) }.filter { $0.0 <= limit }
        return candidates.min { $0 < $1 }?.1
    }

    /// How many letters must be inserted, removed, replaced or swapped with their neighbor; 3 stands for more than 2.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard abs(left.count - right.count) <= 2 else { return 3 }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}

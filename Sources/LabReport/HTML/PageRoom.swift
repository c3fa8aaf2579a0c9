/// Which parts of a page there is room for.
struct PageRoom {
    /// A part that can be left out.
    struct Part: Hashable {
        /// In the order in which they get their place.
        enum Kind: Int, Comparable, CaseIterable {
            case problemPicture
            case problemChecks
            case problemFrames
            case plot
            case checks
            case picture
            case frames

            static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        }

        var kind: Kind
        /// The run's place in the document.
        var index: Int
    }

    private var included: [(part: Part, size: Int)] = []
    private var left: [(part: Part, size: Int)] = []
    private var chosen: Set<Part> = []

    /// What there is no room for.
    var omitted: [Part] { left.map(\.part) }

    /// Lets in what fits: the most telling first, and of one kind the smallest, so that the fewest are left out.
    mutating func give(_ room: Int, to parts: [(part: Part, size: Int)]) {
        left = parts.sorted { ($0.part.kind, $0.size, $0.part.index) < ($1.part.kind, $1.size, $1.part.index) }
        giveMore(room)
    }

    /// Lets in what fits of that which was left out.
    mutating func giveMore(_ room: Int) {
        var room = room
        left.removeAll { part, size in
            guard size <= room else { return false }
            room -= size
            included.append((part, size))
            chosen.insert(part)
            return true
        }
    }

    /// Leaves out the last ones that were let in, as many as it takes.
    ///
    /// - Returns: whether anything was left out.
    mutating func takeBack(_ size: Int) -> Bool {
        guard !included.isEmpty else { return false }
        var size = size
        while size > 0, let (part, length) = included.popLast() {
            size -= length
            chosen.remove(part)
            left.append((part, length))
        }
        return true
    }

    func has(_ kind: Part.Kind, _ index: Int) -> Bool { chosen.contains(Part(kind: kind, index: index)) }

    /// How many parts of some kinds are left out.
    func omitted(_ kinds: Part.Kind...) -> Int { omitted.count { kinds.contains($0.kind) } }
}

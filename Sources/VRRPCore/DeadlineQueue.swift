import Wire

/// When each of many routers wants to be woken: a binary heap over their indices that knows where each one stands.
///
/// The earliest is known at once, a change costs the logarithm of their number. Two queues are equal when their
/// deadlines are: how the heap came to be is nobody's business.
struct DeadlineQueue: Sendable {
    /// By index; nil waits for nothing.
    private var deadlines: [Instant?]
    /// Each index stands below one that is due no later.
    private var heap: [Int] = []
    /// Where an index stands in the heap; means nothing while it has no deadline.
    private var places: [Int]

    init(_ deadlines: [Instant?] = []) {
        self.deadlines = Array(repeating: nil, count: deadlines.count)
        places = Array(repeating: 0, count: deadlines.count)
        heap.reserveCapacity(deadlines.count)
        for (index, deadline) in deadlines.enumerated() { set(index, to: deadline) }
    }

    var earliest: Instant? { heap.first.flatMap { deadlines[$0] } }

    /// Who is due, the earliest first and in configured order among equals. Nobody else is looked at.
    func due(at now: Instant) -> [Int] {
        var found: [(deadline: Instant, index: Int)] = []
        var pending = [0]
        while let place = pending.popLast() {
            guard place < heap.count, let deadline = deadlines[heap[place]], deadline <= now else { continue }
            found.append((deadline, heap[place]))
            pending += [2 * place + 1, 2 * place + 2]
        }
        return found.sorted { $0 < $1 }.map(\.index)
    }

    mutating func set(_ index: Int, to deadline: Instant?) {
        let former = deadlines[index]
        guard former != deadline else { return }
        deadlines[index] = deadline
        switch (former, deadline) {
        case (nil, nil): break
        case (nil, _?): insert(index)
        case (_?, nil): remove(index)
        case (let former?, let deadline?):
            if deadline < former { rise(from: places[index]) } else { sink(from: places[index]) }
        }
    }

    private mutating func insert(_ index: Int) {
        places[index] = heap.count
        heap.append(index)
        rise(from: heap.count - 1)
    }

    private mutating func remove(_ index: Int) {
        let place = places[index]
        let last = heap.removeLast()
        guard last != index else { return }
        heap[place] = last
        places[last] = place
        rise(from: place)
        sink(from: places[last])
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0, isEarlier(place, than: (place - 1) / 2) {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, isEarlier(child + 1, than: child) { child += 1 }
            guard isEarlier(child, than: place) else { return }
            swap(place, child)
            place = child
        }
    }

    private func isEarlier(_ place: Int, than other: Int) -> Bool {
        guard let left = deadlines[heap[place]], let right = deadlines[heap[other]] else { return false }
        return left < right
    }

    private mutating func swap(_ place: Int, _ other: Int) {
        heap.swapAt(place, other)
        places[heap[place]] = place
        places[heap[other]] = other
    }
}

extension DeadlineQueue: Hashable {
    static func == (left: DeadlineQueue, right: DeadlineQueue) -> Bool {
        left.deadlines == right.deadlines
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(deadlines)
    }
}

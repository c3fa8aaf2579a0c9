import Wire

/// Networks of nodes on one bridge, up and down, by everyone in turn.
struct BringUp {
    var counts: [Int]
    var runs: Int
    var contestants: [any Contestant]

    /// Each round is everyone's before anybody has the next one, so that a busy machine is busy for all.
    func figures(report: (String) -> Void) async -> [Figure] {
        for contestant in contestants {
            if let obstacle = contestant.obstacle { report("\(contestant.name) is left out: \(obstacle)") }
        }
        let able = contestants.filter { $0.obstacle == nil }
        var figures: [Figure] = []
        for count in counts {
            var rounds: [String: [Round]] = [:]
            for _ in 0..<runs {
                for contestant in able where count <= contestant.largest {
                    do {
                        rounds[contestant.name, default: []].append(try await contestant.round(of: count))
                    } catch {
                        report("\(contestant.name), \(count) nodes: \(error)")
                    }
                }
            }
            for contestant in able {
                figures += rounds[contestant.name].map { Self.figures($0, of: contestant.name, count) } ?? []
            }
        }
        return figures
    }

    private static func figures(_ rounds: [Round], of contestant: String, _ count: Int) -> [Figure] {
        let durations = [
            ("up", rounds.map(\.up)), ("down, returns", rounds.map(\.returned)),
            ("down, gone", rounds.compactMap(\.gone)),
        ]
        return durations.filter { !$0.1.isEmpty }.map { name, durations in
            Figure(
                subject: "bring-up", contestant: contestant, circumstances: "\(count) nodes", name: name, unit: "ms",
                sample: Sample(durations, in: .milliseconds(1)))
        }
    }

    /// One row for each number of nodes and contestant, with how many times the limit and the first it took.
    static func table(_ figures: [Figure], limit: String, first: String) -> Table {
        var table = Table(
            head: ["nodes", "", "up, ms", "down returns, ms", "gone, ms", "up : limit", "up : ours", "runs"])
        let ups = figures.filter { $0.name == "up" }
        for up in ups {
            let find = { (name: String, contestant: String) in
                figures.first {
                    $0.circumstances == up.circumstances && $0.name == name && $0.contestant == contestant
                }?.sample
            }
            let ratio = { (other: String) in
                find("up", other).map { Sample.short(up.sample.median / $0.median) } ?? "-"
            }
            table.rows.append([
                up.circumstances, up.contestant, up.sample.text,
                find("down, returns", up.contestant)?.text ?? "-", find("down, gone", up.contestant)?.text ?? "-",
                ratio(limit), ratio(first), "\(up.sample.values.count)",
            ])
        }
        return table
    }
}

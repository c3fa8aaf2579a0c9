import Glibc
import LinuxSystem
import NetnsKit

/// `netnsbench [--quick] [--json] [--own] [COUNT...]`: how fast labs of so many nodes come and go, how soon they
/// notice, and what others need for the same; `--own` leaves the others out.
@main
struct NetnsBench {
    private let isQuick = CommandLine.arguments.contains("--quick")
    private let isJSON = CommandLine.arguments.contains("--json")

    private let isOwn = CommandLine.arguments.contains("--own")
    /// Numbers of nodes.
    private let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }.filter { (1...1000).contains($0) }

    static func main() async {
        // Whatever becomes of this, nothing is left outside.
        guard Sandbox.isInside else {
            SignalDescriptor.block(SignalDescriptor.endingSignals)
            do {
                exit(try Sandbox.relaunch())
            } catch {
                print(error)
                exit(1)
            }
        }
        await NetnsBench().run()
    }

    private func run() async {
        await bringUp()
        await publish("What a lab takes of its process") {
            try await Footprint(counts: counts.isEmpty ? (isQuick ? [10] : [10, 100, 200]) : counts).figures()
        }
        let runs = isQuick ? 50 : 500
        await publish("Events in microseconds: median (least...most)") {
            try await EventLatency(runs: runs).figures()
        }
        await publish("Frames between two nodes, on each fabric: median (least...most)") {
            try await FabricTrial(runs: isQuick ? 1 : 5).figures()
        }
        await publish("A flood of frames of 60 octets, for a second each") {
            try await CaptureLoss(rates: [20_000, 50_000, 100_000, 200_000], seconds: 1).figures()
        }
        await publish("A program in microseconds: median (least...most)") {
            try await SpawnCost(runs: runs / 2).figures()
        }
    }

    private func bringUp() async {
        let (limit, ours) = (RawLimit(), OwnLab(isolation: .network))
        let subject = BringUp(
            counts: counts.isEmpty ? (isQuick ? [2, 10] : [2, 10, 50, 100, 200]) : counts, runs: isQuick ? 3 : 7,
            contestants: [limit, ours, OwnLab(isolation: .full)] + (isOwn ? [] : Tool.all))
        let figures = await subject.figures { say($0) }
        publish(figures, "Nodes on one bridge, each with an address: median (least...most)") {
            BringUp.table(figures, limit: limit.name, first: ours.name)
        }
    }

    private func publish(_ title: String, _ measure: () async throws -> [Figure]) async {
        do {
            let figures = try await measure()
            publish(figures, title) { Table(figures) }
        } catch {
            say("\(title): \(error)")
        }
    }

    private func publish(_ figures: [Figure], _ title: String, _ table: () -> Table) {
        if isJSON {
            for figure in figures { say(figure.json) }
        } else {
            say("\n\(title)\n\(table().text)")
        }
    }

    /// A row is seen when it is there, also through a pipe.
    private func say(_ text: String) {
        print(text)
        fflush(nil)
    }
}

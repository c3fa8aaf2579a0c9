import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import Wire

/// Looks on while scenarios run, and tells what happens: at once, or kept until the scenario is reported.
final class LiveView: RunObserver {
    private let manner: Manner
    private let variant: LabVariant
    private let descriptor: Int32
    /// What happens to a lab whose scenario has ended, while it stands.
    private let hold: (@Sendable (Runner.Job, ScenarioRun) async -> Void)?
    private let stories = Mutex<[ObjectIdentifier: LiveStory]>([:])
    private let kept = Mutex<[String: [String]]>([:])

    enum Manner: Sendable {
        case silent
        case live
        case kept
    }

    init(
        _ manner: Manner, _ variant: LabVariant, to descriptor: Int32,
        hold: (@Sendable (Runner.Job, ScenarioRun) async -> Void)? = nil
    ) {
        self.manner = manner
        self.variant = variant
        self.descriptor = descriptor
        self.hold = hold
    }

    func begin(_ job: Runner.Job, in run: ScenarioRun) {
        guard manner == .live else { return }
        let (text, descriptor) = (text(for: run), descriptor)
        let heading = ReportText.heading(
            job.id, job.scenario.title, "\(job.daemons ?? run.daemons), \(variant.rawValue)")
        Terminal.tell((heading + [""]).joined(separator: "\n"), to: descriptor)
        let story = try? LiveStory(run) { lines in
            Terminal.tell(lines.flatMap(text.lines).joined(separator: "\n"), to: descriptor)
        }
        stories.withLock { $0[ObjectIdentifier(run)] = story }
    }

    func end(_ job: Runner.Job, in run: ScenarioRun) async {
        switch manner {
        case .silent: break
        case .live: stories.withLock { $0.removeValue(forKey: ObjectIdentifier(run)) }?.end()
        case .kept:
            var teller = Storyteller(run)
            for event in run.lab.timeline { teller.note(event) }
            let lines = teller.lines().flatMap(text(for: run).lines)
            kept.withLock { $0[Self.key(job.id, job.daemons ?? run.daemons, job.repetition)] = lines }
        }
        await hold?(job, run)
    }

    /// Whether a scenario was told while it ran.
    var isLive: Bool { manner == .live }

    /// What was kept of a scenario's last run.
    func story(of report: ScenarioReport) -> [String] {
        let key = "\(report.id) \(report.daemons) \(report.repetition ?? 0)"
        return kept.withLock { $0.removeValue(forKey: key) } ?? []
    }

    private static func key(_ id: String, _ daemons: DaemonPair, _ repetition: Int?) -> String {
        "\(id) \(daemons) \(repetition ?? 0)"
    }

    private func text(for run: ScenarioRun) -> NarrationText {
        NarrationText(
            origin: run.lab.start, nodes: run.lab.topology.nodes.map(\.name), style: Terminal.style(of: descriptor))
    }
}

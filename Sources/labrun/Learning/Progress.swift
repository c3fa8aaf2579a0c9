import FoundationEssentials
import LabCourse
import Labs
import LinuxSystem
import NetnsKit

/// How far a learner is. Losing it costs nothing: it only decides what is proposed next.
struct Progress: Codable, Hashable, Sendable {
    /// What is remembered of a step.
    struct Entry: Codable, Hashable, Sendable {
        /// What the last run came to.
        var verdict: Verdict?
        /// The last hint that was given; nil before the first.
        var hint: Int?
    }

    var v = 1
    var steps: [String: Entry] = [:]

    func hasPassed(_ step: LabStep) -> Bool { steps[step.id]?.verdict == .pass }

    /// Takes a result in; who has passed a step begins with its first hint the next time.
    mutating func note(_ verdict: Verdict, for step: String) {
        steps[step, default: Entry()].verdict = verdict
        if verdict == .pass { steps[step]?.hint = nil }
    }

    mutating func note(hint: Int, for step: String) {
        steps[step, default: Entry()].hint = hint
    }

    /// Takes a run in: of steps that are only watched, and of the learner's own files, as far as all of a step ran.
    mutating func note(_ reports: [ScenarioReport], _ variant: LabVariant) {
        for step in Course.steps where variant == .yours || (variant == .reference && step.files.isEmpty) {
            let own = reports.filter { $0.step == step.id }
            // A few that ran often are not all.
            let count = Set(own.map(\.scenario)).count
            guard let verdict = own.map(\.verdict).max(), count == step.scenarios(variant).count else { continue }
            note(verdict, for: step.id)
        }
    }

    /// The first step that has not passed; nil when all have.
    func next(of steps: [LabStep]) -> LabStep? {
        steps.first { !hasPassed($0) }
    }
}

/// Where progress is kept.
struct ProgressFile: Sendable {
    var path: String
    /// Whose it is, when somebody else writes it for them.
    var owner: FileStatus?

    /// - Parameter environment: `LABRUN_STATE` names the file; otherwise it is in the user's state directory, which
    ///   under sudo is that of whoever called sudo.
    init?(
        environment: (String) -> String? = ThisProcess.environment, isRoot: Bool = UserAccount.own.user == 0,
        home: (UInt32) -> String? = UserAccount.homeDirectory(ofUser:)
    ) {
        func named(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        let caller = isRoot ? named("SUDO_UID").flatMap(UInt32.init) : nil
        if let caller {
            let group = named("SUDO_GID").flatMap(UInt32.init) ?? caller
            owner = FileStatus(owner: caller, group: group, mode: 0)
        }
        if let path = named("LABRUN_STATE") {
            self.path = path
        } else if let directory = named("XDG_STATE_HOME") {
            path = directory + "/labrun/state.json"
        } else if let directory = caller.flatMap(home) ?? named("HOME") {
            path = directory + "/.local/state/labrun/state.json"
        } else {
            return nil
        }
    }

    /// What is known; nothing, when the file is not there or is not one of ours.
    func read() -> Progress {
        guard let octets = try? FileSystem.read(path, atMost: 1 << 20),
            let progress = try? JSONDecoder().decode(Progress.self, from: Data(octets))
        else { return Progress() }
        return progress
    }

    /// Changes what is known; where that cannot be written, nobody is bothered.
    func update(_ change: (inout Progress) -> Void) {
        var progress = read()
        let old = progress
        change(&progress)
        guard progress != old, let line = try? JSONLines.line(progress) else { return }
        makeDirectory()
        guard (try? FileSystem.replace(path, with: Array((line + "\n").utf8), mode: 0o644)) != nil else { return }
        if let owner { FileSystem.give(path, toLike: owner) }
    }

    /// Makes the directories above the file, for its owner.
    private func makeDirectory() {
        let parts = path.split(separator: "/").dropLast()
        for end in parts.indices {
            let directory = (path.hasPrefix("/") ? "/" : "") + parts[...end].joined(separator: "/")
            guard (try? FileSystem.makeNewDirectory(directory)) == true, let owner else { continue }
            FileSystem.give(directory, toLike: owner)
        }
    }
}

extension Progress {
    /// What is known of this user.
    static var own: Progress { ProgressFile()?.read() ?? Progress() }

    /// Changes what is known of this user.
    static func update(_ change: (inout Progress) -> Void) {
        ProgressFile()?.update(change)
    }
}

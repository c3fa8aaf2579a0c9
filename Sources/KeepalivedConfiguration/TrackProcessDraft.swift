import VRRPCore

/// A `vrrp_track_process` as it was written.
struct TrackProcessDraft: Draft {
    let name: Located<String>
    var command: Located<ScriptCommand>?
    var match = TrackProcess.ParameterMatch.exact
    var weight = TrackedWeight()
    var quorum: Located<Int>?
    var quorumMaximum: Located<Int>?
    var delay: Located<Duration>?
    var forkDelay: Located<Duration>?
    var terminateDelay: Located<Duration>?
    var comparesCommandLine: Located<Bool>?

    init(name: Located<String>) {
        self.name = name
    }

    var subject: String { "track_process \(name.value): " }

    /// nil, with a word about it, when nothing says which processes are meant.
    func checked(_ diagnostics: inout Diagnostics) -> (TrackProcess, ProcessConfiguration)? {
        guard let command else {
            diagnostics.error("No process set for track_process \(name.value) - ignoring", at: name.location)
            return nil
        }
        // Without a quorum, a maximum of none means that there must be none.
        let least = quorum?.value ?? min(1, quorumMaximum?.value ?? 1)
        var most = quorumMaximum?.value ?? .max
        if most < least {
            diagnostics.error(
                "\(subject)quorum_max \(most) is below the quorum of \(least) - ignoring quorum_max",
                at: quorumMaximum?.location ?? name.location)
            most = .max
        }
        let parameters = command.value.arguments.dropFirst()
        let process = TrackProcess(
            name: name.value, program: command.value.arguments[0],
            parameters: parameters.isEmpty && match == .exact ? nil : Array(parameters), match: match,
            comparesCommandLine: comparesCommandLine?.value ?? false)
        var counting = ProcessConfiguration(name: name.value)
        counting.quorum = least...most
        counting.terminateDelay = terminateDelay?.value ?? delay?.value ?? .zero
        counting.forkDelay = forkDelay?.value ?? delay?.value ?? .zero
        return (process, counting)
    }
}

private let delays: ClosedRange<Duration> = .microseconds(1) ... .seconds(3600)

/// `vrrp_track_process NAME { … }`.
let trackProcessKeywords = KeywordTable<TrackProcessDraft>([
    .command("process", \.command, style: .check),
    Keyword("param_match") { directive, process, diagnostics in
        directive.expectNoMore(after: 1, &diagnostics)
        switch directive.arguments.first?.text {
        case "initial": process.match = .initial
        case "partial": process.match = .partial
        case let other:
            diagnostics.error(
                "\(process.subject)unknown param_match '\(other ?? "")' - ignoring; initial and partial are known",
                at: directive.keyword.location)
        }
    },
    Keyword("weight") { directive, process, diagnostics in
        let refusal = process.subject + "weight not valid!"
        if let weight = TrackedWeight.read(directive, at: 0, in: -254...254, refusal: refusal, &diagnostics) {
            process.weight = weight
        }
    },
    .integer("quorum", 1...65_535, \.quorum),
    .integer("quorum_max", 0...65_535, \.quorumMaximum),
    .seconds("delay", delays, \.delay),
    .seconds("fork_delay", delays, \.forkDelay),
    .seconds("terminate_delay", delays, \.terminateDelay),
    .flag("full_command", \.comparesCommandLine),
])

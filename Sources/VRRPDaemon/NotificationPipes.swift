import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

/// The named pipes that get a line for each transition, in the order in which transitions happen.
///
/// A reader that comes late finds what a pipe holds (64 KiB); what no longer fits is dropped and counted.
struct NotificationPipes {
    private struct Outlet {
        let fifo: NotifyFIFO
        let pipe: Box<NamedPipe>
        var lost = 0
    }

    private var outlets: [Outlet] = []

    /// Opens the pipes of a configuration and closes the others; those that stay keep what is in them.
    ///
    /// - Returns: what could not be opened, and why.
    mutating func match(
        _ fifos: [NotifyFIFO], lookUp: (String) -> UserAccount? = { UserAccount(named: $0) }
    ) -> [LogEntry] {
        let former = outlets
        var log: [LogEntry] = []
        outlets = []
        for fifo in fifos {
            if let same = former.first(where: { $0.fifo == fifo }) {
                outlets.append(same)
                continue
            }
            do {
                let owner = owner(of: fifo, lookUp, &log)
                outlets.append(Outlet(fifo: fifo, pipe: Box(try NamedPipe(at: fifo.path, owner: owner))))
            } catch {
                log.append(LogEntry(.notice, "FIFO \(fifo.path) cannot be used: \(error)"))
            }
        }
        return log
    }

    /// Writes a line for a transition, wherever it fits.
    mutating func write(_ transition: Transition) -> [LogEntry] {
        let line = Self.line(for: transition)
        return outlets.indices.flatMap { write(line, to: &outlets[$0]) }
    }

    private func write(_ line: String, to outlet: inout Outlet) -> [LogEntry] {
        guard outlet.pipe.value.write(line) else {
            outlet.lost += 1
            guard outlet.lost == 1 else { return [] }
            return [LogEntry(.notice, "FIFO \(outlet.fifo.path) is full: lines are dropped until somebody reads it")]
        }
        defer { outlet.lost = 0 }
        guard outlet.lost > 0 else { return [] }
        return [LogEntry(.notice, "FIFO \(outlet.fifo.path) takes lines again; \(outlet.lost) were dropped")]
    }

    /// keepalived's line. A name holds neither quotes nor ends of lines, for its configuration could not.
    static func line(for transition: Transition) -> String {
        "\(transition.subject.rawValue) \"\(transition.router)\" \(transition.state.rawValue) \(transition.priority)\n"
    }

    private func owner(
        of fifo: NotifyFIFO, _ lookUp: (String) -> UserAccount?, _ log: inout [LogEntry]
    ) -> UserAccount? {
        guard let user = fifo.user else { return nil }
        guard let account = lookUp(user) else {
            log.append(LogEntry(.notice, "FIFO \(fifo.path): there is no user '\(user)'; it stays the daemon's"))
            return nil
        }
        guard let name = fifo.group else { return account }
        guard let group = UserAccount.groupNumber(named: name) else {
            log.append(LogEntry(.notice, "FIFO \(fifo.path): there is no group '\(name)'"))
            return account
        }
        return UserAccount(user: account.user, group: group)
    }
}

import Glibc
import LinuxSystem
import NetnsKit
import Synchronization

/// Answers those who connect to a standing lab, each on a thread of its own, until one asks for the end.
final class SessionServer: Sendable {
    private let session: Session
    private let listener: LocalListener
    private let wakeup: Wakeup
    private let isEnding = Mutex(false)

    init(_ session: Session, at path: String) throws(SystemError) {
        listener = try LocalListener(at: path)
        wakeup = try Wakeup()
        self.session = session
    }

    /// Returns when somebody has asked for the end, or when the task is canceled.
    func serve() async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                startThread(named: "lab-door") { [self] in
                    listen()
                    continuation.resume()
                }
            }
        } onCancel: {
            end()
        }
        try Task.checkCancellation()
    }

    private func end() {
        isEnding.withLock { $0 = true }
        wakeup.signal()
    }

    private func listen() {
        guard let loop = try? EventLoop(), (try? loop.watch(listener.descriptor, as: 0)) != nil,
            (try? loop.watch(wakeup.descriptor, as: 1)) != nil
        else { return }
        while !isEnding.withLock({ $0 }) {
            guard let ready = try? loop.wait(until: nil) else { return }
            guard ready.contains(0), let visitor = try? Visitor(at: listener) else { continue }
            startThread(named: "lab-visitor") { [self] in attend(visitor) }
        }
    }

    private func attend(_ visitor: Visitor) {
        guard let message = try? visitor.connection.receive() else { return }
        do {
            try answer(message, visitor)
        } catch let refusal as SessionRefusal {
            try? visitor.connection.send(SessionReply.refused(refusal.sentence, code: refusal.status.rawValue))
        } catch {
            try? visitor.connection.send(SessionReply.refused("\(error)", code: ExitStatus.internalError.rawValue))
        }
    }

    private func answer(_ message: LocalConnection.Message, _ visitor: Visitor) throws {
        let reply: SessionReply
        switch try SessionMessage.value(SessionRequest.self, from: message.octets) {
        case .status: reply = .status(try session.status())
        case .end:
            try visitor.connection.send(SessionReply.done([]))
            return end()
        case .execute(let order):
            return try session.execute(order, on: message.files, for: visitor.connection)
        case .signal: throw SessionRefusal("no program runs here that could get a signal")
        case .breakNode(let node, let how): reply = .done(try session.breakNode(node, how: how))
        case .heal(let node, let how): reply = .done(try session.heal(node, how: how))
        case .look(let node): reply = .look(try session.look(at: node))
        case .capture(let segment): return try session.capture(segment, for: visitor.connection)
        }
        try visitor.connection.send(reply)
    }
}

/// Somebody who has connected.
private final class Visitor: Sendable {
    let connection: LocalConnection

    init(at listener: borrowing LocalListener) throws(SystemError) {
        connection = try listener.accept()
    }
}

import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// Delivers mail about transitions, one at a time, while the daemon does other things. Nothing is tried twice.
struct Mailer {
    private struct Delivery {
        let socket: Box<StreamSocket>
        var dialogue: SMTPDialogue
        var timesOutAt: Instant
    }

    /// More than this do not wait; then the oldest is given up, for what is newest counts.
    static let capacity = 100

    private var mail: MailConfiguration?
    private var routerID = ""
    private var lookup: NameLookup?
    private var address: IPAddress?
    private var waiting: [MailMessage] = []
    private var delivery: Delivery?

    /// When a server must have answered.
    var nextDeadline: Instant? { delivery?.timesOutAt }

    /// Takes over the settings, and finds out where the server is.
    mutating func adopt(_ mail: MailConfiguration?, routerID: String, _ loop: borrowing EventLoop) -> LogEntry? {
        self.routerID = routerID
        let isElsewhere = mail?.server != self.mail?.server
        self.mail = mail
        guard let mail else {
            waiting = []
            return nil
        }
        guard isElsewhere || address == nil && lookup == nil else { return nil }
        address = IPAddress(mail.server)
        lookup = nil
        guard address == nil else { return nil }
        do {
            let lookup = try NameLookup(mail.server)
            try loop.watch(lookup.descriptor, as: EventSource.nameLookup.token)
            self.lookup = lookup
            return nil
        } catch {
            return LogEntry(.notice, "The SMTP server \(mail.server) cannot be looked up: \(error)")
        }
    }

    /// The name of the server was looked up.
    mutating func learnAddress(at now: Instant, _ loop: borrowing EventLoop) -> LogEntry? {
        guard let lookup, let addresses = lookup.addresses else { return nil }
        loop.unwatch(lookup.descriptor)
        self.lookup = nil
        address = addresses.first
        guard address == nil else { return deliverNext(at: now, loop) }
        defer { waiting = [] }
        return LogEntry(.notice, "The SMTP server \(mail?.server ?? "") has no address; no mail is sent until a reload")
    }

    /// Writes about a transition, if that is wanted.
    mutating func report(_ transition: Transition, at now: Instant, _ loop: borrowing EventLoop) -> LogEntry? {
        guard let mail, address != nil || lookup != nil,
            let message = MailMessage(
                about: transition, to: mail, from: mail.sender ?? "root@\(ThisProcess.hostName)", routerID: routerID,
                date: Self.date(at: now))
        else { return nil }
        waiting.append(message)
        var entry: LogEntry?
        if waiting.count > Self.capacity {
            waiting.removeFirst()
            entry = LogEntry(.notice, "A mail was given up: \(Self.capacity) others wait for the SMTP server")
        }
        return deliverNext(at: now, loop) ?? entry
    }

    /// The server has spoken, or the connection has failed.
    mutating func hear(at now: Instant, _ loop: borrowing EventLoop) -> LogEntry? {
        guard var delivery else { return nil }
        do {
            guard let octets = try delivery.socket.value.read() else { return nil }
            switch delivery.dialogue.hear(octets) {
            case .send(let octets):
                // Only a whole reply buys time: one octet at a time does not.
                if !octets.isEmpty {
                    try delivery.socket.value.send(octets)
                    delivery.timesOutAt = now + timeout
                }
                self.delivery = delivery
                return nil
            case .delivered(let farewell):
                try? delivery.socket.value.send(farewell)
                return finish(nil, at: now, loop)
            case .failed(let reason):
                return finish(reason, at: now, loop)
            }
        } catch {
            return finish("\(error)", at: now, loop)
        }
    }

    /// Gives up on a server that does not answer.
    mutating func meetDeadline(at now: Instant, _ loop: borrowing EventLoop) -> LogEntry? {
        guard let delivery, delivery.timesOutAt <= now else { return nil }
        return finish("the server does not answer", at: now, loop)
    }

    private var timeout: Duration { mail?.timeout ?? .seconds(30) }

    /// With a mail that failed go those behind it: the server that failed is theirs too.
    private mutating func finish(_ problem: String?, at now: Instant, _ loop: borrowing EventLoop) -> LogEntry? {
        delivery = nil
        guard let problem else { return deliverNext(at: now, loop) }
        let count = waiting.count + 1
        waiting = []
        return LogEntry(.notice, "SMTP server \(mail?.server ?? ""): \(problem); mails not delivered: \(count)")
    }

    private mutating func deliverNext(at now: Instant, _ loop: borrowing EventLoop) -> LogEntry? {
        guard delivery == nil, let mail, let address, !waiting.isEmpty else { return nil }
        let message = waiting.removeFirst()
        do {
            let socket = Box(try StreamSocket(to: address, port: mail.port))
            try loop.watch(socket.value.descriptor, as: EventSource.mail.token)
            let dialogue = SMTPDialogue(message, heloName: mail.heloName ?? ThisProcess.hostName)
            delivery = Delivery(socket: socket, dialogue: dialogue, timesOutAt: now + timeout)
            return nil
        } catch {
            return finish("\(error)", at: now, loop)
        }
    }

    private static func date(at now: Instant) -> String {
        let seconds = (now.nanoseconds + MonotonicClock.offsetToRealTime) / 1_000_000_000
        return LocalTime(secondsSince1970: seconds).mailDate
    }
}

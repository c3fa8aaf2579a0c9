/// The client's side of one delivery (RFC 5321): octets of the server in, octets for the server out.
///
/// Any reply that is not the expected one ends it; nothing that a server says can make it say anything else.
struct SMTPDialogue: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        /// To be sent, or nothing while a reply is incomplete.
        case send([UInt8])
        /// The server has taken the mail. The octets say goodbye.
        case delivered(farewell: [UInt8])
        case failed(String)
    }

    private enum Expectation: Hashable, Sendable {
        case greeting, hello, sender, recipient(Int), data, acceptance
        case nothing
    }

    private let message: MailMessage
    private let heloName: String
    private var expectation = Expectation.greeting
    /// What the server said since the last whole line.
    private var line: [UInt8] = []
    private var lines = 0
    private var accepted = 0
    /// A server that says more is not one.
    private static let longestLine = 1024
    private static let mostLines = 100

    init(_ message: MailMessage, heloName: String) {
        self.message = message
        self.heloName = heloName
    }

    /// Takes in what the server said; the end of the connection is empty.
    mutating func hear(_ octets: [UInt8]) -> Step {
        guard !octets.isEmpty else { return fail("the server closed the connection") }
        var output: [UInt8] = []
        for octet in octets {
            guard octet == UInt8(ascii: "\n") else {
                line.append(octet)
                if line.count > Self.longestLine { return fail("the server's line is too long") }
                continue
            }
            defer { line = [] }
            lines += 1
            if lines > Self.mostLines { return fail("the server's reply is too long") }
            guard let reply = Reply(line) else { return fail("the server does not speak SMTP") }
            guard reply.isLast else { continue }
            lines = 0
            switch take(reply) {
            case .send(let octets): output += octets
            case let end: return end
            }
        }
        return .send(output)
    }

    private mutating func take(_ reply: Reply) -> Step {
        switch (expectation, reply.code) {
        case (.greeting, 220): return proceed(to: .hello, saying: "HELO \(heloName)")
        case (.hello, 250): return proceed(to: .sender, saying: "MAIL FROM:<\(message.sender)>")
        case (.sender, 250): return address(0)
        case (.recipient(let index), 250...251):
            accepted += 1
            return address(index + 1)
        // One recipient that the server does not want is no reason to let the others wait.
        case (.recipient(let index), 450...559): return address(index + 1)
        case (.data, 354):
            expectation = .acceptance
            return .send(message.octets)
        case (.acceptance, 250):
            expectation = .nothing
            return .delivered(farewell: Array("QUIT\r\n".utf8))
        default: return fail("the server answered \(reply.code)")
        }
    }

    private mutating func address(_ index: Int) -> Step {
        guard index < message.recipients.count else {
            return accepted > 0 ? proceed(to: .data, saying: "DATA") : fail("the server wants no recipient's mail")
        }
        return proceed(to: .recipient(index), saying: "RCPT TO:<\(message.recipients[index])>")
    }

    private mutating func proceed(to next: Expectation, saying command: String) -> Step {
        expectation = next
        return .send(Array("\(command)\r\n".utf8))
    }

    private mutating func fail(_ reason: String) -> Step {
        expectation = .nothing
        return .failed(reason)
    }

    /// One line of a reply: three digits, then a hyphen when more lines follow.
    private struct Reply {
        let code: Int
        let isLast: Bool

        init?(_ line: [UInt8]) {
            let digits = line.prefix(3)
            guard digits.count == 3, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            let next = line.dropFirst(3).first { $0 != UInt8(ascii: "\r") }
            guard next == nil || next == UInt8(ascii: " ") || next == UInt8(ascii: "-") else { return nil }
            code = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            isLast = next != UInt8(ascii: "-")
        }
    }
}

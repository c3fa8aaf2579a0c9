import Glibc
import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Mail on its way")
struct MailerTests {
    /// A server on the loopback interface that says what the test wants.
    private struct Server: ~Copyable {
        let listener: OwnedDescriptor
        let port: UInt16

        init() throws {
            listener = OwnedDescriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let number = listener.number
            unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(number, $0, length)
                    listen(number, 1)
                    unsafe getsockname(number, $0, &length)
                }
            }
            port = UInt16(bigEndian: address.sin_port)
        }

        func accept() -> OwnedDescriptor {
            OwnedDescriptor(owning: Glibc.accept(listener.number, nil, nil))
        }
    }

    private func mail(_ port: UInt16) -> MailConfiguration {
        var mail = MailConfiguration(recipients: ["a@x.org"], server: "127.0.0.1")
        mail.port = port
        mail.timeout = .seconds(5)
        mail.heloName = "node1"
        return mail
    }

    private let transition = Transition(router: "VI_1", state: .backup, priority: 100)

    /// Waits for the server's word, and lets the mailer answer.
    private func turn(_ mailer: inout Mailer, _ loop: borrowing EventLoop) throws -> LogEntry? {
        #expect(try loop.wait(until: nil) == [EventSource.mail.token])
        return mailer.hear(at: .zero, loop)
    }

    @Test("Two mails go out one after the other, each over a connection of its own")
    func twoMails() throws {
        let server = try Server()
        let loop = try EventLoop()
        var mailer = Mailer()
        #expect(mailer.adopt(mail(server.port), routerID: "R1", loop) == nil)
        #expect(mailer.report(transition, at: .zero, loop) == nil)
        #expect(mailer.report(Transition(router: "VI_1", state: .master, priority: 100), at: .zero, loop) == nil)
        #expect(mailer.nextDeadline == Instant(nanoseconds: 5_000_000_000))
        for subject in ["Entering BACKUP state", "Entering MASTER state"] {
            let connection = server.accept()
            for (line, answer) in [
                ("220 hello", "HELO node1\r\n"), ("250 ok", "MAIL FROM:<"), ("250 ok", "RCPT TO:<a@x.org>\r\n"),
                ("250 ok", "DATA\r\n"), ("354 go", "Date: "),
            ] {
                try connection.write(Array("\(line)\r\n".utf8))
                #expect(try turn(&mailer, loop) == nil)
                let said = String(decoding: try connection.read() ?? [], as: UTF8.self)
                #expect(said.hasPrefix(answer))
                if line == "354 go" { #expect(said.contains("Subject: [R1] VRRP Instance VI_1 - \(subject)\r\n")) }
            }
            try connection.write(Array("250 queued\r\n".utf8))
            #expect(try turn(&mailer, loop) == nil)
            #expect(try connection.read() == Array("QUIT\r\n".utf8))
        }
        #expect(mailer.nextDeadline == nil)
    }

    @Test("A server that refuses the connection costs the mails that wait, and one line in the log")
    func refused() throws {
        let port: UInt16
        do { port = try Server().port }
        let loop = try EventLoop()
        var mailer = Mailer()
        _ = mailer.adopt(mail(port), routerID: "R1", loop)
        _ = mailer.report(transition, at: .zero, loop)
        _ = mailer.report(transition, at: .zero, loop)
        let entry = try turn(&mailer, loop)
        #expect(
            entry?.text == "SMTP server 127.0.0.1: read: Connection refused; mails not delivered: 2")
        #expect(mailer.nextDeadline == nil)
    }

    @Test("A server that says nothing is left when its time is over, and one octet at a time buys none")
    func silent() throws {
        let server = try Server()
        let loop = try EventLoop()
        var mailer = Mailer()
        _ = mailer.adopt(mail(server.port), routerID: "R1", loop)
        _ = mailer.report(transition, at: .zero, loop)
        let connection = server.accept()
        try connection.write(Array("2".utf8))
        #expect(try turn(&mailer, loop) == nil)
        #expect(mailer.meetDeadline(at: Instant(nanoseconds: 4_999_999_999), loop) == nil)
        let entry = mailer.meetDeadline(at: Instant(nanoseconds: 5_000_000_000), loop)
        #expect(
            entry?.text == "SMTP server 127.0.0.1: the server does not answer; mails not delivered: 1")
        #expect(mailer.nextDeadline == nil)
    }

    @Test("While the server's name is looked up, mails wait; a name that means nothing costs them")
    func unknownName() throws {
        let loop = try EventLoop()
        var mailer = Mailer()
        var mail = mail(25)
        mail.server = "no-such-host.invalid"
        #expect(mailer.adopt(mail, routerID: "R1", loop) == nil)
        #expect(mailer.report(transition, at: .zero, loop) == nil)
        #expect(mailer.nextDeadline == nil)
        #expect(try loop.wait(until: nil) == [EventSource.nameLookup.token])
        #expect(
            mailer.learnAddress(at: .zero, loop)?.text
                == "The SMTP server no-such-host.invalid has no address; no mail is sent until a reload")
        #expect(mailer.report(transition, at: .zero, loop) == nil)
    }

    @Test("Nobody gets mail when nobody asked for it")
    func nobody() throws {
        let loop = try EventLoop()
        var mailer = Mailer()
        #expect(mailer.adopt(nil, routerID: "R1", loop) == nil)
        #expect(mailer.report(transition, at: .zero, loop) == nil)
        #expect(mailer.nextDeadline == nil)
    }

    @Test("The date of a mail is RFC 5322's")
    func date() {
        var time = LocalTime(year: 2026, month: 11, day: 8, weekday: 0, hour: 5, minute: 3, second: 9)
        #expect(time.mailDate == "Sun, 8 Nov 2026 05:03:09 +0000")
        time.aheadOfUTC = -(3 * 3600 + 1800)
        #expect(time.mailDate == "Sun, 8 Nov 2026 05:03:09 -0330")
    }
}

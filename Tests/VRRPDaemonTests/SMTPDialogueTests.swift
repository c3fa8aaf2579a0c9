import KeepalivedConfiguration
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("A delivery of mail")
struct SMTPDialogueTests {
    private func message(to recipients: [String] = ["a@x.org", "b@x.org"]) -> MailMessage {
        var mail = MailConfiguration(recipients: recipients, server: "192.0.2.1")
        mail.omitsFaults = false
        return MailMessage(
            about: Transition(router: "VI_1", state: .master, priority: 150), to: mail, from: "k@x.org",
            routerID: "R1", date: "Sat, 28 Nov 2026 05:43:37 +0000")!
    }

    private func dialogue(to recipients: [String] = ["a@x.org", "b@x.org"]) -> SMTPDialogue {
        SMTPDialogue(message(to: recipients), heloName: "node1")
    }

    private func hear(_ dialogue: inout SMTPDialogue, _ text: String) -> String {
        switch dialogue.hear(Array(text.utf8)) {
        case .send(let octets): String(decoding: octets, as: UTF8.self)
        case .delivered(let farewell): "delivered, " + String(decoding: farewell, as: UTF8.self)
        case .failed(let reason): "failed: \(reason)"
        }
    }

    @Test("It goes through every command of RFC 5321 in order")
    func wholeDialogue() {
        var dialogue = dialogue()
        #expect(hear(&dialogue, "220 mail ESMTP\r\n") == "HELO node1\r\n")
        #expect(hear(&dialogue, "250 hello\r\n") == "MAIL FROM:<k@x.org>\r\n")
        #expect(hear(&dialogue, "250 ok\r\n") == "RCPT TO:<a@x.org>\r\n")
        #expect(hear(&dialogue, "250 ok\r\n") == "RCPT TO:<b@x.org>\r\n")
        #expect(hear(&dialogue, "251 will forward\r\n") == "DATA\r\n")
        #expect(
            hear(&dialogue, "354 go on\r\n") == """
                Date: Sat, 28 Nov 2026 05:43:37 +0000\r
                From: k@x.org\r
                Subject: [R1] VRRP Instance VI_1 - Entering MASTER state\r
                X-Mailer: Vrrpd\r
                To: a@x.org, b@x.org\r
                \r
                => VRRP Instance is now owning VRRP VIPs <=\r
                .\r

                """)
        #expect(hear(&dialogue, "250 queued\r\n") == "delivered, QUIT\r\n")
    }

    @Test("A reply of several lines is answered once, also when it comes octet by octet")
    func severalLines() {
        var dialogue = dialogue()
        #expect(hear(&dialogue, "220-wel") == "")
        #expect(hear(&dialogue, "come\r\n220-to\r\n220") == "")
        #expect(hear(&dialogue, " mail\r") == "")
        #expect(hear(&dialogue, "\n") == "HELO node1\r\n")
        #expect(hear(&dialogue, "250\n") == "MAIL FROM:<k@x.org>\r\n")
    }

    @Test("A recipient that the server does not want keeps nobody else's mail back")
    func unwantedRecipient() {
        var dialogue = dialogue()
        _ = hear(&dialogue, "220 x\r\n")
        _ = hear(&dialogue, "250 x\r\n")
        #expect(hear(&dialogue, "250 x\r\n") == "RCPT TO:<a@x.org>\r\n")
        #expect(hear(&dialogue, "550 no such user\r\n") == "RCPT TO:<b@x.org>\r\n")
        #expect(hear(&dialogue, "250 x\r\n") == "DATA\r\n")
    }

    @Test("Without any recipient that the server wants, there is nothing to deliver")
    func noRecipient() {
        var dialogue = dialogue(to: ["a@x.org"])
        _ = hear(&dialogue, "220 x\r\n")
        _ = hear(&dialogue, "250 x\r\n")
        _ = hear(&dialogue, "250 x\r\n")
        #expect(hear(&dialogue, "550 no\r\n") == "failed: the server wants no recipient's mail")
    }

    @Test(
        "A server that says something else ends it",
        arguments: [
            ("554 go away\r\n", "failed: the server answered 554"),
            ("250 ok\r\n", "failed: the server answered 250"),
            ("SSH-2.0-OpenSSH\r\n", "failed: the server does not speak SMTP"),
            ("22\r\n", "failed: the server does not speak SMTP"),
            ("220\u{0}x\r\n", "failed: the server does not speak SMTP"),
            ("\r\n", "failed: the server does not speak SMTP"),
            ("", "failed: the server closed the connection"),
        ])
    func hostileGreeting(text: String, answer: String) {
        var dialogue = dialogue()
        #expect(hear(&dialogue, text) == answer)
    }

    @Test("A server that never ends a line or a reply is left after a kilooctet, or a hundred lines")
    func endlessReply() {
        var dialogue = dialogue()
        #expect(hear(&dialogue, String(repeating: "2", count: 1024)) == "")
        #expect(hear(&dialogue, "2") == "failed: the server's line is too long")
        var other = self.dialogue()
        #expect(hear(&other, String(repeating: "220-x\r\n", count: 100)) == "")
        #expect(hear(&other, "220-x\r\n") == "failed: the server's reply is too long")
    }

    @Test("Replies that come before their commands are answered one by one, and win nothing")
    func eagerServer() {
        var dialogue = dialogue(to: ["a@x.org"])
        let answer = hear(&dialogue, "220 x\r\n250 x\r\n250 x\r\n250 x\r\n354 x\r\n250 x\r\n250 x\r\n")
        #expect(answer == "delivered, QUIT\r\n")
        #expect(hear(&dialogue, "250 x\r\n") == "failed: the server answered 250")
    }

    @Test("A line that begins with a dot gets another, so that it does not end the mail")
    func dots() {
        var mail = MailConfiguration(recipients: ["a@x.org"], server: "x")
        mail.sender = ".k"
        let message = MailMessage(
            about: Transition(router: "V", state: .master, priority: 1), to: mail, from: "k", routerID: "r",
            date: "d")
        let text = String(decoding: message?.octets ?? [], as: UTF8.self)
        #expect(text.hasSuffix("\r\n.\r\n"))
        #expect(text.components(of: "\r\n.").count == 2)
    }

    @Test("No name can add a line to a command or a header")
    func injection() {
        let mail = MailConfiguration(recipients: ["a@x.org>\r\nDATA\r\n."], server: "x")
        let message = MailMessage(
            about: Transition(router: "V\r\nBcc: c@x.org", state: .master, priority: 1), to: mail, from: "k\r\nRSET",
            routerID: "r\n", date: "d")
        let text = String(decoding: message?.octets ?? [], as: UTF8.self)
        #expect(text.contains("From: kRSET\r\n"))
        #expect(text.contains("Subject: [r] VRRP Instance VBcc: c@x.org - Entering MASTER state\r\n"))
        #expect(text.contains("To: a@x.org>DATA.\r\n"))
    }

    @Test("Groups, the end and faults have keepalived's words; faults can be kept back")
    func words() {
        var mail = MailConfiguration(recipients: ["a@x.org"], server: "x")
        func subject(_ subject: Transition.Subject, _ state: NotifiedState) -> String? {
            MailMessage(
                about: Transition(subject, router: "N", state: state, priority: 1), to: mail, from: "k",
                routerID: "r", date: "d")?.subject
        }
        #expect(subject(.group, .backup) == "[r] VRRP Group N - Entering BACKUP state")
        #expect(subject(.instance, .fault) == "[r] VRRP Instance N - Entering FAULT state")
        #expect(subject(.instance, .stop) == "[r] VRRP Instance N - Stopped")
        #expect(subject(.instance, .masterPriority) == nil)
        mail.omitsFaults = true
        #expect(subject(.instance, .fault) == nil)
        #expect(subject(.instance, .master) != nil)
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] { split(separator: separator) }
}

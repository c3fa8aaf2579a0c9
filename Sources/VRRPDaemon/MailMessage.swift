import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

/// A mail about a transition, ready for the wire (RFC 5322).
struct MailMessage: Hashable, Sendable {
    let sender: String
    let recipients: [String]
    let subject: String
    let body: String
    /// As the header `Date` wants it.
    let date: String

    /// keepalived's words for a transition; nil for one that is not mailed.
    init?(
        about transition: Transition, to mail: MailConfiguration, from sender: String, routerID: String, date: String
    ) {
        guard let word = Self.words[transition.state], !(mail.omitsFaults && transition.state == .fault) else {
            return nil
        }
        self.sender = Self.harmless(sender)
        recipients = mail.recipients.map { Self.harmless($0) }
        self.date = date
        switch transition.subject {
        case .instance:
            subject = "[\(routerID)] VRRP Instance \(transition.router) - \(word.subject)"
            body = "=> VRRP Instance \(word.body) <="
        case .group:
            subject = "[\(routerID)] VRRP Group \(transition.router) - \(word.subject)"
            body = "=> All VRRP group instances \(word.groupBody) <="
        }
    }

    private static let words: [NotifiedState: (subject: String, body: String, groupBody: String)] = [
        .master: ("Entering MASTER state", "is now owning VRRP VIPs", "are now in MASTER state"),
        .backup: ("Entering BACKUP state", "is nolonger owning VRRP VIPs", "are now in BACKUP state"),
        .fault: ("Entering FAULT state", "is no longer owning VRRP VIPs", "are now in FAULT state"),
        .stop: ("Stopped", "is no longer owning VRRP VIPs", "are now stopped"),
    ]

    /// Headers, an empty line, the text and the single dot that ends it (RFC 5321 §4.5.2).
    var octets: [UInt8] {
        let headers = [
            "Date: \(date)", "From: \(sender)", "Subject: \(Self.harmless(subject))", "X-Mailer: Vrrpd",
            "To: \(recipients.joined(separator: ", "))",
        ]
        let lines = headers + [""] + body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let text = lines.map { ($0.hasPrefix(".") ? "." : "") + $0 + "\r\n" }.joined() + ".\r\n"
        return Array(text.utf8)
    }

    /// A header or a command must not come to hold a second line.
    private static func harmless(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
    }
}

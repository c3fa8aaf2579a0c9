/// Whom the daemon writes to about transitions, and how its mail gets there (`notification_email`, `smtp_server` …).
public struct MailConfiguration: Hashable, Sendable {
    public var recipients: [String]
    /// nil: our user at the host's name (`notification_email_from`).
    public var sender: String?
    /// A name or an address.
    public var server: String
    public var port: UInt16 = 25
    /// How long each answer of the server may take (`smtp_connect_timeout`).
    public var timeout: Duration = .seconds(30)
    /// What the daemon calls itself; nil: the host's name (`smtp_helo_name`).
    public var heloName: String?
    /// Nobody is told of faults (`no_email_faults`).
    public var omitsFaults = false

    public init(recipients: [String], server: String) {
        self.recipients = recipients
        self.server = server
    }
}

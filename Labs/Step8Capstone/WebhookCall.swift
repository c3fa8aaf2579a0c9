import Timeline
import Wire

/// A call that the webhook receiver took: which balancer called, and what it said.
struct WebhookCall: Hashable, Sendable {
    /// Whose management address the call came from; nil for any other address.
    var balancer: String?
    var source: IPAddress
    /// The name of the `vrrp_instance`, when the body has a member `instance`.
    var instance: String?
    /// `MASTER`, `BACKUP` or `FAULT`, when the body has a member `state`.
    var state: String?
    /// The body as it came.
    var body: String

    /// Reads a line of the receiver's log; one that is no POST is none.
    init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "webhook", words[2] == "POST", let source = IPAddress(String(words[1]))
        else { return nil }
        self.source = source
        body = String(words[3])
        balancer = CapstoneNetwork.balancers.first { CapstoneNetwork.address(of: $0, in: 9) == source }
        let members = FlatObject(body)?.members
        instance = members?["instance"]
        state = members?["state"]
    }
}

extension WebhookCall: CustomStringConvertible {
    var description: String { "\(balancer ?? "\(source)"): \(instance ?? "?") \(state ?? "?")" }
}

extension TimelineEvent {
    /// The webhook call that the receiver reports with this line.
    var webhookCall: WebhookCall? {
        guard node == "ops", case .output("webhook", _, let line) = kind else { return nil }
        return WebhookCall(line: line)
    }
}

import Wire

/// A block of another service. It is passed over, but for what keepalived would complain of first: whoever tests a
/// file wants to hear of that, and the exit status depends on it.
struct SkippedBlock {
    private let directive: Directive

    init(_ directive: Directive) {
        self.directive = directive
    }

    private var words: [Directive] { directive.block ?? [] }

    func checkBFD(_ diagnostics: inout Diagnostics) {
        guard !words.contains(where: { $0.keyword.text == "neighbor_ip" }) else { return }
        let name = directive.arguments.first?.text ?? ""
        diagnostics.warning(
            "Configuration error: BFD instance \(name) has no neighbor address set, disabling instance",
            at: directive.keyword.location)
    }

    func checkVirtualServer(_ diagnostics: inout Diagnostics) {
        for word in words {
            if word.keyword.text == "persistence_timeout", let value = word.arguments.first,
                (try? Number.integer(value.text, in: 1...2_678_400)) == nil
            {
                diagnostics.error("persistence_timeout invalid", at: value.location)
            }
            checkRealServer(word, &diagnostics)
        }
    }

    /// Only address translation can change the port.
    private func checkRealServer(_ word: Directive, _ diagnostics: inout Diagnostics) {
        guard word.keyword.text == "real_server" else { return }
        let method = forwardingMethod(in: word.block ?? []) ?? forwardingMethod(in: words)
        let isTranslated = !["DR", "TUN"].contains(method)
        if let port = port(of: directive), let own = self.port(of: word), port.text != own.text, !isTranslated {
            diagnostics.warning(
                "virtual server and real server ports don't match - resetting", at: own.location)
        }
        for check in word.block ?? [] {
            for word in check.block ?? [] where word.keyword.text == "nb_get_retry" {
                diagnostics.warning("nb_get_retry is deprecated - please use 'retry'", at: word.keyword.location)
            }
        }
    }

    private func forwardingMethod(in words: [Directive]) -> String? {
        words.last { ["lb_kind", "lvs_method"].contains($0.keyword.text) }?.arguments.first?.text
    }

    /// Of `ADDRESS PORT`.
    private func port(of directive: Directive) -> Word? {
        guard directive.arguments.count > 1, IPAddress(directive.arguments[0].text) != nil else { return nil }
        return directive.arguments[1]
    }
}

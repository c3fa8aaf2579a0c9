import VRRPCore
import Wire

/// One line of `virtual_ipaddress` or `virtual_ipaddress_excluded`.
struct AddressLine: Hashable, Sendable {
    var prefix: IPPrefix
    /// As it was written, for messages.
    var text: String
    var location: SourceLocation
    /// nil: the interface of the instance.
    var interface: String?
    var label: String?
    var scope = AddressScope.global

    /// `ADDRESS[/LENGTH] OPTION…`; nil when the address cannot be used.
    static func read(_ directive: Directive, _ diagnostics: inout Diagnostics) -> AddressLine? {
        guard var line = AddressLine(directive.keyword, &diagnostics) else { return nil }
        var options = directive.arguments[...]
        while let option = options.popFirst() {
            if option.text == "label" {
                guard line.setLabel(options.popFirst(), of: option, &diagnostics) else { return nil }
            } else {
                line.set(option, from: &options, &diagnostics)
            }
        }
        return line
    }

    private init?(_ word: Word, _ diagnostics: inout Diagnostics) {
        text = word.text
        location = word.location
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else {
            diagnostics.error("VRRP parsed invalid IP \(word.text). skipping IP...", at: word.location)
            return nil
        }
        prefix = IPPrefix(host: address)
        guard parts.count == 2 else { return }
        let bits = address.family.bits
        if let length = try? Number.integer(String(parts[1]), in: 0...bits) {
            prefix = IPPrefix(address, length: length) ?? prefix
        } else {
            diagnostics.error(
                "Invalid address prefix len \(parts[1]) for address \(word.text) - using \(bits)", at: word.location)
        }
    }

    private mutating func set(
        _ option: Word, from options: inout ArraySlice<Word>, _ diagnostics: inout Diagnostics
    ) {
        switch option.text {
        case "dev":
            interface = value(of: option, &options, &diagnostics)?.text ?? interface
        case "scope":
            guard let word = value(of: option, &options, &diagnostics) else { return }
            setScope(word, &diagnostics)
        case "brd", "broadcast", "peer", "preferred_lft":
            _ = value(of: option, &options, &diagnostics)
            diagnostics.noteWithoutEffect(option)
        case "home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac":
            diagnostics.noteWithoutEffect(option)
        default:
            let advice = IPPrefix(option.text) == nil ? "" : "; write each address on a line of its own"
            diagnostics.error(
                "Unknown configuration entry '\(option.text)' for ip address - ignoring\(advice)", at: option.location)
        }
    }

    private func value(
        of option: Word, _ options: inout ArraySlice<Word>, _ diagnostics: inout Diagnostics
    ) -> Word? {
        if let word = options.popFirst() { return word }
        diagnostics.error(
            "address \(text) is missing a parameter after '\(option.text)'", at: option.location,
            category: .missingParameter)
        return nil
    }

    private mutating func setScope(_ word: Word, _ diagnostics: inout Diagnostics) {
        let names: [String: AddressScope] = [
            "global": .global, "site": .site, "link": .link, "host": .host, "nowhere": .nowhere,
        ]
        if let scope = names[word.text] ?? UInt8(word.text).map(AddressScope.init(rawValue:)) {
            self.scope = scope
        } else {
            diagnostics.error("Invalid scope '\(word.text)' for address \(text) - using global", at: word.location)
        }
    }

    /// False when the address must go: the kernel takes labels of at most 15 octets.
    private mutating func setLabel(_ word: Word?, of option: Word, _ diagnostics: inout Diagnostics) -> Bool {
        guard let word else {
            var none: ArraySlice<Word> = []
            _ = value(of: option, &none, &diagnostics)
            return true
        }
        if prefix.address.family == .ipv6 {
            diagnostics.warning("Cannot specify label for IPv6 addresses (\(text)) - ignoring label", at: word.location)
        } else if word.text.utf8.count > 15 {
            diagnostics.error(
                "Address label \(word.text) is longer than maximum length 15 - removing address", at: word.location)
            return false
        } else {
            label = word.text
        }
        return true
    }
}

import VRRPCore
import Wire

/// One line of `virtual_ipaddress`, `virtual_ipaddress_excluded` or `static_ipaddress`.
struct AddressLine: Hashable, Sendable {
    var prefix: IPPrefix
    /// As it was written, for messages.
    var text: String
    var location: SourceLocation
    /// nil: the interface of the instance.
    var interface: String?
    var label: String?
    var scope = AddressScope.global
    var broadcast: IPv4Address?
    var peer: IPPrefix?
    var options: VirtualAddressOptions = []
    var preferredLifetime: Duration?
    var isTracked = true
    private var hasLifetime = false

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
        if line.prefix.length == 128, !line.hasLifetime {
            // Without a network of its own the address is not to be taken for a source.
            line.preferredLifetime = .zero
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
        let bits = address.family.bits
        guard parts.count == 2 else {
            diagnostics.noteMissingLength(of: word.text, bits, at: word.location)
            return
        }
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
        case "brd", "broadcast":
            guard let word = value(of: option, &options, &diagnostics) else { return }
            setBroadcast(word, &diagnostics)
        case "peer":
            guard let word = value(of: option, &options, &diagnostics) else { return }
            setPeer(word, &diagnostics)
        case "preferred_lft":
            guard let word = value(of: option, &options, &diagnostics) else { return }
            setLifetime(word, &diagnostics)
        case "no_track":
            isTracked = false
        case "track_group":
            _ = value(of: option, &options, &diagnostics)
            diagnostics.noteWithoutEffect(option)
        case "use_vmac":
            diagnostics.noteWithoutEffect(
                option, "addresses on other interfaces have the MAC address of their interface")
        case _ where Self.flags[option.text] != nil:
            self.options.formUnion(Self.flags[option.text] ?? [])
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
        if let scope = AddressScope(named: word.text) {
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

    private static let flags: [String: VirtualAddressOptions] = [
        "home": .home, "-nodad": .detectsDuplicates, "mngtmpaddr": .managesTemporaries,
        "noprefixroute": .noPrefixRoute, "autojoin": .autojoin,
    ]

    /// An address, or `+` and `-` for the last and the first of the network.
    private mutating func setBroadcast(_ word: Word, _ diagnostics: inout Diagnostics) {
        guard case .v4(let address) = prefix.address else {
            diagnostics.error("Cannot specify broadcast for IPv6 address \(text) - ignoring", at: word.location)
            return
        }
        let hostBits = prefix.length == 0 ? UInt32.max : (1 << UInt32(32 - prefix.length)) &- 1
        switch word.text {
        case "+": broadcast = IPv4Address(rawValue: address.rawValue | hostBits)
        case "-": broadcast = IPv4Address(rawValue: address.rawValue & ~hostBits)
        default:
            if let given = IPv4Address(word.text) {
                broadcast = given
            } else {
                diagnostics.error(
                    "Invalid broadcast address \(word.text) for address \(text) - ignoring", at: word.location)
            }
        }
    }

    private mutating func setPeer(_ word: Word, _ diagnostics: inout Diagnostics) {
        if let peer = IPPrefix(word.text), peer.address.family == prefix.address.family {
            self.peer = peer
        } else {
            diagnostics.error("Invalid peer address \(word.text) for address \(text) - ignoring", at: word.location)
        }
    }

    private mutating func setLifetime(_ word: Word, _ diagnostics: inout Diagnostics) {
        hasLifetime = true
        if word.text == "forever" {
            preferredLifetime = nil
        } else if let seconds = try? Number.integer(word.text, in: 0...4_294_967_294) {
            preferredLifetime = .seconds(seconds)
        } else {
            diagnostics.error(
                "Invalid preferred_lft '\(word.text)' for address \(text) - ignoring", at: word.location)
        }
    }

    /// - Parameter interface: for an address that names none.
    func address(on interface: String) -> VirtualAddress {
        var address = VirtualAddress(prefix, interface: self.interface ?? interface, label: label, scope: scope)
        address.broadcast = broadcast
        address.peer = peer
        address.options = options
        address.preferredLifetime = preferredLifetime
        address.isTracked = isTracked
        return address
    }
}

import VRRPCore
import Wire

/// What `use_vmac` or `use_ipvlan` says.
struct VirtualInterfaceDraft: Sendable {
    enum Kind: Sendable {
        case macvlan(MACAddress?)
        case ipvlan(IPPrefix?)
    }

    var kind: Kind
    /// nil: a name made from the virtual router ID.
    var name: Located<String>?
    var location: SourceLocation

    /// `use_vmac [NAME] [MAC] [netlink_notify_msg] [group N]`.
    static func readMACVLAN(
        _ directive: Directive, subject: String, _ diagnostics: inout Diagnostics
    ) -> VirtualInterfaceDraft {
        var draft = VirtualInterfaceDraft(kind: .macvlan(nil), location: directive.keyword.location)
        var words = directive.arguments[...]
        while let word = words.popFirst() {
            if word.text == "netlink_notify_msg" {
                diagnostics.noteWithoutEffect(word)
            } else if word.text == "group" {
                _ = words.popFirst()
                diagnostics.noteWithoutEffect(word)
            } else if let address = MACAddress(word.text) {
                draft.kind = .macvlan(address)
            } else {
                draft.setName(word, "VMAC", subject: subject, &diagnostics)
            }
        }
        return draft
    }

    /// `use_ipvlan [NAME] [ADDRESS[/LENGTH]] [bridge|private|vepa]`.
    static func readIPVLAN(
        _ directive: Directive, subject: String, _ diagnostics: inout Diagnostics
    ) -> VirtualInterfaceDraft {
        var draft = VirtualInterfaceDraft(kind: .ipvlan(nil), location: directive.keyword.location)
        for word in directive.arguments {
            if ["bridge", "private", "vepa"].contains(word.text) {
                diagnostics.noteWithoutEffect(word)
            } else if let prefix = IPPrefix(word.text) {
                draft.kind = .ipvlan(prefix)
            } else {
                draft.setName(word, "IPVLAN", subject: subject, &diagnostics)
            }
        }
        return draft
    }

    private mutating func setName(
        _ word: Word, _ kind: String, subject: String, _ diagnostics: inout Diagnostics
    ) {
        let isUsable = !word.text.isEmpty && word.text.utf8.count <= 15 && !word.text.contains("/")
        if isUsable, name == nil {
            name = Located(word.text, at: word.location)
        } else {
            diagnostics.error(
                "\(subject)\(kind) interface name '\(word.text)' too long or invalid characters - ignoring",
                at: word.location)
        }
    }

    /// - Parameter prefix: what a name begins with that is made from the virtual router ID.
    func checked(
        for router: VirtualRouterConfiguration, prefix: String, transmitsOnBase: Bool
    ) -> VirtualInterface {
        let number = router.family == .ipv6 ? "6." : "."
        let name = name?.value ?? "\(prefix)\(number)\(router.virtualRouterID)"
        switch kind {
        case .macvlan(let address):
            return VirtualInterface(name, kind: .macvlan(address), transmitsOnBase: transmitsOnBase)
        case .ipvlan(let prefix):
            return VirtualInterface(name, kind: .ipvlan(prefix), transmitsOnBase: transmitsOnBase)
        }
    }
}

import VRRPCore

extension AddressScope {
    /// Reads keepalived's words, or a number.
    init?(named text: String) {
        let names: [String: AddressScope] = [
            "global": .global, "site": .site, "link": .link, "host": .host, "nowhere": .nowhere,
        ]
        guard let scope = names[text] ?? UInt8(text).map(AddressScope.init(rawValue:)) else { return nil }
        self = scope
    }
}

import Wire

extension NodeDescription {
    /// What is wrong with the node by itself, in the order of its properties.
    var mistakes: [TopologyError] {
        nameMistakes + interfaceMistakes + addressMistakes + settingMistakes + fileSystemMistakes + routeMistakes
            + environmentMistakes + isolationMistakes
    }

    private var nameMistakes: [TopologyError] {
        let isAllowed = { (octet: UInt8) in
            let character = Character(UnicodeScalar(octet))
            return "-_".contains(character) || (character.isASCII && (character.isLetter || character.isNumber))
        }
        return (1...63).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed) ? [] : [.badNodeName(name)]
    }

    private var interfaceMistakes: [TopologyError] {
        var names: Set<String> = ["lo"]
        return interfaces.flatMap { interface -> [TopologyError] in
            var mistakes: [TopologyError] = []
            if !interface.hasAllowedName { mistakes.append(.badInterfaceName(interface.name, node: name)) }
            if !names.insert(interface.name).inserted {
                mistakes.append(.duplicateInterface(interface.name, node: name))
            }
            return mistakes + linkMistakes(interface)
        }
    }

    private func linkMistakes(_ interface: InterfaceDescription) -> [TopologyError] {
        var mistakes: [TopologyError] = []
        if let mtu = interface.mtu {
            if !(68...65535).contains(mtu) {
                mistakes.append(.badMTU(mtu, interface: interface.name, node: name))
            } else if mtu < 1280, interface.prefixes.contains(where: { $0.address.family == .ipv6 }) {
                mistakes.append(.smallMTU(mtu, interface: interface.name, node: name))
            }
        }
        if let address = interface.macAddress, address.isMulticast || address == .zero {
            mistakes.append(.badMACAddress(address, interface: interface.name, node: name))
        }
        return mistakes
    }

    private var addressMistakes: [TopologyError] {
        let ofInterfaces = interfaces.flatMap { interface in
            interface.addresses.compactMap { mistake(of: $0, on: interface.name, needsLength: true) }
        }
        return ofInterfaces + loopbackAddresses.compactMap { mistake(of: $0, on: "lo", needsLength: false) }
    }

    private func mistake(of text: String, on interface: String, needsLength: Bool) -> TopologyError? {
        guard let prefix = IPPrefix(text), text.contains("/") || !needsLength else {
            return .badAddress(text, interface: interface, node: name)
        }
        return prefix.isHost ? nil : .notAHost(prefix, interface: interface, node: name)
    }

    private var settingMistakes: [TopologyError] {
        settings.keys.sorted().filter { !Self.isNetworkSetting($0) }.map { .badSetting($0, node: name) }
    }

    /// As in sysctl.conf: with a slash anywhere, dots belong to the names.
    private static func isNetworkSetting(_ setting: String) -> Bool {
        let separator: Character = setting.contains("/") ? "/" : "."
        let parts = setting.split(separator: separator, omittingEmptySubsequences: false)
        return parts.count > 1 && parts[0] == "net" && !setting.contains("\0")
            && parts.allSatisfy { !["", ".", ".."].contains($0) }
    }

    private var routeMistakes: [TopologyError] {
        var seen: Set<IPPrefix> = []
        return routes.flatMap { route -> [TopologyError] in
            var mistakes = route.mistakes(of: self)
            if let network = route.network, !seen.insert(network).inserted { mistakes.append(.duplicate) }
            return mistakes.map { .badRoute(route, node: name, $0) }
        }
    }

    private var environmentMistakes: [TopologyError] {
        environment.sorted { $0.key < $1.key }
            .filter { $0.key.isEmpty || $0.key.contains("=") || ($0.key + $0.value).contains("\0") }
            .map { .badVariable($0.key, node: name) }
    }

    private var isolationMistakes: [TopologyError] {
        guard isolation == .network else { return [] }
        let demands = [
            ("private directories", privateDirectories != Self.standardPrivateDirectories),
            ("exposed paths", !exposedPaths.isEmpty), ("mounts", !mounts.isEmpty), ("files", !files.isEmpty),
            ("an environment", !environment.isEmpty),
        ]
        return demands.filter(\.1).map { .needsFullNode($0.0, node: name) }
    }
}

extension InterfaceDescription {
    /// As the kernel has it (`dev_valid_name`); names with `%` it would complete, and 'all' and 'default' are its own
    /// among the settings. Other than ASCII it takes in part only.
    fileprivate var hasAllowedName: Bool {
        (1...15).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7e).contains($0) }
            && !name.contains(where: { "/:%".contains($0) }) && ![".", "..", "all", "default"].contains(name)
    }
}

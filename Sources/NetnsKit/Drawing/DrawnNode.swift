import Wire

/// A node as every drawing shows it: its title, and below it a row for each address.
struct DrawnNode {
    /// One line of an interface.
    struct Row {
        /// Empty in the further rows of an interface.
        var interface: String
        /// An address, or what else the author chose; empty for an interface without any of that.
        var text: String
        /// Where the interface is plugged in, by its place among the segments; nil in further rows and for lo.
        var segment: Int?
    }

    var title: String
    var isRouter: Bool
    var rows: [Row]

    init(_ node: NodeDescription, segments: [String]) {
        title = node.name.printable
        isRouter = node.isRouter
        rows = node.interfaces.flatMap { interface in
            Self.rows(
                interface.name, interface.addresses + Self.extras(interface),
                segment: segments.firstIndex(of: interface.segment))
        }
        if !node.loopbackAddresses.isEmpty {
            rows.insert(contentsOf: Self.rows("lo", node.loopbackAddresses, segment: nil), at: 0)
        }
    }

    private static func rows(_ interface: String, _ texts: [String], segment: Int?) -> [Row] {
        let first = Row(interface: interface.printable, text: texts.first?.printable ?? "", segment: segment)
        return [first] + texts.dropFirst().map { Row(interface: "", text: $0.printable, segment: nil) }
    }

    /// What the author chose beside the addresses.
    private static func extras(_ interface: InterfaceDescription) -> [String] {
        [interface.macAddress.map { "\($0)" }, interface.mtu.map { "MTU \($0)" }].compactMap { $0 }
    }
}

extension String {
    /// The text with a question mark for what would control a terminal or break a line.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
                        "?"
                    default: scalar
                    }
                }))
    }

    /// How many columns of a terminal the text takes: two for the characters of East Asia and for pictures.
    var columns: Int {
        reduce(0) { sum, character in
            let scalar = character.unicodeScalars.first?.value ?? 0
            return sum + ((0x1100...0x115f).contains(scalar) || scalar >= 0x2e80 ? 2 : 1)
        }
    }

    /// The text followed by enough of a character to fill a width; one that is wider stays as it is.
    func filled(to width: Int, with character: Character = " ") -> String {
        self + String(repeating: character, count: max(width - columns, 0))
    }
}

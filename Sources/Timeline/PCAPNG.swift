import Wire

/// A timeline as a capture file for Wireshark and tshark: pcapng, little-endian, nanoseconds.
///
/// Every link end is an interface of its own (`node1/eth0`), so one file shows who sent a frame and who received it.
/// What is no frame but explains them - faults, steps, verdicts, stalls, losses - is a comment on the next frame; what
/// comes after the last frame is a comment on that, and in a file without frames on the section.
///
/// On request the file also has what the kernels said, message by message (`node1/rtnetlink`), and the lines of the
/// programs as entries of a journal; the marks of the scenario are then entries too, each at its own time.
///
/// Format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html
public struct PCAPNG: Hashable, Sendable {
    /// The whole file.
    public let octets: [UInt8]

    /// What a file has beside frames.
    public struct Extras: OptionSet, Sendable {
        public let rawValue: UInt8
        /// The rtnetlink messages that kernel events were read from: `netlink-route` decodes them.
        public static let netlink = Extras(rawValue: 1)
        /// What programs wrote, their starts and ends, and the marks of the scenario, as entries of a systemd journal.
        public static let journal = Extras(rawValue: 2)

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }
    }

    /// Writes the frames of a timeline, with all its comments.
    ///
    /// - Parameters:
    ///   - timeline: what is written, in its order.
    ///   - realTimeOffset: What to add to the monotonic clock to get the time since 1970, so that readers show wall
    ///     time.
    ///   - extras: What else to write; frames alone by default.
    ///   - isIncluded: Which frames to include. By default each one is there once per link end that saw it; `\.isSent`
    ///     leaves one of each.
    public init(
        _ timeline: Timeline, realTimeOffset: Duration, including extras: Extras = [],
        frames isIncluded: (TimelineEvent) -> Bool = { _ in true }
    ) {
        var items: [Item] = []
        var lastFrame: Int?
        var pending: [Comment] = []
        for event in timeline {
            if let packet = Packet(event, extras, comments: pending) {
                if case .frame = event.kind {
                    guard isIncluded(event) else { continue }
                    (lastFrame, pending) = (items.count, [])
                }
                items.append(.packet(packet))
            } else if extras.contains(.journal), let entry = JournalEntry(event) {
                items.append(.entry(entry))
            } else if let comment = Comment(event) {
                pending.append(comment)
            }
        }
        if let lastFrame, case .packet(var packet) = items[lastFrame] {
            packet.comments += pending
            items[lastFrame] = .packet(packet)
        }
        octets = Self.file(items, comments: lastFrame == nil ? pending.map(\.text) : [], realTimeOffset)
    }

    private enum Item {
        case packet(Packet)
        case entry(JournalEntry)
    }

    struct Packet {
        /// How readers take the octets apart.
        enum LinkType: UInt16 {
            case ethernet = 1
            case netlink = 253
        }

        var interface: String
        var linkType: LinkType
        var octets: [UInt8]
        var originalLength: Int
        var isInbound: Bool
        var time: Instant
        var comments: [Comment] = []

        /// Nil for what is no packet, or none that is wanted.
        init?(_ event: TimelineEvent, _ extras: Extras, comments: [Comment]) {
            time = event.time
            if case .frame(let captured) = event.kind {
                interface = [event.node, captured.interface].compactMap(\.self).joined(separator: "/")
                (linkType, octets) = (.ethernet, captured.octets)
                originalLength = max(octets.count, captured.originalLength)
                isInbound = captured.direction == .received
                self.comments = comments
            } else if extras.contains(.netlink), let message = event.netlink {
                // What no node's kernel said was said where the bridges are.
                interface = (event.node ?? "bridges") + "/rtnetlink"
                (linkType, octets) = (.netlink, Self.cookedHeader + message)
                originalLength = octets.count
                isInbound = true
            } else {
                return nil
            }
        }

        /// In network order: for a program (`PACKET_USER`), from netlink (`ARPHRD_NETLINK`), ten octets of nothing, and
        /// the family `NETLINK_ROUTE`.
        private static let cookedHeader: [UInt8] = [0, 6, 0x03, 0x38] + [UInt8](repeating: 0, count: 10) + [0, 0]
    }

    /// What a person should know beside a frame, and when it was so.
    struct Comment {
        var time: Instant
        var text: String

        init?(_ event: TimelineEvent) {
            guard let mark = event.mark else { return nil }
            time = event.time
            let isOfTheHost = event.category == .host
            text = mark + (isOfTheHost ? "" : event.node.map { " (\($0))" } ?? "")
        }

        /// The text, and how far the frame that carries it is away.
        func text(beside frame: Instant) -> String {
            let distance = frame - time
            if distance == .zero { return text }
            if distance > .zero { return "\(text) [\(distance.text) before this frame]" }
            return "\(text) [\((.zero - distance).text) after this frame]"
        }
    }
}

// MARK: - Blocks

extension PCAPNG {
    private static func file(_ items: [Item], comments: [String], _ realTimeOffset: Duration) -> [UInt8] {
        var descriptions: [UInt8] = []
        var numbers: [String: UInt32] = [:]
        for case .packet(let packet) in items where numbers[packet.interface] == nil {
            numbers[packet.interface] = UInt32(numbers.count)
            descriptions += interfaceDescription(packet.interface, packet.linkType).octets
        }
        var octets = sectionHeader(comments).octets + descriptions
        for item in items {
            switch item {
            case .packet(let packet):
                octets += enhancedPacket(packet, interface: numbers[packet.interface] ?? 0, realTimeOffset).octets
            case .entry(let entry):
                octets += entry.block(realTimeOffset).octets
            }
        }
        return octets
    }

    /// The byte order, version 1.0, and a section whose length is left open.
    static func sectionHeader(_ comments: [String]) -> PCAPNGBlock {
        var block = PCAPNGBlock(type: 0x0a0d_0d0a)
        block.append(UInt32(0x1a2b_3c4d))
        block.append(UInt16(1))
        block.append(UInt16(0))
        block.append(UInt64.max)
        block.append(comments.map { .init(.comment, $0) })
        return block
    }

    /// Packets of any length, time stamps in units of 10⁻⁹ s.
    static func interfaceDescription(_ name: String, _ linkType: Packet.LinkType) -> PCAPNGBlock {
        var block = PCAPNGBlock(type: 1)
        block.append(linkType.rawValue)
        block.append(UInt16(0))
        block.append(UInt32(0))
        block.append([.init(.interfaceName, name), .init(.timeResolution, [9])])
        return block
    }

    static func enhancedPacket(
        _ packet: Packet, interface: UInt32, _ realTimeOffset: Duration
    ) -> PCAPNGBlock {
        let time = UInt64(max(0, (packet.time + realTimeOffset).nanoseconds))
        var block = PCAPNGBlock(type: 6)
        block.append(interface)
        block.append(UInt32(truncatingIfNeeded: time >> 32))
        block.append(UInt32(truncatingIfNeeded: time))
        block.append(UInt32(packet.octets.count))
        block.append(UInt32(packet.originalLength))
        block.append(padded: packet.octets)
        // Bits 0 and 1 of epb_flags: 01 inbound, 10 outbound, as the interface sees it.
        let flags: UInt8 = packet.isInbound ? 0b01 : 0b10
        let comments = packet.comments.map { PCAPNGBlock.Option(.comment, $0.text(beside: packet.time)) }
        block.append(comments + [.init(.packetFlags, [flags, 0, 0, 0])])
        return block
    }
}

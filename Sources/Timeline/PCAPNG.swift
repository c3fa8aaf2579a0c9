import Wire

/// A timeline as a capture file for Wireshark and tshark: pcapng, little-endian, nanoseconds.
///
/// Every link end is an interface of its own (`node1/eth0`), so one file shows who sent a frame and who received it.
/// What is no frame but explains them - faults, steps, verdicts, stalls, losses - is a comment on the next frame; what
/// comes after the last frame is a comment on that, and in a file without frames on the section.
///
/// Format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html
public struct PCAPNG: Hashable, Sendable {
    /// The whole file.
    public let octets: [UInt8]

    /// Writes the frames of a timeline, with all its comments.
    ///
    /// - Parameters:
    ///   - realTimeOffset: What to add to the monotonic clock to get the time since 1970, so that readers show wall
    ///     time.
    ///   - frames: Which frames to include. By default each one is there once per link end that saw it; `\.isSent`
    ///     leaves one of each.
    public init(
        _ timeline: Timeline, realTimeOffset: Duration, frames isIncluded: (TimelineEvent) -> Bool = { _ in true }
    ) {
        var packets: [Packet] = []
        var pending: [Comment] = []
        for event in timeline {
            if case .frame(let captured) = event.kind {
                guard isIncluded(event) else { continue }
                let interface = [event.node, captured.interface].compactMap(\.self).joined(separator: "/")
                packets.append(Packet(captured, on: interface, at: event.time, comments: pending))
                pending = []
            } else if let comment = Comment(event) {
                pending.append(comment)
            }
        }
        if !packets.isEmpty { packets[packets.count - 1].comments += pending }
        octets = Self.file(packets, comments: packets.isEmpty ? pending.map(\.text) : [], realTimeOffset)
    }

    private struct Packet {
        var captured: CapturedFrame
        var interface: String
        var time: Instant
        var comments: [Comment]

        init(_ captured: CapturedFrame, on interface: String, at time: Instant, comments: [Comment]) {
            self.captured = captured
            self.interface = interface
            self.time = time
            self.comments = comments
        }
    }

    /// What a person should know beside a frame, and when it was so.
    private struct Comment {
        var time: Instant
        var text: String

        init?(_ event: TimelineEvent) {
            let place = event.node.map { " (\($0))" } ?? ""
            time = event.time
            switch event.kind {
            case .fault(let what): text = "fault: \(what)\(place)"
            case .healed(let what): text = "healed: \(what)\(place)"
            case .step(let what): text = "step: \(what)\(place)"
            case .verdict(let what, let passed): text = "\(passed ? "passed" : "FAILED"): \(what)\(place)"
            case .stall(let length): text = "the host stood still for \(length.text)"
            case .lost(let source, let count): text = "\(source) lost \(count.map(String.init) ?? "some") events"
            case .impaired(let frame): text = "\(frame)\(place)"
            case .frame, .link, .addressAdded, .addressRemoved, .started, .output, .exited: return nil
            }
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
    private static func file(_ packets: [Packet], comments: [String], _ realTimeOffset: Duration) -> [UInt8] {
        var names: [String] = []
        var numbers: [String: UInt32] = [:]
        for packet in packets where numbers[packet.interface] == nil {
            numbers[packet.interface] = UInt32(names.count)
            names.append(packet.interface)
        }
        var octets = sectionHeader(comments).octets + names.flatMap { interfaceDescription($0).octets }
        for packet in packets {
            octets += enhancedPacket(packet, interface: numbers[packet.interface] ?? 0, realTimeOffset).octets
        }
        return octets
    }

    /// The byte order, version 1.0, and a section whose length is left open.
    private static func sectionHeader(_ comments: [String]) -> PCAPNGBlock {
        var block = PCAPNGBlock(type: 0x0a0d_0d0a)
        block.append(UInt32(0x1a2b_3c4d))
        block.append(UInt16(1))
        block.append(UInt16(0))
        block.append(UInt64.max)
        block.append(comments.map { .init(.comment, $0) })
        return block
    }

    /// Ethernet, frames of any length, time stamps in units of 10⁻⁹ s.
    private static func interfaceDescription(_ name: String) -> PCAPNGBlock {
        var block = PCAPNGBlock(type: 1)
        block.append(UInt16(1))
        block.append(UInt16(0))
        block.append(UInt32(0))
        block.append([.init(.interfaceName, name), .init(.timeResolution, [9])])
        return block
    }

    private static func enhancedPacket(
        _ packet: Packet, interface: UInt32, _ realTimeOffset: Duration
    ) -> PCAPNGBlock {
        let time = UInt64(max(0, (packet.time + realTimeOffset).nanoseconds))
        let octets = packet.captured.octets
        var block = PCAPNGBlock(type: 6)
        block.append(interface)
        block.append(UInt32(truncatingIfNeeded: time >> 32))
        block.append(UInt32(truncatingIfNeeded: time))
        block.append(UInt32(octets.count))
        block.append(UInt32(max(octets.count, packet.captured.originalLength)))
        block.append(padded: octets)
        // Bits 0 and 1 of epb_flags: 01 inbound, 10 outbound, as the interface sees it.
        let flags: UInt8 = packet.captured.direction == .received ? 0b01 : 0b10
        let comments = packet.comments.map { PCAPNGBlock.Option(.comment, $0.text(beside: packet.time)) }
        block.append(comments + [.init(.packetFlags, [flags, 0, 0, 0])])
        return block
    }
}

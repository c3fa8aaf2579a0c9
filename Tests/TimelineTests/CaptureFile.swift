/// A reader of little-endian pcapng files that knows what the tests ask for and refuses everything irregular.
struct CaptureFile {
    struct Packet {
        var interface: Int
        var nanoseconds: UInt64
        var octets: [UInt8]
        var originalLength: Int
        var comments: [String] = []
        var flags: UInt32?
    }

    enum Irregular: Error, Hashable {
        case byteOrder
        case version
        case blockLength(at: Int)
        case blockType(UInt32)
        case linkType
        case timeResolution
        case option(UInt16)
        case padding
    }

    private(set) var comments: [String] = []
    private(set) var interfaces: [String] = []
    private(set) var packets: [Packet] = []
    /// The link type of each interface: 1 is Ethernet, 253 netlink.
    private(set) var linkTypes: [UInt16] = []
    /// Entries of the journal, as text, and after how many packets each stands.
    private(set) var entries: [(text: String, position: Int)] = []

    init(_ octets: [UInt8]) throws(Irregular) {
        var offset = 0
        while offset < octets.count {
            guard octets.count - offset >= 12 else { throw .blockLength(at: offset) }
            let length = Int(Self.number(octets[offset + 4..<offset + 8]))
            guard length >= 12, length.isMultiple(of: 4), offset + length <= octets.count,
                Int(Self.number(octets[offset + length - 4..<offset + length])) == length
            else { throw .blockLength(at: offset) }
            let type = UInt32(Self.number(octets[offset..<offset + 4]))
            try read(type, Array(octets[offset + 8..<offset + length - 4]), isFirst: offset == 0)
            offset += length
        }
    }

    private mutating func read(_ type: UInt32, _ body: [UInt8], isFirst: Bool) throws(Irregular) {
        switch (type, isFirst) {
        case (0x0a0d_0d0a, true):
            guard body.prefix(4) == [0x4d, 0x3c, 0x2b, 0x1a] else { throw .byteOrder }
            guard body[4..<8] == [1, 0, 0, 0] else { throw .version }
            comments = try Self.options(body[16...]).map { (code, value) throws(Irregular) in
                guard code == 1 else { throw .option(code) }
                return String(decoding: value, as: UTF8.self)
            }
        case (1, false):
            let linkType = UInt16(Self.number(body[0..<2]))
            guard linkType == 1 || linkType == 253 else { throw .linkType }
            linkTypes.append(linkType)
            let options = try Self.options(body[8...])
            guard options.map(\.code) == [2, 9], options[1].value == [9] else { throw .timeResolution }
            interfaces.append(String(decoding: options[0].value, as: UTF8.self))
        case (6, false):
            try readPacket(body)
        case (9, false):
            let text = String(decoding: body, as: UTF8.self)
            entries.append((String(text.prefix { $0 != "\0" }), packets.count))
        default:
            throw .blockType(type)
        }
    }

    private mutating func readPacket(_ body: [UInt8]) throws(Irregular) {
        let length = Int(Self.number(body[12..<16]))
        let padded = (length + 3) / 4 * 4
        guard body[20 + length..<20 + padded].allSatisfy({ $0 == 0 }) else { throw .padding }
        var packet = Packet(
            interface: Int(Self.number(body[0..<4])),
            nanoseconds: Self.number(body[4..<8]) << 32 | Self.number(body[8..<12]),
            octets: Array(body[20..<20 + length]), originalLength: Int(Self.number(body[16..<20])))
        for (code, value) in try Self.options(body[(20 + padded)...]) {
            switch code {
            case 1: packet.comments.append(String(decoding: value, as: UTF8.self))
            case 2: packet.flags = UInt32(Self.number(value[...]))
            default: throw .option(code)
            }
        }
        packets.append(packet)
    }

    private static func options(_ octets: ArraySlice<UInt8>) throws(Irregular) -> [(code: UInt16, value: [UInt8])] {
        var options: [(code: UInt16, value: [UInt8])] = []
        var rest = octets
        while rest.count >= 4 {
            let code = UInt16(number(rest.prefix(2)))
            let length = Int(number(rest.dropFirst(2).prefix(2)))
            rest = rest.dropFirst(4)
            if code == 0 { break }
            let padded = (length + 3) / 4 * 4
            guard rest.count >= padded, rest.dropFirst(length).prefix(padded - length).allSatisfy({ $0 == 0 })
            else { throw .padding }
            options.append((code, Array(rest.prefix(length))))
            rest = rest.dropFirst(padded)
        }
        guard rest.isEmpty else { throw .padding }
        return options
    }

    private static func number(_ octets: ArraySlice<UInt8>) -> UInt64 {
        octets.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

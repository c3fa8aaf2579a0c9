/// One block of a pcapng file; lengths and padding are its business.
struct PCAPNGBlock {
    /// An option of a block: its code and its value, without padding.
    struct Option {
        /// What an option is; apart from the comment, a number means something else in each type of block.
        struct Code {
            let rawValue: UInt16

            static let comment = Code(rawValue: 1)
            static let interfaceName = Code(rawValue: 2)
            static let timeResolution = Code(rawValue: 9)
            static let packetFlags = Code(rawValue: 2)
        }

        var code: Code
        var value: [UInt8]

        init(_ code: Code, _ value: [UInt8]) {
            self.code = code
            self.value = value
        }

        /// Cuts a text that the length field cannot express, between characters.
        init(_ code: Code, _ text: String) {
            var text = text
            while text.utf8.count > Int(UInt16.max) { text.removeLast() }
            self.init(code, Array(text.utf8))
        }
    }

    private let type: UInt32
    private var body: [UInt8] = []

    init(type: UInt32) {
        self.type = type
    }

    /// The block with its total length at both ends.
    var octets: [UInt8] {
        var whole = PCAPNGBlock(type: type)
        let length = UInt32(body.count + 12)
        whole.append(type)
        whole.append(length)
        whole.body += body
        whole.append(length)
        return whole.body
    }

    /// Appends a number, lowest octet first.
    mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            body.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Appends octets and as many zeros as a multiple of four needs.
    mutating func append(padded octets: [UInt8]) {
        body += octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    }

    /// Appends options and their end mark; nothing at all when there are none.
    mutating func append(_ options: [Option]) {
        guard !options.isEmpty else { return }
        for option in options {
            append(option.code.rawValue)
            append(UInt16(option.value.count))
            append(padded: option.value)
        }
        append(UInt32(0))
    }
}

import CMNL

/// The attributes of one space in a received message; those that nobody asks for are kept and cost nothing.
struct AttributeReader<Space> {
    /// In the order in which they stand.
    private(set) var values: [(type: UInt16, value: [UInt8])] = []

    /// Takes attributes as they stand one behind the other; what is cut off at the end is left out.
    init(_ octets: [UInt8]) {
        unsafe octets.withUnsafeBytes { octets in
            var rest = Int32(octets.count)
            var next = unsafe octets.baseAddress?.assumingMemoryBound(to: nlattr.self)
            while let attribute = unsafe next, unsafe mnl_attr_ok(attribute, rest) {
                let value = unsafe UnsafeRawBufferPointer(
                    start: mnl_attr_get_payload(attribute), count: Int(mnl_attr_get_payload_len(attribute)))
                unsafe values.append((mnl_attr_get_type(attribute), [UInt8](value)))
                unsafe rest -= Int32((attribute.pointee.nla_len + 3) & ~3)
                unsafe next = UnsafePointer(mnl_attr_next(attribute))
            }
        }
    }

    subscript<Value>(_ key: AttributeKey<Space, Value>) -> Value? {
        octets(of: key.rawValue).flatMap { Value(attribute: $0) }
    }

    subscript<Inner>(_ key: NestKey<Space, Inner>) -> AttributeReader<Inner>? {
        octets(of: key.rawValue).map { AttributeReader<Inner>($0) }
    }

    private func octets(of type: UInt16) -> [UInt8]? {
        values.last { $0.type == type }?.value
    }
}

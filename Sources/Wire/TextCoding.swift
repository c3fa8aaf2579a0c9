extension LosslessStringConvertible {
    /// Decodes a value from the text that describes it, so that JSON shows addresses as people write them.
    init(losslessIn decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a \(Self.self)")
        }
        self = value
    }

    func encodeDescription(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

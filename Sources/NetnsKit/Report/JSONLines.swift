import FoundationEssentials

/// Values as JSON, one to a line (NDJSON).
public enum JSONLines {
    /// One line without its end; keys in alphabetic order, so that equal values give equal lines.
    public static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

import FoundationEssentials
import LabCourse

/// A JSON document as a program reads it that knows nothing of who wrote it.
enum JSONDocument: Decodable {
    case object([String: JSONDocument])
    case list([JSONDocument])
    case value

    init(_ text: String) throws {
        self = try JSONDecoder().decode(JSONDocument.self, from: Data(text.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let members = try? container.decode([String: JSONDocument].self) {
            self = .object(members)
        } else if let elements = try? container.decode([JSONDocument].self) {
            self = .list(elements)
        } else {
            self = .value
        }
    }

    /// The keys of the document, or, of a list, those that each of its elements has.
    var keys: Set<String> {
        switch self {
        case .object(let members): Set(members.keys)
        case .list(let elements):
            elements.dropFirst().reduce(elements.first?.keys ?? []) { $0.intersection($1.keys) }
        case .value: []
        }
    }

    /// The keys at any depth.
    var allKeys: Set<String> {
        switch self {
        case .object(let members): members.values.reduce(keys) { $0.union($1.allKeys) }
        case .list(let elements): elements.reduce(into: []) { $0.formUnion($1.allKeys) }
        case .value: []
        }
    }

    /// What a key of an object stands for.
    subscript(_ key: String) -> JSONDocument? {
        if case .object(let members) = self { members[key] } else { nil }
    }
}

extension RunDocument {
    /// What a run has written of itself.
    init(json octets: [UInt8]) throws {
        self = try JSONDecoder().decode(RunDocument.self, from: Data(octets))
    }
}

/// One line of a file as it was written; everything that is made from it refers to it.
final class WrittenLine: Sendable {
    /// As the loader named it.
    let file: String
    /// From 1; 0 means the file as a whole.
    let number: Int
    let octets: [UInt8]

    init(_ octets: [UInt8], file: String, number: Int) {
        self.file = file
        self.number = number
        self.octets = octets
    }

    /// The column, in Unicode scalars from 1, of an octet or of the end.
    func column(at offset: Int) -> Int {
        octets[..<min(max(offset, 0), octets.count)].reduce(1) { $0 + (UTF8.isContinuation($1) ? 0 : 1) }
    }
}

extension WrittenLine: Hashable {
    static func == (left: WrittenLine, right: WrittenLine) -> Bool {
        left === right
            || left.number == right.number && left.file == right.file && left.octets == right.octets
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(file)
        hasher.combine(number)
    }
}

import Timeline

/// What a web server has sent so far, read as far as a client needs to know whether it was served, and by whom.
struct HTTPAnswer {
    private var octets: [UInt8] = []
    /// More is no answer that a probe asked for.
    private static let limit = 64 * 1024

    /// Takes what came.
    mutating func append(_ more: [UInt8]) {
        octets += more
    }

    /// What it comes to; nil while that is open.
    ///
    /// Served is who gets a status of 2xx; the first line of the body says by whom.
    ///
    /// - Parameter isComplete: the server has closed the connection.
    func outcome(isComplete: Bool) -> ClientRequest.Outcome? {
        guard let end = Self.firstBreak(in: octets[...]) else {
            if isComplete { return .failed(octets.isEmpty ? "closed without an answer" : "no status line") }
            return octets.count > Self.limit ? .failed("no status line") : nil
        }
        let status = Self.text(octets[..<end])
        let words = status.split(separator: " ", maxSplits: 2)
        guard words.count > 1, words[0].hasPrefix("HTTP/"), let code = Int(words[1]) else {
            return .failed("no status line")
        }
        guard (200..<300).contains(code) else { return .failed(status) }
        guard let body = bodyStart else {
            return isComplete || octets.count > Self.limit ? .failed("the head of the answer has no end") : nil
        }
        let rest = octets[body...]
        if let end = Self.firstBreak(in: rest) { return .answered(by: Self.name(rest[..<end])) }
        return isComplete || octets.count > Self.limit ? .answered(by: Self.name(rest)) : nil
    }

    /// Behind the first empty line.
    private var bodyStart: Int? {
        var start = octets.startIndex
        while let end = Self.firstBreak(in: octets[start...]) {
            if Self.text(octets[start..<end]).isEmpty { return end + 1 }
            start = end + 1
        }
        return nil
    }

    private static func firstBreak(in octets: ArraySlice<UInt8>) -> Int? {
        octets.firstIndex(of: UInt8(ascii: "\n"))
    }

    /// A line without its end.
    private static func text(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }

    private static func name(_ line: ArraySlice<UInt8>) -> String? {
        let name = text(line)
        return name.isEmpty ? nil : name
    }
}

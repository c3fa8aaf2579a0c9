/// Addresses within a page and beside it.
enum PageLink {
    /// A path relative to the page as an address: nothing in it is taken for a scheme, a query or a fragment.
    static func path(_ path: String) -> String {
        path.utf8.map { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(octet))
            default:
                "-_./~".utf8.contains(octet)
                    ? String(UnicodeScalar(octet)) : "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
            }
        }.joined()
    }

    /// A name for a place in the page, such as `step2-crash`.
    static func anchor(_ words: String) -> String {
        String(
            words.unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar) ? Character(scalar) : "-"
            })
    }

    /// The way from one absolute directory to another.
    static func way(from start: String, to end: String) -> String {
        let (from, to) = (start.split(separator: "/"), end.split(separator: "/"))
        let shared = zip(from, to).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: from.count - shared)
        return (up + to.dropFirst(shared).map(String.init)).map { $0 + "/" }.joined()
    }
}

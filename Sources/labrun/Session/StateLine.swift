/// A line by which a daemon says in which state a virtual router is from then on.
struct StateLine: Hashable {
    /// Of the instance.
    var name: String
    /// MASTER, BACKUP or FAULT.
    var state: String

    /// Reads `(VI_1) Entering MASTER STATE`, whatever stands before and after it; nil for any other line.
    init?(_ line: String) {
        guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")") else { return nil }
        let words = line[line.index(after: close)...].split(separator: " ").prefix(3).map { $0.uppercased() }
        guard words.count == 3, words[0] == "ENTERING", words[2] == "STATE" else { return nil }
        name = String(line[line.index(after: open)..<close])
        state = words[1]
    }
}

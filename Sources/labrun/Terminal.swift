import Glibc

/// Lines for people, written at once so that a pipe shows them as they come.
enum Terminal {
    /// In columns: what every terminal has.
    static let width = 80

    static func say(_ text: String, to descriptor: Int32 = 1) {
        var rest = Array((text + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(written, 0))
        }
    }

    /// One sentence on the standard error.
    static func complain(_ text: String) {
        say("labrun: \(text)", to: 2)
    }

    /// A word in a column of its own.
    static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    /// Words in lines that fit the terminal, the first after a head, the others below it.
    static func wrapped(_ text: String, after head: String) -> String {
        let margin = String(repeating: " ", count: head.count)
        var lines = [head]
        var isEmpty = true
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if isEmpty || last.count + word.count < width {
                lines[lines.count - 1] = last + (isEmpty ? "" : " ") + word
            } else {
                lines.append(margin + word)
            }
            isEmpty = false
        }
        return lines.joined(separator: "\n")
    }
}

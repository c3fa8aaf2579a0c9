import Glibc
import LinuxSystem

/// A program that is told by lines what to do, and answers each with a line.
struct Conversation: ~Copyable {
    private let child: ChildProcess
    private let words: OwnedDescriptor
    private let answers: OwnedDescriptor

    init(_ command: [String]) throws {
        var input = try Pipe()
        var output = try Pipe()
        let read = input.takeReadEnd()
        let write = output.takeWriteEnd()
        guard let program = command.first, let path = Tool.path(of: program) else {
            throw SystemError("find \(command.first ?? "")", code: ENOENT)
        }
        var request = ProgramRequest(path, command, environment: Self.environment)
        request.descriptors = [read.number, write.number, nil]
        child = try ChildProcess(request)
        words = input.takeWriteEnd()
        answers = output.takeReadEnd()
    }

    private static let environment = ["PATH=\(ProgramRequest.standardPath)", "HOME=/root", "LANG=C"]

    deinit {
        try? child.send(signal: SIGKILL)
        _ = try? child.collect(blocking: true)
    }

    /// Returns the line that begins with the word that was said; others are passed over.
    @discardableResult
    borrowing func ask(_ word: String) throws -> String {
        try words.write(Array("\(word)\n".utf8))
        var heard: [UInt8] = []
        while true {
            let lines = heard.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            let texts = lines.map { String(decoding: $0, as: UTF8.self) }
            if let answer = texts.first(where: { $0.hasPrefix(word) }) { return answer }
            guard let part = try answers.read(), !part.isEmpty else {
                throw SystemError("the program ended without '\(word)'", code: EPIPE)
            }
            heard += part
        }
    }

    /// Looks at a namespace by its path as the program sees it; `self` is its own.
    borrowing func vanishing(_ path: String) throws -> Vanishing {
        let file = path == "self" ? "/proc/\(child.pid)/ns/net" : "/proc/\(child.pid)/root\(path)"
        return try Vanishing(in: NamespaceDescriptor(try .open(file, O_RDONLY)))
    }
}

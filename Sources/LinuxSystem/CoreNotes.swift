import Glibc

/// What a core file says of the program that it was: the kernel's notes at its beginning (`elf(5)`, 64 bits).
public struct CoreNotes: Hashable, Sendable {
    /// As `/proc/PID/comm` had it, at most 15 octets.
    public var program: String
    /// In the program's own PID namespace.
    public var pid: Int32
    /// What ended it.
    public var signal: Int32

    /// Reads the notes; nil when the file is no core, or of a machine of another kind.
    public init?(of file: borrowing OwnedDescriptor) {
        guard let head = file.read(at: 0, count: 64), head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
            head.count == 64, Self.number(head, 16, 2) == Self.coreType
        else { return nil }
        let (offset, size) = (Self.number(head, 32, 8), Self.number(head, 54, 2))
        for index in 0..<Self.number(head, 56, 2) {
            guard let segment = file.read(at: offset + index * size, count: size), segment.count >= 40 else {
                return nil
            }
            guard Self.number(segment, 0, 4) == Self.noteSegment else { continue }
            let length = min(Self.number(segment, 32, 8), 1 << 20)
            guard let notes = file.read(at: Self.number(segment, 8, 8), count: length) else { return nil }
            self.init(notes: notes)
            return
        }
        return nil
    }

    private static let coreType = 4
    private static let noteSegment = 4
    private static let statusNote = 1
    private static let programNote = 3

    /// Each note is the lengths of its name and its contents, its type, the name, and the contents, in words of 4.
    private init?(notes: [UInt8]) {
        var (program, status): (String?, (pid: Int32, signal: Int32)?)
        var position = 0
        while position + 12 <= notes.count {
            let (name, length) = (Self.number(notes, position, 4), Self.number(notes, position + 4, 4))
            let type = Self.number(notes, position + 8, 4)
            let begin = position + 12 + (name + 3) / 4 * 4
            guard begin + length <= notes.count else { break }
            // The first status is that of the thread that got the signal.
            if type == Self.statusNote, status == nil, length >= 36 {
                status = (
                    Int32(truncatingIfNeeded: Self.number(notes, begin + 32, 4)),
                    Int32(truncatingIfNeeded: Self.number(notes, begin, 4))
                )
            } else if type == Self.programNote, length >= 56 {
                program = String(decoding: notes[(begin + 40)..<(begin + 56)].prefix { $0 != 0 }, as: UTF8.self)
            }
            position = begin + (length + 3) / 4 * 4
        }
        guard let program, let status else { return nil }
        self.program = program
        pid = status.pid
        signal = status.signal
    }

    /// A little-endian number; zero beyond the end.
    private static func number(_ octets: [UInt8], _ offset: Int, _ count: Int) -> Int {
        guard octets.indices.contains(offset + count - 1) else { return 0 }
        return octets[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

extension OwnedDescriptor {
    /// Octets from a place of a file, fewer at its end; nil when it cannot be read.
    public borrowing func read(at offset: Int, count: Int) -> [UInt8]? {
        var length = -1
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, used in
            length = unsafe pread(number, buffer.baseAddress, buffer.count, off_t(offset))
            used = max(length, 0)
        }
        return length < 0 ? nil : octets
    }

    /// The length of a regular file in octets, and when it was last written, in nanoseconds since 1970; nil of others.
    public var extent: (size: Int, time: Int64)? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return (Int(status.st_size), Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }
}

import Glibc

/// This process's terminal, or what stands in its place, on one side, and a terminal for programs on the other: keys
/// pass one way, and what is shown the other.
public struct TerminalBridge: ~Copyable, Sendable {
    private let controller: OwnedDescriptor
    /// Keys that the program has not taken yet.
    private var pending: [UInt8] = []

    /// - Parameter controller: the person's side of the terminal that programs use; it answers at once.
    public init(to controller: consuming OwnedDescriptor) {
        self.controller = controller
    }

    /// Becomes readable when there is something to show.
    public var descriptor: Int32 { controller.number }

    /// Whether keys wait to be offered again; the program may leave them lying as long as it wants.
    public var hasPendingKeys: Bool { !pending.isEmpty }

    /// Gives the programs' terminal the size of the standard input's.
    public borrowing func copySize() {
        TerminalSize(of: STDIN_FILENO)?.apply(to: controller.number)
    }

    /// Takes the keys that were typed.
    ///
    /// - Returns: false when nobody types any more; the program finds the end of its input then.
    public mutating func takeKeys() -> Bool {
        let keys = Self.read(STDIN_FILENO)
        pending += keys.isEmpty ? [Self.endOfInput] : keys
        return !keys.isEmpty
    }

    /// Ctrl-D.
    private static let endOfInput: UInt8 = 4

    /// Gives the program as many keys as it takes now.
    public mutating func offerKeys() {
        guard !pending.isEmpty else { return }
        let number = controller.number
        let written = unsafe pending.withUnsafeBytes { unsafe write(number, $0.baseAddress, $0.count) }
        if written > 0 { pending.removeFirst(written) }
    }

    /// Shows everything that is there; the end of the programs is not seen here.
    public borrowing func show() {
        while let octets = try? controller.read(), !octets.isEmpty {
            var rest = octets[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
            used = max(unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count), 0)
        }
    }
}

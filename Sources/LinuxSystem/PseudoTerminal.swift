import CLinux
import Glibc

/// A terminal that a program stands in for: what is written to one end is typed at the other.
public struct PseudoTerminal: ~Copyable, Sendable {
    /// The side of the person: reads what programs show, writes what is typed. Answers at once.
    public let controller: OwnedDescriptor
    /// The side of the programs.
    private var line: OwnedDescriptor?

    /// Makes a terminal of the host's, visible below `/dev/pts` wherever that is mounted.
    public init() throws(SystemError) {
        let controller = try OwnedDescriptor.open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try systemCall("ioctl(TIOCSPTLCK)") { clinux_unlock_terminal(controller.number) }
        line = OwnedDescriptor(
            owning: try systemCall("ioctl(TIOCGPTPEER)") {
                clinux_open_terminal_peer(controller.number, O_RDWR | O_NOCTTY | O_CLOEXEC)
            })
        try controller.setNonblocking()
        self.controller = controller
    }

    /// Hands over the programs' side; when the last program has closed it, reading from the other side fails.
    public mutating func takeLine() -> OwnedDescriptor {
        guard let line = line.take() else { preconditionFailure("the line was taken before") }
        return line
    }
}

/// How large a terminal is, in characters.
public struct TerminalSize: Hashable, Sendable {
    public var rows: UInt16
    public var columns: UInt16

    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }

    /// Asks a terminal; nil when the descriptor is none.
    public init?(of descriptor: Int32) {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        self.init(rows: size.ws_row, columns: size.ws_col)
    }

    /// Tells a terminal, which tells its foreground job (SIGWINCH) when that is news.
    public func apply(to descriptor: Int32) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }
}

/// What a terminal makes of keys, kept in order to be restored.
public struct TerminalMode: Sendable {
    private let descriptor: Int32
    private let attributes: termios

    /// Remembers a terminal's mode; nil when the descriptor is none.
    public init?(of descriptor: Int32) {
        var attributes = termios()
        guard unsafe tcgetattr(descriptor, &attributes) == 0 else { return nil }
        self.descriptor = descriptor
        self.attributes = attributes
    }

    /// Passes on every key as it is typed, Ctrl-C too, until the mode is restored.
    public func makeRaw() {
        var raw = attributes
        unsafe cfmakeraw(&raw)
        _ = unsafe tcsetattr(descriptor, TCSANOW, &raw)
    }

    /// Passes on every key as it is typed and shows none, until the mode is restored; Ctrl-C still interrupts.
    public func makeImmediate() {
        var immediate = attributes
        immediate.c_lflag &= ~UInt32(ICANON | ECHO)
        _ = unsafe tcsetattr(descriptor, TCSANOW, &immediate)
    }

    /// Gives the terminal back the mode that it had, if it has another: who is in the background may not touch it.
    public func restore() {
        guard let now = TerminalMode(of: descriptor), !isEqual(now) else { return }
        var attributes = attributes
        _ = unsafe tcsetattr(descriptor, TCSADRAIN, &attributes)
    }

    private func isEqual(_ other: TerminalMode) -> Bool {
        let flags = { (mode: termios) in [mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag] }
        return flags(attributes) == flags(other.attributes)
    }
}

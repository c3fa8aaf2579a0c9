import Glibc
import LinuxSystem
import Synchronization

/// Lines for people, written at once so that a pipe shows them as they come.
enum Terminal {
    /// In columns: as many as fit the screen, and no more than every terminal has.
    static var width: Int { style(of: STDOUT_FILENO).width }

    private struct Screen {
        var styles: [Int32: Style] = [:]
        /// The last line of the standard error, which is written again and again.
        var status: String?
        var isStatusShown = false
        var isStatusPaused = false
    }

    private static let screen = Mutex(Screen())

    // MARK: How it looks

    /// Has everything that is written from now on look as it was asked for.
    static func adopt(_ wishes: Style.Wishes) {
        let descriptors = [STDOUT_FILENO, STDERR_FILENO]
        let styles = descriptors.map { ($0, decided(wishes, for: $0)) }
        screen.withLock { $0.styles = Dictionary(uniqueKeysWithValues: styles) }
    }

    /// How text looks on a descriptor.
    static func style(of descriptor: Int32) -> Style {
        screen.withLock { screen in
            if let known = screen.styles[descriptor] { return known }
            let style = decided(Style.Wishes(), for: descriptor)
            screen.styles[descriptor] = style
            return style
        }
    }

    private static func decided(_ wishes: Style.Wishes, for descriptor: Int32) -> Style {
        let isTerminal = isatty(descriptor) == 1
        let columns = isTerminal ? TerminalSize(of: descriptor).map { Int($0.columns) } : nil
        return Style(
            wishes, isTerminal: isTerminal, columns: columns == 0 ? nil : columns,
            environment: ThisProcess.environment)
    }

    // MARK: Writing

    /// Lines as they are.
    static func say(_ text: String, to descriptor: Int32 = 1) {
        screen.withLock { screen in
            hideStatus(&screen)
            write(text + "\n", to: descriptor)
            showStatus(&screen)
        }
    }

    /// Lines in which the words have a color that say how something came out, where colors are wanted.
    static func tell(_ text: String, to descriptor: Int32 = 1) {
        say(style(of: descriptor).painted(text), to: descriptor)
    }

    /// Keeps a line below everything that is written, on a terminal; none when nil.
    static func status(_ line: String?) {
        screen.withLock { screen in
            guard screen.status != line else { return }
            hideStatus(&screen)
            screen.status = line
            showStatus(&screen)
        }
    }

    /// Hides the line as long as somebody else needs the terminal.
    static func pauseStatus(_ isPaused: Bool) {
        screen.withLock { screen in
            hideStatus(&screen)
            screen.isStatusPaused = isPaused
            showStatus(&screen)
        }
    }

    /// A question, behind which the answer is typed.
    static func prompt(_ text: String) {
        screen.withLock { _ in write(text, to: STDERR_FILENO) }
    }

    private static func hideStatus(_ screen: inout Screen) {
        if screen.isStatusShown { write("\r\u{1B}[K", to: STDERR_FILENO) }
        screen.isStatusShown = false
    }

    private static func showStatus(_ screen: inout Screen) {
        guard let status = screen.status, !screen.isStatusPaused else { return }
        write(status, to: STDERR_FILENO)
        screen.isStatusShown = true
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
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
}

import ArgumentParser

/// What a person or a program sees while scenarios run.
struct DisplayOptions: ParsableArguments {
    @Flag(name: .long, help: "Write events as JSON lines on the standard output, and text on the standard error.")
    var json = false

    @OptionGroup var text: TextOptions

    /// How much text there is; nil is what most want.
    var detail: Detail? { text.detail }

    /// More or less text than usual.
    enum Detail: Sendable {
        case quiet
        case verbose
    }
}

/// How much text there is, and how it looks; the same for every command that runs something.
struct TextOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Show only what did not pass, and the last line.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Show everything of every scenario; -vv draws each frame's way, too.")
    var verbose: Int

    @Flag(name: .long, help: "Nothing but lines of ASCII: no color, and no line is written twice.")
    var plain = false

    @Flag(name: .long, help: "No characters but ASCII.")
    var ascii = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Color words: auto (on a terminal, unless NO_COLOR is set), always or never.", valueName: "when"))
    var color = Style.ColorWish.auto

    @Flag(name: .long, help: "The same as --color never.")
    var noColor = false

    func validate() throws {
        guard !quiet || verbose == 0 else { throw ValidationError("-q and -v contradict each other") }
        guard !noColor || color != .always else {
            throw ValidationError("--no-color and --color always contradict each other")
        }
    }

    var detail: DisplayOptions.Detail? { quiet ? .quiet : verbose > 0 ? .verbose : nil }

    /// Has everything that is written from now on look as it was asked for.
    func adopt() {
        Terminal.adopt(
            Style.Wishes(isPlain: plain, isASCII: ascii, color: noColor ? .never : color))
    }
}

extension Style.ColorWish: ExpressibleByArgument {}

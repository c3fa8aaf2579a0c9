import ArgumentParser

/// What a person or a program sees while a command runs.
struct DisplayOptions: ParsableArguments {
    @Flag(name: .long, help: "Write events as JSON lines on the standard output, and text on the standard error.")
    var json = false

    @Flag var detail: Detail?

    /// How much text there is.
    enum Detail: EnumerableFlag {
        case quiet
        case verbose

        static func name(for value: Detail) -> NameSpecification { .shortAndLong }

        static func help(for value: Detail) -> ArgumentHelp? {
            switch value {
            case .quiet: "Show only what did not pass, and the last line."
            case .verbose: "Show every check of every scenario, and draw what happened."
            }
        }
    }
}

import KeepalivedConfiguration
import LabCourse
import LinuxSystem
import NetnsKit

/// A command of a configuration as it is written, and as keepalived takes it apart.
struct WrittenCommand {
    enum Purpose: Hashable {
        /// The `script` of the `vrrp_script` of that name.
        case check(String)
        case notify
    }

    let purpose: Purpose
    /// The line.
    let line: Directive
    /// The block around it.
    let block: Directive
    let isQuoted: Bool
    /// The program first; never empty.
    let words: [String]
    /// What follows the quotes, or the program where there are none: a user and a group for keepalived.
    let owner: [String]

    var program: String { words[0] }

    /// A command in typographic quotes is none at all.
    var isReadable: Bool { program.first?.isASCII ?? false }

    static let notifyKeywords: Set = [
        "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify", "notify_deleted",
        "notify_master_rx_lower_pri",
    ]

    init?(_ purpose: Purpose, _ line: Directive, in block: Directive) {
        self.purpose = purpose
        self.line = line
        self.block = block
        let text = line.rest
        guard let first = text.first else { return nil }
        isQuoted = first == "\"" || first == "'"
        if isQuoted {
            let parts = text.dropFirst().split(separator: first, maxSplits: 1, omittingEmptySubsequences: false)
            words = Self.split(String(parts[0]))
            owner = parts.count > 1 ? Self.split(String(parts[1])) : []
        } else {
            let all = Self.split(text)
            words = purpose == .notify ? Array(all.prefix(1)) : all
            owner = purpose == .notify ? Array(all.dropFirst()) : []
        }
        if words.isEmpty { return nil }
    }

    /// Words; what stands between apostrophes or quotes is one.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var isOpen = false
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                (quote, isOpen) = (character, true)
            } else if character.isWhitespace {
                if isOpen || !word.isEmpty { words.append(word) }
                (word, isOpen) = ("", false)
            } else {
                word.append(character)
            }
        }
        return isOpen || !word.isEmpty ? words + [word] : words
    }

    /// What a shell is told to do in the command itself, as with `sh -c`.
    var inlineScript: String? {
        let name = program.split(separator: "/").last ?? ""
        guard ["sh", "bash", "dash"].contains(name), let flag = words.firstIndex(of: "-c"), words.count > flag + 1
        else { return nil }
        return words[flag + 1]
    }
}

extension ConfigurationReading {
    /// The commands that are written in it, in their order.
    var commands: [WrittenCommand] {
        outline.flatMap { block -> [WrittenCommand] in
            switch block.keyword.text {
            case "vrrp_script":
                block.all("script").prefix(1).compactMap { WrittenCommand(.check(block.name), $0, in: block) }
            case "vrrp_instance", "vrrp_sync_group":
                (block.block ?? []).filter { WrittenCommand.notifyKeywords.contains($0.keyword.text) }
                    .compactMap { WrittenCommand(.notify, $0, in: block) }
            default: []
            }
        }
    }
}

extension Submission {
    /// A command and what the machine has of it.
    struct Examined {
        let router: Router
        let command: WrittenCommand
        /// Who runs it; nil when there is no such user.
        let account: UserAccount?
        /// The user whom `account` was looked for by.
        let user: String
        /// Nil when there is no such program.
        let file: ScriptFile?
    }

    /// Every command that can be read, with its user and its program.
    var commands: [Examined] {
        sound.flatMap { router in
            router.reading.commands.filter(\.isReadable).map { command in
                let (user, account) = account(of: command, router)
                return Examined(
                    router: router, command: command, account: account, user: user, file: program(command.program))
            }
        }
    }

    /// Whom the command names, else `script_user`, else keepalived's own user, else root unless script security is on.
    private func account(of command: WrittenCommand, _ router: Router) -> (String, UserAccount?) {
        let configuration = router.reading.result.configuration
        let own = command.isQuoted ? command.owner.first : nil
        let named = own ?? command.block.first("user")?.name ?? configuration.scriptUser
        if let named { return (named, machine.account(named)) }
        let standard = "keepalived_script"
        let root = configuration.scriptSecurityEnabled ? nil : UserAccount(user: 0, group: 0)
        return (standard, machine.account(standard) ?? root)
    }

    /// The program that a word means, looked up where the daemon looks.
    func program(_ word: String) -> ScriptFile? {
        if word.contains("/") { return scriptFile(at: word) }
        let directories = ProgramRequest.standardPath.split(separator: ":")
        return directories.lazy.compactMap { scriptFile(at: "\($0)/\(word)") }.first
    }

    /// What is at a path in a node: what was handed in, or what the machine has and the node shares.
    private func scriptFile(at path: String) -> ScriptFile? {
        if let file = file(path) {
            let directory = FileStatus(owner: 0, group: 0, mode: 0o040755)
            return ScriptFile(components: [
                directory, FileStatus(owner: file.owner, group: file.group, mode: 0o100000 | file.mode),
            ])
        }
        // A node has its own of these; what the machine keeps there is not in it.
        let isPrivate = NodeDescription.standardPrivateDirectories.contains { path.hasPrefix($0 + "/") }
        return isPrivate ? nil : machine.way(path).map { ScriptFile(components: $0) }
    }

    /// The handed-in script that a command runs.
    func script(of command: WrittenCommand) -> ShellScript? { scriptFile(of: command).map { ShellScript($0) } }

    /// The same, not taken apart.
    func scriptFile(of command: WrittenCommand) -> SourceFile? {
        if let file = file(command.program) { return file }
        // A shell that is given a file.
        let argument = command.words.dropFirst().first { $0.hasPrefix("/") }
        return argument.flatMap { file($0) }
    }
}

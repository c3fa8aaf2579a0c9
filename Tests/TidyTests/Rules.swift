import Foundation

extension Rule {
    static let all = [
        narrowLines, shortFunctions, documentedPublic, documentedMembers, namedAfterContents, noVagueNames, noSleeping,
        noWallClock, noTraps, noLeftovers, noPrinting, noUncheckedSharing, purity, noFoundation, essentialsAtTheRim,
        noTools,
        noMachinePaths,
    ]

    // MARK: Shape

    static let narrowLines = Rule(
        "No line is wider than 120 columns",
        breaks: SourceFile("Tests/WireTests/X.swift", String(repeating: "x", count: 121))
    ) { file in
        file.isSwift ? file.lines.lineNumbers { $0.count > 120 } : []
    }

    static let shortFunctions = Rule(
        "No function is longer than 50 lines",
        breaks: SourceFile("Sources/Wire/X.swift", "func x() {\n" + String(repeating: "    x()\n", count: 49) + "}")
    ) { file in
        guard file.isSwift, file.isProduct else { return [] }
        return functions(in: file.code).filter { $0.count > 50 }.map { $0.lowerBound + 1 }
    }

    /// The lines of each function and initializer that has a body of its own lines.
    static func functions(in lines: [String]) -> [ClosedRange<Int>] {
        let pattern = #"^ *(@\w+ )*([a-z]+(\([a-z]+\))? )*(func |init[(?<]|subscript[(<]|deinit)"#
        return lines.indices.compactMap { start in
            guard lines[start].range(of: pattern, options: .regularExpression) != nil else { return nil }
            let indentation = String(lines[start].prefix { $0 == " " })
            let isDeeper = { (line: String) in line.isEmpty || line.hasPrefix(indentation + " ") }
            // The head ends with the first line that opens the body; it may go on after its own parenthesis.
            let head = lines[start...].prefix { line in
                !line.hasSuffix("{") && (line == lines[start] || isDeeper(line) || line.hasPrefix(indentation + ")"))
            }
            guard lines.indices.contains(head.endIndex), lines[head.endIndex].hasSuffix("{"),
                let end = lines[head.endIndex...].dropFirst().firstIndex(where: { !isDeeper($0) })
            else { return nil }
            return start...end
        }
    }

    // MARK: Names and documentation

    static let documentedPublic = Rule(
        "Every public type and function says what it is for",
        breaks: SourceFile("Sources/Wire/X.swift", "/// An X.\npublic struct X {\n    public func y() {}\n}")
    ) { file in
        guard file.isSwift, file.isProduct else { return [] }
        // What a protocol of the standard library asks for is documented there.
        let witness = #"func ([-+<=*/|&]+ |encode\(to|hash\(into|advanced\(by|duration\(to)"#
        return undocumented(in: file, publicly: #"(struct|enum|class|actor|protocol|func) "#, except: witness)
    }

    static let documentedMembers = Rule(
        "Every public property, initializer, subscript, alias and case of the libraries says what it is for",
        breaks: SourceFile("Sources/Wire/X.swift", "/// An X.\npublic struct X {\n    public var y = 0\n}")
    ) { file in
        let libraries = ["NetnsKit", "NetnsTesting", "Timeline", "Chance", "Wire"]
        guard file.isSwift, file.isProduct, libraries.contains(file.target) else { return [] }
        let witness =
            #"(var|let) (description|rawValue|isRecursive|startIndex|endIndex): |"#
            + #"init\((from decoder|rawValue): |subscript\(position: "#
        let members = undocumented(in: file, publicly: #"(var|let|typealias|init|subscript)\b"#, except: witness)
        return members + publicCases(in: file).filter { !isDocumented($0, in: file) }.map { $0 + 1 }
    }

    /// The numbers, from 1, of the lines that declare something public without a word about it.
    private static func undocumented(
        in file: SourceFile, publicly declaration: String, except witness: String
    ) -> [Int] {
        let attributes = #"^ *(@\w+ )*"#
        let modifiers = #"([a-z]+(\([a-z]+\))? )*"#
        let pattern = attributes + "public " + modifiers + declaration
        return file.lines.indices.filter { index in
            file.lines[index].contains("public ")
                && file.lines[index].range(of: pattern, options: .regularExpression) != nil
                && file.lines[index].range(of: witness, options: .regularExpression) == nil
                && !isDocumented(index, in: file)
        }.map { $0 + 1 }
    }

    /// The indices of the lines with cases of public enumerations: those of a `switch` stand deeper.
    private static func publicCases(in file: SourceFile) -> [Int] {
        var enumeration: String?
        return file.lines.indices.filter { index in
            let line = file.lines[index]
            let indentation = String(line.prefix { $0 == " " })
            if line.contains("enum "),
                line.range(of: #"^ *public ([a-z]+ )*enum .*\{$"#, options: .regularExpression) != nil
            {
                enumeration = indentation
            } else if line == enumeration.map({ $0 + "}" }) {
                enumeration = nil
            }
            return enumeration.map { line.hasPrefix("\($0)    case ") } ?? false
        }
    }

    /// Whether the line above, attributes left out, is a documentation comment.
    private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
        let above = file.lines[..<index].last { !$0.drop { $0 == " " }.hasPrefix("@") }
        return above?.drop { $0 == " " }.hasPrefix("///") == true
    }

    static let namedAfterContents = Rule(
        "A file is named after something that it declares",
        breaks: SourceFile("Sources/Wire/Frame.swift", "public struct Packet {}")
    ) { file in
        guard file.isSwift, file.isProduct, file.path.hasPrefix("Sources/"), namedAfterTopic[file.path] == nil else {
            return []
        }
        let pattern = #"(?:struct|enum|class|actor|protocol|extension|func|let|typealias) (?:\w+\.)*(\w+)"#
        let declared = file.code.compactMap { line in
            line.range(of: pattern, options: .regularExpression).map { line[$0].split { " .".contains($0) }.last ?? "" }
        }
        let base = file.path.split(separator: "/").last?.split { "+.".contains($0) }.first ?? ""
        let name = words(base)
        let isNamed = declared.contains { declared in
            let declared = words(declared)
            return declared == name || declared.first == name.first || declared.last == name.last
        }
        return isNamed ? [] : [1]
    }

    /// Files that extend a type of the standard library or part a large one by topic.
    private static let namedAfterTopic = [
        "Sources/LinuxSystem/ProcessGroup.swift": "ChildProcess, its group",
        "Sources/Timeline/Seconds.swift": "Duration, in seconds",
        "Sources/VRRPCore/Initialize.swift": "VirtualRouter, in that state",
        "Sources/VRRPCore/Preemption.swift": "VirtualRouter.Backup, when to take over",
        "Sources/VRRPCore/Reconfiguration.swift": "Router, given another configuration",
        "Sources/Wire/TextCoding.swift": "LosslessStringConvertible, as Codable",
    ]

    /// `RouterGroups` is `router`, `group`.
    private static func words(_ name: some StringProtocol) -> [String] {
        var words: [String] = []
        for character in name {
            if character.isUppercase || words.isEmpty { words.append("") }
            words[words.count - 1] += character.lowercased()
        }
        return words.map { word in
            if word.hasSuffix("sses") { return String(word.dropLast(2)) }
            return word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : word
        }
    }

    static let noVagueNames = Rule(
        "No file and no target is named after nothing in particular",
        breaks: SourceFile("Sources/Common/StringUtils.swift", "")
    ) { file in
        let vague = ["Util", "Helper", "Common", "Misc", "Shared", "Manager"]
        return file.isSwift && vague.contains { file.path.contains($0) } ? [1] : []
    }

    // MARK: Words

    static let noSleeping = Rule(
        "Nothing waits for time to pass: it waits for an event, with a deadline",
        breaks: SourceFile("Labs/X.swift", "    try await Task.sleep(for: .seconds(1))"),
        matching: #"\b(u|nano)?sleep\("#)

    static let noWallClock = Rule(
        "Nobody reads the wall clock of Foundation",
        breaks: SourceFile("Sources/NetnsKit/X.swift", "let now = Date()"), matching: #"\bDate(\(\)|\.now)"#)

    static let noTraps = Rule(
        "What can go wrong is an error",
        breaks: SourceFile("Sources/Wire/X.swift", "let x = try! y()"), matching: #"\b(try!|as! |fatalError\()"#)

    static let noLeftovers = Rule(
        "Nothing is left for later",
        breaks: SourceFile("Sources/Wire/X.swift", "// TO" + "DO: everything")
    ) { file in
        guard file.isProduct || file.path.hasPrefix("Tests/") else { return [] }
        return file.lines.lineNumbers { line in ["TO" + "DO", "FIX" + "ME", "XX" + "X:"].contains { line.contains($0) }
        }
    }

    static let noPrinting = Rule(
        "Only the programs write to their standard output",
        breaks: SourceFile("Sources/NetnsKit/X.swift", #"    print("x")"#), matching: #"\bprint\("#,
        unless: { ["vrrpd", "labrun", "vrrpbench", "netnsbench"].contains($0.target) })

    static let noUncheckedSharing = Rule(
        "The compiler checks what threads share",
        breaks: SourceFile("Sources/NetnsKit/X.swift", "final class X: @unchecked Sendable {}"),
        matching: #"@unchecked Sendable|nonisolated\(unsafe\)"#,
        unless: { sharedByHand[$0.path] != nil })

    private static let sharedByHand = [
        "Sources/LinuxSystem/Threads.swift": "a semaphore is shared by its address",
        "Sources/Netlink/MNLSocket.swift": "libmnl keeps a descriptor and an address behind its pointer",
    ]

    static let noTools = Rule(
        "The kernel is asked itself, not by way of ip, tc or brctl",
        breaks: SourceFile("Labs/X.swift", #"    try await node.run("/sbin/ip", ["link"])"#),
        matching: #""([^"]*[/ ;&|])?((ip|tc|brctl|ifconfig)"|brctl "#
            + #"|ip (-\w+ )*(addr|link|route|neigh|netns|[alrn])[ "])"#,
        // It measures what those tools need for the same.
        unless: { $0.target == "netnsbench" })

    // MARK: Imports

    private static let pureTargets: Set = [
        "Wire", "Timeline", "Chance", "VRRPCore", "KeepalivedConfiguration", "VRRPSimulator",
    ]

    static let purity = Rule(
        "The pure targets import nothing but each other",
        breaks: SourceFile("Sources/Wire/X.swift", "import Glibc")
    ) { file in
        guard file.path.hasPrefix("Sources/"), pureTargets.contains(file.target) else { return [] }
        return file.code.lineNumbers { line in imported(by: line).map { !pureTargets.contains($0) } ?? false }
    }

    static let noFoundation = Rule(
        "No product needs Foundation",
        breaks: SourceFile("Sources/labrun/X.swift", "import Foundation"),
        matching: #"^\s*([a-z@]+ )*import .*\bFoundation\b"#)

    static let essentialsAtTheRim = Rule(
        "FoundationEssentials stands at the rim only: where reports are written",
        breaks: SourceFile("Sources/Netlink/X.swift", "import FoundationEssentials"),
        matching: #"import FoundationEssentials"#,
        unless: { file in
            let rim = ["Sources/labrun/", "Sources/LabReport/", "Sources/NetnsKit/Report/", "Labs/"]
            return rim.contains { file.path.hasPrefix($0) }
        })

    /// The module that a line imports.
    private static func imported(by line: String) -> String? {
        guard let range = line.range(of: #"^\s*(@\w+ )?([a-z]+ )?import "#, options: .regularExpression) else {
            return nil
        }
        return line[range.upperBound...].split { " .".contains($0) }
            .first { !["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"].contains($0) }
            .map(String.init)
    }

    // MARK: Every text file

    static let noMachinePaths = Rule(
        "No file knows the machine that it was written on",
        breaks: SourceFile("README.md", "cd /wo" + "rk/main")
    ) { file in
        let places = ["/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/w/", "/ho" + "me/"]
        return file.lines.lineNumbers { line in places.contains { line.contains($0) } }
    }
}

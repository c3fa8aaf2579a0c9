import Foundation
import Testing

/// The style, as far as a program can see it.
@Suite struct TidyTests {
    @Test("Every file keeps the rule", arguments: Rule.all)
    func kept(rule: Rule) {
        let broken = SourceFile.all.flatMap { file in rule.violations(file).map { "\(file.path):\($0)" } }
        #expect(broken == [], "\(rule)")
    }

    @Test("The rule sees when it is broken", arguments: Rule.all)
    func seen(rule: Rule) {
        #expect(!rule.violations(rule.specimen).isEmpty, "\(rule)")
    }

    @Test("The files that the rules are about were found")
    func files() {
        let paths = Set(SourceFile.all.map(\.path))
        #expect(paths.isSuperset(of: ["Package.swift", "Sources/Wire/Frame.swift", "Tests/TidyTests/TidyTests.swift"]))
    }

    @Test("A function is measured from its first line to its closing brace, bodies and heads of any shape")
    func functionLengths() {
        let lines = [
            "protocol P {", "    func none()", "}",
            "func one() {", "    x()", "}",
            "public mutating func two<T>(", "    _ x: T", ") throws(E) -> Int where T: P {", "    if x {", "    }", "}",
            "struct S {", "    init(x: Int) {", "        y()", "    }", "    func short() { z() }", "}",
        ]
        #expect(Rule.functions(in: lines) == [3...5, 6...11, 13...15])
    }

    @Test("A public member without a word is seen, whatever its kind and its modifiers")
    func undocumentedMembers() {
        let members = [
            "public let x = 0", "public private(set) var x = 0", "public static let x = 0", "public init(x: Int) {}",
            "public init?(x: Int) {}", "public subscript(x: Int) -> Int { x }", "public typealias X = Int", "case x",
        ]
        let silent = members.flatMap { ["    \($0)", ""] }
        let telling = members.flatMap { ["    /// An X.", "    @inlinable", "    \($0)"] }
        let head = ["/// An X.", "public indirect enum X: Error {"]
        let file = SourceFile("Sources/Wire/X.swift", (head + silent + telling + ["}"]).joined(separator: "\n"))
        #expect(Rule.documentedMembers.violations(file).sorted() == [3, 5, 7, 9, 11, 13, 15, 17])
    }

    @Test("Cases of a switch and of enumerations that are not public need no word")
    func otherCases() {
        let lines = [
            "/// An X.", "public enum X {", "    /// The only one.", "    case x", "", "    /// Zero.",
            "    public var y: Int {",
            "        switch self {", "        case .x: 0", "        }", "    }", "}", "enum Y {", "    case y", "}",
        ]
        let file = SourceFile("Sources/Wire/X.swift", lines.joined(separator: "\n"))
        #expect(Rule.documentedMembers.violations(file) == [])
    }

    @Test("Each target is drawn in the architecture", .enabled("ARCHITECTURE.md is missing") { architecture != nil })
    func architectureNamesEveryTarget() throws {
        let words = Set(try #require(Self.architecture).lines.flatMap { $0.split { !$0.isLetter && !$0.isNumber } })
        let manifest = try #require(SourceFile.named("Package.swift")).lines.joined(separator: "\n")
        let declaration = try Regex(#"\.(?:target|executableTarget|systemLibrary)\(\s*name: "(\w+)""#)
        let targets = manifest.matches(of: declaration).compactMap { $0.output[1].substring }
        #expect(targets.count > 10)
        #expect(targets.filter { !words.contains($0) } == [])
    }

    static var architecture: SourceFile? { SourceFile.named("ARCHITECTURE.md") }
}

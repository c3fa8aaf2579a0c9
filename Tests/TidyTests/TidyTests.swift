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

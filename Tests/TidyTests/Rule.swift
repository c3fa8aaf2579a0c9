import Foundation

/// Something that a program can see to be wrong with a file, and a file in which it is.
struct Rule: Sendable, CustomStringConvertible {
    let description: String
    /// The numbers of the lines, from 1, that break the rule.
    let violations: @Sendable (SourceFile) -> [Int]
    /// A file that breaks the rule: without it, nobody would know whether the rule sees anything.
    let specimen: SourceFile

    init(_ description: String, breaks specimen: SourceFile, _ violations: @escaping @Sendable (SourceFile) -> [Int]) {
        self.description = description
        self.violations = violations
        self.specimen = specimen
    }

    /// A rule about single lines of the product's code.
    init(
        _ description: String, breaks specimen: SourceFile, matching pattern: String,
        unless isExempt: @escaping @Sendable (SourceFile) -> Bool = { _ in false }
    ) {
        self.init(description, breaks: specimen) { file in
            guard file.isSwift, file.isProduct, !isExempt(file) else { return [] }
            return file.code.lineNumbers { $0.range(of: pattern, options: .regularExpression) != nil }
        }
    }
}

extension [String] {
    /// The numbers, from 1, of the lines that are meant.
    func lineNumbers(where isMeant: (String) -> Bool) -> [Int] {
        indices.filter { isMeant(self[$0]) }.map { $0 + 1 }
    }
}

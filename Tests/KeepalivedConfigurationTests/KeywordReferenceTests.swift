import Foundation
import Testing

@testable import KeepalivedConfiguration

/// docs/keepalived-keywords.md is made from the tables; `REWRITE=1` makes it anew.
@Suite struct KeywordReferenceTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/keepalived-keywords.md").standardizedFileURL

    private static var reference: String {
        let sections = [
            section("Outside of every block", outerKeywords.reference.map(row)),
            section("`global_defs`", globalKeywords.reference.map(row)),
            section("`vrrp_instance`", instanceKeywords.reference.map(row)),
            section("`authentication` in `vrrp_instance`", authenticationKeywords.reference.map(row)),
            section("`vrrp_sync_group`", syncGroupKeywords.reference.map(row)),
            section("`vrrp_script`", scriptKeywords.reference.map(row)),
            section("`track_file`, `vrrp_track_file`", trackFileKeywords.reference.map(row)),
            section("`vrrp_track_process`", trackProcessKeywords.reference.map(row)),
            section("`garp_group`", spacingGroupKeywords.reference.map(row)),
        ]
        let heading = """
            # keepalived's keywords in vrrpd

            Made from the tables in `Sources/KeepalivedConfiguration` by `KeywordReferenceTests`. A keyword without
            effect is accepted with one note; what belongs to another service is passed over whole.
            """
        return ([heading] + sections).joined(separator: "\n\n") + "\n"
    }

    private static func section(_ title: String, _ rows: [String]) -> String {
        (["## \(title)", "", "| keyword | in vrrpd |", "|---|---|"] + rows).joined(separator: "\n")
    }

    private static func row<Target>(_ name: String, _ support: Keyword<Target>.Support) -> String {
        switch support {
        case .supported: "| `\(name)` | supported |"
        case .withoutEffect(let reason): "| `\(name)` | accepted without effect: \(reason) |"
        case .skipped(let reason): "| `\(name)` | skipped: \(reason) |"
        }
    }

    @Test("docs/keepalived-keywords.md says what the tables say")
    func document() throws {
        if ProcessInfo.processInfo.environment["REWRITE"] == "1" {
            try Self.reference.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let document = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(document == Self.reference, "REWRITE=1 swift test --filter KeywordReferenceTests makes it anew")
    }
}

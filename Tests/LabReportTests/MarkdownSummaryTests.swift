import LabCourse
import LabReport
import Testing

@Suite struct MarkdownSummaryTests {
    @Test("What did not pass is told first, then everything has its row")
    func page() {
        let document = RunDocument.sample([
            .sample("step2/crash", [.sample("takes over", .pass, measured: 3.611, bound: [3.607, 3.759])]),
            .sample("step2/tie", [.sample("wins", .fail, why: "because")], daemon: "keepalived:ours", repetition: 2),
        ])
        let text = MarkdownSummary(document).text
        #expect(
            text == """
                ## labrun run step2

                **FAIL: 1 failed, 1 passed in 12.500 s**

                Seed 7, Debian GNU/Linux 12, Linux 6.1.0; labrun 0.1.0, ours vrrpd 0.1.0

                ### FAIL step2/tie \\[keepalived:ours\\] run 2: wins

                - expected: within 3.66 s
                - observed: 3.611 s
                - when: 3.611 s
                - why: because
                - again: `labrun run step2/tie --daemon keepalived:ours`

                | | scenario | daemons | seconds | bound | what |
                |---|---|---|--:|---|---|
                | FAIL | step2/tie run 2 | keepalived:ours |  |  | wins |
                | pass | step2/crash | ours | 3.611 | 3.607..3.759 | takes over |

                """)
    }

    @Test("A page that would be too long loses whole rows from its end, and says how many", arguments: [400, 3000])
    func long(_ count: Int) {
        let title = String(repeating: "é\u{1F6A8}", count: 40)
        let scenarios = (1...count).map { number in
            ScenarioDocument.sample("step2/s\(number)", [.sample(title, number % 2 == 0 ? .pass : .fail)])
        }
        let text = MarkdownSummary(.sample(scenarios)).text
        #expect(text.utf8.count <= 65536)
        #expect(text.utf8.count > 60000)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| FAIL |") || $0.hasPrefix("| pass |") }
        #expect(rows.allSatisfy { $0.hasSuffix(" \(title) |") })
        let dropped = count - rows.count
        #expect(text.hasSuffix("\n\(dropped) more rows do not fit here: see `run.json`.\n"))
        #expect(text.contains(" more did not pass or are wrong: see `junit.xml`.\n"))
    }

    @Test("What programs wrote makes no table, link, tag, mention or command, and no line of its own")
    func hostile() {
        var check = CheckRecord.sample("a|b", .fail)
        check.observed = "x | y\n# head\r\n<script> [a](b) `c` @all $x$ \u{1B}[0m"
        let text = MarkdownSummary(.sample([.sample("step2/tie", [check])])).text
        #expect(text.contains("- observed: x \\| y \\# head  \\<script\\> \\[a\\](b) \\`c\\` \\@all \\$x\\$  \\[0m\n"))
        #expect(text.contains("| FAIL | step2/tie | ours |  |  | a\\|b |\n"))
    }

    @Test("A text that goes on and on is cut at a character, and a run that was cut off says so")
    func clipped() {
        var check = CheckRecord.sample("a", .fail)
        check.observed = String(repeating: "\u{1F6A8}", count: 100_000)
        var document = RunDocument.sample([.sample("step2/tie", [check])])
        document.end = nil
        let text = MarkdownSummary(document).text
        #expect(text.contains("- observed: \(String(repeating: "\u{1F6A8}", count: 600))...\n"))
        #expect(text.contains("**The run was cut off**"))
    }
}

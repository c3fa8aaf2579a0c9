import LinuxSystem
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("Log lines")
struct LogTests {
    private let noon = LocalTime(year: 2026, month: 11, day: 22, weekday: 0, hour: 13, minute: 53, second: 22)
    private let early = LocalTime(year: 2027, month: 1, day: 2, weekday: 6, hour: 3, minute: 4, second: 5)

    @Test("A console line begins with the C library's date and a colon")
    func console() {
        #expect(LogLine.console("Stopping", at: noon) == "Sun Nov 22 13:53:22 2026: Stopping\n")
    }

    @Test("A day of one digit is padded with a blank, a time with zeros")
    func padding() {
        #expect(LogLine.console("x", at: early) == "Sat Jan  2 03:04:05 2027: x\n")
    }

    @Test("A line for the system log carries facility and level, but no year")
    func system() {
        let line = LogLine.system("Stopping", at: noon, facility: .daemon, pid: 77)
        #expect(line == "<30>Nov 22 13:53:22 Vrrpd[77]: Stopping")
        let local = LogLine.system("x", at: early, facility: LogFacility("local1")!, pid: 1)
        #expect(local == "<142>Jan  2 03:04:05 Vrrpd[1]: x")
    }

    @Test("Control characters do not reach a terminal")
    func controlCharacters() {
        #expect(LogLine.console("a\u{1b}[2Jb\nc\td", at: noon) == "Sun Nov 22 13:53:22 2026: a?[2Jb?c\td\n")
    }

    @Test("Lines that nobody takes are counted, and the count is told before the next line that is taken")
    func lostLines() {
        var gap = LogGap()
        var written: [String] = []
        gap.pass("one") {
            written.append($0); return true
        }
        gap.pass("two") { _ in false }
        gap.pass("three") { _ in false }
        #expect(gap.lost == 2)
        gap.pass("four") {
            written.append($0); return true
        }
        #expect(written == ["one", "2 lines of this log were lost because nobody read them", "four"])
        #expect(gap.lost == 0)
    }

    @Test("A reader that takes the confession but not the line leaves one line lost")
    func lostAgain() {
        var gap = LogGap()
        gap.pass("one") { _ in false }
        gap.pass("two") { $0 != "two" }
        #expect(gap.lost == 1)
    }

    @Test(
        "A facility is named by its word or by the digit of a local one",
        arguments: [("daemon", 3), ("user", 1), ("local0", 16), ("local7", 23), ("0", 16), ("6", 22)])
    func facility(text: String, code: Int) {
        #expect(LogFacility(text)?.code == code)
    }

    @Test("No other facility is accepted", arguments: ["8", "local8", "", "mail", "-1", "07", "local"])
    func wrongFacility(text: String) {
        #expect(LogFacility(text) == nil)
    }
}

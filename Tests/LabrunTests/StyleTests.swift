import Testing

@testable import labrun

@Suite("How text looks") struct StyleTests {
    private static func style(
        _ variables: [String: String] = [:], _ wishes: Style.Wishes = Style.Wishes(), terminal: Bool = true,
        columns: Int? = nil
    ) -> Style {
        Style(wishes, isTerminal: terminal, columns: columns) { variables[$0] }
    }

    @Test(
        "Color: on a terminal, unless the environment says otherwise; the command line has the last word",
        arguments: [
            (Style.ColorWish.auto, true, [:], true), (.auto, false, [:], false),
            (.auto, true, ["NO_COLOR": "1"], false), (.auto, true, ["NO_COLOR": ""], true),
            (.auto, false, ["CLICOLOR_FORCE": "1"], true), (.auto, false, ["CLICOLOR_FORCE": "0"], false),
            (.auto, true, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), (.auto, true, ["TERM": "dumb"], false),
            (.auto, true, ["TERM": "dumb", "CLICOLOR_FORCE": "1"], true),
            (.always, false, ["NO_COLOR": "1"], true), (.always, true, ["TERM": "dumb"], true),
            (.never, true, ["CLICOLOR_FORCE": "1"], false), (.never, false, [:], false),
        ] as [(Style.ColorWish, Bool, [String: String], Bool)])
    func color(_ wish: Style.ColorWish, _ isTerminal: Bool, _ variables: [String: String], _ hasColor: Bool) {
        #expect(Self.style(variables, Style.Wishes(color: wish), terminal: isTerminal).hasColor == hasColor)
    }

    @Test(
        "Unicode: on a terminal whose locale says so, the first variable that says anything",
        arguments: [
            (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8"], true), (["LANG": "C"], false), ([:], false),
            (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "C.UTF-8"], true),
            (["LC_CTYPE": "POSIX", "LANG": "C.UTF-8"], false), (["LANG": "ca_ES.UTF-8@valencia"], true),
        ] as [([String: String], Bool)])
    func unicode(_ variables: [String: String], _ isUnicode: Bool) {
        #expect(Self.style(variables).isUnicode == isUnicode)
        #expect(!Self.style(variables, terminal: false).isUnicode)
        #expect(!Self.style(variables, Style.Wishes(isASCII: true)).isUnicode)
    }

    @Test("A line is written again on a terminal that is not dumb, and --plain is stronger than everything")
    func plain() {
        #expect(Self.style([:]).rewrites)
        #expect(!Self.style(terminal: false).rewrites)
        #expect(!Self.style(["TERM": "dumb"]).rewrites)
        let wishes = Style.Wishes(isPlain: true, color: .always)
        #expect(Self.style(["CLICOLOR_FORCE": "1", "LANG": "C.UTF-8"], wishes) == Style.plain)
    }

    @Test("80 columns, or fewer where the terminal or COLUMNS say so, and never fewer than 40")
    func width() {
        #expect(Self.style([:]).width == 80)
        #expect(Self.style(columns: 60).width == 60)
        #expect(Self.style(columns: 200).width == 80)
        #expect(Self.style(["COLUMNS": "72"], columns: 60).width == 72)
        #expect(Self.style(["COLUMNS": "many"], columns: 60).width == 60)
        #expect(Self.style(["COLUMNS": "3"]).width == 40)
    }

    @Test("A color repeats a word where a line begins, or after its time and node, and nowhere else")
    func painting() {
        let style = Self.style([:], Style.Wishes(color: .always))
        let lines = [
            ("  ok    it holds", "  \u{1B}[32mok\u{1B}[0m    it holds"),
            ("FAIL  all of it", "\u{1B}[31mFAIL\u{1B}[0m  all of it"),
            ("    3.416  node1  MASTER   up", "    3.416  node1  \u{1B}[36mMASTER\u{1B}[0m   up"),
            ("    5.500  FAULT  gone", "    5.500  \u{1B}[31mFAULT\u{1B}[0m  gone"),
            ("state MASTER is a word of a file", "state MASTER is a word of a file"),
            ("    5.500  node1  notify  said FAIL", "    5.500  node1  notify  said FAIL"),
        ]
        for (line, painted) in lines {
            #expect(style.painted(line) == painted)
            #expect(Style.plain.painted(line) == line)
        }
    }

    @Test("What others wrote can do nothing to a terminal, and is ASCII where nothing else may be")
    func hostile() {
        let text = "\u{1B}]0;gone\u{7}caf\u{E9}"
        #expect(Style.plain.shown(text) == "?]0;gone?caf?")
        #expect(Self.style(["LANG": "C.UTF-8"]).shown(text) == "?]0;gone?caf\u{E9}")
    }
}

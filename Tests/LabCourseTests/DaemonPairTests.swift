import LabCourse
import Testing

@Suite struct DaemonPairTests {
    @Test("One word stands for both nodes, two for one each")
    func words() throws {
        let same = try DaemonPair(parsing: "/bin/sh")
        #expect(same.first == same.second)
        #expect(same.first.path == "/bin/sh")
        #expect("\(same)" == "/bin/sh")
        let mixed = try DaemonPair(parsing: "/bin/sh:/bin/ls")
        #expect(mixed.first.process == "sh")
        #expect(mixed.second.process == "ls")
        #expect("\(mixed)" == "/bin/sh:/bin/ls")
    }

    @Test("What names no daemons is unreadable", arguments: ["", ":", "ours:", ":ours", "a:b:c"])
    func unreadable(_ text: String) {
        #expect(throws: DaemonSelectionError.unreadable(text)) { try DaemonPair(parsing: text) }
    }

    @Test("A word that is no path must be a known one", arguments: ["quagga", "Ours", "bin/sh"])
    func unknown(_ word: String) {
        #expect(throws: DaemonSelectionError.unknown(word)) { try DaemonPair(parsing: word) }
    }

    @Test("The second daemon is looked for like the first")
    func missing() {
        #expect(throws: DaemonSelectionError.missing("/nothing/here", ["/nothing/here"])) {
            try DaemonPair(parsing: "/bin/sh:/nothing/here")
        }
    }

    @Test("Each refusal says what to write or to do")
    func sentences() {
        #expect(
            "\(DaemonSelectionError.missing("keepalived", []))"
                == "keepalived is not installed: apt-get install -y keepalived, or run the lab with --daemon ours")
        #expect(
            "\(DaemonSelectionError.missing("ours", ["/a/vrrpd", "/b/vrrpd"]))"
                == "vrrpd is missing; looked for /a/vrrpd, /b/vrrpd: build or install the whole package")
        #expect("\(DaemonSelectionError.missing("/x", ["/x"]))" == "/x is not a program that can be run")
        #expect(
            "\(DaemonSelectionError.unknown("quagga"))"
                == "there is no daemon 'quagga': write ours, keepalived, or an absolute path")
        #expect(
            "\(DaemonSelectionError.unreadable(":"))"
                == "':' names no daemons: write ours, keepalived, an absolute path, or two of them as A:B")
    }

    @Test("A node exposes a daemon's directory only where its private directories would hide it")
    func hiddenDirectories() {
        let hidden = DaemonProgram(name: "a", path: "/tmp/build/debug/vrrpd")
        let visible = DaemonProgram(name: "b", path: "/usr/sbin/keepalived")
        #expect(DaemonPair(hidden, visible).hiddenDirectories == ["/tmp/build/debug"])
        #expect(DaemonPair(hidden, hidden).hiddenDirectories == ["/tmp/build/debug"])
        #expect(DaemonPair(visible, visible).hiddenDirectories == [])
    }
}

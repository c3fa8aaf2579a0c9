import LabCourse

/// Documents that show each part of a page.
extension RunDocument {
    static var failing: RunDocument {
        var failed = ScenarioDocument.sample(
            "step2/crash",
            [
                .sample("node1 becomes the master", .pass, measured: 3.611, bound: [3.607, 3.66]),
                .sample(
                    "node2 takes over", .fail, measured: 4.111, bound: [3.607, 3.66], why: "the password is cut to 8"),
            ])
        failed.files = ["lan.pcapng", "node1.log", "events.ndjson"]
        failed.moments = [
            MomentRecord(
                t: 1.5, title: "SIGKILL keepalived on node1",
                frames: [
                    FrameRecord(t: 1.4, node: "node1", summary: "VRRPv2 router 51, priority 150", isChange: false),
                    FrameRecord(t: 5.1, node: "node2", summary: "VRRPv2 router 51, priority 100", isChange: true),
                ], omitted: 7)
        ]
        failed.stalls = [StallRecord(t: 2, length: 0.4)]
        return .sample([.sample("step2/tie", [.sample("yields", .pass)]), failed])
    }

    static var passing: RunDocument {
        .sample(
            (1...8).map {
                .sample("step2/s\($0)", [.sample("takes over", .pass, measured: 3.611, bound: [3.607, 3.66])])
            })
    }

    /// Two pairs, five runs each; the fourth of the first is late.
    static var matrix: RunDocument {
        let scenarios = ["ours", "ours:keepalived"].flatMap { pair in
            (1...5).map { run -> ScenarioDocument in
                let isLate = run == 4 && pair == "ours"
                var check = CheckRecord.sample(
                    "node2 takes over", isLate ? .fail : .pass, measured: isLate ? 4.061 : 3.609 + Double(run) / 1000,
                    bound: [3.607, 3.66])
                check.theory = Theory(exactly: .milliseconds(3609), "T, from the last advertisement")
                return .sample("step2/crash", [check], daemon: pair, repetition: run)
            }
        }
        return .sample(scenarios)
    }

    static var checked: RunDocument {
        var document = RunDocument.failing
        document.files = [
            FileRecord(
                path: "/etc/keepalived/keepalived.conf", nodes: ["node1"],
                text: "vrrp_instance VI_1 {\n    auth_pass muchtoolong\n}\n")
        ]
        document.diagnoses = [
            Diagnosis(
                .passwordCut, .error, at: [.init(file: "/etc/keepalived/keepalived.conf", line: 2)],
                "Only muchtool is used.", remedy: "auth_pass muchtool", message: "Truncating auth_pass",
                sights: [.init("node1 log", "Truncating")])
        ]
        return document
    }

    /// One text wherever somebody else's may stand.
    static func hostile(_ text: String) -> RunDocument {
        var document = RunDocument.checked
        document.run.arguments = ["run", text]
        document.run.programs[text] = text
        document.run.machine.system = text
        document.files[0].text = text
        document.files[0].path = text
        document.diagnoses[0].sentence = text
        document.diagnoses[0].sights = [.init(text, text)]
        document.diagnoses[0].places = [.init(file: text, line: 1, text: text)]
        for index in document.scenarios.indices {
            document.scenarios[index].record.id = text
            document.scenarios[index].record.title = text
            document.scenarios[index].record.daemon = text
            document.scenarios[index].directory = text
            document.scenarios[index].command = text
            document.scenarios[index].table = [text]
            document.scenarios[index].files = [text, "lan.pcapng"]
            for check in document.scenarios[index].checks.indices {
                document.scenarios[index].checks[check].title = text
                document.scenarios[index].checks[check].observed = text
                document.scenarios[index].checks[check].expected = text
                document.scenarios[index].checks[check].explanation = text
            }
            document.scenarios[index].moments = [
                MomentRecord(
                    t: 0, title: text, frames: [FrameRecord(t: 0, node: text, summary: text, isChange: true)])
            ]
        }
        return document
    }
}

enum PageTexts {
    static let hostile = [
        "</style><script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)",
        // A combining mark makes one character of the quote and itself.
        "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "<\u{301}script>",
        "javascript:alert(1)//", "{{title}} {{{style}}}",
        "\u{0}\u{1b}[31m\u{202e}gnp.exe", "&lt;script&gt;", "]]>\u{fffe}",
    ]
}

import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Who is told of a transition", .requiresNamespaces)
struct NotificationTests {
    @Test("Arguments of a script without quotes are arguments, and the log says how to write them")
    func unquoted() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try lab["node1"].write("#!/bin/sh\necho \"$# $*\" >> /run/calls\n", to: "/run/notify", mode: 0o755)
            let instance = InstanceText.master.with(
                "notify_backup /run/notify BACKUP", "notify_master \"/run/notify MASTER\"")
            try experiment.start(.ours, on: "node1", scriptsAsRoot + instance.text)
            try await lab.expect("node1 is the master", within: .seconds(3), since: lab.start) {
                $0.isClaim(by: "node1")
            }
            await experiment.watch(for: .milliseconds(500))
            let calls = Set(String(decoding: try lab["node1"].read("/run/calls"), as: UTF8.self).split(separator: "\n"))
            let expected: Set<Substring> = ["1 BACKUP", "1 MASTER"]
            experiment.claim("each script got what was meant", calls == expected, sawInstead: "\(calls)")
            let warnings = experiment.lines(of: "node1").filter { $0.contains("/run/notify") && $0.contains("quot") }
            experiment.claim("one warning", warnings.count == 1, sawInstead: "\(warnings)")
        }
    }

    @Test("The FIFO has every transition in its order", arguments: Implementation.available)
    func fifo(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let globals = "global_defs {\n    vrrp_notify_fifo /run/vrrp.fifo\n}\n"
            let group = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"
            let second = InstanceText(
                name: "VI_2", virtualRouterID: 52, priority: 150, addresses: ["192.168.1.102/24"])
            try experiment.start(
                implementation, on: "node1", globals + group + InstanceText.master.text + second.text)
            try await experiment.expectLine("Entering BACKUP STATE", on: "node1")
            // It was made before; what was written until now waits in it.
            try lab["node1"].start("/bin/cat", ["/run/vrrp.fifo"], as: "reader")
            try await lab.expect("node1 is the master", within: .seconds(3), since: lab.start) {
                $0.isClaim(by: "node1")
            }
            await experiment.watch(for: .milliseconds(300))
            try lab.inject(.terminate(experiment.daemon(of: "node1")))
            _ = try await lab["node1"].process("daemon").exit(within: .seconds(5))
            await experiment.watch(for: .milliseconds(100))
            let lines = lab.timeline.lines(of: "reader")
            print("the FIFO of \(implementation.rawValue): \(lines)")
            for name in ["VI_1", "VI_2"] {
                let own = lines.filter { $0.contains("\"\(name)\"") }
                let expected = ["BACKUP", "MASTER", "STOP"].map { "INSTANCE \"\(name)\" \($0) 150" }
                experiment.claim("\(name) in order", own == expected, sawInstead: "\(own)")
            }
            let group1 = lines.filter { $0.hasPrefix("GROUP") }
            let expected = ["BACKUP", "MASTER", "STOP"].map { "GROUP \"G\" \($0) 0" }
            experiment.claim("the group in order", group1 == expected, sawInstead: "\(group1)")
        }
    }

    @Test(
        "A transition is mailed to whom the file names",
        .requires(program: "/usr/bin/aiosmtpd", package: "python3-aiosmtpd"), arguments: Implementation.available)
    func mail(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let globals = """
                global_defs {
                    router_id edge7
                    notification_email {
                        admin@example.org
                        night@example.org
                    }
                    notification_email_from vrrp@example.org
                    smtp_server 192.168.1.50
                    smtp_connect_timeout 5
                }

                """
            try lab["client"].start(
                "/usr/bin/aiosmtpd",
                ["-n", "-d", "-l", "192.168.1.50:25", "-c", "aiosmtpd.handlers.Debugging", "stdout"], as: "mail",
                environment: ["PYTHONUNBUFFERED": "1"])
            try await lab.expect("the mail server is up", within: .seconds(10), since: lab.start) {
                $0.isLine(on: "client") { $0.contains("listening on 192.168.1.50:25") }
            }
            let begin = lab.step("start")
            try experiment.start(
                implementation, on: "node1", globals + InstanceText.master.with("smtp_alert").text)
            try await lab.expect("node1's mail about MASTER arrives", within: .seconds(8), since: begin) {
                $0.isLine(on: "client") { $0.contains("Subject:") && $0.contains("MASTER") }
            }
            await experiment.watch(for: .milliseconds(500))
            let lines = lab.timeline.lines(of: "mail")
            let subjects = lines.filter { $0.hasPrefix("Subject:") }
            print("mail of \(implementation.rawValue): \(lines.filter { $0.contains(": ") && !$0.contains("smtpd") })")
            experiment.claim(
                "it names the router, the instance and the state",
                subjects.contains("Subject: [edge7] VRRP Instance VI_1 - Entering MASTER state"),
                sawInstead: "\(subjects)")
            for header in ["From: vrrp@example.org", "To: admin@example.org"] {
                experiment.claim("'\(header)'", lines.contains { $0.hasPrefix(header) }, sawInstead: "\(lines)")
            }
            experiment.claim(
                "every recipient gets it", lines.contains { $0.contains("RCPT TO:<night@example.org>") },
                sawInstead: "\(lines)")
        }
    }

    @Test("A mail server that never answers holds nothing up")
    func silentMailServer() async throws {
        try await Experiment.run { experiment in
            let globals = """
                global_defs {
                    notification_email {
                        admin@example.org
                    }
                    smtp_server 192.168.1.99
                    smtp_connect_timeout 2
                }

                """
            let lab = experiment.lab
            try experiment.start(.ours, on: "node1", globals + InstanceText.master.with("smtp_alert").text)
            try experiment.start(.ours, on: "node2", InstanceText.backup.text)
            try await experiment.expectMaster("node1", heardBy: "node2")
            let begin = lab.step("nobody answers")
            await experiment.watch(for: .seconds(4))
            experiment.claimStaying("node1", in: begin...MonotonicClock.now, interval: .milliseconds(100))
        }
    }
}

extension Timeline {
    /// What a program wrote, both streams, in order.
    func lines(of process: String) -> [String] {
        events.compactMap { event in
            guard case .output(process, _, let line) = event.kind else { return nil }
            return line
        }
    }
}

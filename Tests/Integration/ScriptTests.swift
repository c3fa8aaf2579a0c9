import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Scripts", .requiresNamespaces)
struct ScriptTests {
    @Test("A check that cannot be run is a failed one, and the log says why", arguments: ["missing", "unreadable"])
    func cannotRun(_ why: String) async throws {
        try await Experiment.run { experiment in
            let check = "vrrp_script chk {\n    script \"/run/check\"\n    interval 1\n}\n"
            let instance = InstanceText.master.with("track_script {", "    chk", "}")
            if why == "unreadable" {
                try experiment.lab["node1"].write("#!/nothing/here\n", to: "/run/check", mode: 0o755)
            }
            try experiment.start(.ours, on: "node1", scriptsAsRoot + check + instance.text)
            try await experiment.expectLine("Entering FAULT STATE", on: "node1")
            let lines = experiment.lines(of: "node1")
            experiment.claim("it says why", lines.contains { $0.contains("/run/check") }, sawInstead: "\(lines)")
            await experiment.watch(for: .seconds(1))
            experiment.claimNever("it advertises", in: experiment.lab.start...MonotonicClock.now) {
                $0.isClaim(by: "node1")
            }
        }
    }

    @Test("Fifty checks that hang and do not mind SIGTERM are one process each, and none outlives the daemon")
    func hanging() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let hang = "#!/bin/sh\ntrap '' TERM\nmkfifo /run/never.$$\nread -r line < /run/never.$$\n"
            try lab["node1"].write(hang, to: "/run/hang", mode: 0o755)
            let names = (1...50).map { "chk\($0)" }
            let checks = names.map {
                "vrrp_script \($0) {\n    script \"/run/hang \($0)\"\n    interval 1\n    timeout 1\n    weight -1\n}\n"
            }
            var instance = InstanceText.master
            instance.lines = ["track_script {"] + names.map { "    \($0)" } + ["}"]
            let begin = lab.step("fifty hanging checks")
            let daemon = try experiment.start(.ours, on: "node1", scriptsAsRoot + checks.joined() + instance.text)
            var most = 0
            for second in 1...8 {
                await experiment.watch(for: begin + .milliseconds(1000 * second) - MonotonicClock.now)
                most = max(most, daemon.descendants().count)
            }
            experiment.claim("at most fifty at once", most <= 50, sawInstead: "\(most)")
            experiment.claim("they were run", most > 0)
            let sent = lab.timeline.events.filter { $0.isClaim(by: "node1") }.map(\.time)
            let gap = zip(sent, sent.dropFirst()).map { $1 - $0 }.max() ?? .seconds(8)
            experiment.claim("advertisements go on", gap, atMost: .milliseconds(200))
            try lab.inject(.terminate(experiment.daemon(of: "node1")))
            let status = await daemon.exit(within: .seconds(3))
            experiment.claim("the daemon ends", status == .exited(code: 0), sawInstead: "\(status as Any)")
            let left = try await lab["node1"].run(
                "/bin/sh", ["-c", "while pgrep -f '[/]run/hang' >/dev/null; do :; done"], within: .seconds(3))
            experiment.claim("none is left after three seconds", left != nil)
            print("fifty hanging checks: \(most) processes at once, none after the end")
        }
    }

    @Test("A check that fails lowers the priority by its weight, and one without a weight is a fault")
    func failing() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try lab["node1"].write("#!/bin/sh\ntest -e /run/well\n", to: "/run/check", mode: 0o755)
            try lab["node1"].write("", to: "/run/well")
            try lab["node1"].write("", to: "/run/alive")
            try lab["node1"].write("#!/bin/sh\ntest -e /run/alive\n", to: "/run/lives", mode: 0o755)
            let checks = """
                vrrp_script chk {
                    script "/run/check"
                    interval 1
                    weight -60
                }
                vrrp_script lives {
                    script "/run/lives"
                    interval 1
                }

                """
            let instance = InstanceText.master.with("track_script {", "    chk", "    lives", "}")
            try experiment.start(.ours, on: "node1", scriptsAsRoot + checks + instance.text)
            try experiment.start(.ours, on: "node2", InstanceText.backup.text)
            try await lab.expect("node1 is the master", within: .seconds(4), since: lab.start) {
                $0.isClaim(by: "node1")
            }
            let sick = lab.step("chk fails")
            _ = try await lab["node1"].run("/bin/rm", ["/run/well"])
            try await lab.expect("node2 takes over", within: .seconds(3), since: sick) { $0.isClaim(by: "node2") }
            experiment.claim(
                "node1 said 90",
                lab.timeline.first(after: sick) { $0.isClaim(by: "node1") && $0.advert?.priority == 90 }
                    != nil)
            let dead = lab.step("lives fails")
            _ = try await lab["node1"].run("/bin/rm", ["/run/alive"])
            try await experiment.expectLine("Entering FAULT STATE", on: "node1", since: dead)
        }
    }
}

import LabCourse

extension Seed {
    private static let check = "/etc/keepalived/check.sh"
    private static let checked = quick.with(check, for: "/bin/true")
    private static let script = "#!/bin/sh\nexit 0\n"

    /// Checks and notify scripts.
    static let scripts = [
        Seed(
            id: "no-program", title: "the check is missing", text: checked, code: .programNotFound, answer: 5,
            fate: .well, ownFate: .well),
        Seed(
            id: "not-executable", title: "a check with mode 644", text: checked,
            others: [SourceFile(check, script)], code: .scriptCannotRun, answer: 0, fate: .well),
        Seed(
            id: "writable", title: "a check with mode 777", text: checked,
            others: [SourceFile(check, script, mode: 0o777)], code: .unsafePermissions, answer: 5, fate: .well),
        Seed(
            id: "no-security", title: "no script security",
            text: quick.with("", for: "    enable_script_security\n"), code: .unsafePermissions, answer: 6,
            fate: .well),
        Seed(
            id: "no-user", title: "script_user nobody_here",
            text: quick.with("script_user nobody_here", for: "script_user root"), code: .unknownScriptUser, answer: 5,
            fate: .runs(.master, hasAddress: true, notifies: false), difference: "machine-lines"),
        Seed(
            id: "unknown-check", title: "track_script of no check",
            text: quick.with("        chekc\n", for: "        check\n"), code: .syntax, answer: 5, fate: .well),
        Seed(
            id: "late-check", title: "the check comes last",
            text: quick.with("", for: checkBlock) + "\n" + checkBlock, answer: 6, fate: .well,
            difference: "late-definition"),
        Seed(
            id: "no-script", title: "a check with no script",
            text: quick.with("", for: "    script \"/bin/true\"\n"), code: .syntax, answer: 5, fate: .well),
        Seed(
            id: "weight", title: "weight -300", text: quick.with("weight -300", for: "weight 5"), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "interval", title: "interval 0", text: quick.with("interval 0", for: "interval 1"), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "fall", title: "fall 0", text: quick.with("fall 0\n    weight 5", for: "weight 5"), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "no-notify", title: "notify of no file",
            text: quick.with("nothere.sh", for: "notify.sh"), code: .scriptCannotRun, answer: 0,
            fate: .runs(.master, hasAddress: true, notifies: false)),
        Seed(
            id: "unquoted", title: "notify without quotes",
            text: quick.with("/etc/keepalived/notify.sh MASTER", for: "\"/etc/keepalived/notify.sh MASTER\""),
            code: .notifyNotQuoted, answer: 0, fate: .runs(.master, hasAddress: true, notifies: false), ownFate: .well,
            difference: "unquoted-command"),
    ]

    private static let checkBlock = """
        vrrp_script check {
            script "/bin/true"
            interval 1
            weight 5
        }

        """
}

import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("Notify scripts")
struct NotificationTests {
    private let root = UserAccount(user: 0, group: 0)

    private func script(_ words: String...) -> PreparedScript {
        PreparedScript(arguments: words, account: root)
    }

    @Test("The state's own script comes first as it was written, then the generic one with four words more")
    func order() {
        let notifications = Notifications(
            specific: [.master: script("/etc/up", "now")], generic: script("/etc/notify", "-v"))
        let programs = notifications.programs(for: Transition(router: "VI_1", state: .master, priority: 150))
        #expect(
            programs.map(\.script.arguments) == [
                ["/etc/up", "now"], ["/etc/notify", "-v", "INSTANCE", "VI_1", "MASTER", "150"],
            ])
    }

    @Test("A state without a script of its own starts the generic one alone", arguments: ["BACKUP", "FAULT", "STOP"])
    func generic(word: String) throws {
        let notifications = Notifications(specific: [.master: script("/etc/up")], generic: script("/etc/notify"))
        let state = try #require(NotifiedState(rawValue: word))
        let programs = notifications.programs(for: Transition(router: "A", state: state, priority: 1))
        #expect(programs.map(\.script.arguments) == [["/etc/notify", "INSTANCE", "A", word, "1"]])
    }

    @Test("A sync group is told apart from an instance, and its priority is 0")
    func group() {
        let notifications = Notifications(generic: script("/etc/notify"))
        let programs = notifications.programs(for: Transition(.group, router: "G", state: .fault, priority: 0))
        #expect(programs.map(\.script.arguments) == [["/etc/notify", "GROUP", "G", "FAULT", "0"]])
        #expect(programs.map(\.lane) == [.init(subject: .group, name: "G", kind: .generic)])
    }

    @Test("Of a weaker neighbor only those hear who asked for it, and of many such news only the last is kept")
    func weakerNeighbor() {
        let transition = Transition(router: "A", state: .receivedLowerPriority, priority: 100)
        #expect(Notifications(generic: script("/etc/notify")).programs(for: transition).isEmpty)
        let asking = Notifications(specific: [.receivedLowerPriority: script("/x")], generic: script("/y"))
        let programs = asking.programs(for: transition)
        #expect(
            programs.map(\.script.arguments) == [["/x"], ["/y", "INSTANCE", "A", "MASTER_RX_LOWER_PRI", "100"]])
        #expect(programs.map(\.replacesItsLike) == [true, true])
    }

    @Test("A changed priority is told to the generic script, in keepalived's words")
    func priority() {
        let notifications = Notifications(specific: [.master: script("/x")], generic: script("/y"))
        let programs = notifications.programs(for: Transition(router: "A", state: .masterPriority, priority: 90))
        #expect(programs.map(\.script.arguments) == [["/y", "INSTANCE", "A", "MASTER_PRIORITY", "90"]])
    }

    @Test("Nobody is told when nobody asked")
    func silence() {
        let transition = Transition(router: "A", state: .backup, priority: 100)
        #expect(Notifications(specific: [.fault: script("/x")]).programs(for: transition).isEmpty)
    }

    @Test("A script gets a session of its own, PATH and nothing else, and null for all three descriptors")
    func request() {
        let request = script("/etc/up", "now").request
        #expect(request.path == "/etc/up")
        #expect(request.arguments == ["/etc/up", "now"])
        #expect(request.environment == ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
        #expect(request.descriptors == [nil, nil, nil])
        #expect(request.startsSession)
        #expect(request.directory == "/")
    }

    @Test("A name without a slash is looked up where programs are; one that is nowhere stays as it is")
    func lookUp() {
        #expect(script("sh").request.path.hasSuffix("/sh"))
        #expect(script("no-such-program").request.path == "no-such-program")
    }

    @Test("A script of another user runs as that user")
    func identity() {
        let other = UserAccount(user: UserAccount.own.user + 1, group: 7)
        let identity = PreparedScript(arguments: ["/x"], account: other).request.identity
        #expect(identity?.user == other.user)
        #expect(identity?.group == 7)
        #expect(PreparedScript(arguments: ["/x"], account: .own).request.identity == nil)
    }
}

@Suite("The users of scripts")
struct ScriptUserTests {
    private let known = [
        "keepalived_script": UserAccount(user: 900, group: 901), "web": UserAccount(user: 33, group: 34),
    ]

    private func prepare(
        _ users: [String: UserAccount], scriptUser: String? = nil, ownUser: String? = nil, security: Bool = false
    ) -> PreparedScripts {
        var router = VirtualRouterConfiguration(name: "VI_1", interface: "eth0", virtualRouterID: 51)
        router.trackedScripts = [TrackedItem("chk")]
        var configuration = DaemonConfiguration()
        configuration.router.virtualRouters = [router]
        configuration.scripts = [TrackScript(name: "chk", command: ScriptCommand(["/bin/true"], user: ownUser))]
        var scripts = NotifyScripts()
        scripts.generic = ScriptCommand(["/etc/notify"], user: ownUser)
        configuration.notifications = ["VI_1": scripts]
        configuration.scriptUser = scriptUser
        configuration.scriptSecurityEnabled = security
        let file = ScriptFile(components: [.init(owner: 0, group: 0, mode: 0o100755)])
        return PreparedScripts(configuration, lookUp: { users[$0] }, inspect: { _ in file })
    }

    @Test("The script's own user goes before script_user, and that before keepalived_script")
    func precedence() {
        #expect(prepare(known, scriptUser: "keepalived_script", ownUser: "web").tracked[0].script.account.user == 33)
        #expect(prepare(known, scriptUser: "web").tracked[0].script.account == UserAccount(user: 33, group: 34))
        #expect(prepare(known).tracked[0].script.account == UserAccount(user: 900, group: 901))
    }

    @Test("Without any user a script runs as the daemon, unless script security is on")
    func defaultUser() {
        #expect(prepare([:]).tracked[0].script.account == .own)
        #expect(prepare([:]).complaints == [])
        let strict = prepare([:], security: true)
        #expect(strict.tracked.isEmpty)
        #expect(
            strict.complaints == [
                "Script user 'keepalived_script' does not exist",
                "Unable to set default user for vrrp script chk - removing",
                "(VI_1) track script chk not found, ignoring...",
                "Failed to set default user for notify script /etc/notify - ignoring",
            ])
    }

    @Test("An unknown user costs the script, not the daemon")
    func unknownUser() {
        let prepared = prepare(known, ownUser: "nobody-of-that-name")
        #expect(prepared.tracked.isEmpty)
        #expect(prepared.notifications["VI_1"] == Notifications())
        #expect(prepared.complaints.first == "Script user 'nobody-of-that-name' does not exist")
    }

    @Test("The system's users are found by name")
    func systemUsers() {
        #expect(UserAccount(named: "root") == UserAccount(user: 0, group: 0))
        #expect(UserAccount(named: "no-such-user") == nil)
        #expect(UserAccount.groupNumber(named: "root") == 0)
        #expect(UserAccount.groupNumber(named: "no-such-group") == nil)
    }
}

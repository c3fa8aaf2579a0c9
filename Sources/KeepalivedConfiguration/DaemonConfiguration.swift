import VRRPCore

/// What a daemon does: the routers it plays, the scripts it runs, and for whom.
public struct DaemonConfiguration: Hashable, Sendable {
    /// For the daemon's pure half; routers that cannot run are left out.
    public var router = RouterConfiguration()
    /// nil: the host's name.
    public var routerID: String?
    /// The programs behind `router.scripts`, in the same order.
    public var scripts: [TrackScript] = []
    /// By the name of the virtual router; only routers that notify somebody are there.
    public var notifications: [String: NotifyScripts] = [:]
    /// Who runs scripts that name nobody themselves; nil: keepalived looks for the user `keepalived_script` first and
    /// takes its own identity otherwise.
    public var scriptUser: String?
    /// nil: the first group of `scriptUser`.
    public var scriptGroup: String?
    /// Scripts that somebody other than root could change are disabled, not merely reported.
    public var scriptSecurityEnabled = false
    /// By the name of the sync group; only groups that notify somebody are there.
    public var groupNotifications: [String: NotifyScripts] = [:]
    /// nil: nobody gets mail.
    public var mail: MailConfiguration?
    /// Virtual routers and sync groups whose transitions are mailed (`smtp_alert`).
    public var mailedRouters: Set<String> = []
    public var mailedGroups: Set<String> = []
    /// Where transitions are written, a line each (`notify_fifo`, `vrrp_notify_fifo`).
    public var fifos: [NotifyFIFO] = []
    /// After a reload the FIFOs get every state again (`fifo_write_vrrp_states_on_reload`).
    public var fifosRepeatStatesOnReload = false
    /// Runs before anything else, and after everything else (`startup_script`, `shutdown_script`).
    public var startupScript: TimedScript?
    public var shutdownScript: TimedScript?
    /// What is behind `router.files`, in the same order.
    public var files: [TrackFile] = []
    /// What is behind `router.processes`, in the same order.
    public var processes: [TrackProcess] = []
    /// There from the start to the end of the daemon (`static_ipaddress`, `static_routes`, `static_rules`).
    public var staticAddresses: [VirtualAddress] = []
    public var staticRoutes: [VirtualRoute] = []
    public var staticRules: [VirtualRule] = []
    /// The least time between two packets that announce addresses on an interface.
    public var announcementSpacing = AnnouncementSpacing()
    /// Spacing for interfaces that have one of their own (`garp_group`).
    public var interfaceSpacing: [String: AnnouncementSpacing] = [:]
    /// Interfaces may be missing at the start; routers on them wait (`dynamic_interfaces`).
    public var allowsMissingInterfaces = false
    /// Packets with a virtual router ID that nobody has are logged (`log_unknown_vrids`).
    public var logsUnknownVRIDs = false
    /// How the process is run.
    public var process = ProcessSettings()
    /// Where the process shows itself.
    public var layout = FileLayout()

    public init() {}

    /// Reads a configuration and everything that it includes.
    ///
    /// Every problem of the text is reported in one run, and what can be used of it is used.
    /// - Parameters:
    ///   - file: The name that `read` is asked for first.
    ///   - surroundings: What the text may depend on beside files.
    ///   - read: The only way to a file system.
    public static func load(
        file: String, _ surroundings: ConfigurationSurroundings = ConfigurationSurroundings(),
        read: @escaping ConfigurationLoader
    ) -> ConfigurationResult {
        var diagnostics = Diagnostics()
        let main = read(file, nil)
        if main.isEmpty {
            diagnostics.fatal("Config files missing '\(file)'.", at: .whole(file), category: .fileNotFound)
        }
        let directives = directives(of: main, surroundings, read: read, &diagnostics)
        var draft = DaemonDraft()
        outerKeywords.apply(directives, to: &draft, &diagnostics)
        let configuration = draft.checked(&diagnostics)
        return ConfigurationResult(configuration: configuration, diagnostics: diagnostics.sorted)
    }

    /// A text as it is written, with what it includes in its place: for those who look for a line and not for what it
    /// comes to. Words that are no keywords are there, too.
    public static func outline(
        file: String, _ surroundings: ConfigurationSurroundings = ConfigurationSurroundings(),
        read: @escaping ConfigurationLoader
    ) -> [Directive] {
        var diagnostics = Diagnostics()
        return directives(of: read(file, nil), surroundings, read: read, &diagnostics)
    }

    private static func directives(
        of files: [ConfigurationFile], _ surroundings: ConfigurationSurroundings, read: @escaping ConfigurationLoader,
        _ diagnostics: inout Diagnostics
    ) -> [Directive] {
        let lines = files.flatMap { Substitution.lines(of: $0, surroundings, load: read, &diagnostics) }
        let lexed = lines.map { Lexer.tokens(of: $0, &diagnostics) }
        return DirectiveParser.parse(lexed, sections: sectionNames, &diagnostics)
    }
}

/// The program behind a `vrrp_script`.
public struct TrackScript: Hashable, Sendable {
    /// As in `RouterConfiguration.scripts`.
    public var name: String
    public var command: ScriptCommand
    /// From one start to the next.
    public var interval: Duration
    /// How long a run may take; nil: as long as `interval`.
    public var timeout: Duration?

    public init(name: String, command: ScriptCommand, interval: Duration = .seconds(1), timeout: Duration? = nil) {
        self.name = name
        self.command = command
        self.interval = interval
        self.timeout = timeout
    }
}

/// Whom a virtual router tells that it entered a state.
public struct NotifyScripts: Hashable, Sendable {
    public var master: ScriptCommand?
    public var backup: ScriptCommand?
    public var fault: ScriptCommand?
    public var stop: ScriptCommand?
    /// Runs instead of `fault` when a reload removed the router (`notify_deleted`).
    public var deleted: ScriptCommand?
    /// Runs each time that a master hears a weaker one (`notify_master_rx_lower_pri`).
    public var receivedLowerPriority: ScriptCommand?
    /// Runs for every state, after the one above, with four more arguments: `INSTANCE`, name, state, priority.
    public var generic: ScriptCommand?

    public init() {}

    public var isEmpty: Bool { self == NotifyScripts() }
}

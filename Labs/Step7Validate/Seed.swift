import LabCourse

/// A configuration with one thing about it, and what is known of it.
struct Seed: Sendable {
    /// Unique in the step, in letters, digits and dashes.
    var id: String
    /// For the table: at most 25 columns.
    var title: String
    /// The configuration; nil is a file that is not there.
    var text: String?
    /// What the configuration refers to.
    var others: [SourceFile] = []
    /// What the catalogue calls it; nil when it is no mistake, or not one of the catalogue's.
    var code: MistakeCode?
    /// The exit status of `keepalived -t`, 2.2.7.
    var answer: Int32
    /// What a daemon does with it.
    var fate: Fate
    /// What vrrpd does with it, where that is something else.
    var ownFate: Fate?
    /// Why the two tests do not answer alike, or not at the same lines: a key of docs/differences.md.
    var difference: String?

    /// What becomes of a daemon that starts with a file.
    enum Fate: Hashable, Sendable {
        /// It ends by itself with a code.
        case ends(Int32)
        /// It runs; the state of its instance, whether the kernel has the address, and whether it told the script.
        case runs(State, hasAddress: Bool, notifies: Bool)

        /// The master, with its address, and the script knows.
        static let well = Fate.runs(.master, hasAddress: true, notifies: true)
        /// It listens, as one does for three seconds when advertisements come once a second.
        static let listens = Fate.runs(.backup, hasAddress: false, notifies: false)
    }

    /// The last state that a daemon's log tells.
    enum State: String, Sendable {
        case none
        case backup = "BACKUP"
        case master = "MASTER"
        case fault = "FAULT"
    }
}

extension Seed.Fate: CustomStringConvertible {
    /// For the table: at most 17 columns.
    var description: String {
        switch self {
        case .ends(let code): "ends with \(code)"
        case .runs(.none, _, _): "no instance"
        case .runs(.master, true, true): "MASTER"
        case .runs(.master, true, false): "MASTER, no notify"
        case .runs(.master, false, _): "MASTER, no VIP"
        case .runs(let state, true, _): "\(state.rawValue), has VIP"
        case .runs(let state, false, _): state.rawValue
        }
    }
}

extension Seed {
    /// The files as a node has them.
    var files: [SourceFile] {
        (text.map { [SourceFile(LabFile.master, $0)] } ?? []) + [Self.notifyScript] + others
    }

    private static let notifyScript = SourceFile(
        LabFile.notify, "#!/bin/sh\necho \"$1\" >> \(LabFile.notifyLog)\n", mode: 0o700)

    /// A sound configuration that is a master after 0.4 s: version 3 with ten advertisements a second.
    static let quick = """
        global_defs {
            router_id LAB
            script_user root
            enable_script_security
        }

        vrrp_script check {
            script "/usr/bin/test -d /etc/keepalived"
            interval 1
            weight 5
        }

        vrrp_instance VI_1 {
            version 3
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority 100
            advert_int 0.1
            virtual_ipaddress {
                192.168.1.100/24 dev eth0
            }
            track_script {
                check
            }
            notify_master "/etc/keepalived/notify.sh MASTER"
        }

        """

    /// The same in version 2, with a password and once a second.
    static let slow = """
        global_defs {
            router_id LAB
            script_user root
            enable_script_security
        }

        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority 100
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass secret12
            }
            virtual_ipaddress {
                192.168.1.100/24 dev eth0
            }
            notify_master "/etc/keepalived/notify.sh MASTER"
        }

        """
}

extension String {
    /// The same text with another part; the part must be there.
    func with(_ new: String, for old: String) -> String {
        let parts = split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the text has no '\(old)'")
        return parts[0] + new + parts[1]
    }
}

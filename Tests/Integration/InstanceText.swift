/// A `vrrp_instance` as an experiment varies it: fast, and with what a takeover needs and nothing more.
struct InstanceText: Sendable {
    var name = "VI_1"
    var interface = "eth0"
    var virtualRouterID = 51
    var priority = 100
    var version = 3
    /// In seconds; v2 knows whole ones only.
    var interval = "0.1"
    var addresses = ["192.168.1.100/24"]
    /// Further lines of the instance, such as `nopreempt`, or blocks of several lines.
    var lines: [String] = []

    var text: String {
        """
        vrrp_instance \(name) {
            state BACKUP
            interface \(interface)
            version \(version)
            virtual_router_id \(virtualRouterID)
            priority \(priority)
            advert_int \(interval)
            virtual_ipaddress {
        \(addresses.map { "        \($0)" }.joined(separator: "\n"))
            }
        \(lines.map { "    \($0)" }.joined(separator: "\n"))
        }

        """
    }

    /// As the master of two, and as its backup.
    static let master = InstanceText(priority: 150)
    static let backup = InstanceText(priority: 100)

    /// The same with more lines.
    func with(_ lines: String...) -> InstanceText {
        var text = self
        text.lines += lines
        return text
    }
}

/// What stands at the top of a file with scripts in it: they run as root, and only when nobody else can change them.
let scriptsAsRoot = """
    global_defs {
        script_user root
        enable_script_security
    }

    """

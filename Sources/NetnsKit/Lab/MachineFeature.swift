import Glibc
import LinuxSystem

/// Something that labs may need and that a machine may lack.
public struct MachineFeature: Hashable, Sendable {
    /// What it is called, such as `TAP devices`.
    public var name: String
    /// Whether this process can use it here and now.
    public var isAvailable: Bool
    /// What was found.
    public var observation: String
    /// What does not work without it, and what to do; nil when there is nothing to do.
    public var remedy: String?

    /// Finds out what this process, with its rights, has on this machine.
    public static func survey() -> [MachineFeature] {
        [rights, userNamespaces, tapDevices, overlays, timeNamespaces, coreFiles]
    }

    private init(_ name: String, _ isAvailable: Bool, _ observation: String, otherwise remedy: String? = nil) {
        self.name = name
        self.isAvailable = isAvailable
        self.observation = observation
        self.remedy = isAvailable ? nil : remedy
    }

    private static var rights: MachineFeature {
        do {
            _ = try NamespaceBroker.shared.createNetwork()
        } catch {
            return MachineFeature("rights", false, "\(error)", otherwise: "\(LabError.notPermitted(error))")
        }
        let user = UserNamespaces.outerUser
        return MachineFeature("rights", true, user.map { "root of a user namespace, user \($0) outside" } ?? "root")
    }

    private static var userNamespaces: MachineFeature {
        let obstacle = UserNamespaces.obstacle
        return MachineFeature(
            "user namespaces", obstacle == nil, obstacle == nil ? "labs run without root, too" : "labs need root",
            otherwise: obstacle)
    }

    private static var tapDevices: MachineFeature {
        let path = "/dev/net/tun"
        do {
            _ = try OwnedDescriptor.open(path, O_RDWR)
            return MachineFeature("TAP devices", true, path)
        } catch {
            return MachineFeature(
                "TAP devices", false, "\(error)",
                otherwise: "segments of the user-space fabric need it: modprobe tun, chmod 0666 \(path)")
        }
    }

    private static var overlays: MachineFeature {
        let isKnown = lines(of: "/proc/filesystems").contains { $0.hasSuffix("overlay") }
        return MachineFeature(
            "overlay", isKnown, isKnown ? "file systems can be laid over others" : "this kernel does not know it now",
            otherwise: "private directories must be there on the host: modprobe overlay, or mkdir them")
    }

    private static var timeNamespaces: MachineFeature {
        let isKnown = FileSystem.exists("/proc/self/ns/time")
        return MachineFeature(
            "time namespaces", isKnown, isKnown ? "a node can have another uptime" : "this kernel has none")
    }

    private static var coreFiles: MachineFeature {
        guard ThisProcess.mayLeaveCore else {
            return MachineFeature("core files", false, "their hard limit is 0", otherwise: "ulimit -Hc unlimited")
        }
        let pattern = CorePattern.current
        guard case .program = pattern else {
            return MachineFeature("core files", true, "they stay in their node (kernel.core_pattern is '\(pattern)')")
        }
        return MachineFeature(
            "core files", false, "the host's program \(pattern) gets them (kernel.core_pattern)",
            otherwise: "crashes are reported, but their cores are found there only")
    }

    private static func lines(of path: String) -> [String] {
        guard let octets = try? OwnedDescriptor.open(path, O_RDONLY).read() else { return [] }
        return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

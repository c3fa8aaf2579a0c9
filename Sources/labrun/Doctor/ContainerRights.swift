import LinuxSystem

/// What the container around this process was started without, and how to start it so that labs run in it.
struct ContainerRights: Hashable {
    /// Of the rights that labs need, by their numbers in the kernel's sets.
    private static let needed = [(12, "NET_ADMIN"), (13, "NET_RAW"), (21, "SYS_ADMIN")]

    /// Capabilities as `--cap-add` takes them.
    var missing: [String]
    /// The profile of AppArmor that keeps namespaces and mounts from this process.
    var profile: String?
    /// What the container is started with.
    var engine: String

    /// Nil when nothing is missing: what stays away from root cannot be had by becoming root.
    ///
    /// - Parameters:
    ///   - status: of `/proc/self/status`.
    ///   - confinement: of `/proc/self/attr/current`; other systems than AppArmor have no mode in parentheses there.
    init?(status: String, confinement: String, isPodman: Bool) {
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapBnd:") }
        let digits = line?.split { " \t".contains($0) }.last ?? ""
        guard let bounding = UInt64(digits, radix: 16) else { return nil }
        missing = Self.needed.filter { bounding & (1 << $0.0) == 0 }.map(\.1)
        profile = confinement.contains(" (enforce)") ? confinement.split(separator: " ").first.map(String.init) : nil
        engine = isPodman ? "podman" : "docker"
        if missing.isEmpty, profile == nil { return nil }
    }

    /// Of this process.
    static var own: ContainerRights? {
        let read = { (path: String) in
            String(decoding: (try? FileSystem.readSystemFile(path)) ?? [], as: UTF8.self)
        }
        return ContainerRights(
            status: read("/proc/self/status"), confinement: read("/proc/self/attr/current"),
            isPodman: FileSystem.exists("/run/.containerenv"))
    }

    /// What is missing, in a sentence.
    var observation: String {
        let rights = missing.map { "CAP_\($0)" }.joined(separator: ", ")
        let parts = [
            missing.isEmpty ? nil : "this container was started without \(rights)",
            profile.map { "AppArmor confines it to \($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }

    /// The two ways to start it, each a command to copy.
    var remedy: String {
        let trust = profile == nil ? "" : "\\\n  --security-opt apparmor=unconfined "
        return """
            start it with every right, or with those that labs need
            \(engine) run -it --rm --privileged IMAGE
            \(engine) run -it --rm --cap-add SYS_ADMIN --cap-add NET_ADMIN \\
              --cap-add NET_RAW --device /dev/net/tun \(trust)IMAGE
            """
    }
}

import Glibc
import LinuxSystem
import NetnsKit

/// What this machine lets a test do.
public enum Requirements {
    /// A missing right or program is a failure, not a reason to skip (`NETNSKIT_REQUIRE=1`, as in CI).
    public static var areStrict: Bool {
        ThisProcess.environment("NETNSKIT_REQUIRE") == "1"
    }

    /// The seed that replaces those of all topologies, to see again what a failing test has printed (`NETNSKIT_SEED`).
    public static var seed: UInt64? { ThisProcess.environment("NETNSKIT_SEED").flatMap { UInt64($0) } }

    /// A topology with that seed, when there is one.
    static func seeded(_ topology: Topology) -> Topology {
        var topology = topology
        if let seed { topology.seed = seed }
        return topology
    }

    /// Found out by making one, once. Only a missing right counts: a machine that is out of something must not skip.
    public static let canMakeNamespaces: Bool = {
        do throws(SystemError) {
            _ = try NamespaceBroker.shared.createNetwork()
            return true
        } catch {
            return error.code != EPERM && error.code != EACCES
        }
    }()

    /// Whether a segment with `fabric: .userSpace` can be made: `/dev/net/tun` is there and may be opened.
    public static let canMakeTapDevices = (try? TapDevice.verifyAccess()) != nil

    /// Whether a path is a program that this process may run.
    public static func isInstalled(_ path: String) -> Bool {
        unsafe access(path, X_OK) == 0
    }
}

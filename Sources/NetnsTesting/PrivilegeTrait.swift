import LinuxSystem
import NetnsKit
import Testing

extension Trait where Self == ConditionTrait {
    /// Runs a test only where this process may make namespaces; elsewhere it is skipped and says why.
    ///
    /// With `NETNSKIT_REQUIRE=1` in the environment nothing is skipped: the test runs and fails.
    public static var requiresNamespaces: Self {
        .enabled("making namespaces needs root (in a container: --privileged)") {
            _ = ParentWatch.isOn
            return Requirements.areStrict || Requirements.canMakeNamespaces
        }
    }

    /// Runs a test only where a segment with `fabric: .userSpace` can be made; elsewhere it is skipped and says why.
    public static var requiresTapDevices: Self {
        .enabled("/dev/net/tun is missing or not for this user: load the module tun, or run as root") {
            Requirements.areStrict || Requirements.canMakeTapDevices
        }
    }

    /// Runs a test only where a program is installed; elsewhere it is skipped and says which.
    ///
    /// - Parameter package: what to install, for whoever reads why the test was skipped.
    public static func requires(program path: String, package: String? = nil) -> Self {
        .enabled("\(path) is not installed\(package.map { " (package \($0))" } ?? "")") {
            Requirements.areStrict || Requirements.isInstalled(path)
        }
    }
}

import LinuxSystem

/// The beginning of somebody's own package with a lab in it.
enum Scaffold {
    /// A file below the package's directory.
    struct File: Hashable {
        var path: String
        var text: String
    }

    /// Whether Swift takes a word as the name of a target and of a type.
    static func isUsable(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, ("A"..."Z").contains(first) else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        }
    }

    /// The package that this program was built from, when it still lies in its build directory.
    static var sources: String? {
        var parts = RunningProgram.directory.split(separator: "/")
        while !parts.isEmpty {
            let directory = "/" + parts.joined(separator: "/")
            if FileSystem.exists("\(directory)/Sources/NetnsTesting"), FileSystem.exists("\(directory)/Package.swift") {
                return directory
            }
            parts.removeLast()
        }
        return nil
    }

    /// - Parameter package: the directory of netnskit's sources.
    static func files(named name: String, package: String) -> [File] {
        [
            File(path: "Package.swift", text: manifest(name, package)),
            File(path: "Tests/\(name)Tests/\(name)Tests.swift", text: tests(name)),
            File(path: ".gitignore", text: ".build/\n"),
        ]
    }

    private static func manifest(_ name: String, _ package: String) -> String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "\(name)",
            dependencies: [
                .package(name: "netnskit", path: "\(escaped(package))")
            ],
            targets: [
                .testTarget(
                    name: "\(name)Tests",
                    dependencies: [
                        .product(name: "NetnsKit", package: "netnskit"),
                        .product(name: "NetnsTesting", package: "netnskit"),
                        .product(name: "Timeline", package: "netnskit"),
                    ])
            ],
            swiftLanguageModes: [.v6]
        )

        """
    }

    /// As a Swift literal has it.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "\\" || $1 == "\"" ? "\\\($1)" : String($1) }
    }

    private static func tests(_ name: String) -> String {
        """
        import NetnsKit
        import NetnsTesting
        import Testing
        import Timeline

        /// Two hosts on a switch.
        let \(lowered(name)) = Topology([
            NodeDescription("r1", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
            NodeDescription("r2", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
        ])

        struct \(name)Tests {
            @Test("r1 notices that its cable is gone", .lab(\(lowered(name))))
            func cable() async throws {
                let lab = try Lab.current
                // Start programs here: lab["r1"].start("/usr/sbin/keepalived", ["--dont-fork", "--log-console"]).
                let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
                try await lab.expect("r1 notices", within: .seconds(1), since: cut.began) {
                    $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
                }
            }
        }

        """
    }

    private static func lowered(_ name: String) -> String {
        name.prefix(1).lowercased() + name.dropFirst()
    }
}

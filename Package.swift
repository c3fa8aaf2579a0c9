// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "netnskit",
    products: [
        .library(name: "NetnsKit", targets: ["NetnsKit"]),
        .library(name: "NetnsTesting", targets: ["NetnsTesting"]),
        .library(name: "Timeline", targets: ["Timeline"]),
        .library(name: "Chance", targets: ["Chance"]),
        .library(name: "Wire", targets: ["Wire"]),
        .library(name: "LinuxSystem", targets: ["LinuxSystem"]),
        .library(name: "Netlink", targets: ["Netlink"]),
        .executable(name: "vrrpd", targets: ["vrrpd"]),
        .executable(name: "labrun", targets: ["labrun"]),
        .executable(name: "netnsinit", targets: ["netnsinit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // Pure: the standard library and nothing else.
        .target(name: "Wire"),
        .target(name: "Timeline", dependencies: ["Wire"]),
        .target(name: "Chance", dependencies: ["Wire", "Timeline"]),
        .target(name: "VRRPCore", dependencies: ["Wire"]),
        .target(name: "KeepalivedConfiguration", dependencies: ["Wire", "VRRPCore"]),
        .target(name: "VRRPSimulator", dependencies: ["Wire", "Timeline", "Chance", "VRRPCore"]),

        // The kernel, one door per interface.
        .systemLibrary(name: "CMNL", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
        .target(name: "CLinux"),
        .target(name: "LinuxSystem", dependencies: ["Wire", "CLinux"]),
        .target(name: "Netlink", dependencies: ["Wire", "LinuxSystem", "CMNL"]),

        // Labs: namespaces, links, processes, faults, captures.
        .executableTarget(name: "netnsinit"),
        .target(
            name: "NetnsKit",
            dependencies: ["Wire", "Timeline", "Chance", "LinuxSystem", "Netlink", "netnsinit"]),
        .target(name: "NetnsTesting", dependencies: ["NetnsKit", "LinuxSystem", "Timeline", "Wire"]),

        // The daemon.
        .target(
            name: "VRRPDaemon",
            dependencies: [
                "Wire", "VRRPCore", "KeepalivedConfiguration", "LinuxSystem", "Netlink",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .executableTarget(
            name: "vrrpd",
            dependencies: ["VRRPDaemon"]),

        // The course.
        .target(
            name: "LabCourse",
            dependencies: [
                "Wire", "VRRPCore", "KeepalivedConfiguration", "LinuxSystem", "NetnsKit", "Timeline", "Chance",
            ]),
        .target(
            name: "Labs",
            dependencies: [
                "Wire", "VRRPCore", "KeepalivedConfiguration", "LabCourse", "LinuxSystem", "NetnsKit",
                "Timeline", "Chance",
            ],
            path: "Labs",
            resources: [
                .embedInCode("Step1Install/step1-lesson.md"),
                .embedInCode("Step1Install/step1-node1-reference.conf"),
                .embedInCode("Step2Concepts/step2-lesson.md"),
                .embedInCode("Step2Concepts/step2-node1-reference.conf"),
                .embedInCode("Step2Concepts/step2-node2-reference.conf"),
                .embedInCode("Step3Master/step3-lesson.md"),
                .embedInCode("Step3Master/step3-node1-reference.conf"),
                .embedInCode("Step3Master/step3-node1-as-written.conf"),
                .embedInCode("Step4Backup/step4-lesson.md"),
                .embedInCode("Step4Backup/step4-node1-reference.conf"),
                .embedInCode("Step4Backup/step4-node2-reference.conf"),
                .embedInCode("Step4Backup/step4-node1-as-written.conf"),
                .embedInCode("Step4Backup/step4-node2-as-written.conf"),
                .embedInCode("Step8Capstone/step8-lesson.md"),
                .embedInCode("Step8Capstone/step8-lb1-as-written.conf"),
                .embedInCode("Step8Capstone/step8-lb2-as-written.conf"),
                .embedInCode("Step8Capstone/step8-lb1-reference.conf"),
                .embedInCode("Step8Capstone/step8-lb2-reference.conf"),
                .embedInCode("Step8Capstone/step8-lb2-start.conf"),
                .embedInCode("Step8Capstone/step8-webhook-start.sh"),
                .embedInCode("Step8Capstone/step8-webhook-reference.sh"),
                .embedInCode("Step5Notify/step5-lesson.md"),
                .embedInCode("Step5Notify/step5-node1-reference.conf"),
                .embedInCode("Step5Notify/step5-node2-reference.conf"),
                .embedInCode("Step5Notify/step5-notify-reference.sh"),
                .embedInCode("Step5Notify/step5-notify-as-written.sh"),
                .embedInCode("Step6Track/step6-lesson.md"),
                .embedInCode("Step6Track/step6-check-service-reference.sh"),
                .embedInCode("Step6Track/step6-check-service-start.sh"),
                .embedInCode("Step6Track/step6-node1-reference.conf"),
                .embedInCode("Step6Track/step6-node1-start.conf"),
                .embedInCode("Step6Track/step6-node2-reference.conf"),
                .embedInCode("Step6Track/step6-node2-start.conf"),
                .embedInCode("Step7Validate/step7-lesson.md"),
            ]),
        // What runs leave for people and for other programs.
        .target(
            name: "LabReport",
            dependencies: [
                "LabCourse", "NetnsKit", "Timeline", "Wire",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [
                .embedInCode("Templates/junit.mustache"),
                .embedInCode("Templates/report-page.mustache"),
                .embedInCode("Templates/report-problem.mustache"),
                .embedInCode("Templates/report-overview.mustache"),
                .embedInCode("Templates/report-diagnoses.mustache"),
                .embedInCode("Templates/report-scenario.mustache"),
                .embedInCode("Templates/report-run.mustache"),
                .embedInCode("Templates/report-checks.mustache"),
                .embedInCode("Templates/report-frames.mustache"),
                .embedInCode("Templates/report-plot.mustache"),
                .embedInCode("Templates/report-environment.mustache"),
                .embedInCode("Templates/report-style.css"),
            ]),
        .executableTarget(
            name: "labrun",
            dependencies: [
                "LabReport", "Labs", "LabCourse", "NetnsKit", "LinuxSystem", "Timeline", "VRRPCore", "VRRPSimulator",
                "Wire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Figures of this daemon and keepalived, side by side.
        .executableTarget(
            name: "vrrpbench", dependencies: ["LabCourse", "LinuxSystem", "NetnsKit", "Timeline", "Wire"]),

        // Figures of labs and of other ways to make them, side by side.
        .executableTarget(
            name: "netnsbench", dependencies: ["CLinux", "LinuxSystem", "Netlink", "NetnsKit", "Timeline", "Wire"]),

        .testTarget(name: "WireTests", dependencies: ["Wire"]),
        .testTarget(name: "TimelineTests", dependencies: ["Timeline", "Wire"]),
        .testTarget(name: "ChanceTests", dependencies: ["Chance", "Timeline", "Wire"]),
        .testTarget(name: "VRRPCoreTests", dependencies: ["VRRPCore", "Wire"]),
        .testTarget(
            name: "KeepalivedConfigurationTests", dependencies: ["KeepalivedConfiguration", "VRRPCore", "Wire"]),
        .testTarget(
            name: "VRRPSimulatorTests", dependencies: ["VRRPSimulator", "Chance", "VRRPCore", "Timeline", "Wire"]),
        .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem", "Netlink", "NetnsTesting", "Wire"]),
        .testTarget(name: "NetlinkTests", dependencies: ["CMNL", "LinuxSystem", "Netlink", "NetnsTesting", "Wire"]),
        .testTarget(
            name: "NetnsKitTests",
            dependencies: [
                "NetnsKit", "NetnsTesting", "Timeline", "Chance", "LinuxSystem", "Netlink", "Wire", "netnsbench",
            ]),
        .testTarget(
            name: "NetnsTestingTests",
            dependencies: ["NetnsTesting", "NetnsKit", "Timeline", "LinuxSystem", "Netlink", "Wire"],
            // As in a user's own package: isolation is inherited there.
            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
        .testTarget(
            name: "VRRPDaemonTests",
            dependencies: [
                "VRRPDaemon", "VRRPCore", "KeepalivedConfiguration", "CLinux", "LinuxSystem", "Netlink", "NetnsTesting",
                "Wire",
            ]),
        .testTarget(
            name: "LabsTests",
            dependencies: [
                "Labs", "LabCourse", "KeepalivedConfiguration", "LinuxSystem", "NetnsKit", "VRRPCore", "Timeline",
                "Wire",
                "labrun",
            ]),
        .testTarget(
            name: "LabCourseTests",
            dependencies: ["LabCourse", "LinuxSystem", "NetnsKit", "Timeline", "VRRPCore", "Wire"]),
        .testTarget(
            name: "LabReportTests",
            dependencies: ["LabReport", "LabCourse", "LinuxSystem", "NetnsKit", "NetnsTesting", "Timeline", "Wire"],
            exclude: ["Schemas"]),
        .testTarget(
            name: "LabrunTests",
            dependencies: [
                "labrun", "LabReport", "LabCourse", "Labs", "LinuxSystem", "NetnsKit", "Timeline", "Wire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // A harness that tests kill.
        .executableTarget(name: "labcycle", dependencies: ["NetnsKit", "LinuxSystem", "Wire"], path: "Tests/labcycle"),
        .testTarget(
            name: "Integration",
            dependencies: [
                "NetnsTesting", "NetnsKit", "Netlink", "Timeline", "Chance", "Labs", "LabCourse", "LinuxSystem", "Wire",
                "vrrpd", "labrun", "labcycle",
            ]),
        .testTarget(name: "TidyTests"),
    ]
)

// One set of rules for every target; the import graph itself is checked by the build's own option (see the Makefile).
for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .swiftLanguageMode(.v6),
            .treatAllWarnings(as: .error),
            .strictMemorySafety(),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
        ]
}

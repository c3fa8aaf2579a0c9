// swift-tools-version: 6.2
import PackageDescription

// Programs and tests as somebody writes them who uses the libraries from outside.
let package = Package(
    name: "examples",
    dependencies: [
        .package(name: "netnskit", path: "..")
    ],
    targets: [
        .executableTarget(
            name: "TwoHosts",
            dependencies: [
                .product(name: "NetnsKit", package: "netnskit"),
                .product(name: "Timeline", package: "netnskit"),
            ]),
        .executableTarget(
            name: "BadCable",
            dependencies: [
                .product(name: "NetnsKit", package: "netnskit"),
                .product(name: "Chance", package: "netnskit"),
                .product(name: "Timeline", package: "netnskit"),
                .product(name: "Wire", package: "netnskit"),
            ]),
        .testTarget(
            name: "CableLossTests",
            dependencies: [
                .product(name: "NetnsKit", package: "netnskit"),
                .product(name: "NetnsTesting", package: "netnskit"),
                .product(name: "Timeline", package: "netnskit"),
            ]),
        .testTarget(
            name: "FailoverTests",
            dependencies: [
                .product(name: "NetnsKit", package: "netnskit"),
                .product(name: "NetnsTesting", package: "netnskit"),
                .product(name: "Timeline", package: "netnskit"),
                .product(name: "Wire", package: "netnskit"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

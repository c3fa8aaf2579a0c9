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
            ])
    ],
    swiftLanguageModes: [.v6]
)

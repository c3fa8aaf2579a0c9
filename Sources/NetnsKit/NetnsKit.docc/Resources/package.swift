// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "my-tests",
    dependencies: [
        .package(name: "netnskit", path: "../netnskit")
    ],
    targets: [
        .testTarget(
            name: "FailoverTests",
            dependencies: [
                .product(name: "NetnsKit", package: "netnskit"),
                .product(name: "NetnsTesting", package: "netnskit"),
                .product(name: "Timeline", package: "netnskit"),
                .product(name: "Wire", package: "netnskit"),
            ])
    ],
    swiftLanguageModes: [.v6]
)

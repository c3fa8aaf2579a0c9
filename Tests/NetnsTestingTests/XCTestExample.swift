import NetnsKit
import NetnsTesting
import Timeline
import XCTest

/// What a lab needs of XCTest is nothing: `Lab.run` builds it, and a failed expectation is an error that the test
/// throws.
final class XCTestExample: XCTestCase {
    func testTheCarrierGoesWithTheCable() async throws {
        try XCTSkipUnless(Requirements.areStrict || Requirements.canMakeNamespaces, "making namespaces needs root")
        let audit = LeakAudit()
        try await Lab.run(pair) { lab in
            defer { audit.note(lab) }
            let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
            try await lab.expect("r1 notices", within: .seconds(5), since: cut.began) {
                $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
            }
        }
        let leaks = await audit.leaks()
        XCTAssertEqual(leaks, [])
    }
}

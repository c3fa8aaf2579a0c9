import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

struct FailoverTests {
    @Test("r2 takes over when r1 loses its cable")
    func cable() async throws {
    }
}

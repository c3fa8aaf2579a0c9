import Foundation

/// Gives a test a place that does not exist yet, and removes what is there afterwards.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: root) }
    try await body(root)
}

import Foundation
import LinuxSystem
import Testing

/// A program of `.build/lint-venv`, which `scripts/lint-tools` makes.
enum LintTool {
    /// Of the package.
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private static let directory = "\(root)/.build/lint-venv"

    static var areInstalled: Bool { FileManager.default.fileExists(atPath: "\(directory)/installed.txt") }

    /// Why they are not.
    static var reason: String {
        let told = try? String(contentsOfFile: "\(directory)/missing.txt", encoding: .utf8)
        return "no programs that check formats: \(told?.trimmingCharacters(in: .newlines) ?? "run scripts/lint-tools")"
    }

    /// Runs one in the package's directory.
    ///
    /// - Returns: how it ended, and everything that it wrote.
    static func run(_ name: String, _ arguments: [String], input: String = "") throws -> (code: Int32?, text: String) {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { for end in ["in", "out"] { FileSystem.remove("\(place).\(end)") } }
        try FileSystem.replace("\(place).in", with: Array(input.utf8), mode: 0o600)
        let source = try OwnedDescriptor.open("\(place).in", O_RDONLY)
        let sink = try OwnedDescriptor.open("\(place).out", O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        let program = "\(directory)/bin/\(name)"
        var request = ProgramRequest(
            program, [program] + arguments,
            environment: [
                "PATH=\(directory)/bin:\(ProgramRequest.standardPath)", "LC_ALL=C.UTF-8", "HOME=/nonexistent",
            ])
        request.descriptors = [source.number, sink.number, sink.number]
        request.directory = root
        let end = try ChildProcess(request).collect(blocking: true)
        let text = String(decoding: try FileSystem.read("\(place).out"), as: UTF8.self)
        guard case .exited(let code) = end else { return (nil, text) }
        return (code, text)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where the programs of `scripts/lint-tools` are installed; in CI it runs in any case.
    static var requiresLintTools: Self {
        .enabled(Comment(rawValue: LintTool.reason)) {
            LintTool.areInstalled || ThisProcess.environment("CI") == "true"
        }
    }
}

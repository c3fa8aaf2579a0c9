import FoundationEssentials
import LinuxSystem
import Testing

@Suite("The pipelines that this project keeps and shows", .requiresLintTools)
struct PipelineTests {
    @Test("The workflows are such as GitHub reads")
    func workflows() throws {
        try Self.expectClean("check-jsonschema", ["--builtin-schema", "vendor.github-workflows"] + Self.workflows)
    }

    @Test("The workflows trust nothing that may change behind their back, and have no right that they do not need")
    func audit() throws {
        try Self.expectClean("zizmor", ["--offline", "--no-progress", "--no-config"] + Self.workflows)
        for path in Self.workflows {
            let text = try Self.text(path)
            #expect(text.contains("\npermissions: {}\n"), "\(path)")
            let uses = text.split(separator: "\n").filter { $0.contains("uses: ") }
            #expect(!uses.isEmpty)
            // A commit, and the version for people.
            #expect(uses.allSatisfy { $0.contains(/uses: [\w\/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/) }, "\(uses)")
        }
    }

    @Test("What is run in the workflows is sound shell")
    func shell() throws {
        let script = """
            import sys, yaml
            for path in sys.argv[1:]:
                for job in yaml.safe_load(open(path))["jobs"].values():
                    for step in job["steps"]:
                        if "run" in step: print(step["run"])
            """
        let (code, text) = try LintTool.run("python", ["-c", script] + Self.workflows)
        try #require(code == 0, "\(text)")
        #expect(text.contains("labrun matrix"))
        let answer = try LintTool.run("shellcheck", ["--shell=bash", "-"], input: "#!/bin/bash -e\n\(text)")
        #expect(answer.code == 0, "\(answer.text)")
    }

    @Test(
        "Scripts are sound shell",
        arguments: ["scripts/prepare", "scripts/lint-tools", "scripts/rootless", "scripts/document"])
    func scripts(_ path: String) throws {
        try Self.expectClean("shellcheck", [path])
    }

    @Test("The example for GitLab is such as GitLab reads")
    func gitlab() throws {
        let path = "docs/examples/gitlab-ci.yml"
        try Self.expectClean("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci", path])
        let text = try Self.text(path)
        #expect(
            text.contains("exit_codes: [2]") && text.contains("junit: junit-*.xml") && text.contains("--shard auto"))
    }

    @Test("The example for Kubernetes is such as Kubernetes takes, now and two years ago", arguments: ["1.28", "1.37"])
    func kubernetes(_ version: String) throws {
        try Self.expectClean(
            "kubernetes-validate", ["--strict", "-k", version, "docs/examples/kubernetes-job.yaml"])
    }

    @Test("A broken pipeline is refused, so that the checks above say something")
    func refused() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path + ".yml"
        defer { FileSystem.remove(place) }
        let checks: [(text: String, tool: String, words: [String])] = [
            (
                "on: push\njobs: {a: {steps: []}}\n", "check-jsonschema",
                ["--builtin-schema", "vendor.github-workflows"]
            ),
            ("a: {script: [x], parallel: many}\n", "check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci"]),
            (
                "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {x: 1}\n", "kubernetes-validate",
                ["--strict"]
            ),
            ("a:   [1,2 ]\n", "yamllint", ["--strict", "-c", ".yamllint.yml"]),
        ]
        for check in checks {
            try FileSystem.replace(place, with: Array(check.text.utf8), mode: 0o600)
            let answer = try LintTool.run(check.tool, check.words + [place])
            #expect(answer.code != 0 && answer.code != nil, "\(check.tool)")
        }
    }

    @Test("YAML is written in one way")
    func layout() throws {
        try Self.expectClean("yamllint", ["--strict", "-c", ".yamllint.yml", ".github", "docs/examples"])
    }

    private static let workflows = ["ci", "labs"].map { ".github/workflows/\($0).yml" }

    private static func text(_ path: String) throws -> String {
        String(decoding: try FileSystem.read("\(LintTool.root)/\(path)"), as: UTF8.self)
    }

    private static func expectClean(
        _ tool: String, _ arguments: [String], _ location: SourceLocation = #_sourceLocation
    ) throws {
        let answer = try LintTool.run(tool, arguments)
        #expect(answer.code == 0, "\(answer.text)", sourceLocation: location)
    }
}

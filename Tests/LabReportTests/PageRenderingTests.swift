import Foundation
import LabCourse
import LabReport
import NetnsTesting
import Testing

@Suite("A page in a browser")
struct PageRenderingTests {
    private static let documents: [(name: String, document: RunDocument)] = [
        ("pass", .passing), ("failure", .failing), ("matrix", .matrix), ("check", .checked),
        ("hostile", .hostile(PageTexts.hostile[0])),
    ]

    /// Debian's, or the one that other systems have.
    private static let browser =
        ["/usr/bin/chromium", "/usr/bin/google-chrome"].first(where: Requirements.isInstalled) ?? "/usr/bin/chromium"

    @Test(
        "What a strict parser of HTML says of every page: nothing",
        .requires(program: "/usr/lib/python3/dist-packages/html5lib", package: "python3-html5lib"))
    func parses() throws {
        try Self.withPages { directory, pages in
            let script = """
                import sys, html5lib
                for path in sys.argv[1:]:
                    parser = html5lib.HTMLParser()
                    parser.parse(open(path, encoding="utf-8").read())
                    for place, code, values in parser.errors: print(path, place, code, values)
                """
            let output = try Self.run("/usr/bin/python3", ["-c", script] + pages)
            #expect(output == "", "\(output)")
        }
    }

    @Test(
        "No console message, no page wider than a phone or a screen, and text that can be read, light and dark",
        .requires(program: browser, package: "chromium"), .timeLimit(.minutes(1)))
    func renders() throws {
        try Self.withPages { directory, pages in
            let frames = pages.flatMap { page in
                [390, 1280].map { #"<iframe src="\#(page)" width="\#($0)" height="800"></iframe>"# }
            }
            let wrapper = "\(directory)/all.html"
            try (Self.measuring + frames.joined() + "</body>").write(
                toFile: wrapper, atomically: true, encoding: .utf8)
            for scheme in [0, 1] {
                let output = try Self.run(
                    Self.browser,
                    [
                        "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                        "--user-data-dir=\(directory)/profile", "--enable-logging=stderr", "--v=0",
                        "--blink-settings=preferredColorScheme=\(scheme)", "--virtual-time-budget=5000", "--dump-dom",
                        "file://\(wrapper)",
                    ])
                let complaints = output.split(separator: "\n").filter { $0.contains("CONSOLE") }
                #expect(complaints == [])
                let found = output.split(separator: "\n").filter { $0.hasPrefix("page ") }
                #expect(found.count == pages.count * 2, "\(output.prefix(2000))")
                for line in found { #expect(line.hasSuffix(" wider by 0, dim: none"), "\(line)") }
            }
        }
    }

    /// Measures each frame: how much wider its page is than its window, and which texts have a contrast below 4.5.
    private static let measuring = """
        <!doctype html><meta charset="utf-8"><body style="margin:0"><pre id="found"></pre><script>
        const channels = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
        const luminance = (c) => c.slice(0, 3).map((v) => v / 255)
          .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (view, node) => {
          for (let at = node; at; at = at.parentElement) {
            const color = channels(view.getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] > 0.9) return color;
          }
          return [255, 255, 255];
        };
        const dim = (view) => {
          for (const node of view.document.body.querySelectorAll("*")) {
            const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
            if (!own || ["title", "STYLE"].includes(node.tagName)) continue;
            const style = view.getComputedStyle(node);
            const ink = luminance(channels(node.tagName === "text" ? style.fill : style.color));
            const paper = luminance(ground(view, node));
            const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
            if (ratio < 4.5) return `${node.tagName}.${node.getAttribute("class")} ${ratio.toFixed(2)}`;
          }
          return "none";
        };
        addEventListener("load", () => {
          for (const frame of document.querySelectorAll("iframe")) {
            const view = frame.contentWindow, root = view.document.documentElement;
            for (const part of view.document.querySelectorAll("details")) part.open = true;
            found.textContent += `\\npage ${frame.getAttribute("src").split("/").pop()} at ${frame.width}: wider by ` +
              `${root.scrollWidth - root.clientWidth}, dim: ${dim(view)}\\n`;
          }
          for (const frame of document.querySelectorAll("iframe")) frame.remove();
        });
        </script>
        """

    private static func withPages(_ body: (_ directory: String, _ pages: [String]) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let picture = SampleLab(takesOver: true).picture
        let pages = try documents.map { name, document in
            let path = "\(directory)/\(name).html"
            try HTMLReport(document) { _ in picture }.text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
        try body(directory, pages)
    }

    /// Both streams of a program that has ended.
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let octets = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: octets, as: UTF8.self)
    }
}

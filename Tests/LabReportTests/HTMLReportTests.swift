import Foundation
import FoundationXML
import LabCourse
import LabReport
import Testing
import Timeline

@Suite("The page for people")
struct HTMLReportTests {
    /// Every picture is one of a real timeline.
    static let picture = SampleLab(takesOver: true).picture

    @Test("A failure is told on the first lines: what, when, why, and the command that shows it again")
    func failure() throws {
        let text = try HTMLReport(.failing) { _ in Self.picture }.text
        let head = try #require(text.firstRange(of: "id=\"scenarios\"")).lowerBound
        let first = text[..<head]
        for words in [
            "✗</span> FAIL", "node2 takes over", "observed: <strong>3.611 s</strong>", "the password is cut to 8",
            "at 3.611 s", "labrun run step2/crash --daemon ours", "2 scenarios: 1 failed, 1 passed",
        ] {
            #expect(first.contains(words), "\(words)")
        }
        #expect(text.contains("0.049 s to spare"))
        #expect(text.contains("0.451 s too late"))
        #expect(text.contains("href=\"step2-crash/lan.pcapng\""))
    }

    @Test("Whatever a daemon or a person wrote stays text", arguments: PageTexts.hostile)
    func escapes(_ hostile: String) throws {
        let text = try HTMLReport(.hostile(hostile)) { _ in nil }.text
        #expect(!text.contains("<script"))
        #expect(text.components(separatedBy: "</style>").count == 2)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        // An attribute that ended too early would leave its rest outside of quotes.
        for tag in text.unicodeScalars.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
            let outside = tag.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }.joined()
            #expect(!outside.contains("alert"), "\(String(tag))")
        }
        #expect(text.contains("src=\"") == false)
        #expect(!text.contains("href=\"javascript:"))
    }

    @Test("A picture with anything that no picture of ours has is not let in")
    func foreignPictures() throws {
        let harmless = try HTMLReport(.failing) { _ in Self.picture }.text
        #expect(harmless.contains("<svg class=\"swimlanes\""))
        for bad in [
            #"<script>alert(1)</script>"#, #"<text onclick="alert(1)">x</text>"#, #"<image href="http://x/"/>"#,
            #"<text class="a" style="x">x</text>"#, #"<rect class="own" x="1"#, "<!-- x -->",
            #"<text>x"#, "</text>", #"<text class='a'>x</text>"#,
        ] {
            let picture = Self.picture.replacingOccurrences(of: "</g>", with: "\(bad)</g>")
            let text = try HTMLReport(.failing) { _ in picture }.text
            #expect(!text.contains("<svg class=\"swimlanes\""), "\(bad)")
            #expect(!text.contains("<script"))
        }
    }

    @Test("What stands around the panels of a picture does not come into the page")
    func surroundings() throws {
        let picture = Self.picture.replacingOccurrences(of: "</g>", with: "</g></svg><script>alert(1)</script><svg>")
        #expect(try !HTMLReport(.failing) { _ in picture }.text.contains("alert"))
    }

    @Test("The pictures of a page are XML, and their style sheet stands there once")
    func pictures() throws {
        let text = try HTMLReport(.failing) { _ in Self.picture }.text
        let pictures = text.components(separatedBy: "<svg").dropFirst().map { piece in
            "<svg" + (piece.components(separatedBy: "</svg>").first ?? "") + "</svg>"
        }
        #expect(pictures.count == 2)
        for picture in pictures { #expect(XMLParser(data: Data(picture.utf8)).parse()) }
        #expect(text.components(separatedBy: ".swimlanes .clash").count == 2)
        #expect(text.components(separatedBy: "<style>").count == 2)
    }

    @Test("Several pairs make a table of verdicts, and several runs a plot with a dot for each")
    func matrix() throws {
        let text = try HTMLReport(.matrix) { _ in Self.picture }.text
        #expect(text.contains("<th scope=\"col\">ours:keepalived</th>"))
        // The fourth of five runs is late, in one of two pairs.
        #expect(text.contains("<b><span aria-hidden=\"true\">✗</span> FAIL</b> <span class=\"figure\">3.612 s</span>"))
        #expect(text.contains("<span class=\"figure\">4/5</span>"))
        #expect(text.contains("<span class=\"figure\">5/5</span>"))
        #expect(text.contains("ours: 5 runs, median 3.612 s, 3.610..4.061 s, 1 outside the bound"))
        #expect(text.contains("theory 3.609 s"))
        #expect(text.contains("in 1 of 5 runs"))
    }

    @Test("Mistakes stand beside the file, and the lines that they are about are marked")
    func files() throws {
        let text = try HTMLReport(.checked) { _ in nil }.text
        #expect(text.contains("<tr id=\"file-0-2\" class=\"s-error\"><th scope=\"row\">2</th>"))
        #expect(text.contains("<a href=\"#file-0-2\">keepalived.conf:2</a>"))
        #expect(text.contains("1 error in 1 file."))
        #expect(text.contains("<a href=\"#mistake-0\">VR101</a>"))
    }

    @Test("A run that was cut off says so, and one of nothing is a page as well")
    func incomplete() throws {
        var document = RunDocument.failing
        document.end = nil
        #expect(try HTMLReport(document) { _ in nil }.text.contains("CUT OFF"))
        document.scenarios = []
        #expect(try HTMLReport(document) { _ in nil }.text.contains("0 scenarios"))
    }

    @Test("From another directory the links lead to the run's files")
    func links() throws {
        let options = HTMLReport.Options(page: "/srv/pages", run: "/srv/labrun-out/0007")
        let text = try HTMLReport(.failing, options) { _ in nil }.text
        #expect(text.contains("href=\"../labrun-out/0007/step2-crash/lan.pcapng\""))
    }
}

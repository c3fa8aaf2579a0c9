import Foundation
import FoundationXML
import Testing
import Timeline
import Wire

@Suite("Swimlanes")
struct SwimlanesTests {
    @Test("A crash shows each node's lane, who owns the address, and where two do")
    func crash() throws {
        let picture = try Picture(Swimlanes(Story.crash, .init(title: "crash")).svg)
        #expect(["node1", "node2", "client", "crash"].allSatisfy(picture.texts.contains))
        #expect(picture.texts.contains("crash node1"))
        #expect(picture.titles(of: "own").contains("node1 has 192.168.1.100"))
        // node1's kernel keeps the address: from 13.024 s to the end at 19 s, of 19.38 s, on 1060 pixels.
        let clash = try #require(picture.widths(of: "clash").first)
        #expect((326.7...326.9).contains(clash), "\(clash)")
        #expect(picture.titles(of: "clash").contains("node1 and node2 have 192.168.1.100"))
        #expect(picture.texts.contains("✗ 19.000  at most one owner of 192.168.1.100"))
        #expect(picture.texts.contains { $0.hasPrefix("a handover: ") })
    }

    @Test("A fault that was healed is a band, and one that was not is a line")
    func faults() throws {
        let healed = try Picture(Swimlanes(Story.partition, .init(showsHandovers: false)).svg)
        // From 6 s to 14 s of the 15.3 s from 1.5 s on.
        let band = try #require(healed.widths(of: "meanwhile").first)
        #expect((554.1...554.3).contains(band), "\(band)")
        let open = try Picture(Swimlanes(Story.crash, .init(showsHandovers: false)).svg)
        #expect(open.widths(of: "meanwhile").isEmpty)
        #expect(open.count(of: "faultline") == 1)
    }

    @Test("What a client saw is a strip, red while nobody answered, and stalls and links that are down are shaded")
    func clientAndHost() throws {
        var story = Story()
        for number in 0..<10 {
            let outcome: ClientRequest.Outcome = (4..<7).contains(number) ? .failed("refused") : .answered(by: "r1")
            let asked = Double(number) / 100
            story.add(
                asked + 0.001, .request(.init(service: "s:80", number: number, asked: at(asked), outcome: outcome)),
                at: "client")
        }
        story.add(0.02, .link(interface: "eth0", isUp: false), at: "r1")
        story.add(0.05, .stall(.milliseconds(30)))
        let picture = try Picture(Swimlanes(story.timeline).svg)
        #expect(picture.titles(of: "missed") == ["s:80 failed: refused, 0.030 s"])
        #expect(picture.titles(of: "answered").count == 2)
        #expect(picture.titles(of: "down") == ["eth0 down"])
        #expect(picture.titles(of: "stall") == ["stood still, 0.030 s"])
    }

    @Test("A lane has what its router said of itself until it ended, its checks, its calls, and what theory expects")
    func signs() throws {
        var story = Story()
        let say = { (story: inout Story, time: Double, line: String) in
            story.add(time, .output(process: "d", stream: .standardError, line: line), at: "node1")
        }
        story.advert(150, 0, from: "node1")
        say(&story, 1, "BACKUP")
        say(&story, 2, "MASTER")
        say(&story, 3, "bad")
        say(&story, 4, "told")
        story.add(5, .exited(process: "d", .signaled(number: 9)), at: "node1")
        story.add(10, .step("end"))
        let expectation = Swimlanes.Expectation(node: "node1", window: at(6)...at(8), due: at(7), text: "soon")
        let options = Swimlanes.Options(expectations: [expectation]) { event in
            guard case .output(_, _, let line) = event.kind else { return nil }
            return switch line {
            case "bad": .result("chk: failed", isGood: false)
            case "told": .told("told MASTER")
            default: .state(line, router: "VI_1")
            }
        }
        let picture = try Picture(Swimlanes(story.timeline, options).svg)
        #expect(picture.titles(of: "backup") == ["node1 VI_1 is BACKUP from 1.000 s on, says d"])
        // From 2 s to the end of the program at 5 s, of 10.2 s on 1060 pixels.
        #expect(picture.widths(of: "master") == [311.8])
        #expect(picture.titles(of: "bad") == ["chk: failed, 3.000000 s"])
        #expect(picture.titles(of: "told") == ["told MASTER, 4.000000 s"])
        #expect(picture.titles(of: "due") == ["soon"])
        #expect(picture.widths(of: "due") == [207.8])
        #expect(picture.texts.contains("expected"))
    }

    @Test("A router that says nothing of itself is a master as long as the wire has its advertisements")
    func silentRouters() throws {
        let picture = try Picture(Swimlanes(Story.resignation, .init(showsHandovers: false)).svg)
        #expect(
            picture.titles(of: "master") == [
                "node1 is MASTER from 0.000 s on, says the wire", "node2 is MASTER from 3.311 s on, says the wire",
            ])
        // Its priority stands where it is another than before: at the first word, and at the last.
        #expect(["150", "0", "100"].allSatisfy(picture.texts.contains))
    }

    @Test("Every text is escaped, and there is nothing in the file that runs or is fetched")
    func escapes() throws {
        var story = Story()
        story.add(0, .step("<script>alert(1)</script> & \u{1b}[31m \"x\""))
        story.advert(150, 1, from: "node1")
        let svg = Swimlanes(story.timeline).svg
        let picture = try Picture(svg)
        #expect(picture.texts.contains("<script>alert(1)</script> & ?[31m \"x\""))
        #expect(!svg.contains("<script"))
        #expect(!svg.contains("href"))
        #expect(svg.contains("prefers-color-scheme: dark"))
    }

    @Test("The size does not grow with the length of the record, nor beyond so many nodes")
    func bounds() throws {
        var long = Story()
        for index in 0..<4000 { long.advert(150, Double(index) / 100, from: "node1") }
        #expect(Swimlanes(long.timeline).svg.utf8.count < 50_000)
        var wide = Story()
        for number in 0..<200 { wide.advert(150, Double(number), from: "n\(number)") }
        let picture = try Picture(Swimlanes(wide.timeline).svg)
        #expect(picture.texts.contains("and 176 more nodes"))
        #expect(try Picture(Swimlanes(Timeline()).svg).count(of: "paper") == 1)
    }
}

/// What stands in a picture; refuses what is no XML.
private final class Picture: NSObject, XMLParserDelegate {
    private var elements: [(style: String, width: Double?, text: String)] = []
    private var open: [Int] = []
    private var isTitle = false

    init(_ svg: String) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        try #require(parser.parse(), "\(parser.parserError as Any)")
    }

    var texts: [String] { elements.map(\.text) }

    func titles(of style: String) -> [String] { elements.filter { $0.style == style }.map(\.text) }

    func widths(of style: String) -> [Double] { elements.filter { $0.style == style }.compactMap(\.width) }

    func count(of style: String) -> Int { elements.count { $0.style == style } }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name == "title" { return }
        open.append(elements.count)
        elements.append((attributes["class"] ?? name, attributes["width"].flatMap { Double($0) }, ""))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        guard let current = open.last else { return }
        elements[current].text += text.trimmingCharacters(in: .newlines)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name != "title" { open.removeLast() }
    }
}

import Foundation
import FoundationXML
import NetnsKit
import Testing
import Wire

@Suite("A topology's drawing")
struct DrawingTests {
    private static let star = Topology.star("lan", ["r1", "r2", "client"], networks: "10.0.0.0/24", "fd00::/64")

    @Test("hangs the nodes of a star on one line")
    func asciiStar() {
        #expect(
            TopologyDrawing(Self.star).ascii == """
                                             lan
                +--------+                   |
                | r1     |                   |
                |   eth0 |--- 10.0.0.1/24 ---o
                |        |    fd00::1/64     |
                +--------+                   |
                                             |
                +--------+                   |
                | r2     |                   |
                |   eth0 |--- 10.0.0.2/24 ---o
                |        |    fd00::2/64     |
                +--------+                   |
                                             |
                +--------+                   |
                | client |                   |
                |   eth0 |--- 10.0.0.3/24 ---o
                |        |    fd00::3/64
                +--------+

                """)
    }

    @Test("has a line for each segment of a chain, and shows which wires only pass")
    func asciiChain() {
        #expect(
            TopologyDrawing(RoutingTests.chain).ascii == """
                                                    lan1
                                                    |   transit (point-to-point)
                                                    |   |   lan2
                +-------------+                     |   |   |
                | client      |                     |   |   |
                |        eth0 |--- 10.0.1.10/24 ----o   |   |
                |             |    fd00:1::10/64    |   |   |
                +-------------+                     |   |   |
                                                    |   |   |
                +-------------+                     |   |   |
                | r1 (router) |                     |   |   |
                |        lan0 |--- 10.0.1.1/24 -----o   |   |
                |             |    fd00:1::1/64         |   |
                |        wan0 |--- 10.0.12.1/30 --------o   |
                |             |    fe80::1/64           |   |
                +-------------+                         |   |
                                                        |   |
                +-------------+                         |   |
                | r2 (router) |                         |   |
                |          lo |    10.255.0.2           |   |
                |        lan0 |--- 10.0.2.1/24 ---------|---o
                |             |    fd00:2::1/64         |   |
                |        wan0 |--- 10.0.12.2/30 --------o   |
                |             |    fe80::2/64               |
                +-------------+                             |
                                                            |
                +-------------+                             |
                | server      |                             |
                |        eth0 |--- 10.0.2.10/24 ------------o
                |             |    fd00:2::10/64
                +-------------+

                """)
    }

    @Test("is a flowchart for GitHub, with a point-to-point link as a line between its nodes")
    func mermaid() {
        #expect(
            TopologyDrawing(RoutingTests.chain).mermaid == """
                flowchart LR
                    n0["client"]
                    n1{{"r1"}}
                    n2{{"r2<br/>lo 10.255.0.2"}}
                    n3["server"]
                    s0(["lan1"])
                    s2(["lan2"])
                    n0 ---|"eth0<br/>10.0.1.10/24<br/>fd00:1::10/64"| s0
                    n1 ---|"lan0<br/>10.0.1.1/24<br/>fd00:1::1/64"| s0
                    n1 ---|"wan0 10.0.12.1/30 fe80::1/64<br/>transit (point-to-point)<br/>\
                wan0 10.0.12.2/30 fe80::2/64"| n2
                    n2 ---|"lan0<br/>10.0.2.1/24<br/>fd00:2::1/64"| s2
                    n3 ---|"eth0<br/>10.0.2.10/24<br/>fd00:2::10/64"| s2

                """)
    }

    @Test("lets no text of the topology become a part of the picture's language")
    func escaping() throws {
        let evil = "\"]<script>&'#35;\u{1b}[31m\n%%"
        let topology = Topology([NodeDescription("n", [InterfaceDescription("eth0", on: evil, [evil])])])
        let drawing = TopologyDrawing(topology)
        #expect(!drawing.ascii.contains("\u{1b}"))
        #expect(drawing.ascii.split(separator: "\n").count == 5)
        let label = "#34;#93;#60;script#62;#38;#39;#35;35#59;#63;#91;31m#63;#37;#37;"
        #expect(drawing.mermaid.contains("    s0([\"\(label)\"])\n"))
        #expect(drawing.mermaid.split(separator: "\n").count == 4)
        #expect(drawing.svg.contains("&quot;]&lt;script&gt;&amp;&#39;#35;?[31m?%%"))
        let texts = try Self.texts(in: drawing.svg)
        #expect(texts.filter { $0 == "\"]<script>&'#35;?[31m?%%" }.count == 2)
    }

    @Test("is well-formed XML that stands by itself, in light and dark colors", arguments: [0, 1, 2, 3, 7, 12])
    func svg(count: Int) throws {
        let topology = Self.mesh(count)
        let svg = TopologyDrawing(topology).svg
        let texts = try Self.texts(in: svg)
        for node in topology.nodes {
            #expect(texts.contains(node.name))
            for address in node.interfaces.flatMap(\.addresses) { #expect(texts.contains(address)) }
        }
        for segment in topology.segmentNames { #expect(texts.contains { $0.hasPrefix(segment) }) }
        #expect(svg.contains("prefers-color-scheme: dark"))
        #expect(!svg.contains("<script") && !svg.contains("href") && !svg.contains("url("))
    }

    @Test("keeps every text apart from every other", arguments: [2, 3, 7, 12])
    func overlaps(count: Int) throws {
        let boxes = try Self.boxes(in: TopologyDrawing(Self.mesh(count)).svg)
        #expect(boxes.count > count)
        for (index, first) in boxes.enumerated() {
            for second in boxes.dropFirst(index + 1) {
                #expect(!first.frame.intersects(second.frame), "\(first.text) and \(second.text)")
            }
        }
    }

    @Test("never has wires of two segments at one height, where they would look like one", arguments: [2, 3, 7, 12])
    func wires(count: Int) throws {
        let wires = try Self.read(TopologyDrawing(Self.mesh(count)).svg).wires
        #expect(wires.count == 2 * count)
        for (height, wires) in Dictionary(grouping: wires, by: \.height) {
            #expect(Set(wires.map(\.style)).count == 1, "at \(height)")
        }
    }

    /// Nodes in a row, each on a segment with the one before, with long names and addresses among them.
    private static func mesh(_ count: Int) -> Topology {
        let nodes = (0..<count).map { index in
            let number = UInt8(index)
            let left = InterfaceDescription(
                "eth0", on: "lan-\(index / 2)", ["10.\(number).0.1/24", "fd00:\(number)::1/64"])
            let right = InterfaceDescription(
                "management\(index)", on: "a-network-with-a-long-name-\(index / 4)",
                ["2001:db8:1234:5678:9abc:def0:1111:\(number)/128"], mtu: 9000)
            let name = index.isMultiple(of: 3) ? "router-with-a-long-name-\(index)" : "n\(index)"
            return index.isMultiple(of: 3)
                ? NodeDescription.router(name, [left, right], loopbackAddresses: ["10.255.0.\(number + 1)"])
                : NodeDescription(name, [left, right])
        }
        let segments = [
            SegmentDescription("lan-0", kind: .pointToPoint), SegmentDescription("lan-1", fabric: .userSpace),
        ]
        return Topology(nodes, segments: count < 4 ? [] : segments)
    }

    /// What is written in a picture; an error when it is no XML.
    private static func texts(in svg: String) throws -> [String] {
        try boxes(in: svg).map(\.text)
    }

    private static func boxes(in svg: String) throws -> [SVGReader.Box] {
        try read(svg).boxes
    }

    private static func read(_ svg: String) throws -> SVGReader {
        let reader = SVGReader()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
        return reader
    }
}

/// Collects the wires and the texts of a picture, each text with the space that it takes in the widest font.
private final class SVGReader: NSObject, XMLParserDelegate {
    struct Box {
        var text = ""
        var frame = CGRect.zero
    }

    struct Wire {
        var style: String
        var height: Substring
    }

    var boxes: [Box] = []
    var wires: [Wire] = []
    private var attributes: [String: String]?

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if name == "path", let style = attributes["class"], style.hasPrefix("wire") {
            // Such as M160 103H200.
            let numbers = (attributes["d"] ?? "").split { "MH ".contains($0) }
            wires.append(Wire(style: style, height: numbers[1]))
        }
        guard name == "text" else { return }
        self.attributes = attributes
        boxes.append(Box())
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if attributes != nil { boxes[boxes.count - 1].text += text }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard name == "text", let attributes, let x = Double(attributes["x"] ?? ""),
            let y = Double(attributes["y"] ?? "")
        else { return }
        self.attributes = nil
        let size: Double = attributes["class"] == "title" ? 14 : 12
        let width = 0.602 * size * Double(boxes[boxes.count - 1].text.count)
        let start = ["middle": x - width / 2, "end": x - width][attributes["text-anchor"] ?? ""] ?? x
        boxes[boxes.count - 1].frame = CGRect(x: start, y: y - 0.8 * size, width: width, height: size)
    }
}

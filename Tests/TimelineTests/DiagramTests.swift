import Testing
import Timeline
import Wire

@Suite("Diagram")
struct DiagramTests {
    @Test("A crash shows the last advertisement heard, the takeover, and the address that stays behind")
    func crash() {
        #expect(
            Diagram(Story.crash).description == """
                     time  node1                  node2                  client
                    0.000  == both routers start ===============================================
                    0.001  start keepalived       start keepalived       .
                    3.414  advert 150 ----------> heard ---------------> heard
                    3.414  +192.168.1.100         .                      .
                    3.415  announce 192.168.1.100 x5                     .
                    4.414  advert 150 (x5) -----> heard ---------------> heard
                    8.415  announce 192.168.1.100 x5                     .
                    9.414  advert 150 ----------> heard ---------------> heard
                    9.731  == fault: crash node1 ===============================================
                    9.731  keepalived: signal 9   .                      .
                   13.024  heard <--------------- advert 100 ----------> heard
                                                  3.610 s after it last heard node1
                   13.024  .                      +192.168.1.100         .
                   13.024  ** node1 and node2 both have 192.168.1.100, to the end
                   13.025  .                      announce 192.168.1.100 x5
                   14.024  heard <--------------- advert 100 (x5) -----> heard
                   18.025  .                      announce 192.168.1.100 x5
                   19.000  ok    node2 takes over within 3.607...3.759 s: 3.610 s
                   19.000  FAIL  at most one owner of 192.168.1.100

                """)
    }

    @Test("What moves in the network has a row, and what is found for the first time has none")
    func network() throws {
        let (first, second) = (MACAddress(rawValue: 0x0200_0000_0001), MACAddress(rawValue: 0x0200_0000_0002))
        let ports = [SwitchPort("r1", "eth0"), SwitchPort("r2", "eth0")]
        let gateway = IPAddress.v4(IPv4Address(10, 0, 0, 1))
        let prefix = try #require(IPPrefix("10.77.0.0/16"))
        var story = Story()
        story.add(0, .started(process: "x", arguments: ["x"]), at: "r1")
        story.add(1, .neighbor(Story.shared, .found(first, before: nil), interface: "eth0"), at: "r2")
        story.add(2, .neighbor(Story.shared, .found(second, before: first), interface: "eth0"), at: "r2")
        story.add(3, .forwarding(first, ForwardingChange(now: ports[0])))
        story.add(4, .forwarding(first, ForwardingChange(before: ports[0], now: ports[1])))
        story.add(5, .routeAdded(NodeRoute(to: prefix, interface: "eth0")), at: "r1")
        story.add(6, .routeRemoved(NodeRoute(to: prefix, via: gateway, interface: "eth0")), at: "r1")
        #expect(
            Diagram(story.timeline, .init(width: 100)).description == """
                     time  r1                                          r2
                    0.000  start x                                     .
                    2.000  .                                           192.168.1.100 is at 02:00:00:00:00:02
                    4.000  .                                           02:00:00:00:00:01 is here
                    6.000  -route 10.77.0.0/16 via 10.0.0.1 on eth0    .

                """)
    }

    @Test("A partition shows who was not heard, and how long there were two owners")
    func partition() {
        #expect(
            Diagram(Story.partition, .init(origin: at(6))).description == """
                     time  node1                             node2
                   -4.500  advert 150 ---------------------> heard
                   -4.500  +192.168.1.100                    .
                   -3.500  advert 150 (x3) ----------------> heard
                   -0.500  advert 150 ---------------------> heard
                    0.000  == fault: silence node1/eth0 ========================================
                    0.500  advert 150 (x3) --x               .
                    3.110  .                                 advert 100 --x
                                                             3.610 s after it last heard node1
                    3.110  .                                 +192.168.1.100
                    3.110  ** node1 and node2 both have 192.168.1.100, for 5.391 s
                    3.110  .                                 announce 192.168.1.100 x5 --x
                    3.500  advert 150 (x5) --x               .
                    4.110  .                                 advert 100 (x4) --x
                    8.000  == healed: silence node1/eth0 =======================================
                    8.500  advert 150 ---------------------> heard
                    8.501  .                                 -192.168.1.100
                    9.500  advert 150 (x2) ----------------> heard

                """)
    }

    @Test("A resignation shows priority 0, the address given up, and the takeover after the skew")
    func resignation() {
        #expect(
            Diagram(Story.resignation, .init(origin: at(4.2), characters: .unicode)).lines.suffix(7) == [
                "    0.000  ══ fault: stop node1 ════════════════════════════════════════════════",
                "    0.001  advert 0 (resigns) ─────────────→ heard",
                "    0.002  -192.168.1.100                    ·",
                "    0.611  heard ←────────────────────────── advert 100",
                "                                             0.610 s after node1 resigned",
                "    0.611  ·                                 +192.168.1.100",
                "    1.020  keepalived: exit 0                ·",
            ])
    }

    @Test("Columns that would be too narrow become a list")
    func list() {
        #expect(
            Diagram(Story.crash, .init(width: 50)).lines[8...] == [
                "    8.415  node1  announce 192.168.1.100 x5",
                "    9.414  node1  advert 150 -> node2, client",
                "    9.731  == fault: crash node1 =================",
                "    9.731  node1  keepalived: signal 9",
                "   13.024  node2  advert 100 -> node1, client;",
                "           3.610 s after it last heard node1",
                "   13.024  node2  +192.168.1.100",
                "   13.024  ** node1 and node2 both have",
                "           192.168.1.100, to the end",
                "   13.025  node2  announce 192.168.1.100 x5",
                "   14.024  node2  advert 100 (x5) -> node1, client",
                "   18.025  node2  announce 192.168.1.100 x5",
                "   19.000  ok    node2 takes over within",
                "           3.607...3.759 s: 3.610 s",
                "   19.000  FAIL  at most one owner of",
                "           192.168.1.100",
            ])
    }

    @Test("No line is wider than asked", arguments: [40, 50, 60, 80, 120])
    func width(width: Int) {
        for story in [Story.crash, Story.partition, Story.resignation] {
            for characters in [Diagram.Characters.ascii, .unicode] {
                let diagram = Diagram(story, .init(width: width, characters: characters))
                #expect(diagram.lines.allSatisfy { $0.count <= width })
            }
        }
    }

    @Test("What is too long loses its middle, and says how much")
    func elision() {
        #expect(
            Diagram(Story.crash, .init(maximumRows: 7)).lines == [
                "     time  node1                  node2                  client",
                "    0.000  == both routers start ===============================================",
                "    0.001  start keepalived       start keepalived       .",
                "    3.414  advert 150 ----------> heard ---------------> heard",
                "      ...  14 rows left out",
                "   19.000  ok    node2 takes over within 3.607...3.759 s: 3.610 s",
                "   19.000  FAIL  at most one owner of 192.168.1.100",
            ])
        #expect(Diagram(Story.crash, .init(maximumRows: 20)).lines.count == 20)
        #expect(!Diagram(Story.crash, .init(maximumRows: 20)).description.contains("left out"))
    }

    @Test("An empty timeline is a header")
    func empty() {
        #expect(Diagram(Timeline()).lines == ["     time"])
    }

    @Test("Lost frames share a row until something is done, and other harm has none")
    func lostFrames() {
        var story = Story()
        let lost = { (ordinal: Int) in
            TimelineEvent.Kind.impaired(
                ImpairedFrame(
                    interface: "eth0", direction: .sent, frameClass: .vrrp, ordinal: ordinal, effects: [.lost]))
        }
        story.add(0, .link(interface: "eth0", isUp: true), at: "r2")
        for ordinal in 1...3 { story.add(Double(ordinal), lost(ordinal), at: "r1") }
        let delayed = ImpairedFrame(
            interface: "eth0", direction: .received, frameClass: .arp, ordinal: 1, effects: [.delayed],
            intendedDelay: .milliseconds(20), actualDelay: .milliseconds(21))
        story.add(4, .impaired(delayed), at: "r2")
        story.add(5, .step("again"))
        story.add(6, lost(4), at: "r1")
        #expect(
            Diagram(story.timeline, Diagram.Options(nodes: ["r1", "r2"])).lines == [
                "     time  r1                                r2",
                "    1.000  vrrp lost, sent (x3)              .",
                "    5.000  == again " + String(repeating: "=", count: 60),
                "    6.000  vrrp lost, sent                   .",
            ])
        #expect("\(delayed)" == "received arp #1 delayed")
    }

    @Test("Links, several addresses, several virtual routers and spoilt records have their words")
    func otherRows() {
        var story = Story()
        story.add(0, .link(interface: "eth0", isUp: true), at: "r1")
        story.gains("r1", 1, .v4(IPv4Address(10, 0, 0, 1)))
        story.gains("r1", 1.001, .v4(IPv4Address(10, 0, 0, 2)))
        story.gains("r1", 1.002, .v4(IPv4Address(10, 0, 0, 3)))
        story.add(2, .link(interface: "eth0", isUp: false), at: "r1")
        story.add(3, .link(interface: "eth0", isUp: true), at: "r1")
        story.add(4, .vanished, at: "r2")
        story.add(5, .stall(.milliseconds(6900)))
        story.add(6, .lost(source: "capture", count: 12))
        story.add(7, .lost(source: "monitor", count: nil), at: "r2")
        #expect(
            Diagram(story.timeline).lines == [
                "     time  r1                                r2",
                "    1.000  +10.0.0.1 and 2 more              .",
                "    2.000  eth0 down                         .",
                "    3.000  eth0 up                           .",
                "    4.000  .                                 gone",
                "    5.000  the host stood still for 6.900 s: no figure here counts",
                "    6.000  capture lost 12 events: the record has a hole",
                "    7.000  monitor lost some events: the record has a hole (r2)",
            ])

        story = Story()
        story.advert(150, 0, from: "r1", to: ["r2"], id: 51)
        story.advert(90, 0.5, from: "r1", to: ["r2"], id: 52)
        #expect(
            Diagram(story.timeline).lines == [
                "     time  r1                                r2",
                "    0.000  #51 advert 150 -----------------> heard",
                "    0.500  #52 advert 90 ------------------> heard",
            ])
    }

    @Test("The lab's own addresses have no row once routers speak")
    func setUp() {
        var story = Story()
        story.gains("node1", 0, .v4(IPv4Address(192, 168, 1, 11)))
        story.advert(150, 1, from: "node1", to: ["node2"])
        story.gains("node1", 1.1)
        #expect(
            Diagram(story.timeline, .init(nodes: ["node1"])).lines == [
                "     time  node1",
                "    1.000  advert 150",
                "    1.100  +192.168.1.100",
            ])
    }

    @Test("A change of the priority begins a new row, and repetition does not")
    func priorityChange() {
        var story = Story()
        for second in 0...2 { story.advert(150, Double(second), from: "node1", to: ["node2"]) }
        for second in 3...5 { story.advert(130, Double(second), from: "node1", to: ["node2"]) }
        #expect(
            Diagram(story.timeline).lines.dropFirst() == [
                "    0.000  advert 150 (x3) ----------------> heard",
                "    3.000  advert 130 (x3) ----------------> heard",
            ])
    }

    @Test("Output has rows only where it is asked for, and nothing that a terminal would obey")
    func output() {
        var story = Story()
        let line = "Entering \u{1b}[1mMASTER\u{1b}[0m STATE — now"
        story.add(1, .output(process: "keepalived", stream: .standardError, line: line), at: "r1")
        #expect(Diagram(story.timeline).lines == ["     time  r1"])
        let drawn = { (characters: Diagram.Characters) in
            Diagram(story.timeline, .init(characters: characters) { _ in true }).lines.last
        }
        #expect(drawn(.ascii) == "    0.000  Entering ?[1mMASTER?[0m STATE ? now")
        #expect(drawn(.unicode) == "    0.000  Entering ?[1mMASTER?[0m STATE — now")
    }
}

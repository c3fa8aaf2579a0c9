import Chance
import Testing
import Timeline
import Wire

@testable import NetnsKit

/// What the switch decides, without any network.
@Suite("The switch's engine")
struct SwitchEngineTests {
    private static func engine(_ count: Int, isPointToPoint: Bool = false) -> SwitchEngine {
        var engine = SwitchEngine(seed: 1)
        for number in 0..<count {
            let interface = InterfaceDescription("eth0", on: "lan")
            #expect(engine.plug(LinkEnd("n\(number)", "eth0"), interface, isPointToPoint: isPointToPoint) == number)
        }
        return engine
    }

    private static func frame(from source: UInt64, to destination: UInt64, length: Int = 60) -> [UInt8] {
        EthernetFrame(
            destination: MACAddress(rawValue: destination), source: MACAddress(rawValue: source), etherType: 0x88b5,
            payload: [UInt8](repeating: 0, count: length - 14)
        ).serialized()
    }

    /// Has a frame carried.
    ///
    /// - Returns: the ports that are to receive it, in order.
    private static func carry(
        _ frame: [UInt8], from port: Int, _ engine: inout SwitchEngine, at seconds: Int64 = 0
    ) -> [Int] {
        engine.accept(frame, from: port, at: Instant(nanoseconds: seconds * 1_000_000_000))
        defer { engine.deliveries = [] }
        return engine.deliveries.map(\.port)
    }

    private static func advance(_ engine: inout SwitchEngine, to nanoseconds: Int64) -> Bool {
        engine.advance(to: Instant(nanoseconds: nanoseconds))
    }

    @Test("floods what it does not know, learns who is where, and forgets who is not heard for five minutes")
    func learning() {
        var engine = Self.engine(4)
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [1, 2, 3])
        #expect(Self.carry(Self.frame(from: 4, to: 2), from: 1, &engine) == [0])
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [1])
        #expect(Self.carry(Self.frame(from: 2, to: 0xffff_ffff_ffff), from: 0, &engine) == [1, 2, 3])
        // A station that has moved is found where it was heard last.
        #expect(Self.carry(Self.frame(from: 4, to: 2), from: 3, &engine) == [0])
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine, at: 299) == [3])
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine, at: 300) == [1, 2, 3])
    }

    @Test("drops what no bridge forwards: reserved groups, senders that are none, what is too long or too short")
    func unforwardable() {
        var engine = Self.engine(2)
        #expect(Self.carry(Self.frame(from: 2, to: 0x0180_c200_000e), from: 0, &engine) == [])
        #expect(Self.carry(Self.frame(from: 2, to: 0x0180_c200_0000), from: 0, &engine) == [1])
        #expect(Self.carry(Self.frame(from: 0, to: 4), from: 0, &engine) == [])
        #expect(Self.carry(Self.frame(from: 0x0100_0000_0000, to: 4), from: 0, &engine) == [])
        #expect(Self.carry(Self.frame(from: 2, to: 4, length: 1518), from: 0, &engine) == [1])
        #expect(Self.carry(Self.frame(from: 2, to: 4, length: 1519), from: 0, &engine) == [])
        #expect(Self.carry([1, 2, 3], from: 0, &engine) == [])
        #expect(Self.carry(Self.frame(from: 4, to: 2), from: 0, &engine) == [], "it is on the port it came from")
    }

    @Test("a cable between two passes everything")
    func pointToPoint() {
        var engine = Self.engine(2, isPointToPoint: true)
        #expect(Self.carry(Self.frame(from: 2, to: 0x0180_c200_000e), from: 0, &engine) == [1])
        #expect(Self.carry(Self.frame(from: 0x0100_0000_0000, to: 2), from: 1, &engine) == [0])
    }

    @Test("forgets what it learned from a port that goes down or moves")
    func forgetting() {
        var engine = Self.engine(3)
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [1, 2])
        engine.change(0) { $0.isUp = false }
        engine.change(0) { $0.isUp = true }
        #expect(Self.carry(Self.frame(from: 4, to: 2), from: 1, &engine) == [0, 2])
        engine.move(1, toBridge: "other")
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [2])
        engine.move(1, toBridge: "lan")
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [2, 1])
    }

    @Test("a port that is silenced while a frame is under way does not let it out")
    func silencedUnderWay() {
        var engine = Self.engine(2)
        engine.impair(1, .received, Impairment(delay: .seconds(1)))
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [])
        #expect(engine.nextDue == Instant(nanoseconds: 1_000_000_000))
        engine.change(1) { $0.isPlugged = false }
        #expect(Self.advance(&engine, to: 1_000_000_000))
        #expect(engine.deliveries.isEmpty)
        #expect(!Self.advance(&engine, to: 9_000_000_000))
    }

    @Test("two impairments of one cable follow one another, each with draws of its own")
    func layers() {
        var engine = Self.engine(2)
        engine.impair(0, .sent, Impairment(delay: .seconds(1)))
        engine.impair(0, .sent, Impairment(delay: .seconds(2)))
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [])
        #expect(Self.advance(&engine, to: 1_000_000_000))
        #expect(engine.deliveries.isEmpty)
        #expect(Self.advance(&engine, to: 3_000_000_000))
        #expect(engine.deliveries.map(\.port) == [1])

        engine = Self.engine(2)
        engine.impair(0, .sent, Impairment(loss: 0.5))
        engine.impair(0, .sent, Impairment(loss: 0.5))
        let passed = (0..<4000).filter { _ in Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [1] }.count
        // A quarter, five standard deviations of 27 either way; equal draws would pass a half.
        #expect((865...1135).contains(passed), "\(passed)")
    }

    @Test("a frame that is held back when its cable is repaired goes on at once")
    func repair() {
        var engine = Self.engine(2)
        let impairment = Impairment(reordering: 1, patience: .seconds(60))
        engine.impair(0, .sent, impairment)
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine) == [])
        engine.repair(0, .sent, impairment, at: Instant(nanoseconds: 5))
        #expect(Self.advance(&engine, to: 5))
        #expect(engine.deliveries.map(\.port) == [1])
        #expect(Self.carry(Self.frame(from: 2, to: 4), from: 0, &engine).isEmpty == false)
    }

    @Test("a timer queue gives the soonest first, and what is due together in the order in which it came")
    func timers() {
        var (queue, generator) = (TimerQueue<Int>(), SeededGenerator(seed: 3))
        let dues = (0..<500).map { _ in generator.number(in: 0...50) }
        for (number, due) in dues.enumerated() { queue.add(number, due: Instant(nanoseconds: Int64(due))) }
        let early = queue.popDue(at: Instant(nanoseconds: -1))
        #expect(early == nil)
        var order: [Int] = []
        while let next = queue.popDue(at: Instant(nanoseconds: 50)) { order.append(next) }
        #expect(order == dues.indices.sorted { (dues[$0], $0) < (dues[$1], $1) })
        #expect(queue.nextDue == nil)
    }
}

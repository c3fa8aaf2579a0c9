import Netlink
import Testing
import Timeline
import Wire

@testable import NetnsKit

@Suite("Neighbor book")
struct NeighborBookTests {
    private static let incomplete: UInt16 = 0x01, reachable: UInt16 = 0x02, stale: UInt16 = 0x04, probe: UInt16 = 0x10
    private static let failed: UInt16 = 0x20, notAsked: UInt16 = 0x40
    private static let first = MACAddress(rawValue: 0x0200_0000_0001)
    private static let second = MACAddress(rawValue: 0x0200_0000_0002)

    @Test("Only what differs from what was told before is a change")
    func changes() {
        var book = NeighborBook()
        let steps: [(MACAddress?, UInt16, NeighborChange?)] = [
            (nil, Self.incomplete, nil), (Self.first, Self.reachable, .found(Self.first, before: nil)),
            (Self.first, Self.stale, nil), (Self.first, Self.probe, nil), (Self.first, Self.reachable, nil),
            (Self.second, Self.stale, .found(Self.second, before: Self.first)), (Self.second, Self.failed, .failed),
            (nil, Self.failed, nil), (nil, Self.incomplete, nil),
            // It answers again: what was known before it failed counts.
            (Self.first, Self.reachable, .found(Self.first, before: Self.second)),
        ]
        for (number, (station, state, change)) in steps.enumerated() {
            #expect(book.note(Self.record(station, state)) == change, "step \(number)")
        }
        #expect(book.forget(Self.record(Self.first, Self.stale)) == .forgotten)
        #expect(book.forget(Self.record(Self.first, Self.stale)) == nil)
    }

    @Test("Groups, whose stations nobody asks for, and other interfaces do not count")
    func others() {
        var book = NeighborBook()
        #expect(book.note(Self.record(Self.first, Self.notAsked)) == nil)
        #expect(book.note(Self.record(Self.first, Self.reachable)) == .found(Self.first, before: nil))
        #expect(book.note(Self.record(Self.first, Self.reachable, on: 3)) == .found(Self.first, before: nil))
    }

    private static func record(_ station: MACAddress?, _ state: UInt16, on index: Int32 = 2) -> NeighborRecord {
        NeighborRecord(
            .v4(IPv4Address(192, 168, 1, 100)), interfaceIndex: index, macAddress: station, state: state)
    }
}

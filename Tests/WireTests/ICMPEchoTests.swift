import Testing
import Wire

@Suite("ICMP echo")
struct ICMPEchoTests {
    private static let request: [UInt8] = [0x08, 0x00, 0xf6, 0xca, 0x00, 0x01, 0x00, 0x2a, 0x01, 0x0a]

    @Test("a request is written and read over the same octets")
    func requestRoundTrip() throws {
        let echo = ICMPEcho(identifier: 1, sequence: 42, payload: [0x01, 0x0a])
        #expect(echo.serialized() == Self.request)
        #expect(try ICMPEcho(parsing: Self.request) == echo)
    }

    @Test("a reply differs in its type")
    func reply() throws {
        var octets = Self.request
        octets[0] = 0
        #expect(try ICMPEcho(parsing: octets).isReply)
    }

    @Test("other messages and cut ones are refused")
    func refused() {
        #expect(throws: WireError.badValue(field: "ICMP type", value: 3)) {
            try ICMPEcho(parsing: [3, 1, 0, 0, 0, 0, 0, 0])
        }
        #expect(throws: WireError.self) { try ICMPEcho(parsing: [8, 0, 0]) }
    }
}

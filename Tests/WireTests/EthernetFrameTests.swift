import Testing
import Wire

@Suite struct EthernetFrameTests {
    @Test("A frame is written as the octets that it was read from, padding included")
    func sameOctets() throws {
        let octets = [UInt8](hex: "01005e000012 4265fed6722f 0800 450000 0000")
        let frame = try EthernetFrame(parsing: octets)
        #expect(frame.destination.description == "01:00:5e:00:00:12")
        #expect(frame.source.description == "42:65:fe:d6:72:2f")
        #expect(frame.etherType == 0x0800)
        #expect(frame.payload == [0x45, 0, 0, 0, 0])
        #expect(frame.serialized() == octets)
    }

    @Test("A header alone is a frame")
    func emptyPayload() throws {
        let octets = [UInt8](hex: "ffffffffffff 4265fed6722f 88cc")
        #expect(try EthernetFrame(parsing: octets).payload == [])
    }

    @Test("Fewer than 14 octets are no frame", arguments: 0..<14)
    func truncated(length: Int) {
        let octets = [UInt8](hex: "01005e000012 4265fed6722f 0800")
        #expect(throws: WireError.self) { try EthernetFrame(parsing: Array(octets.prefix(length))) }
    }

    @Test("The error names the field that is cut")
    func truncatedField() {
        let octets = [UInt8](hex: "01005e000012 4265fed6722f 08")
        #expect(throws: WireError.truncated(offset: 12, missing: 1)) { try EthernetFrame(parsing: octets) }
    }
}

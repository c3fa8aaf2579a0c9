import Testing
import Wire

@Suite struct ByteReaderTests {
    @Test("Numbers are read most significant octet first, one after the other")
    func numbers() throws {
        var reader = ByteReader([UInt8](hex: "01 0203 04050607 08090a"))
        #expect(try reader.uint8() == 0x01)
        #expect(try reader.uint16() == 0x0203)
        #expect(try reader.uint32() == 0x0405_0607)
        #expect((reader.offset, reader.remaining) == (7, 3))
        #expect(try reader.octets(3) == [8, 9, 10])
        try reader.expectEnd()
    }

    @Test("Addresses are read in the order in which they travel")
    func addresses() throws {
        var reader = ByteReader(
            [UInt8](hex: "00005e000133 0a090064 0a090065 fe800000000000000000000000000066"))
        #expect(try reader.macAddress().description == "00:00:5e:00:01:33")
        #expect(try reader.ipv4Address().description == "10.9.0.100")
        #expect(try reader.address(.ipv4).description == "10.9.0.101")
        #expect(try reader.address(.ipv6).description == "fe80::66")
        try reader.expectEnd()
    }

    @Test("A read past the end throws, says what is missing, and consumes nothing")
    func pastTheEnd() throws {
        var reader = ByteReader([1, 2, 3])
        #expect(try reader.uint8() == 1)
        #expect(throws: WireError.truncated(offset: 1, missing: 2)) { try reader.uint32() }
        #expect(throws: WireError.truncated(offset: 1, missing: 3)) { try reader.octets(5) }
        #expect(try reader.uint16() == 0x0203)
        #expect(throws: WireError.truncated(offset: 3, missing: 1)) { try reader.uint8() }
        #expect(try reader.octets(0) == [])
    }

    @Test("What is left over is an error where the end is expected")
    func leftOver() throws {
        var reader = ByteReader([1, 2, 3])
        _ = try reader.uint8()
        #expect(throws: WireError.trailingOctets(offset: 1, count: 2)) { try reader.expectEnd() }
    }

    @Test("Errors are sentences for people")
    func descriptions() {
        #expect(
            WireError.truncated(offset: 8, missing: 4).description
                == "missing octets: 4, of what begins at offset 8")
        #expect(WireError.trailingOctets(offset: 12, count: 4).description == "trailing octets: 4, from offset 12 on")
        #expect(WireError.badValue(field: "version", value: 4).description == "bad version 4")
    }
}

@Suite struct ByteWriterTests {
    @Test("Numbers are written most significant octet first, and a patch changes two octets only")
    func numbers() {
        var writer = ByteWriter()
        writer.append(0x01 as UInt8)
        writer.append(0x0203 as UInt16)
        writer.append(0x0405_0607 as UInt32)
        writer.append([8, 9])
        #expect(writer.octets == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        writer.patch(0xabcd, at: 3)
        #expect(writer.octets == [1, 2, 3, 0xab, 0xcd, 6, 7, 8, 9])
    }
}

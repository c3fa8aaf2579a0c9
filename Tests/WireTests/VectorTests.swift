import Testing
import Wire

/// The project's conformance frames, as far as octets alone decide over them.
@Suite struct VectorTests {
    @Test("A valid advertisement says what it was built from", arguments: valid)
    func decodes(vector: AdvertisementVector) throws {
        let (vrrp, packet) = try vector.content()
        #expect(vrrp.version == vector.version)
        #expect(vrrp.type == 1)
        #expect(vrrp.virtualRouterID == vector.router)
        #expect(vrrp.priority == vector.priority)
        #expect(vrrp.interval == .milliseconds(10 * vector.centiseconds))
        #expect(vrrp.addresses.map(\.description) == vector.addresses)
        #expect(vrrp.authentication == vector.password.map { .password(Array($0.utf8)) } ?? .none)
        #expect(
            VRRPPacket.checksumIsValid(packet.payload, source: packet.source, destination: packet.destination))
    }

    @Test("A valid advertisement is written as the octets that it was read from", arguments: valid)
    func encodes(vector: AdvertisementVector) throws {
        let (vrrp, packet) = try vector.content()
        let written = vrrp.serialized(
            source: packet.source, destination: packet.destination,
            checksumAsVersion2: vector.checksum == .plain)
        switch vector.written {
        case .same: #expect(written == packet.payload)
        case .otherwise: #expect(written != packet.payload)
        }
        #expect(try VRRPPacket(parsing: written, family: packet.source.family) == vrrp)
    }

    @Test("A wrong checksum is noticed, and the fields can still be read", arguments: wrongChecksum)
    func refusesChecksum(vector: FrameVector) throws {
        guard case .vrrp(_, let packet) = try Frame(parsing: vector.octets).content else {
            Issue.record("not read as VRRP")
            return
        }
        #expect(
            !VRRPPacket.checksumIsValid(packet.payload, source: packet.source, destination: packet.destination))
    }

    @Test("A message of the wrong length or version is refused, and its IP packet kept", arguments: brokenMessages)
    func refusesMessage(vector: FrameVector) throws {
        guard case .ip(let packet) = try Frame(parsing: vector.octets).content else {
            Issue.record("not left at the IP packet")
            return
        }
        #expect(packet.protocolNumber == 112)
        #expect(throws: WireError.self) {
            try VRRPPacket(parsing: packet.payload, family: packet.source.family)
        }
    }

    @Test("A broken or partial IP packet is refused, and its frame kept", arguments: brokenPackets)
    func refusesPacket(vector: FrameVector) throws {
        #expect(try Frame(parsing: vector.octets).content == .other)
    }

    @Test("An IP packet of another protocol is not taken for VRRP", arguments: notVRRP)
    func leavesOtherProtocols(vector: FrameVector) throws {
        guard case .ip(let packet) = try Frame(parsing: vector.octets).content else {
            Issue.record("not left at the IP packet")
            return
        }
        #expect(packet.protocolNumber != 112)
    }
}

/// A frame by its name in the conformance collection.
struct FrameVector: Sendable, CustomTestStringConvertible {
    let id, name: String
    let octets: [UInt8]

    init(_ id: String, _ name: String, _ hex: String) {
        self.id = id
        self.name = name
        octets = [UInt8](hex: hex)
    }

    var testDescription: String { "\(id): \(name)" }
}

/// A frame with an advertisement, and the fields that it was built from.
struct AdvertisementVector: Sendable, CustomTestStringConvertible {
    enum Checksum { case withPseudoHeaderWhereDue, plain }
    /// Otherwise where the frame fills bits that are to be ignored.
    enum Written { case same, otherwise }

    let frame: FrameVector
    let version, router, priority: UInt8
    let centiseconds: Int
    let password: String?
    let checksum: Checksum
    let written: Written
    let addresses: [String]

    init(
        _ id: String, _ name: String, version: UInt8, router: UInt8, priority: UInt8, centiseconds: Int,
        password: String? = nil, checksum: Checksum = .withPseudoHeaderWhereDue, written: Written = .same,
        _ addresses: [String], _ hex: String
    ) {
        frame = FrameVector(id, name, hex)
        self.version = version
        self.router = router
        self.priority = priority
        self.centiseconds = centiseconds
        self.password = password
        self.checksum = checksum
        self.written = written
        self.addresses = addresses
    }

    var testDescription: String { frame.testDescription }

    func content() throws -> (VRRPPacket, IPPacket) {
        guard case .vrrp(let vrrp, let packet) = try Frame(parsing: frame.octets).content else {
            throw NotVRRP()
        }
        return (vrrp, packet)
    }

    private struct NotVRRP: Error {}
}

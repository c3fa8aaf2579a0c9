import Glibc
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite("A TAP device", .requiresNamespaces, .requiresTapDevices)
struct TapDeviceTests {
    private static let frame = EthernetFrame(
        destination: .broadcast, source: MACAddress(rawValue: 2), etherType: 0x88b5,
        payload: [UInt8](repeating: 7, count: 46)
    ).serialized()

    private static func device(
        _ name: String, in namespace: borrowing NamespaceDescriptor, mtu: Int? = nil
    ) throws -> TapDevice {
        try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try TapDevice(name, macAddress: MACAddress("02:00:00:00:00:01"), mtu: mtu)
        }
    }

    @Test("has the name, the address and the MTU that it was told, in its namespace")
    func properties() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        let device = try Self.device("tap-7", in: namespace, mtu: 9000)
        var routes = try RouteSocket(in: try device.namespace())
        let link = try routes.link(named: "tap-7")
        #expect(link.index == device.interfaceIndex)
        #expect(link.macAddress == MACAddress("02:00:00:00:00:01"))
        #expect(link.mtu == 9000)
        #expect(!link.isUp)
        #expect(throws: SystemError.self) { try Self.device("tap-7", in: namespace) }
        #expect(throws: SystemError.self) { try Self.device("tap-8", in: namespace, mtu: 100_000) }
    }

    @Test("is the cable of its interface: what that sends is read, what is written that receives")
    func frames() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        let device = try Self.device("eth0", in: namespace)
        let index = device.interfaceIndex
        var buffer = [UInt8](repeating: 0, count: 2000)
        #expect(try device.receive(into: &buffer) == nil)
        let refused = #expect(throws: SystemError.self) { try device.send(Self.frame) }
        #expect(refused?.code == EIO)
        var routes = try RouteSocket(in: namespace)
        try routes.setLink(index, isUp: true)
        let socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try PacketSocket.capture(interfaceIndex: index)
        }
        try device.send(Self.frame)
        #expect(try Self.octets(from: socket).contains(Self.frame))
        try socket.send(Self.frame)
        var received: [[UInt8]] = []
        while let length = try device.receive(into: &buffer) { received.append(Array(buffer[..<length])) }
        #expect(received.contains(Self.frame))
        try routes.deleteLink(index)
        #expect(throws: SystemError.self) { try device.receive(into: &buffer) }
    }

    private static func octets(from socket: borrowing PacketSocket) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while let frame = try socket.receive() { frames.append(frame.octets) }
        return frames
    }

    @Test("loses its carrier and has it back without the second that the kernel would wait")
    func carrier() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        let device = try Self.device("eth0", in: namespace)
        var routes = try RouteSocket(in: namespace)
        try routes.setLink(device.interfaceIndex, isUp: true)
        #expect(try routes.link(named: "eth0").isRunning)
        for _ in 1...3 {
            try routes.setCarrier(of: device.interfaceIndex, isOn: false)
            let link = try routes.link(named: "eth0")
            #expect(link.isUp && !link.isRunning)
            try routes.setCarrier(of: device.interfaceIndex, isOn: true)
            #expect(try routes.link(named: "eth0").isRunning)
        }
    }

    @Test("two hundred of them are closed in less than the time that taking three down would cost")
    func closing() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var devices = try (1...200).map { try Self.device("eth\($0)", in: namespace) }
        var routes = try RouteSocket(in: namespace)
        for device in devices { try routes.setLink(device.interfaceIndex, isUp: true) }
        let begin = MonotonicClock.now
        devices.removeAll()
        let time = MonotonicClock.now - begin
        #expect(time < .milliseconds(500), "\(time)")
    }
}

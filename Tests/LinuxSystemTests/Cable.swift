import LinuxSystem
import Netlink
import Testing
import Wire

/// Two network namespaces with a cable between them: `eth0` at both ends, up, 198.18.0.1/24 and 198.18.0.2/24.
struct Cable: ~Copyable {
    struct End: ~Copyable {
        let namespace: NamespaceDescriptor
        let interfaceIndex: Int32
        let macAddress: MACAddress
        let address: IPv4Address
    }

    let left: End
    let right: End

    init() throws {
        let leftNamespace = try NamespaceBroker.shared.createNetwork()
        let rightNamespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: leftNamespace)
        try routes.createVeth(
            VethEnd("eth0", macAddress: MACAddress(rawValue: 0x0200_0000_0001)),
            VethEnd("eth0", namespace: rightNamespace.number, macAddress: MACAddress(rawValue: 0x0200_0000_0002)))
        let left = try End(leftNamespace, IPv4Address(198, 18, 0, 1))
        let right = try End(rightNamespace, IPv4Address(198, 18, 0, 2))
        try left.waitForCarrier()
        try right.waitForCarrier()
        self.left = left
        self.right = right
    }

    /// Returns when frames pass, a moment after both ends are up.
    func waitForCarrier() throws {
        try left.waitForCarrier()
        try right.waitForCarrier()
    }
}

extension Cable.End {
    init(_ namespace: consuming NamespaceDescriptor, _ address: IPv4Address) throws {
        var routes = try RouteSocket(in: namespace)
        let link = try routes.link(named: "eth0")
        let prefix = try #require(IPPrefix(.v4(address), length: 24))
        try routes.addAddress(AddressRecord(prefix, interfaceIndex: link.index))
        try routes.setLink(link.index, isUp: true)
        let macAddress = try #require(link.macAddress)
        self.init(namespace: namespace, interfaceIndex: link.index, macAddress: macAddress, address: address)
    }

    fileprivate func waitForCarrier() throws {
        let monitor = try RouteMonitor(.links, in: namespace)
        var routes = try RouteSocket(in: namespace)
        let loop = try EventLoop()
        try loop.watch(monitor.descriptor, as: 0)
        let deadline = MonotonicClock.now + .seconds(5)
        while try routes.link(named: "eth0").operationalState != 6, try !loop.wait(until: deadline).isEmpty {
            _ = try monitor.receive()
        }
    }

    /// Opens a socket that sees every frame of `eth0`.
    func capture() throws -> PacketSocket {
        let index = interfaceIndex
        return try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try PacketSocket.capture(interfaceIndex: index)
        }
    }

    /// Opens a socket of one IP protocol on `eth0`.
    func rawSocket(_ protocolNumber: UInt8, group: IPv4Address? = nil) throws -> RawIPSocket {
        let index = interfaceIndex
        return try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try RawIPSocket(
                protocolNumber: protocolNumber, interface: "eth0", interfaceIndex: index, group: group)
        }
    }
}

/// Reads from a nonblocking source until it brings something that is wanted; nil when nothing came for 5 seconds.
func next<Item>(
    from descriptor: Int32, _ receive: () throws -> Item?, where isWanted: (Item) -> Bool = { _ in true }
) throws -> Item? {
    let loop = try EventLoop()
    try loop.watch(descriptor, as: 0)
    let deadline = MonotonicClock.now + .seconds(5)
    while MonotonicClock.now < deadline {
        while let item = try receive() {
            if isWanted(item) { return item }
        }
        _ = try loop.wait(until: deadline)
    }
    return nil
}

import LinuxSystem
import Wire

extension Node {
    /// Sends one ICMPv6 echo request (RFC 4443 §4.1); the answer, if one comes, is in the timeline.
    ///
    /// - Parameter interface: the interface it leaves by; its source is the first of that interface's addresses with
    ///   the scope of the destination.
    /// - Throws: `LabError.noSource` when there is none.
    public func ping(_ address: IPv6Address, over interface: String, sequence: UInt16 = 1) throws(LabError) {
        let index = try interfaceIndex(of: interface)
        let source = try source(for: address, on: interface)
        let echo = ICMPEcho(identifier: 1, sequence: sequence)
        let packet = IPPacket(
            source: .v6(source), destination: .v6(address), hopLimit: 64, protocolNumber: IPPacket.icmpv6,
            payload: echo.serialized(source: source, destination: address))
        try translated { () throws(SystemError) in
            let socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try RawIPSocket(
                    .ipv6, protocolNumber: IPPacket.icmpv6, interface: interface, interfaceIndex: index, groups: [])
            }
            try socket.send(packet.serialized(), to: .v6(address))
        }
    }

    private func source(for destination: IPv6Address, on interface: String) throws(LabError) -> IPv6Address {
        let isLocal = destination.isLinkLocal || destination.isMulticast
        for address in try addresses() where address.interface == interface {
            if case .v6(let candidate) = address.prefix.address, candidate.isLinkLocal == isLocal { return candidate }
        }
        throw .noSource(for: .v6(destination), interface: interface, node: name)
    }
}

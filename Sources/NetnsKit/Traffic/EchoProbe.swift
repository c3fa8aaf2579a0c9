import LinuxSystem
import Wire

/// A client that asks an address again and again whether it is there (ICMP echo), as its users would notice.
///
/// The requests and the answers are frames of the client's cable, so the timeline has them with the kernel's time:
/// `Timeline.echoExperience` says who answered when, and for how long nobody did.
public final class EchoProbe: Sendable {
    let pacer: Pacer

    fileprivate init(_ pacer: Pacer) {
        self.pacer = pacer
    }

    /// How many requests were made until now.
    public var sentCount: Int { pacer.count }

    /// Asks nothing more from now on.
    public func stop() { pacer.stop() }
}

extension Node {
    /// Sends echo requests at a steady pace until the probe is stopped or the lab ends.
    ///
    /// They pass through the node's own routes and neighbors, so that an address that moved is found only when this
    /// node has learned of it.
    public func probe(
        _ address: IPv4Address, over interface: String, every interval: Duration = .milliseconds(10)
    ) throws(LabError) -> EchoProbe {
        let socket = try echoSocket(over: interface)
        let pacer = try translated { () throws(SystemError) in
            try Pacer(named: "lab-probe", every: interval) { number in
                let echo = ICMPEcho(identifier: 2, sequence: UInt16(truncatingIfNeeded: number))
                try socket.send(echo.packet(to: address).serialized(), to: address)
            }
        }
        keep(pacer)
        return EchoProbe(pacer)
    }

    /// Sends echo requests over IPv6 at a steady pace until the probe is stopped or the lab ends.
    public func probe(
        _ address: IPv6Address, over interface: String, every interval: Duration = .milliseconds(10)
    ) throws(LabError) -> EchoProbe {
        let socket = try echoSocket(to: address, over: interface)
        let pacer = try translated { () throws(SystemError) in
            try Pacer(named: "lab-probe", every: interval) { number in
                let echo = ICMPEcho(identifier: 2, sequence: UInt16(truncatingIfNeeded: number))
                try socket.send(echo.serialized(source: .any, destination: address))
            }
        }
        keep(pacer)
        return EchoProbe(pacer)
    }
}

extension ICMPEcho {
    /// The request on its way; the kernel fills in the source, the identification and the checksum.
    func packet(to address: IPv4Address) -> IPPacket {
        IPPacket(
            source: .v4(.any), destination: .v4(address), hopLimit: 64, protocolNumber: Self.protocolNumber,
            payload: serialized())
    }
}

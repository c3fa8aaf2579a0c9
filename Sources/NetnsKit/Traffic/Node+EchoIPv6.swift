import LinuxSystem
import Wire

extension Node {
    /// Sends one ICMPv6 echo request (RFC 4443 §4.1); the answer, if one comes, is in the timeline.
    ///
    /// - Parameters:
    ///   - address: whom to ask.
    ///   - interface: the interface that it leaves by; the kernel chooses the source among its addresses.
    ///   - sequence: tells several requests apart.
    public func ping(_ address: IPv6Address, over interface: String, sequence: UInt16 = 1) throws(LabError) {
        let socket = try echoSocket(to: address, over: interface)
        let echo = ICMPEcho(identifier: 1, sequence: sequence)
        try translated { () throws(SystemError) in
            try socket.send(echo.serialized(source: .any, destination: address))
        }
    }

    /// Opens a socket for ICMPv6 on an interface.
    func echoSocket(to address: IPv6Address, over interface: String) throws(LabError) -> ICMPv6Socket {
        let index = try interfaceIndex(of: interface)
        return try translated { () throws(SystemError) in
            try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try ICMPv6Socket(to: address, interface: interface, interfaceIndex: index)
            }
        }
    }
}

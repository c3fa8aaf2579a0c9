import CLinux
import Glibc
import Wire

/// An Ethernet interface of a namespace whose cable is this process: what the interface sends is read here, and what is
/// written here it receives.
///
/// The kernel hands over whole frames with their checksums filled in and no larger than the MTU, because the device is
/// opened without the header by which it would leave that to the reader. The interface outlives its descriptor until
/// its namespace goes: taking one down costs the kernel some 25 ms, a namespace takes all of its own down together.
public final class TapDevice: Sendable {
    /// What the kernel calls the interface in its namespace.
    public let interfaceIndex: Int32
    private let device: OwnedDescriptor

    /// Where the kernel hands out such interfaces.
    public static let path = "/dev/net/tun"
    /// Frames that wait for the reader before more are lost, so that a reader that is late for some time loses none.
    private static let queueLength: Int32 = 4096

    /// Finds out whether this process may have such interfaces at all.
    public static func verifyAccess() throws(SystemError) {
        _ = try open()
    }

    /// The interface will be in the namespace in which this was called.
    private static func open() throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.open(path, O_RDWR | O_NONBLOCK)
    }

    /// Makes an interface in the calling thread's network namespace; it is down, and has its carrier.
    ///
    /// - Parameters:
    ///   - name: at most 15 octets.
    ///   - macAddress: nil takes one that the kernel makes up.
    ///   - mtu: in octets; nil is the kernel's 1500.
    public init(_ name: String, macAddress: MACAddress? = nil, mtu: Int? = nil) throws(SystemError) {
        let device = try Self.open()
        let number = device.number
        try systemCall("make the interface \(name)") { unsafe clinux_tap_create(number, name) }
        // From the beginning, so that also the end of a killed process is short.
        try systemCall("keep the interface \(name)") { clinux_tap_persist(number) }
        if let macAddress {
            let octets = macAddress.octets
            try systemCall("give \(name) the address \(macAddress)") {
                unsafe clinux_tap_set_address(number, name, octets)
            }
        }
        let socket = OwnedDescriptor(
            owning: try systemCall("socket(AF_INET)") {
                Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | closeOnExec, 0)
            })
        try systemCall("give \(name) a queue") {
            unsafe clinux_link_set_queue_length(socket.number, name, Self.queueLength)
        }
        if let mtu {
            try systemCall("give \(name) an MTU of \(mtu)") {
                unsafe clinux_link_set_mtu(socket.number, name, Int32(mtu))
            }
        }
        interfaceIndex = try systemCall("look up the interface \(name)") {
            unsafe clinux_link_index(socket.number, name)
        }
        self.device = device
    }

    /// Readable when the interface has sent something, and when it is no more.
    public var descriptor: Int32 { device.number }

    /// Takes the next frame that the interface has sent.
    ///
    /// - Parameter buffer: where it is put; a frame that is longer is cut.
    /// - Returns: its length; nil when there is none now.
    /// - Throws: an error when the interface is no more (`EBADFD`).
    public func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
        let length = unsafe buffer.withUnsafeMutableBytes { buffer in
            unsafe Glibc.read(device.number, buffer.baseAddress, buffer.count)
        }
        if length >= 0 { return length }
        let code = errno
        if code == EAGAIN || code == EINTR { return nil }
        throw SystemError("read from a TAP device", code: code)
    }

    /// Has the interface receive a frame; its namespace has handled it when this returns.
    ///
    /// - Throws: an error when the interface is down (`EIO`), or is no more (`EBADFD`).
    public func send(_ frame: [UInt8]) throws(SystemError) {
        try systemCall("write to a TAP device") {
            unsafe frame.withUnsafeBytes { unsafe Glibc.write(device.number, $0.baseAddress, $0.count) }
        }
    }

    /// The namespace that the interface is in.
    public func namespace() throws(SystemError) -> NamespaceDescriptor {
        let number = device.number
        return NamespaceDescriptor(
            OwnedDescriptor(
                owning: try systemCall("find the namespace of a TAP device") { clinux_tap_namespace(number) }))
    }
}

import CLinux
import Glibc
import Synchronization
import Wire

/// The addresses behind a host's name, looked up by a thread of its own, for the resolver may take half a minute.
public final class NameLookup: Sendable {
    private let answer: Mutex<[IPAddress]?> = Mutex(nil)
    private let wakeup: Wakeup

    /// Begins to look a name up, in the caller's network namespace.
    public init(_ name: String) throws(SystemError) {
        wakeup = try Wakeup()
        startThread(named: "name-lookup") { [self] in
            let addresses = Self.addresses(of: name)
            answer.withLock { $0 = addresses }
            wakeup.signal()
        }
    }

    /// Readable when there is an answer.
    public var descriptor: Int32 { wakeup.descriptor }

    /// In the resolver's order; nil while there is no answer, empty when the name means nothing.
    public var addresses: [IPAddress]? { answer.withLock { $0 } }

    private static func addresses(of name: String) -> [IPAddress] {
        var wish = unsafe addrinfo()
        unsafe wish.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &wish, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(entry.pointee) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let place = unsafe entry.ai_addr else { return nil }
        let octets = unsafe [UInt8](UnsafeRawBufferPointer(start: place, count: Int(entry.ai_addrlen)))
        // The address stands after family and port, in IPv6 after the flow label too.
        switch unsafe entry.ai_family {
        case AF_INET: return IPv4Address(octets: octets[4..<8]).map { .v4($0) }
        case AF_INET6: return IPv6Address(octets: octets[8..<24]).map { .v6($0) }
        default: return nil
        }
    }
}

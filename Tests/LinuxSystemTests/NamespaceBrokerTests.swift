import Glibc
import Netlink
import NetnsTesting
import Testing
import Wire

@testable import LinuxSystem

@Suite(.requiresNamespaces) struct NamespaceBrokerTests {
    @Test("A new namespace is empty, and another than ours and than the next one")
    func freshness() throws {
        let first = try NamespaceBroker.shared.createNetwork()
        let second = try NamespaceBroker.shared.createNetwork()
        let identities = try [identity(of: first), identity(of: second), identity(of: .current())]
        #expect(Set(identities).count == 3)
        var routes = try RouteSocket(in: first)
        #expect(try routes.links().map(\.name) == ["lo"])
    }

    @Test("Work is done inside, and the thread that asked stays where it was")
    func entering() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        let before = try identity(of: .current())
        let inside = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try identity(of: .current())
        }
        #expect(try inside == identity(of: namespace))
        #expect(try identity(of: .current()) == before)
    }

    @Test("A socket opened inside stays there: one port can be taken in each namespace")
    func socketsStay() throws {
        func takePort(in namespace: borrowing NamespaceDescriptor) throws(SystemError) -> OwnedDescriptor {
            try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
                let taken = OwnedDescriptor(owning: descriptor)
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = UInt16(5300).bigEndian
                let result = unsafe withUnsafePointer(to: &address) {
                    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                if result != 0 { throw SystemError("bind", code: errno) }
                return taken
            }
        }
        let first = try NamespaceBroker.shared.createNetwork()
        let second = try NamespaceBroker.shared.createNetwork()
        let taken = try takePort(in: first)
        let takenElsewhere = try takePort(in: second)
        #expect(throws: SystemError("bind", code: EADDRINUSE)) { _ = try takePort(in: first) }
        _ = consume taken
        _ = consume takenElsewhere
    }

    @Test("Work that fails hands its error on, and the broker comes home all the same")
    func failures() throws {
        let broker = NamespaceBroker(threads: 1)
        let namespace = try broker.createNetwork()
        let inside = try broker.enter(namespace) { () throws(SystemError) in
            FileSystem.target(ofLink: "/proc/thread-self")
        }
        let thread = try #require(inside)
        let error = SystemError("work", code: EIO)
        #expect(throws: error) { try broker.enter(namespace) { () throws(SystemError) in throw error } }
        let place = NamespaceDescriptor(try OwnedDescriptor.open("/proc/\(thread)/ns/net", O_RDONLY))
        #expect(try identity(of: place) == identity(of: .current()))
        #expect(try identity(of: place) != identity(of: namespace))
    }

    @Test("A namespace goes with the last that holds it, and takes the cable that led there along")
    func vanishing() async throws {
        let seen = try await onOwnThread {
            let kept = try NamespaceBroker.shared.createNetwork()
            let dropped = try NamespaceBroker.shared.createNetwork()
            var routes = try RouteSocket(in: kept)
            try routes.createVeth(VethEnd("eth0"), VethEnd("eth0", namespace: dropped.number))
            let monitor = try RouteMonitor(.links, in: kept)
            _ = consume dropped
            let loop = try EventLoop()
            try loop.watch(monitor.descriptor, as: 0)
            let deadline = MonotonicClock.now + .seconds(5)
            while !(try loop.wait(until: deadline)).isEmpty {
                for case .linkRemoved(let link) in try monitor.receive() { return link.name }
            }
            return "nothing"
        }
        #expect(seen == "eth0")
    }

    @Test("A process's namespace can be held by its number; one that is not there is an error")
    func ofProcess() throws {
        #expect(try identity(of: NamespaceDescriptor(ofProcess: getpid())) == identity(of: .current()))
        #expect(throws: SystemError("open /proc/0/ns/net", code: ENOENT)) { _ = try NamespaceDescriptor(ofProcess: 0) }
    }

    @Test("What is no namespace cannot be entered")
    func notANamespace() throws {
        let file = NamespaceDescriptor(try OwnedDescriptor.open("/dev/null", O_RDONLY))
        #expect(throws: SystemError("setns", code: EINVAL)) {
            try NamespaceBroker.shared.enter(file) { () throws(SystemError) in }
        }
    }
}

/// The number by which the kernel tells namespaces apart.
private func identity(of namespace: borrowing NamespaceDescriptor) throws(SystemError) -> UInt64 {
    var status = stat()
    guard unsafe fstat(namespace.number, &status) == 0 else { throw SystemError("fstat", code: errno) }
    return UInt64(status.st_ino)
}

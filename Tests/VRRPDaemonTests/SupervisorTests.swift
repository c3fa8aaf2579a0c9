import Glibc
import LinuxSystem
import Testing
import Wire

@testable import VRRPDaemon

@Suite("What systemd is told")
struct SupervisorTests {
    /// A socket that stands in systemd's place, and reads what it is told.
    private func withSocket(_ body: (String, () -> [String]) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/notify"
            let socket = OwnedDescriptor(owning: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
            try socket.setNonblocking()
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
            let code = unsafe withUnsafePointer(to: address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(socket.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(code == 0)
            let number = socket.number
            try body(path) {
                var said: [String] = []
                var buffer = [UInt8](repeating: 0, count: 4096)
                while case let count = unsafe recv(number, &buffer, buffer.count, 0), count > 0 {
                    said.append(String(decoding: buffer.prefix(count), as: UTF8.self))
                }
                return said
            }
            _ = consume socket
        }
    }

    private func manager(_ variables: [String: String], pid: Int32 = 7) -> Supervisor {
        Supervisor(pid: pid, environment: { variables[$0] })
    }

    @Test("Being ready, reloading and stopping are said, with the number and the time that systemd wants")
    func lifetime() throws {
        try withSocket { path, said in
            var manager = manager(["NOTIFY_SOCKET": path])
            manager.ready(at: .zero)
            manager.reloading(at: Instant(nanoseconds: 5_000_000))
            manager.stopping()
            #expect(
                said() == [
                    "READY=1\nMAINPID=\(getpid())", "RELOADING=1\nMONOTONIC_USEC=5000", "STOPPING=1",
                ])
            #expect(manager.nextDeadline == nil)
        }
    }

    @Test("A failure is said with its first sentence and its exit status")
    func failure() throws {
        try withSocket { path, said in
            manager(["NOTIFY_SOCKET": path]).failed(DaemonError(.configuration, ["first\nsecond", "third"]))
            #expect(said() == ["STATUS=first\nERRNO=2"])
        }
    }

    @Test("A watchdog is told of life at half of its time, as often as the loop turns then")
    func watchdog() throws {
        try withSocket { path, said in
            var manager = manager(["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "7"])
            manager.ready(at: .zero)
            #expect(manager.nextDeadline == Instant(nanoseconds: 5_000_000_000))
            manager.meetDeadline(at: Instant(nanoseconds: 4_999_999_999))
            manager.meetDeadline(at: Instant(nanoseconds: 5_000_000_000))
            #expect(said().filter { $0 == "WATCHDOG=1" }.count == 2)
        }
    }

    @Test(
        "A watchdog that is for another process, or makes no sense, is none",
        arguments: [["WATCHDOG_USEC": "10", "WATCHDOG_PID": "8"], ["WATCHDOG_USEC": "x"], ["WATCHDOG_USEC": "0"]])
    func noWatchdog(variables: [String: String]) throws {
        try withSocket { path, said in
            var manager = manager(variables.merging(["NOTIFY_SOCKET": path]) { $1 })
            manager.ready(at: .zero)
            #expect(manager.nextDeadline == nil)
            #expect(said().count == 1)
        }
    }

    @Test(
        "Where there is no service manager, nothing is said and nothing fails", arguments: ["", "/nonexistent/socket"])
    func nobody(path: String) {
        var manager = manager(["NOTIFY_SOCKET": path])
        manager.ready(at: .zero)
        manager.stopping()
    }
}

import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Wire

@Suite("Closures in nodes", .requiresNamespaces)
struct VisitTests {
    private static let pair = LabTests.pair

    @Test("a server in one node's closure and a client in another's exchange octets")
    func conversation() async throws {
        try await Lab.run(Self.pair) { lab in
            let listener = try await lab["node2"].enter {
                try TCP.listen(on: IPv4Address(192, 168, 1, 12), port: 7000)
            }
            let number = listener.number
            async let heard = lab["node2"].enter { try TCP.answer(on: number, "and you") }
            let answer = try await lab["node1"].enter {
                try TCP.ask(IPv4Address(192, 168, 1, 12), port: 7000, "how are you?")
            }
            #expect(try await heard == "how are you?")
            #expect(answer == "and you")
            let place = { @Sendable () -> String? in FileSystem.target(ofLink: "/proc/thread-self/ns/net") }
            let inside = try await lab["node1"].enter(place)
            #expect(inside != place())
            withExtendedLifetime(listener) {}
        }
    }

    @Test("a socket of a node stays the node's, wherever it is used")
    func socket() async throws {
        try await Lab.run(Self.pair) { lab in
            let socket = try lab["node2"].socket(AF_INET, Int32(SOCK_DGRAM.rawValue))
            try TCP.bind(socket.number, IPv4Address(192, 168, 1, 12), port: 7001)
            // Node1 does not have that address.
            let other = try lab["node1"].socket(AF_INET, Int32(SOCK_DGRAM.rawValue))
            #expect(throws: SystemError.self) {
                try TCP.bind(other.number, IPv4Address(192, 168, 1, 12), port: 7001)
            }
        }
    }

    @Test("what a closure throws is thrown, and what it returns is returned")
    func outcome() async throws {
        try await Lab.run(Self.pair) { lab in
            let answer = try await lab["node1"].enter { 42 }
            #expect(answer == 42)
            await #expect(throws: SystemError("nothing", code: ENOENT)) {
                try await lab["node1"].enter { throw SystemError("nothing", code: ENOENT) }
            }
        }
    }

    @Test("a closure has its node's network, and its files and hostname only when it asks for them")
    func view() async throws {
        try await Lab.run(Self.pair) { lab in
            try lab["node1"].write("node1's own", to: "/tmp/netnskit-note")
            let look = { @Sendable () -> [String] in
                let file = try? OwnedDescriptor.open("/tmp/netnskit-note", O_RDONLY)
                let note = try file?.read() ?? []
                return [String(decoding: note, as: UTF8.self), ThisProcess.hostName]
            }
            let outside = ThisProcess.hostName
            #expect(try await lab["node1"].enter(look) == ["", outside])
            #expect(try await lab["node1"].enter(seesFiles: true, look) == ["node1's own", "node1"])
            #expect(ThisProcess.hostName == outside)
        }
    }

    @Test("after the closures no thread of this process is left in a node", arguments: [false, true])
    func nobodyStays(_ seesFiles: Bool) async throws {
        try await Lab.run(Self.pair) { lab in
            let place = try #require(
                await lab["node1"].run("/bin/readlink", ["/proc/self/ns/net"])?.lines.first)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let name = try await lab["node1"].enter(seesFiles: seesFiles) { ThisProcess.hostName }
                        #expect((name == "node1") == seesFiles)
                    }
                }
                try await group.waitForAll()
            }
            // The last thread may still be on its way out.
            let deadline = MonotonicClock.now + .seconds(2)
            while Self.threads(in: place) > 0, MonotonicClock.now < deadline { await Task.yield() }
            #expect(Self.threads(in: place) == 0)
        }
    }

    @Test("a closure that leaves a thread behind is found out")
    func threadLeft() async throws {
        try await Lab.run(Self.pair) { lab in
            let gate = Latch()
            await #expect(throws: LabError.threadsLeft(node: "node1", count: 1)) {
                try await lab["node1"].enter { startThread(named: "straggler") { gate.wait() } }
            }
            gate.open()
        }
    }

    private static func threads(in place: String) -> Int {
        FileSystem.names(in: "/proc/self/task").count {
            FileSystem.target(ofLink: "/proc/self/task/\($0)/ns/net") == place
        }
    }
}

/// The calls that any program would make.
private enum TCP {
    static func listen(on address: IPv4Address, port: UInt16) throws -> OwnedDescriptor {
        let socket = try OwnedDescriptor.socket(AF_INET, Int32(SOCK_STREAM.rawValue), protocol: 0)
        try bind(socket.number, address, port: port)
        guard Glibc.listen(socket.number, 8) == 0 else { throw SystemError("listen", code: errno) }
        return socket
    }

    static func bind(_ socket: Int32, _ address: IPv4Address, port: UInt16) throws {
        let code = unsafe withAddress(address, port) { unsafe Glibc.bind(socket, $0, $1) }
        guard code == 0 else { throw SystemError("bind", code: errno) }
    }

    /// Takes one connection, reads what comes, and answers.
    static func answer(on listener: Int32, _ text: String) throws -> String {
        let number = accept(listener, nil, nil)
        guard number >= 0 else { throw SystemError("accept", code: errno) }
        let connection = OwnedDescriptor(owning: number)
        let heard = try connection.read() ?? []
        try connection.write(Array(text.utf8))
        return String(decoding: heard, as: UTF8.self)
    }

    static func ask(_ address: IPv4Address, port: UInt16, _ text: String) throws -> String {
        let socket = try OwnedDescriptor.socket(AF_INET, Int32(SOCK_STREAM.rawValue), protocol: 0)
        let code = unsafe withAddress(address, port) { unsafe connect(socket.number, $0, $1) }
        guard code == 0 else { throw SystemError("connect", code: errno) }
        try socket.write(Array(text.utf8))
        return String(decoding: try socket.read() ?? [], as: UTF8.self)
    }

    private static func withAddress(
        _ address: IPv4Address, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var inet = sockaddr_in()
        inet.sin_family = sa_family_t(AF_INET)
        inet.sin_port = port.bigEndian
        inet.sin_addr.s_addr = address.octets.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        return unsafe withUnsafeBytes(of: &inet) { octets in
            unsafe octets.withMemoryRebound(to: sockaddr.self) {
                unsafe $0.baseAddress.map { unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) } ?? -1
            }
        }
    }
}

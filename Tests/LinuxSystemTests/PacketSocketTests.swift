import Glibc
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct PacketSocketTests {
    /// An EtherType for local experiments, so that nobody but these tests speaks it.
    static let experimental: UInt16 = 0x88b5

    static func frame(_ payload: [UInt8]) -> [UInt8] {
        EthernetFrame(
            destination: .broadcast, source: MACAddress(rawValue: 0x0200_0000_0001), etherType: experimental,
            payload: payload
        ).serialized()
    }

    static func isExperimental(_ frame: ReceivedFrame) -> Bool {
        frame.octets.count >= 14 && frame.octets[12...13].elementsEqual([0x88, 0xb5])
    }

    @Test("A frame is seen leaving at one end and arriving at the other, with the same octets and the kernel's time")
    func bothEnds() async throws {
        let (sent, heard, before, after) = try await onOwnThread {
            let cable = try Cable()
            let left = try cable.left.capture()
            let right = try cable.right.capture()
            let before = MonotonicClock.now.nanoseconds + MonotonicClock.offsetToRealTime
            // A packet socket is not shown its own frames, so another one sends.
            try cable.left.capture().send(Self.frame([1, 2, 3]))
            let sent = try next(from: left.descriptor, { try left.receive() }, where: Self.isExperimental)
            let heard = try next(from: right.descriptor, { try right.receive() }, where: Self.isExperimental)
            return (sent, heard, before, MonotonicClock.now.nanoseconds + MonotonicClock.offsetToRealTime)
        }
        #expect(sent?.isOutgoing == true)
        #expect(heard?.isOutgoing == false)
        let octets: [UInt8] = [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, 1, 2, 3]
        #expect(sent?.octets == octets)
        #expect(heard?.octets == octets)
        // The wall clock may be corrected a little in between.
        let tolerance: Int64 = 50_000_000
        let span = before - tolerance...after + tolerance
        #expect(span.contains(sent?.wallTime ?? 0))
        #expect(span.contains(heard?.wallTime ?? 0))
    }

    @Test("A long frame is cut to what the reader wants and says how long it was")
    func cutting() async throws {
        let frame = try await onOwnThread {
            let cable = try Cable()
            let right = try cable.right.capture()
            try cable.left.capture().send(Self.frame([UInt8](repeating: 7, count: 1000)))
            return try next(from: right.descriptor, { try right.receive(maximum: 20) }, where: Self.isExperimental)
        }
        #expect(frame?.octets.count == 20)
        #expect(frame?.originalLength == 1014)
    }

    @Test("A sender hears nothing, and its frames arrive")
    func sender() async throws {
        let (own, heard) = try await onOwnThread {
            let cable = try Cable()
            let right = try cable.right.capture()
            let index = cable.left.interfaceIndex
            let sender = try NamespaceBroker.shared.enter(cable.left.namespace) { () throws(SystemError) in
                try PacketSocket.sender(interfaceIndex: index)
            }
            try cable.right.capture().send(Self.frame([1]))
            try sender.send(Self.frame([2]))
            let heard = try next(from: right.descriptor, { try right.receive() }) {
                Self.isExperimental($0) && !$0.isOutgoing
            }
            return (try sender.receive(), heard)
        }
        #expect(own == nil)
        #expect(heard?.octets.last == 2)
    }

    @Test("An interface that goes down is a pause: nothing to read, and frames again when it is up")
    func downAndUp() async throws {
        let (atRest, heard) = try await onOwnThread {
            let cable = try Cable()
            let right = try cable.right.capture()
            var routes = try RouteSocket(in: cable.right.namespace)
            try routes.setLink(cable.right.interfaceIndex, isUp: false)
            var atRest = 0
            while try right.receive() != nil { atRest += 1 }
            try routes.setLink(cable.right.interfaceIndex, isUp: true)
            try cable.waitForCarrier()
            try cable.left.capture().send(Self.frame([3]))
            return (atRest, try next(from: right.descriptor, { try right.receive() }, where: Self.isExperimental))
        }
        // Multicast of the kernel's own may have come before.
        #expect(atRest < 100)
        #expect(heard?.octets.last == 3)
    }

    @Test("Frames that did not fit are counted once")
    func losses() async throws {
        let (none, some, again) = try await onOwnThread {
            let cable = try Cable()
            let right = try cable.right.capture()
            let left = try cable.left.capture()
            var tiny: Int32 = 1
            unsafe setsockopt(
                right.descriptor, SOL_SOCKET, SO_RCVBUF, &tiny, socklen_t(MemoryLayout<Int32>.size))
            let none = try right.takeLossCount()
            let witness = try cable.right.capture()
            for number in 1...50 { try left.send(Self.frame([UInt8](repeating: UInt8(number), count: 1400))) }
            _ = try next(from: witness.descriptor, { try witness.receive() }, where: { $0.octets.last == 50 })
            return (none, try right.takeLossCount(), try right.takeLossCount())
        }
        #expect(none == 0)
        #expect(some > 0)
        #expect(again == 0)
    }

    @Test("An interface that is not there is an error")
    func missingInterface() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        #expect(throws: SystemError("bind to interface 99", code: ENODEV)) {
            _ = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try PacketSocket.capture(interfaceIndex: 99)
            }
        }
    }
}

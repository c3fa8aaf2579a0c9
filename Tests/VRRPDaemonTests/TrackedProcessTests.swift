import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Tracked processes")
struct TrackedProcessTests {
    private let process = ProcessDescription(name: "haproxy", words: ["/usr/sbin/haproxy", "-f", "/etc/haproxy.cfg"])

    @Test("Without parameters the name counts that the kernel keeps, which has 15 octets")
    func byName() {
        #expect(TrackProcess(name: "t", program: "haproxy", match: .exact).matches(process))
        #expect(!TrackProcess(name: "t", program: "haprox", match: .exact).matches(process))
        #expect(!TrackProcess(name: "t", program: "/usr/sbin/haproxy", match: .exact).matches(process))
        let long = ProcessDescription(name: "a-long-program-", words: [])
        #expect(TrackProcess(name: "t", program: "a-long-program-name", match: .exact).matches(long))
    }

    @Test("With full_command the first word of the command line counts instead")
    func byCommandLine() {
        var kind = TrackProcess(name: "t", program: "/usr/sbin/haproxy", match: .exact, comparesCommandLine: true)
        #expect(kind.matches(process))
        kind.program = "haproxy"
        #expect(!kind.matches(process))
    }

    @Test("Parameters are compared all, from the beginning, or up to the beginning of the last")
    func parameters() {
        func matches(_ match: TrackProcess.ParameterMatch, _ parameters: String...) -> Bool {
            TrackProcess(name: "t", program: "/usr/sbin/haproxy", parameters: parameters, match: match)
                .matches(process)
        }
        #expect(matches(.exact, "-f", "/etc/haproxy.cfg"))
        #expect(!matches(.exact, "-f"))
        #expect(!matches(.exact, "-f", "/etc/haproxy.cfg", "-d"))
        #expect(matches(.initial, "-f"))
        #expect(!matches(.initial, "/etc/haproxy.cfg"))
        #expect(matches(.partial, "-f", "/etc/hap"))
        #expect(!matches(.partial, "-x", "/etc/hap"))
        #expect(!matches(.partial, "-f", "/var"))
        #expect(!matches(.partial, "-f", "/etc/haproxy.cfg", "x"))
    }

    @Test("A process shows its name and its words; one that is not there shows nothing")
    func description() throws {
        var input = try Pipe()
        var output = try Pipe()
        let writer = input.takeWriteEnd()
        let reader = output.takeReadEnd()
        let childsInput = input.takeReadEnd()
        let childsOutput = output.takeWriteEnd()
        var request = ProgramRequest("/bin/cat", ["cat", "-u"])
        request.descriptors = [childsInput.number, childsOutput.number, nil]
        let child = try ChildProcess(request)
        // A program has its words only when it runs.
        try writer.write([1])
        #expect(try reader.read() == [1])
        #expect(ProcessDescription(pid: child.pid) == ProcessDescription(name: "cat", words: ["cat", "-u"]))
        try child.send(signal: SignalNumber.kill)
        let loop = try EventLoop()
        try loop.watch(child.descriptor, as: 0)
        _ = try loop.wait(until: nil)
        // It has ended, and nobody has collected it yet.
        #expect(ProcessDescription(pid: child.pid) == nil)
        _ = try child.collect(blocking: true)
        #expect(ProcessDescription(pid: child.pid) == nil)
    }

    @Test("A process that comes is found by the next look, and its end is known at once")
    func life() throws {
        let loop = try EventLoop()
        var processes = TrackedProcesses()
        // No other process of the machine has such words.
        let kind = TrackProcess(name: "t", program: "vrrpd-tracked", parameters: ["1017"], match: .exact)
        #expect(processes.adopt([kind], at: .zero, loop).events == [.processCount(name: "t", 0)])
        #expect(processes.nextDeadline == Instant(nanoseconds: 1_000_000_000))
        let child = try ChildProcess(ProgramRequest("/bin/sleep", ["vrrpd-tracked", "1017"]))
        let later = Instant(nanoseconds: 1_000_000_000)
        // The kernel shows the words of a program a moment after it has started it.
        var events: [RouterEvent] = []
        for _ in 0..<1000 where events.isEmpty { events = processes.look(at: later, loop).events }
        #expect(events == [.processCount(name: "t", 1)])
        #expect(processes.look(at: later, loop).events == [])
        try child.send(signal: SignalNumber.kill)
        #expect(try loop.wait(until: nil) == [EventSource.trackedProcess(pid: child.pid).token])
        #expect(processes.ended(child.pid).events == [.processCount(name: "t", 0)])
        _ = try child.collect(blocking: true)
        #expect(processes.adopt([], at: later, loop).events == [])
        #expect(processes.nextDeadline == nil)
    }
}

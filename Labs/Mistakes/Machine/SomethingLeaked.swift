import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Wire

extension Mistake {
    static let somethingLeaked = Mistake(
        .somethingLeaked, "something of a lab is left", .error,
        symptom: "After a run a process, a network, an interface or a mount of the lab is still there.",
        reason: """
            Every namespace of a lab is held by processes that die with it, and the kernel frees what nobody holds. A \
            process that got into a node from outside, with nsenter for instance, holds the node's network after the \
            end, interfaces, addresses and all. Inside labrun's own sandbox even that ends with the command.
            """,
        wrong: "nsenter --net --target PID sleep infinity",
        right: "labrun sh NODE",
        onWire: { observation in
            guard !observation.leaks.isEmpty else { return [] }
            return [
                Diagnosis(
                    .somethingLeaked, .error, at: [],
                    "\(observation.leaks.count) thing(s) of the lab outlived it.",
                    remedy: "end the process that holds it; then `labrun doctor`",
                    sights: observation.leaks.map { Diagnosis.Sight("after the end", "\($0)") })
            ]
        },
        demonstration: Demonstration("A process from outside holds a node's network beyond the end of the lab") { run in
            guard let node = run.routers.first else { return }
            let program = try run.lab[node].start("/bin/cat", input: .open)
            let intruder = try Intruder(inNetworkOf: program.pid)
            run.judge(
                "a process stands in \(node)'s network that the lab did not start", intruder.isInside,
                expected: intruder.network, observed: intruder.place)
            intruder.stay()
        })
}

/// A process that somebody put into a node's network behind the lab's back.
final class Intruder: Sendable {
    /// Those that have outlived their labs; they end with this process.
    private static let remaining = Mutex<[Intruder]>([])

    private let child: ChildProcess
    /// The network that it was put into, as links to it read.
    let network: String
    /// Its standard input: it ends when nobody holds this.
    private let lifeline: OwnedDescriptor

    /// Starts a process in the network of another, and in nothing else of it.
    init(inNetworkOf pid: Int32) throws {
        let holder = try ProcessHandle(pid)
        var pipe = try Pipe()
        let input = pipe.takeReadEnd()
        var request = ProgramRequest("/bin/cat", ["/bin/cat"])
        request.joining = (holder.descriptor, .network)
        request.descriptors = [input.number, nil, nil]
        child = try ChildProcess(request)
        network = FileSystem.target(ofLink: "/proc/\(pid)/ns/net") ?? "none"
        lifeline = pipe.takeWriteEnd()
    }

    /// Where it is.
    var place: String { FileSystem.target(ofLink: "/proc/\(child.pid)/ns/net") ?? "nowhere" }
    var isInside: Bool { place == network }

    /// Remains when the lab is over.
    func stay() {
        Self.remaining.withLock { $0.append(self) }
    }

    /// Ends all that stayed.
    static func dismissAll() {
        remaining.withLock { $0.removeAll() }
    }

    deinit {
        try? child.send(signal: SIGKILL)
        _ = try? child.collect(blocking: true)
    }
}

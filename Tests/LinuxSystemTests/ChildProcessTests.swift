import Glibc
import LinuxSystem
import NetnsTesting
import Testing
import Wire

@Suite struct ChildProcessTests {
    @Test("A process tells how it ended", arguments: [0, 3, 255] as [Int32])
    func exitCodes(code: Int32) async throws {
        let result = try await run(shell("exit \(code)"))
        #expect(result.termination == .exited(code))
    }

    @Test("A process that a signal ended is told from one that exited with its number", arguments: [SIGKILL, SIGTERM])
    func signals(signal: Int32) async throws {
        #expect(try await run(shell("kill -\(signal) $$")).termination == .killed(signal: signal))
        #expect(try await run(shell("exit \(128 + signal)")).termination == .exited(128 + signal))
    }

    @Test("A program that cannot be started is an error that names the call and the program")
    func unstartable() {
        #expect(throws: SystemError("execve /nowhere/program", code: ENOENT)) {
            _ = try ChildProcess(ProgramRequest("/nowhere/program", ["program"]))
        }
        #expect(throws: SystemError("execve /etc/passwd", code: EACCES)) {
            _ = try ChildProcess(ProgramRequest("/etc/passwd", ["passwd"]))
        }
        var elsewhere = ProgramRequest("/bin/true", ["true"])
        elsewhere.directory = "/nowhere"
        #expect(throws: SystemError("chdir /nowhere", code: ENOENT)) { _ = try ChildProcess(elsewhere) }
        var badDescriptor = ProgramRequest("/bin/true", ["true"])
        badDescriptor.descriptors = [1_000_000]
        #expect(throws: SystemError("dup2 for /bin/true", code: EBADF)) { _ = try ChildProcess(badDescriptor) }
    }

    @Test("The arguments arrive as they were given, empty ones and spaces too")
    func arguments() async throws {
        let words = ["one", "", "two words", "ü"]
        let request = ProgramRequest("/bin/sh", ["sh", "-c", #"printf '<%s>' "$@""#, "sh"] + words)
        #expect(try await run(request).output == "<one><><two words><ü>")
    }

    @Test("The environment is what was given and nothing else")
    func environment() async throws {
        let request = ProgramRequest("/usr/bin/env", ["env"], environment: ["ONE=1", "TWO=two words"])
        #expect(try await run(request).output == "ONE=1\nTWO=two words\n")
        #expect(try await run(ProgramRequest("/usr/bin/env", ["env"], environment: [])).output == "")
    }

    @Test("A process works where it was told to")
    func directory() async throws {
        var request = shell("pwd")
        request.directory = "/usr/share"
        #expect(try await run(request).output == "/usr/share\n")
    }

    @Test("Descriptors become 0, 1, 2 and so on; nil is /dev/null and every other one is closed")
    func descriptors() async throws {
        let output = try await onOwnThread {
            var pipe = try Pipe()
            let readEnd = pipe.takeReadEnd()
            let writeEnd = pipe.takeWriteEnd()
            let other = try OwnedDescriptor.open("/dev/zero", O_RDONLY)
            var request = shell("readlink /proc/self/fd/0 >&3; echo -n three >&3; ls /proc/self/fd >&3")
            request.descriptors = [nil, nil, nil, writeEnd.number]
            let child = try ChildProcess(request)
            _ = consume writeEnd
            let output = try readToEnd(readEnd)
            _ = try child.collect(blocking: true)
            _ = consume other
            return output
        }
        // The 4 is the directory that ls reads.
        #expect(output == "/dev/null\nthree0\n1\n2\n3\n4\n")
    }

    @Test("A process leads a session of its own, unless it shall stay in ours")
    func sessions() async throws {
        var request = shell("read -r pid name state up group session rest < /proc/self/stat; echo $$ $group $session")
        let own = try await run(request).output.split(whereSeparator: \.isWhitespace)
        #expect(own.count == 3 && Set(own).count == 1)
        request.startsSession = false
        let shared = try await run(request).output.split(whereSeparator: \.isWhitespace)
        #expect(shared.last.map(String.init) == "\(getsid(0))")
    }

    @Test("A process starts with no signal blocked, whatever its parent blocks")
    func signalMask() async throws {
        let output = try await onOwnThread {
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
            return try runAndWait(ProgramRequest("/bin/grep", ["grep", "SigBlk", "/proc/self/status"])).output
        }
        #expect(output == "SigBlk:\t0000000000000000\n")
    }

    @Test("A process is collected once: nil while it runs, then how it ended, then an error")
    func collecting() async throws {
        let (running, tokens, ended, again) = try await onOwnThread {
            var pipe = try Pipe()
            let readEnd = pipe.takeReadEnd()
            var request = ProgramRequest("/bin/cat", ["cat"])
            request.descriptors = [readEnd.number, nil, nil]
            let child = try ChildProcess(request)
            let running = try child.collect()
            let loop = try EventLoop()
            try loop.watch(child.descriptor, as: 1)
            try child.send(signal: SIGTERM)
            let tokens = try loop.wait(until: nil)
            let ended = try child.collect()
            try child.send(signal: SIGTERM)
            return (running, tokens, ended, Result { try child.collect() })
        }
        #expect(running == nil)
        #expect(tokens == [1])
        #expect(ended == .killed(signal: SIGTERM))
        #expect(throws: SystemError("waitid", code: ECHILD)) { _ = try again.get() }
    }

    @Test("A process takes on another identity, without the groups of ours", .requiresNamespaces)
    func identity() async throws {
        var request = shell("id -u; id -g; id -G")
        request.identity = (65534, 65533)
        #expect(try await run(request).output == "65534\n65533\n65533\n")
    }

    @Test("A process gets namespaces of its own", .requiresNamespaces)
    func freshNamespaces() async throws {
        var request = shell("echo $$; tail -n +3 /proc/self/net/dev | cut -d: -f1")
        request.fresh = [.process, .network]
        #expect(try await run(request).output == "1\n    lo\n")
    }

    @Test("A process joins the namespaces of another and is still our child", .requiresNamespaces)
    func joining() async throws {
        let (output, termination) = try await onOwnThread {
            var pipe = try Pipe()
            let lifeline = pipe.takeReadEnd()
            var request = ProgramRequest("/bin/cat", ["cat"])
            request.descriptors = [lifeline.number, nil, nil]
            request.fresh = .node
            let holder = try ChildProcess(request)
            var visitor = shell(
                """
                for kind in net uts ipc mnt; do
                    test $(readlink /proc/self/ns/$kind) = $(readlink /proc/\(holder.pid)/ns/$kind) && echo $kind
                done
                exit 7
                """)
            visitor.joining = (holder.descriptor, [.network, .hostname, .messages])
            let result = try runAndWait(visitor)
            try holder.send(signal: SIGKILL)
            _ = try holder.collect(blocking: true)
            return (result.output, result.termination)
        }
        #expect(output == "net\nuts\nipc\n")
        #expect(termination == .exited(7))
    }

    @Test("Joining the namespaces of a process that has ended is an error", .requiresNamespaces)
    func joiningTheDead() async throws {
        let failure = try await onOwnThread {
            let dead = try ChildProcess(ProgramRequest("/bin/true", ["true"]))
            _ = try dead.collect(blocking: true)
            var request = shell("exit 0")
            request.joining = (dead.descriptor, .network)
            return Result { try runAndWait(request).termination }
        }
        #expect(throws: SystemError("setns for /bin/sh", code: ESRCH)) { _ = try failure.get() }
    }
}

private func shell(_ script: String) -> ProgramRequest {
    ProgramRequest("/bin/sh", ["sh", "-c", script])
}

private func run(_ request: ProgramRequest) async throws -> (output: String, termination: Termination?) {
    try await onOwnThread { try runAndWait(request) }
}

/// Collects what a program writes to its standard output, and how it ends.
private func runAndWait(_ request: ProgramRequest) throws -> (output: String, termination: Termination?) {
    var request = request
    var pipe = try Pipe()
    let readEnd = pipe.takeReadEnd()
    let writeEnd = pipe.takeWriteEnd()
    request.descriptors = [nil, writeEnd.number, nil]
    let child = try ChildProcess(request)
    _ = consume writeEnd
    return (try readToEnd(readEnd), try child.collect(blocking: true))
}

private func readToEnd(_ descriptor: borrowing OwnedDescriptor) throws -> String {
    var octets: [UInt8] = []
    while let more = try descriptor.read(), !more.isEmpty { octets += more }
    return String(decoding: octets, as: UTF8.self)
}

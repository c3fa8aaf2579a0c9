import Glibc
import LinuxSystem
import Testing
import Wire

@Suite struct EventLoopTests {
    @Test("A loop comes back at its deadline and not before it", arguments: [50, 1_500, 20_000])
    func deadlines(microseconds: Int) async throws {
        let (early, tokens) = try await onOwnThread {
            let loop = try EventLoop()
            let deadline = MonotonicClock.now + .microseconds(microseconds)
            let tokens = try loop.wait(until: deadline)
            return (deadline - MonotonicClock.now, tokens)
        }
        #expect(early <= .zero)
        #expect(tokens == [])
    }

    @Test("Deadlines are finer than a millisecond")
    func fineDeadlines() async throws {
        let lateness = try await onOwnThread {
            let loop = try EventLoop()
            return try (0..<20).map { _ in
                let deadline = MonotonicClock.now + .microseconds(100)
                _ = try loop.wait(until: deadline)
                return MonotonicClock.now - deadline
            }
        }
        // A machine under load delays some of twenty, not all.
        let least = try #require(lateness.min())
        #expect(least < .microseconds(800))
    }

    @Test("A deadline in the past comes at once", arguments: [Instant.zero, Instant(nanoseconds: 1)])
    func pastDeadlines(deadline: Instant) async throws {
        let tokens = try await onOwnThread { try EventLoop().wait(until: deadline) }
        #expect(tokens == [])
    }

    @Test("A descriptor that is paused is not reported although it can be read, and is again when it is resumed")
    func pause() async throws {
        let tokens = try await onOwnThread {
            let loop = try EventLoop()
            let event = try Wakeup()
            try loop.watch(event.descriptor, as: 7)
            event.signal()
            loop.pause(event.descriptor, watchedAs: 7)
            let paused = try loop.wait(until: .zero)
            loop.resume(event.descriptor, watchedAs: 7)
            return [paused, try loop.wait(until: .zero)]
        }
        #expect(tokens == [[], [7]])
    }

    @Test("What can be read is reported at once, by token, and again until it is read")
    func readiness() async throws {
        let (first, second, third, elapsed) = try await onOwnThread {
            let loop = try EventLoop()
            var one = try Pipe(nonblocking: true)
            var two = try Pipe(nonblocking: true)
            let readOne = one.takeReadEnd()
            let readTwo = two.takeReadEnd()
            try loop.watch(readOne.number, as: 7)
            try loop.watch(readTwo.number, as: 0x1_0000_0000)
            let start = MonotonicClock.now
            let writeTwo = two.takeWriteEnd()
            try writeTwo.write([1])
            let first = try loop.wait(until: start + .seconds(60))
            let writeOne = one.takeWriteEnd()
            try writeOne.write([1])
            let second = try loop.wait(until: start + .seconds(60))
            _ = try readTwo.read()
            let third = try loop.wait(until: start + .seconds(60))
            return (first, second, third, MonotonicClock.now - start)
        }
        #expect(first == [0x1_0000_0000])
        #expect(Set(second) == [7, 0x1_0000_0000])
        #expect(third == [7])
        #expect(elapsed < .seconds(30))
    }

    @Test("A descriptor that has ended is reported; one that is not watched any more is not")
    func endings() async throws {
        let (ended, forgotten) = try await onOwnThread {
            let loop = try EventLoop()
            var pipe = try Pipe()
            let readEnd = pipe.takeReadEnd()
            try loop.watch(readEnd.number, as: 3)
            _ = consume pipe
            let ended = try loop.wait(until: MonotonicClock.now + .seconds(60))
            loop.unwatch(readEnd.number)
            return (ended, try loop.wait(until: MonotonicClock.now + .milliseconds(1)))
        }
        #expect(ended == [3])
        #expect(forgotten == [])
    }

    @Test("A thread that waits without a deadline is woken from another, and an old deadline does not wake it")
    func wakeup() async throws {
        let woken = try await onOwnThread {
            let loop = try EventLoop()
            let wakeup = try Wakeup()
            try loop.watch(wakeup.descriptor, as: 1)
            let passed = try loop.wait(until: .zero)
            startThread(named: "waker") { wakeup.signal() }
            return [passed, try loop.wait(until: nil)]
        }
        #expect(woken == [[], [1]])
    }

    @Test("Any number of wakeups is one, and clearing makes the descriptor quiet")
    func clearing() async throws {
        let tokens = try await onOwnThread {
            let loop = try EventLoop()
            let wakeup = try Wakeup()
            try loop.watch(wakeup.descriptor, as: 1)
            wakeup.signal()
            wakeup.signal()
            let loud = try loop.wait(until: nil)
            wakeup.clear()
            let quiet = try loop.wait(until: .zero)
            return [loud, quiet]
        }
        #expect(tokens == [[1], []])
    }

    @Test("Watching what is not open is an error that names the call")
    func badDescriptor() throws {
        let loop = try EventLoop()
        #expect(throws: SystemError("epoll_ctl", code: EBADF)) { try loop.watch(-1, as: 0) }
    }
}

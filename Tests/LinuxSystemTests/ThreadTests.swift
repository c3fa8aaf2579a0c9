import Glibc
import LinuxSystem
import Testing

@Suite struct ThreadTests {
    @Test("A thread carries its name, cut to what the kernel keeps")
    func names() async throws {
        let name = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<String, any Error>) in
            startThread(named: "a-name-of-twenty-one") {
                continuation.resume(
                    with: Result {
                        let file = try OwnedDescriptor.open("/proc/thread-self/comm", O_RDONLY)
                        return String(decoding: try file.read() ?? [], as: UTF8.self)
                    })
            }
        }
        #expect(name == "a-name-of-twent\n")
    }

    @Test("A latch lets everyone pass once it is open, those who came before and those who come after")
    func latch() async throws {
        let latch = Latch()
        async let first = onOwnThread { latch.wait() }
        async let second = onOwnThread { latch.wait() }
        latch.open()
        _ = try await (first, second)
        try await onOwnThread { latch.wait() }
    }
}

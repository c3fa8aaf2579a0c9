import Glibc
import LinuxSystem

/// Ends this process when the one that started it ends: a test runner that is killed would leave its tests running, and
/// every lab with them.
enum ParentWatch {
    /// Begins once, at the first test that could make a lab; `NETNSKIT_OUTLIVE_PARENT=1` leaves the process alone.
    static let isOn: Bool = {
        let parent = getppid()
        guard ThisProcess.environment("NETNSKIT_OUTLIVE_PARENT") != "1", parent > 1,
            let handle = try? ProcessHandle(parent)
        else { return false }
        startThread(named: "parent-watch") { watch(handle, parent) }
        return true
    }()

    private static func watch(_ handle: borrowing ProcessHandle, _ parent: Int32) {
        guard let loop = try? EventLoop(), (try? loop.watch(handle.descriptor, as: 0)) != nil else { return }
        // One that had ended before its descriptor was opened is nobody's parent any more.
        if getppid() == parent, (try? loop.wait(until: nil)) == nil { return }
        // Nothing is written or cleaned up: nobody reads, and the kernel takes the labs down.
        _exit(1)
    }
}

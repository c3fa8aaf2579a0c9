import Glibc
import LinuxSystem

/// A line that somebody types, as a terminal hands it over.
enum KeyboardLine {
    /// Waits for the next line.
    ///
    /// - Returns: nil when nobody types any more, or when the task is canceled.
    static func next() async -> String? {
        guard let wakeup = try? Doorbell() else { return nil }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                startThread(named: "keyboard") { continuation.resume(returning: read(until: wakeup)) }
            }
        } onCancel: {
            wakeup.signal()
        }
    }

    private static func read(until wakeup: Doorbell) -> String? {
        guard let loop = try? EventLoop(), (try? loop.watch(STDIN_FILENO, as: 0)) != nil,
            (try? loop.watch(wakeup.descriptor, as: 1)) != nil,
            let ready = try? loop.wait(until: nil), ready == [0]
        else { return nil }
        // A terminal has a line or nothing.
        var octets = [UInt8](repeating: 0, count: 1024)
        let count = unsafe octets.withUnsafeMutableBytes { unsafe Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: octets.prefix(count), as: UTF8.self) : nil
    }
}

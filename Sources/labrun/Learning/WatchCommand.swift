import ArgumentParser
import Glibc
import LabCourse
import LinuxSystem
import NetnsKit

/// `labrun watch [STEP]`.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check your files each time that you save one.",
        discussion: "At a terminal: r runs them again, h gives a hint, q quits. A save during a run begins it anew.")

    @OptionGroup var work: HandedIn
    @OptionGroup var how: CheckRunOptions

    func run() async throws {
        let examination = try work.examination()
        let pair = try selectDaemons(work.daemonWords)
        Self.noteForeground()
        try enterSandbox()
        let takesKeys = isatty(STDIN_FILENO) == 1 && ThisProcess.environment(Self.background) == nil
        let keys = takesKeys ? "r again  h hint  q quit" : "Ctrl-C ends"
        let heading = "watching \(examination.directories.joined(separator: ", ")) for \(examination.step.id)"
        Terminal.say(Terminal.column(heading, Terminal.width - keys.count - 2) + keys)
        let monitor = try SaveMonitor(directories: examination.directories, takesKeys: takesKeys)
        defer { monitor.stop() }
        let session = WatchSession(examination, on: pair, how, etc: work.etc)
        try await interruptible { await session.run(monitor.events) }
    }

    private static let background = "LABRUN_IN_BACKGROUND"

    /// Whose job is in the background leaves the keys to the others; only the process outside can tell.
    private static func noteForeground() {
        guard !Sandbox.isInside, isatty(STDIN_FILENO) == 1, tcgetpgrp(STDIN_FILENO) != getpgrp() else { return }
        unsafe setenv(background, "1", 1)
    }
}

import Glibc
import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("Pipes for transitions")
struct NotificationPipeTests {
    private let transition = Transition(router: "VI_1", state: .master, priority: 150)

    private func read(_ path: String) throws -> String {
        let reader = try OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        return String(decoding: try reader.read() ?? [], as: UTF8.self)
    }

    @Test("Lines are keepalived's")
    func lines() {
        #expect(NotificationPipes.line(for: transition) == "INSTANCE \"VI_1\" MASTER 150\n")
        let group = Transition(.group, router: "G 1", state: .fault, priority: 0)
        #expect(NotificationPipes.line(for: group) == "GROUP \"G 1\" FAULT 0\n")
    }

    @Test("A pipe is made for everyone to read, keeps lines until somebody reads them, and goes with the daemon")
    func lifetime() throws {
        try withTemporaryDirectory { directory in
            var pipes = NotificationPipes()
            let path = "\(directory)/fifo"
            #expect(pipes.match([NotifyFIFO(path: path)]) == [])
            #expect(mode(of: path) == 0o644)
            #expect(pipes.write(transition) == [])
            #expect(pipes.write(Transition(router: "VI_1", state: .backup, priority: 150)) == [])
            let text = try read(path)
            #expect(text == "INSTANCE \"VI_1\" MASTER 150\nINSTANCE \"VI_1\" BACKUP 150\n")
            #expect(pipes.match([]) == [])
            #expect(!exists(path))
        }
    }

    @Test("A pipe that was there is used as it is, and stays")
    func foreignPipe() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/fifo"
            #expect(unsafe mkfifo(path, 0o600) == 0)
            var pipes = NotificationPipes()
            #expect(pipes.match([NotifyFIFO(path: path)]) == [])
            #expect(pipes.write(transition) == [])
            #expect(mode(of: path) == 0o600)
            _ = pipes.match([])
            #expect(exists(path))
        }
    }

    @Test("A reload that names the pipe again keeps what is in it")
    func reload() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/fifo"
            var pipes = NotificationPipes()
            _ = pipes.match([NotifyFIFO(path: path)])
            _ = pipes.write(transition)
            _ = pipes.match([NotifyFIFO(path: path)])
            let text = try read(path)
            #expect(text == "INSTANCE \"VI_1\" MASTER 150\n")
        }
    }

    @Test("A file or a link in its place is refused with a word, and left alone")
    func otherThings() throws {
        try withTemporaryDirectory { directory in
            try FileSystem.replace("\(directory)/file", with: Array("precious".utf8), mode: 0o600)
            #expect(unsafe mkfifo("\(directory)/target", 0o600) == 0)
            #expect(unsafe symlink("\(directory)/target", "\(directory)/link") == 0)
            var pipes = NotificationPipes()
            for name in ["file", "link"] {
                let log = pipes.match([NotifyFIFO(path: "\(directory)/\(name)")])
                #expect(log.count == 1)
                #expect(log.first?.text.hasPrefix("FIFO \(directory)/\(name) cannot be used: ") == true)
                #expect(pipes.write(transition) == [])
                _ = pipes.match([])
                #expect(exists("\(directory)/\(name)"))
            }
            #expect(try contents(of: "\(directory)/file") == "precious")
        }
    }

    @Test("A pipe that nobody reads drops whole lines, and says how many when it takes some again")
    func full() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/fifo"
            var pipes = NotificationPipes()
            _ = pipes.match([NotifyFIFO(path: path)])
            var log: [LogEntry] = []
            for _ in 0..<4000 { log += pipes.write(transition) }
            #expect(log.map(\.text) == ["FIFO \(path) is full: lines are dropped until somebody reads it"])
            let held = try read(path)
            let line = "INSTANCE \"VI_1\" MASTER 150\n"
            #expect(held.utf8.count % line.utf8.count == 0)
            let dropped = 4000 - held.utf8.count / line.utf8.count
            #expect(
                pipes.write(transition).map(\.text) == ["FIFO \(path) takes lines again; \(dropped) were dropped"])
            #expect(try read(path) == line)
        }
    }

    @Test("An unknown owner is said, and the pipe is the daemon's")
    func owner() throws {
        try withTemporaryDirectory { directory in
            var pipes = NotificationPipes()
            let fifo = NotifyFIFO(path: "\(directory)/fifo", user: "no-such-user")
            #expect(
                pipes.match([fifo], lookUp: { _ in nil }).map(\.text) == [
                    "FIFO \(directory)/fifo: there is no user 'no-such-user'; it stays the daemon's"
                ])
            #expect(exists("\(directory)/fifo"))
        }
    }
}

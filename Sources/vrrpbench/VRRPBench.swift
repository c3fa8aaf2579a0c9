import Glibc
import LabCourse

/// `vrrpbench [COUNT...]`: what this daemon and keepalived cost, and how fast they are, side by side.
@main
struct VRRPBench {
    /// How many virtual routers a row has when nobody says otherwise.
    private static let counts = [1, 100, 255, 1000]

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }.filter { (1...1000).contains($0) }
        let daemons = programs()
        say(Row.head)
        for count in arguments.isEmpty ? counts : arguments {
            for daemon in daemons {
                do {
                    let figures = try await Trial(daemon: daemon, count: count).run()
                    say(Row(daemon: daemon.name, count: count, figures: figures).text)
                } catch {
                    say("\(daemon.name), \(count) instances: \(error)")
                }
            }
        }
        say(Row.legend)
    }

    /// A row is seen when it is there, also through a pipe.
    private static func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    /// Ours, and keepalived where it is installed.
    private static func programs() -> [DaemonProgram] {
        ["ours", "keepalived"].compactMap { name in
            do {
                return try DaemonPair(parsing: name).first
            } catch {
                say("\(name) is left out: \(error)")
                return nil
            }
        }
    }
}

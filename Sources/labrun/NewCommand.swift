import ArgumentParser
import LabCourse
import LinuxSystem

/// `labrun new NAME`.
struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Begin a package with a lab of your own: a topology, a fault, and what must happen.",
        discussion: "'swift test' in it runs the lab; without rights it says what is missing.")

    @Argument(help: "A name such as RingFailover: letters and digits.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Where the package is made.", valueName: "directory"))
    var directory = "."

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The sources of netnskit; without it those that this program was built from.", valueName: "directory"))
    var package: String?

    func validate() throws {
        guard Scaffold.isUsable(name) else {
            throw ValidationError("'\(name)' cannot name a package: use letters and digits, and begin with a capital")
        }
    }

    func run() throws {
        guard let package = package ?? Scaffold.sources else {
            throw ValidationError("the sources of netnskit are not beside this program: name them with --package")
        }
        guard FileSystem.exists("\(package)/Package.swift") else {
            throw ValidationError("'\(package)' has no Package.swift: name the sources of netnskit with --package")
        }
        let root = "\(directory)/\(name)"
        do {
            try FileSystem.makeDirectories(directory)
            guard try FileSystem.makeNewDirectory(root) else {
                throw ValidationError("'\(root)' is there already: choose another name or --directory")
            }
            for file in Scaffold.files(named: name, package: package) {
                let above = file.path.split(separator: "/").dropLast().joined(separator: "/")
                if !above.isEmpty { try FileSystem.makeDirectories("\(root)/\(above)") }
                try FileSystem.replace("\(root)/\(file.path)", with: Array(file.text.utf8), mode: 0o644)
            }
        } catch let error as SystemError {
            throw ValidationError("'\(root)' cannot be written (\(error)): choose another --directory")
        }
        Terminal.say("wrote \(root)\nNext: cd \(root) && swift test     (the first build takes some minutes)")
    }
}

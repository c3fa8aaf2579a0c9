import FoundationEssentials
import LabCourse
import LinuxSystem

/// The runs below a directory such as `labrun-out`: each in a numbered directory, with a document of what it came to.
struct RunStore {
    /// So many runs are kept without being asked.
    static let keptRuns = 20
    /// In octets; runs beyond it are not kept without being asked.
    static let keptOctets = 200 << 20
    private static let largestDocument = 256 << 20

    private let root: String

    init(below root: String) {
        self.root = root
    }

    /// A run that has ended, or was cut off after it had written its document.
    struct Run {
        var number: Int
        var directory: String
    }

    /// The runs, the oldest first: directories, no links to them, whose name is a number and that have a document.
    var runs: [Run] {
        FileSystem.names(in: root).compactMap { name -> Run? in
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(name),
                FileSystem.linkStatus("\(root)/\(name)")?.isDirectory == true,
                FileSystem.linkStatus("\(root)/\(name)/\(RunDocument.fileName)")?.isRegular == true
            else { return nil }
            return Run(number: number, directory: "\(root)/\(name)")
        }.sorted { ($0.number, $0.directory) < ($1.number, $1.directory) }
    }

    /// Reads what a run came to.
    static func document(in directory: String) throws -> RunDocument {
        let octets = try FileSystem.read("\(directory)/\(RunDocument.fileName)", atMost: largestDocument)
        return try JSONDecoder().decode(RunDocument.self, from: Data(octets))
    }

    /// The runs that are not to be kept, the oldest first.
    ///
    /// - Parameters:
    ///   - count: how many of the last are kept.
    ///   - octets: how much they may have together; the last is kept whatever it has. No limit when nil.
    ///   - current: a directory that is kept in any case.
    func surplus(keeping count: Int, octets: Int? = nil, sparing current: String? = nil) -> [Run] {
        var (kept, size) = (0, 0)
        return runs.reversed().filter { run in
            let own = octets == nil ? 0 : FileSystem.size(ofTree: run.directory)
            let isFirst = kept == 0
            let fits = kept < count && (isFirst || octets.map { size + own <= $0 } ?? true)
            guard fits || run.directory == current else {
                // What is older than something that had no room goes as well.
                size = octets.map { max(size, $0) } ?? 0
                return true
            }
            kept += 1
            size += own
            return false
        }.reversed()
    }

    /// Removes the oldest runs, so that those of months do not fill a disk.
    func retain(sparing current: String) {
        for run in surplus(keeping: Self.keptRuns, octets: Self.keptOctets, sparing: current) {
            do {
                try FileSystem.removeTree(run.directory)
            } catch {
                Terminal.complain("the old run \(run.directory) could not be removed: \(error)")
            }
        }
    }

    /// The directory of a run that a word means: its number, its path, or without a word the last.
    func directory(of word: String?) throws -> String {
        guard let word else {
            guard let last = runs.last else { throw StoreError.none(root) }
            return last.directory
        }
        if let number = Int(word), let run = runs.first(where: { $0.number == number }) { return run.directory }
        guard FileSystem.exists("\(word)/\(RunDocument.fileName)") else { throw StoreError.unknown(word, root) }
        return word
    }
}

/// Why there is no run to look at.
enum StoreError: Error, Hashable, CustomStringConvertible {
    case none(String)
    case unknown(String, String)

    var description: String {
        switch self {
        case .none(let root): "there is no run in '\(root)': labrun step2 makes one, -o names another place"
        case .unknown(let word, let root):
            "'\(word)' is no run: it has no \(RunDocument.fileName), and '\(root)' has none of that number"
        }
    }
}

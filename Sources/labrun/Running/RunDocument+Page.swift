import LabCourse
import LabReport
import LinuxSystem

extension RunDocument {
    /// Pictures beside a page that are larger than this are no pictures.
    private static let largestPicture = 4_000_000

    /// Writes the page for people.
    ///
    /// - Parameter directory: that of the run; links in the page lead there from wherever the page is.
    func writePage(_ path: String, of directory: String) throws {
        let place = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        let options = HTMLReport.Options(page: Self.absolute(place), run: Self.absolute(directory))
        let page = try HTMLReport(self, options) { name in
            let octets = try? FileSystem.read("\(directory)/\(name)", atMost: Self.largestPicture)
            return octets.map { String(decoding: $0, as: UTF8.self) }
        }
        try FileSystem.replace(path, with: Array(page.text.utf8), mode: 0o644)
    }

    /// Without `.` and `..`; a link is taken for what it is called.
    private static func absolute(_ path: String) -> String {
        let start = path.hasPrefix("/") ? "" : FileSystem.target(ofLink: "/proc/self/cwd") ?? ""
        let parts = "\(start)/\(path)".split(separator: "/").reduce(into: [Substring]()) { parts, part in
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}

import LabCourse
import Timeline

/// A run as one page for people: `report.html`, which needs no network, no script and no file beside it.
///
/// The page is kept below a size. What failed keeps everything; of what passed, pictures become compact, and where
/// there is no room for them they, and then tables, are links to the files beside the page. The page says so.
public struct HTMLReport: Sendable {
    /// In a run's directory.
    public static let fileName = "report.html"

    /// The whole page.
    public let text: String

    /// Where a page is and what it may hold.
    public struct Options: Sendable {
        /// In octets. What names a problem is never left out, so that a page may become larger when very much failed.
        public var limit: Int
        /// The way from the page to the run's directory, with a slash at its end; empty when it lies there.
        public var way: String

        /// By default below 500 kB, and in the run's directory.
        public init(limit: Int = 490_000, way: String = "") {
            self.limit = limit
            self.way = way
        }

        /// For a page in one directory and a run's files in another, both absolute.
        public init(page: String, run: String) {
            self.init(way: PageLink.way(from: page, to: run))
        }
    }

    /// - Parameter file: the text of a file, by its path below the run's directory; nil where there is none.
    /// - Throws: when a template is broken.
    public init(_ document: RunDocument, _ options: Options = Options(), file: (String) -> String?) throws {
        let builder = PageBuilder(document, options, file)
        var room = PageRoom()
        let bare = try PageTemplates.render(builder.page(with: room))
        room.give(options.limit - bare.utf8.count, to: builder.parts)
        var text = try PageTemplates.render(builder.page(with: room))
        // Sizes are estimates until everything is escaped and in its place.
        if !room.omitted.isEmpty, text.utf8.count < options.limit {
            room.giveMore(options.limit - text.utf8.count)
            text = try PageTemplates.render(builder.page(with: room))
        }
        while text.utf8.count > options.limit, room.takeBack(text.utf8.count - options.limit) {
            text = try PageTemplates.render(builder.page(with: room))
        }
        self.text = text
    }
}

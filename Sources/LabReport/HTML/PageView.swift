/// A page as its templates see it: nothing but texts, numbers and lists of such.
struct PageView {
    var title: String
    /// Style sheets: the page's own and that of the pictures.
    var style: String
    var pictureStyle: String
    var verdict: VerdictView
    var command: String
    /// What it came to, in a line.
    var summary: String
    /// When and on what, in a line.
    var circumstances: String
    var hasProblems: Bool
    var problems: [ProblemView]
    var moreProblems: String?
    /// Where nothing needs a reader.
    var fine: String?
    /// Nil where each scenario is told of once anyway.
    var overview: OverviewView?
    var diagnoses: DiagnosesView?
    var steps: [StepView]
    var environment: EnvironmentView
    var legend: String
    /// What is not in the page, and where it is.
    var omissions: [String]
}

struct VerdictView {
    var name: String
    var sign: String
    var word: String
}

/// Something that did not pass.
struct ProblemView {
    var verdict: VerdictView
    var label: String
    var anchor: String
    var what: String
    var expected: String
    var observed: String
    var time: String?
    var why: String?
    var again: String
    /// How many runs have it, when there are several.
    var count: String?
    /// Other scenarios in which the same was seen.
    var also: [LinkView]
}

/// All scenarios at a glance: a row each, and a column for each pair of daemons.
struct OverviewView {
    var pairs: [String]
    var rows: [Row]

    struct Row {
        var id: String
        var anchor: String
        var title: String
        var cells: [Cell]
    }

    struct Cell {
        var verdict: VerdictView?
        /// The middle of what was measured.
        var figure: String?
        /// Such as `18/20`.
        var count: String?
        var hint: String
    }
}

struct StepView {
    var id: String
    var scenarios: [ScenarioView]
}

/// A scenario with all its runs.
struct ScenarioView {
    var id: String
    var anchor: String
    var title: String
    var verdict: VerdictView
    var figure: String?
    var isOpen: Bool
    /// Those that are shown.
    var runs: [RunView]
    /// What is said of those that are not.
    var others: String?
    var plots: [PlotView]
    var hasPlots: Bool
}

/// One run of a scenario.
struct RunView {
    var label: String?
    var anchor: String
    var verdict: VerdictView
    var picture: PictureView?
    /// The picture's file, when it is not in the page.
    var pictureLink: String?
    var routers: String?
    var checks: [CheckView]
    var hasChecks: Bool
    var otherChecks: String?
    var table: String?
    var moments: [MomentView]
    var hasMoments: Bool
    var momentsSummary: String
    var areMomentsOpen: Bool
    var notes: [String]
    var command: String
    var links: [LinkView]
}

struct PictureView {
    var width: String
    var height: String
    var label: String
    var panels: [Panel]

    struct Panel {
        var y: String
        var body: String
    }
}

struct CheckView {
    var verdict: VerdictView
    var title: String
    var expected: String?
    var observed: String
    var why: String?
    var bar: BarView?
}

/// Where a measured value lies in its bound.
struct BarView {
    /// In percent of the bar.
    var place: String
    var margin: String
    var hint: String
    var isOutside: Bool
}

struct MomentView {
    var time: String
    var title: String
    var frames: [FrameView]
    var omitted: String?
}

struct FrameView {
    var time: String
    var after: String
    var node: String
    var summary: String
    var isChange: Bool
}

struct LinkView {
    var address: String
    var name: String
}

/// What several runs measured, a dot each.
struct PlotView {
    var title: String
    var caption: String
    var width: String
    var height: String
    var band: Band
    var theory: Theory?
    var rows: [Row]
    var marks: [Mark]
    var axis: String

    struct Band {
        var x: String
        var width: String
        var height: String
        var text: String
    }

    struct Theory {
        var x: String
        var text: String
    }

    struct Row {
        var label: String
        var y: String
        var line: String
        var inside: String
        var outside: String
        var median: String?
        var medianTop: String
        var medianBottom: String
        var text: String
    }

    struct Mark {
        var x: String
        var text: String
    }
}

/// Mistakes beside the files that they are in.
struct DiagnosesView {
    var summary: String
    var list: [DiagnosisView]
    var files: [FileView]
}

struct DiagnosisView {
    var code: String
    var severity: String
    var anchor: String
    var sentence: String
    var remedy: String
    var message: String?
    var places: [LinkView]
    var sights: [String]
}

struct FileView {
    var path: String
    var nodes: String
    var isOpen: Bool
    var summary: String
    var lines: [Line]
    var isCut: Bool

    struct Line {
        var number: Int
        var anchor: String
        var text: String
        var isMarked: Bool
        var severity: String
        var marks: [LinkView]
    }
}

struct EnvironmentView {
    var rows: [Row]
    var stalls: [Stall]
    var hasStalls: Bool
    var moreStalls: String?

    struct Row {
        var name: String
        var value: String
    }

    struct Stall {
        var label: String
        var time: String
        var length: String
    }
}

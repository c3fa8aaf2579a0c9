import LabCourse
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Interoperability", .requiresNamespaces, .serialized)
struct InteroperabilityTests {
    /// Every pair that has one of ours in it.
    private static var pairs: [Pair] { Pair.available.filter { $0 != .keepalived } }
    /// Labs at a time: daemons that advertise ten times a second or less keep a processor idle.
    private static let width = 10

    @Test("Whatever the packets look like, each takes over from the other: a master that is killed, and one that stops")
    func matrix() async throws {
        let cells = Dialect.all.flatMap { dialect in
            Self.pairs.flatMap { pair in End.allCases.map { Cell(dialect: dialect, pair: pair, end: $0) } }
        }
        var table = MatrixTable()
        try await withThrowingTaskGroup(of: (Cell, Duration?).self) { group in
            var waiting = cells.makeIterator()
            for _ in 0..<Self.width {
                guard let cell = waiting.next() else { break }
                group.addTask { (cell, try await cell.run()) }
            }
            for try await (cell, time) in group {
                table[cell.dialect.title, "\(cell.pair.rawValue) \(cell.end.rawValue)"] = time
                if let cell = waiting.next() { group.addTask { (cell, try await cell.run()) } }
            }
        }
        print("from the last advertisement of node1 to the first of node2, in seconds\n\(table.text)")
    }

    /// How a master ends.
    enum End: String, CaseIterable {
        case killed
        case stopped
    }

    /// One takeover of the matrix.
    struct Cell: Sendable {
        var dialect: Dialect
        var pair: Pair
        var end: End

        /// - Returns: how long it took; nil when it did not come about.
        func run() async throws -> Duration? {
            let title = "\(dialect.title), \(pair.rawValue), \(end.rawValue)"
            return try await Experiment.run(titled: title) { experiment -> Duration? in
                let lab = experiment.lab
                try await experiment.startPair(
                    pair, dialect.instance(priority: 150, peer: "12", own: "11"),
                    dialect.instance(priority: 100, peer: "11", own: "12"))
                let daemon = experiment.daemon(of: "node1")
                let fault = try lab.inject(end == .killed ? .kill(daemon, .tree) : .terminate(daemon)).began
                experiment.claimNever("node2 advertises", in: lab.start...fault) { $0.isClaim(by: "node2") }
                let limit = dialect.times.masterDown(100) + dialect.times.interval
                try await lab.expect("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
                try await lab.expect("node2 gets the address", within: limit, since: fault) {
                    $0.isAddition(of: dialect.address, to: "node2")
                }
                guard let time = lab.timeline.handover(to: "node2", after: fault) else { return nil }
                let expected = end == .killed ? dialect.times.masterDown(100) : dialect.times.skew(100)
                experiment.claim("node2 takes over in time", time, within: dialect.times.bound(expected))
                return time
            } ?? nil
        }
    }
}

/// A way to write advertisements that both daemons have to know.
struct Dialect: Sendable {
    var title: String
    var version = 3
    var family = AddressFamily.ipv4
    var isUnicast = false
    /// Lines of the instance.
    var lines: [String] = []

    static let all =
        [
            Dialect(title: "v2"), Dialect(title: "v2 PASS", lines: authentication("PASS")),
            Dialect(title: "v2 AH", lines: authentication("AH")), Dialect(title: "v2 unicast", isUnicast: true),
            Dialect(title: "v2 PASS unicast", isUnicast: true, lines: authentication("PASS")),
            Dialect(title: "v2 AH unicast", isUnicast: true, lines: authentication("AH")),
            Dialect(title: "v2 use_vmac", lines: ["use_vmac"]),
        ].map { $0.ofVersion2 } + [
            Dialect(title: "v3"), Dialect(title: "v3 unicast", isUnicast: true),
            Dialect(title: "v3 use_vmac", lines: ["use_vmac"]),
            Dialect(title: "v3 vmac_xmit_base", lines: ["use_vmac", "vmac_xmit_base"]),
            Dialect(title: "v3 unicast use_vmac", isUnicast: true, lines: ["use_vmac"]),
            Dialect(title: "v3 IPv6", family: .ipv6),
            Dialect(title: "v3 IPv6 unicast", family: .ipv6, isUnicast: true),
            Dialect(title: "v3 IPv6 use_vmac", family: .ipv6, lines: ["use_vmac"]),
        ]

    private static func authentication(_ type: String) -> [String] {
        ["authentication {", "    auth_type \(type)", "    auth_pass secret12", "}"]
    }

    private var ofVersion2: Dialect {
        var dialect = self
        dialect.version = 2
        return dialect
    }

    /// The address that moves.
    var address: IPAddress {
        family == .ipv4 ? Segment.virtualAddress : IPAddress("2001:db8::100") ?? Segment.virtualAddress
    }

    /// v2 knows whole seconds only; v3 is fast, and slow enough for many labs side by side.
    var times: ProtocolTimes {
        version == 2 ? ProtocolTimes() : ProtocolTimes(interval: .milliseconds(200), isVersion3: true)
    }

    /// - Parameters:
    ///   - peer: the last part of the other router's address.
    ///   - own: the last part of this router's address.
    func instance(priority: Int, peer: String, own: String) -> InstanceText {
        let network = family == .ipv4 ? "192.168.1." : "2001:db8::"
        var lines = lines
        if isUnicast {
            lines += ["unicast_src_ip \(network)\(own)", "unicast_peer {", "    \(network)\(peer)", "}"]
        }
        return InstanceText(
            priority: priority, version: version, interval: version == 2 ? "1" : "0.2",
            addresses: ["\(address)/\(family == .ipv4 ? 24 : 64)"], lines: lines)
    }
}

/// A table of times with a name for each row and column.
struct MatrixTable {
    private var rows: [String] = []
    private var columns: [String] = []
    private var cells: [String: [String: Duration]] = [:]

    /// Nil is what did not come about.
    subscript(row: String, column: String) -> Duration? {
        get { cells[row]?[column] }
        set {
            if !rows.contains(row) { rows.append(row) }
            if !columns.contains(column) { columns.append(column) }
            cells[row, default: [:]][column] = newValue
        }
    }

    var text: String {
        let columns = columns.sorted()
        let width = (rows.map(\.count).max() ?? 0) + 2
        let pad = { (text: String, width: Int) in text + String(repeating: " ", count: max(width - text.count, 1)) }
        let head = pad("", width) + columns.map { pad($0, $0.count + 2) }.joined()
        let lines = rows.sorted().map { row in
            pad(row, width)
                + columns.map { pad(cells[row]?[$0]?.decimalSeconds(digits: 4) ?? "FAIL", $0.count + 2) }.joined()
        }
        return ([head] + lines).joined(separator: "\n")
    }
}

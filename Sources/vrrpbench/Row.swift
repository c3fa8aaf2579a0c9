import Timeline

/// One daemon's figures on a line of the table.
struct Row {
    var daemon: String
    var count: Int
    var figures: Figures

    private static let widths = [11, 10, 9, 9, 9, 9, 9, 9, 9, 9, 8]

    static let head = line([
        "daemon", "instances", "ready", "all VIPs", "CPU % m", "CPU % b", "MiB m", "MiB b", "1st VIP", "last VIP",
        "stop",
    ])

    static let legend = """

        VRRPv2, an advertisement a second, one address for each instance, at most 250 instances on an interface.
        ready     from the start to the last instance that says it is a backup, in seconds
        all VIPs  from the start to the announcement of the last address
        CPU %     of one processor over ten seconds in which nothing changes: master, backup
        MiB       resident memory of all its processes at the end of that time
        1st, last from SIGKILL of the master until the backup announces the first and the last address
        stop      from SIGTERM to the end of the process
        """

    var text: String {
        let seconds = { (time: Duration) in time.decimalSeconds(digits: 3) }
        return Self.line([
            daemon, "\(count)", seconds(figures.ready), seconds(figures.allAddresses),
            Self.percent(figures.masterLoad), Self.percent(figures.backupLoad),
            Self.mebibytes(figures.masterMemory), Self.mebibytes(figures.backupMemory),
            seconds(figures.firstMoved), seconds(figures.lastMoved), seconds(figures.stop),
        ])
    }

    private static func line(_ cells: [String]) -> String {
        zip(cells, widths).map { cell, width in
            String(repeating: " ", count: max(width - cell.count, 1)) + cell
        }.joined()
    }

    private static func percent(_ load: Double) -> String {
        Duration.nanoseconds(Int64(load * 100 * 1_000_000_000)).decimalSeconds(digits: 2)
    }

    private static func mebibytes(_ octets: Int) -> String {
        let tenths = octets * 10 / (1 << 20)
        return "\(tenths / 10).\(tenths % 10)"
    }
}

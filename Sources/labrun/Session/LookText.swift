import Timeline

extension LookReport {
    /// The report as one screen.
    var text: [String] {
        var lines = ["\(name): \(plan.text); up for \(Duration.seconds(age).ageText)"]
        lines.append(faults.isEmpty ? "no fault is in force" : "in force: " + faults.joined(separator: "; "))
        lines.append("")
        for address in addresses { lines += address.lines }
        lines.append("")
        lines.append("  NODE      STATE    PRIO  VIP  SENT LAST    ADVERT AT ITS PORT")
        for node in nodes { lines += node.lines }
        for hint in hints {
            lines.append("")
            lines += Terminal.wrapped("! " + hint.sentence, indent: 2, hanging: 4)
            if let code = hint.code { lines.append("    looks like \(code): labrun explain \(code)") }
        }
        return lines
    }
}

extension LookReport.Address {
    fileprivate var lines: [String] {
        var lines: [String] = []
        switch owners.count {
        case 0:
            let time = lostFor.map { ", for \(Self.seconds($0))" } ?? " yet"
            lines.append("  \(address)  NOBODY has it\(time)")
        case 1:
            lines.append("  \(address)  \(owners[0].node) has it, for \(Self.seconds(owners[0].since))")
        default:
            let names = owners.map(\.node).joined(separator: " and ")
            let time = sharedFor.map { " together, for \(Self.seconds($0))" } ?? ""
            lines.append("  \(address)  *** \(owners.count) OWNERS ***  \(names) have it\(time)")
        }
        guard let asker else { return lines }
        let who = answers.map { "\($0.mac) (\($0.node ?? "nobody's"))" }.joined(separator: ", ")
        lines.append("    \(asker) asked by ARP: " + (who.isEmpty ? "no answer" : who))
        return lines
    }

    private static func seconds(_ value: Double) -> String {
        value < 120 ? Duration.seconds(value).decimalSeconds(digits: 1) + " s" : Duration.seconds(value).ageText
    }
}

extension LookReport.Node {
    fileprivate var lines: [String] {
        guard let daemon else { return ["  " + Terminal.column(name, 10) + "no daemon"] }
        guard !routers.isEmpty else {
            return [
                "  " + Terminal.column(name, 10)
                    + (end.map { "\(daemon) ended: \($0)" } ?? "\(daemon) runs no instance")
            ]
        }
        return routers.enumerated().map { number, router in
            let state = end == nil ? router.state ?? "starting" : "dead"
            let priority =
                router.advertisedPriority.flatMap { router.isSending ? $0 : nil } ?? router.configuredPriority
            let sent = router.sent.map { Duration.seconds($0).decimalSeconds(digits: 1) + " s ago" } ?? "-"
            let heard = router.heard.map {
                "\($0.node) (\($0.priority)) " + Duration.seconds($0.ago).decimalSeconds(digits: 1) + " s ago"
            }
            let columns: [(String, Int)] = [
                (number == 0 ? name : "", 10), (state, 9), ("\(priority)", 6), (router.hasAddress ? "yes" : "no", 5),
                (sent, 13), (heard ?? "-", routers.count > 1 ? 24 : 1),
            ]
            let text = "  " + columns.map { Terminal.column($0, $1) }.joined() + (routers.count > 1 ? router.name : "")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }
}

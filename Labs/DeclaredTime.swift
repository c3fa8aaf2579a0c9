import LabCourse

extension Course {
    /// About how many seconds a scenario takes from the first namespace to the last, on a machine that has time for it.
    ///
    /// Shards are made by it, and what cannot end within a budget is not begun.
    public static func seconds(of id: String, _ variant: LabVariant, _ pace: Pace) -> Int {
        if variant != .asWritten, let own = declaredTimes[id] { return pace == .fast ? own.fast : own.real }
        // A step is declared with all its scenarios side by side: no single one takes longer.
        return step(String(id.prefix { $0 != "/" }))?.seconds ?? 0
    }

    /// Whose time is declared.
    public static var declaredTimeIDs: [String] { Array(declaredTimes.keys) }

    /// What has been measured, with a tenth and a second to spare.
    static let declaredTimes: [String: (real: Int, fast: Int)] = [
        "step1/programs": (2, 2),
        "step1/start": (5, 2),
        "step1/version": (2, 2),
        "step2/child": (6, 2),
        "step2/crash": (10, 2),
        "step2/linkdown": (14, 3),
        "step2/mute": (14, 3),
        "step2/parent": (10, 2),
        "step2/partition": (13, 3),
        "step2/phase-0": (11, 3),
        "step2/phase-25": (11, 3),
        "step2/phase-50": (11, 3),
        "step2/phase-75": (11, 3),
        "step2/stop": (7, 2),
        "step2/tie": (8, 2),
        "step3/master": (11, 3),
        "step3/reload": (9, 2),
        "step3/restart": (9, 2),
        "step4/both": (18, 10),
        "step4/check": (19, 7),
        "step4/nopreempt": (21, 3),
        "step4/preempt-delay": (19, 3),
        "step4/start-order": (13, 3),
        "step4/stop": (7, 2),
        "step4/weight": (14, 4),
        "step5/calls": (15, 7),
        "step5/crash": (15, 4),
        "step5/failing": (15, 7),
        "step5/generic": (8, 3),
        "step5/link": (15, 3),
        "step5/slow": (15, 10),
        "step5/stop": (8, 3),
        "step6/backends": (20, 9),
        "step6/fault": (16, 8),
        "step6/flap": (19, 15),
        "step6/hang": (18, 8),
        "step6/http": (18, 8),
        "step6/once": (16, 7),
        "step6/process": (19, 8),
        "step6/slow": (21, 10),
        "step6/states": (4, 4),
        "step7/network": (4, 3),
        "step7/references": (6, 3),
        "step7/scripts": (4, 3),
        "step7/text": (3, 3),
        "step7/values": (4, 3),
        "step8/crash": (21, 4),
        "step8/data0": (21, 4),
        "step8/database": (21, 4),
        "step8/gateway": (27, 10),
        "step8/hang": (25, 7),
        "step8/haproxy": (21, 7),
        "step8/loss": (21, 6),
        "step8/machine": (25, 5),
        "step8/mgmt0": (28, 11),
        "step8/placement": (21, 4),
        "step8/webhook": (17, 10),
    ]
}

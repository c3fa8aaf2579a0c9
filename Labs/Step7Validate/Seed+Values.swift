import LabCourse

extension Seed {
    /// Numbers out of range, words that do not go together, and passwords.
    static let values = [
        Seed(
            id: "vrid-0", title: "virtual_router_id 0", text: quick.with("_id 0", for: "_id 51"), code: .syntax,
            answer: 5, fate: .ends(2)),
        Seed(
            id: "vrid-256", title: "virtual_router_id 256", text: quick.with("_id 256", for: "_id 51"), code: .syntax,
            answer: 5, fate: .ends(2)),
        Seed(
            id: "no-vrid", title: "no virtual_router_id",
            text: quick.with("", for: "    virtual_router_id 51\n"), code: .syntax, answer: 5, fate: .ends(2)),
        Seed(
            id: "priority-300", title: "priority 300", text: quick.with("ity 300", for: "ity 100"), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "interval-0", title: "advert_int 0", text: quick.with("advert_int 0\n", for: "advert_int 0.1\n"),
            code: .syntax, answer: 5, fate: .listens),
        Seed(
            id: "interval-half", title: "advert_int 0.5, version 2",
            text: slow.with("advert_int 0.5", for: "advert_int 1"), code: .syntax, answer: 5, fate: .listens),
        Seed(
            id: "version-4", title: "version 4", text: quick.with("version 4", for: "version 3"), code: .syntax,
            answer: 5, fate: .listens),
        Seed(
            id: "same-name", title: "an instance named twice",
            text: quick + quick.instance.with("_id 52", for: "_id 51"), code: .syntax, answer: 5, fate: .well),
        Seed(
            id: "same-vrid", title: "one ID, two instances",
            text: quick + quick.instance.with("VI_2", for: "VI_1"), code: .syntax, answer: 5, fate: .ends(2)),
        Seed(
            id: "state", title: "state SLAVE", text: quick.with("state SLAVE", for: "state BACKUP"), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "pass-long", title: "auth_pass of 9 characters",
            text: slow.with("secret123", for: "secret12"), code: .passwordCut, answer: 5, fate: .listens),
        Seed(
            id: "pass-none", title: "auth_type, no auth_pass",
            text: slow.with("", for: "        auth_pass secret12\n"), code: .syntax, answer: 5, fate: .listens),
        Seed(
            id: "auth-v3", title: "a password in version 3",
            text: slow.with("version 3\n    advert_int 1", for: "advert_int 1"), code: .syntax, answer: 5,
            fate: .listens),
        Seed(
            id: "nopreempt", title: "nopreempt, state MASTER",
            text: slow.with("state MASTER\n    nopreempt", for: "state BACKUP"), code: .nopreemptOnMaster, answer: 5,
            fate: .listens),
        Seed(
            id: "delay", title: "preempt_delay, MASTER",
            text: slow.with("state MASTER\n    preempt_delay 10", for: "state BACKUP"), code: .preemptDelayOnMaster,
            answer: 5, fate: .listens),
        Seed(
            id: "delay-2000", title: "preempt_delay 2000",
            text: slow.with("state BACKUP\n    preempt_delay 2000", for: "state BACKUP"), code: .syntax, answer: 5,
            fate: .listens),
    ]
}

extension String {
    /// The part with the instance.
    fileprivate var instance: String {
        split(separator: "\n\n", omittingEmptySubsequences: false).last.map { "\n\($0)" } ?? self
    }
}

import LabCourse

extension Seed {
    /// Braces, keywords, and files that are not there.
    static let text = [
        Seed(id: "clean", title: "nothing is wrong", text: quick, answer: 0, fate: .well),
        Seed(
            id: "no-file", title: "the file is missing", text: nil, answer: 0, fate: .ends(6),
            difference: "missing-file"),
        Seed(id: "empty", title: "the file is empty", text: "", answer: 0, fate: .runs(.none)),
        Seed(
            id: "keyword", title: "prioritty 100",
            text: quick.with("prioritty 100", for: "priority 100"), code: .syntax, answer: 5, fate: .well),
        Seed(
            id: "block", title: "an unknown block",
            text: "vrrp_instances {\n}\n" + quick, code: .syntax, answer: 5, fate: .well,
            difference: "unknown-block"),
        Seed(
            id: "misspelt", title: "virtual_ipaddres {",
            text: quick.with("virtual_ipaddres {", for: "virtual_ipaddress {"), code: .syntax, answer: 5,
            fate: .ends(2), difference: "unknown-block"),
        Seed(
            id: "cut-short", title: "the last } is missing", text: String(quick.dropLast(3)), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "inner-brace", title: "a } inside is missing",
            text: quick.with("dev eth0\n", for: "dev eth0\n    }\n"), code: .syntax, answer: 5, fate: .well,
            ownFate: .runs(.master, hasAddress: true, notifies: false), difference: "missing-brace"),
        Seed(id: "extra-brace", title: "one } too many", text: quick + "}\n", code: .syntax, answer: 5, fate: .well),
        Seed(
            id: "next-line", title: "{ on the next line",
            text: quick.with("vrrp_instance VI_1\n{", for: "vrrp_instance VI_1 {"), answer: 0, fate: .well),
        Seed(
            id: "one-line", title: "a list on one line",
            text: quick.with(
                "virtual_ipaddress { 192.168.1.100/24 }",
                for: "virtual_ipaddress {\n        192.168.1.100/24 dev eth0\n    }"), answer: 0, fate: .well),
        Seed(
            id: "include", title: "include of no file", text: "include nothere.conf\n" + quick, answer: 0, fate: .well,
            difference: "missing-file"),
        Seed(
            id: "hard-space", title: "a non-breaking space",
            text: quick.with("\u{a0}   advert_int 0.1", for: "    advert_int 0.1"), code: .syntax, answer: 5,
            fate: .listens, ownFate: .well, difference: "hard-space"),
    ]
}

extension Seed.Fate {
    static func runs(_ state: Seed.State) -> Self { .runs(state, hasAddress: false, notifies: false) }
}

import LabCourse

extension Seed {
    /// Interfaces and addresses.
    static let network = [
        Seed(
            id: "interface", title: "interface eth9",
            text: quick.with("interface eth9", for: "interface eth0"), code: .noSuchInterface, answer: 5,
            fate: .ends(2)),
        Seed(
            id: "bond", title: "interface bond0",
            text: quick.with("interface bond0", for: "interface eth0"), code: .interfaceRenamed, answer: 5,
            fate: .ends(2)),
        Seed(
            id: "device", title: "an address on eth9", text: quick.with("dev eth9", for: "dev eth0"),
            code: .noSuchInterface, answer: 5, fate: .ends(2)),
        Seed(
            id: "no-interface", title: "no interface", text: quick.with("", for: "    interface eth0\n"),
            code: .syntax, answer: 5, fate: .ends(2)),
        Seed(
            id: "tracked", title: "track_interface eth9", text: quick.tracking("eth9"), code: .noSuchInterface,
            answer: 5, fate: .ends(2)),
        Seed(
            id: "own-tracked", title: "own interface, weight",
            text: quick.tracking("eth0 weight -50"), code: .ownInterfaceTracked, answer: 5, fate: .well),
        Seed(
            id: "no-vip", title: "no virtual_ipaddress",
            text: quick.with("", for: "    virtual_ipaddress {\n        192.168.1.100/24 dev eth0\n    }\n"),
            code: .syntax, answer: 5, fate: .ends(2)),
        Seed(
            id: "bad-address", title: "192.168.1.300",
            text: quick.with("192.168.1.300", for: "192.168.1.100"), code: .syntax, answer: 5,
            fate: .ends(2)),
        Seed(
            id: "bad-prefix", title: "192.168.1.100/33", text: quick.with("100/33", for: "100/24"), code: .syntax,
            answer: 5, fate: .well),
        Seed(
            id: "no-prefix", title: "an address with no prefix", text: quick.with("100 ", for: "100/24 "),
            code: .addressOutsideNetwork, answer: 0, fate: .well),
        Seed(
            id: "off-subnet", title: "an address off the subnet",
            text: quick.with("192.168.9.100", for: "192.168.1.100"), code: .addressOutsideNetwork, answer: 0,
            fate: .well),
        Seed(
            id: "own-address", title: "the node's own address",
            text: quick.with("192.168.1.11/24", for: "192.168.1.100/24"), code: .addressOfNode, answer: 0,
            fate: .runs(.fault)),
        Seed(
            id: "two-on-line", title: "two addresses on a line",
            text: quick.with("100/24 192.168.1.101/24", for: "100/24"), code: .syntax, answer: 5, fate: .well),
        Seed(
            id: "label", title: "a label of 16 characters",
            text: quick.with("dev eth0 label eth0:abcdefghijk", for: "dev eth0"), code: .syntax, answer: 5,
            fate: .ends(2)),
        Seed(
            id: "ipv6", title: "IPv6 beside IPv4",
            text: quick.with("dev eth0\n        2001:db8::100/64 dev eth0", for: "dev eth0"),
            code: .foreignAddressFamily, answer: 5, fate: .well),
        Seed(
            id: "source", title: "unicast_src_ip of others",
            text: quick.with(
                "advert_int 0.1\n    unicast_src_ip 192.168.1.99\n    unicast_peer {\n        192.168.1.12\n    }",
                for: "advert_int 0.1"), answer: 0, fate: .runs(.fault), ownFate: .well, difference: "absent-source"),
    ]
}

extension String {
    fileprivate func tracking(_ line: String) -> String {
        with("    track_interface {\n        \(line)\n    }\n    track_script {", for: "    track_script {")
    }
}

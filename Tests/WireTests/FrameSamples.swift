/// Frames as they travel, one of each kind, with the line that people read.
struct FrameSample: Sendable {
    var name: String
    var octets: [UInt8]
    var summary: String

    init(_ name: String, _ summary: String, _ hex: String) {
        self.name = name
        self.summary = summary
        octets = [UInt8](hex: hex)
    }
}

extension FrameSample {
    private static let ipv4 = "020000000002 020000000001 0800"
    private static let ipv6 = "333300000001 020000000001 86dd"
    private static let linkLocal = "fe800000000000000000000000000001"
    private static let allNodes = "ff020000000000000000000000000001"
    private static let vrrpGroup = "ff020000000000000000000000000012"
    /// What an ICMP error quotes: from 10.9.0.1 to 10.9.0.5, UDP from port 4660 to port 80.
    private static let quote = "4500001c000000004011661c 0a090001 0a090005 1234005000080000"
    /// The same over IPv6: from 2001:db8::1 to 2001:db8::5.
    private static let quote6 =
        "600000000008 1140 20010db8000000000000000000000001 20010db8000000000000000000000005 1234005000080000"

    static let all: [FrameSample] = icmp + icmpv6 + groups + transports

    private static let icmp = [
        FrameSample(
            "echo request", "ICMP 10.9.0.1 > 10.9.0.2: echo request, id 2, seq 7",
            "\(ipv4) 4500001c00014000400126cc 0a090001 0a090002 0800f7f6 0002 0007"),
        FrameSample(
            "echo reply", "ICMP 10.9.0.2 > 10.9.0.1: echo reply, id 2, seq 7",
            "\(ipv4) 4500001c00014000400126cc 0a090002 0a090001 0000fff6 0002 0007"),
        FrameSample(
            "host unreachable", "ICMP 10.9.0.2 > 10.9.0.1: host 10.9.0.5 unreachable",
            "\(ipv4) 4500003800010000400166b0 0a090002 0a090001 0301fcfe00000000 \(quote)"),
        FrameSample(
            "port unreachable", "ICMP 10.9.0.2 > 10.9.0.1: port unreachable at 10.9.0.5",
            "\(ipv4) 4500003800010000400166b0 0a090002 0a090001 0303fcfc00000000 \(quote)"),
        FrameSample(
            "time exceeded", "ICMP 10.9.0.2 > 10.9.0.1: time exceeded in transit",
            "\(ipv4) 4500003800010000400166b0 0a090002 0a090001 0b00f4ff00000000 \(quote)"),
        FrameSample(
            "redirect", "ICMP 10.9.0.2 > 10.9.0.1: redirect 10.9.0.5 to 10.9.0.3",
            "\(ipv4) 4500003800010000400166b0 0a090002 0a090001 0501f0f20a090003 \(quote)"),
        FrameSample(
            "timestamp", "ICMP 10.9.0.2 > 10.9.0.1: type 13, code 0",
            "\(ipv4) 4500001c00010000400166cc 0a090002 0a090001 0d00f2ff 0000 0000"),
    ]

    private static let icmpv6 = [
        FrameSample(
            "echo request over IPv6", "ICMPv6 fe80::1 > ff02::1: echo request, id 2, seq 7",
            "\(ipv6) 600000000008 3a40 \(linkLocal) \(allNodes) 80000000 0002 0007"),
        FrameSample(
            "address unreachable", "ICMPv6 fe80::1 > ff02::1: host 2001:db8::5 unreachable",
            "\(ipv6) 600000000038 3a40 \(linkLocal) \(allNodes) 01030000 00000000 \(quote6)"),
        FrameSample(
            "no route", "ICMPv6 fe80::1 > ff02::1: no route to 2001:db8::5",
            "\(ipv6) 600000000038 3a40 \(linkLocal) \(allNodes) 01000000 00000000 \(quote6)"),
        FrameSample(
            "packet too big", "ICMPv6 fe80::1 > ff02::1: packet too big for 2001:db8::5",
            "\(ipv6) 600000000038 3a40 \(linkLocal) \(allNodes) 02000000 00000500 \(quote6)"),
        FrameSample(
            "redirect over IPv6", "ICMPv6 fe80::1 > ff02::1: redirect 2001:db8::5 to fe80::1",
            """
            \(ipv6) 600000000028 3aff \(linkLocal) \(allNodes) 89000000 00000000 \(linkLocal)
            20010db8000000000000000000000005
            """),
        FrameSample(
            "router advertisement", "RA fe80::1: default router for 1800 s, 2001:db8::/64",
            """
            \(ipv6) 600000000038 3aff \(linkLocal) \(allNodes) 86000000 40c00708 00000000 00000000
            0101020000000001 030440c0 00015180 00003840 00000000 20010db8000000000000000000000000
            """),
        FrameSample(
            "router solicitation", "RS fe80::1 > ff02::2",
            """
            333300000002 020000000001 86dd 600000000010 3aff \(linkLocal) ff020000000000000000000000000002
            85000000 00000000 0101020000000001
            """),
    ]

    private static let groups = [
        FrameSample(
            "IGMPv2 query", "IGMP 10.9.0.1 > 10.9.0.2: v2 query",
            "\(ipv4) 4600002000010000010210c3 0a090001 0a090002 94040000 1164ee9b 00000000"),
        FrameSample(
            "IGMPv2 report", "IGMP 10.9.0.1 > 10.9.0.2: v2 report 224.0.0.18",
            "\(ipv4) 4600002000010000010210c3 0a090001 0a090002 94040000 160009ed e0000012"),
        FrameSample(
            "IGMPv2 leave", "IGMP 10.9.0.1 > 10.9.0.2: v2 leave 224.0.0.18",
            "\(ipv4) 4600002000010000010210c3 0a090001 0a090002 94040000 170008ed e0000012"),
        FrameSample(
            "IGMPv3 query", "IGMP 10.9.0.1 > 10.9.0.2: v3 query for 224.0.0.18 from 10.9.0.7",
            """
            \(ipv4) 4600002800010000010210bb 0a090001 0a090002 94040000
            118a0000 e0000012 027d0001 0a090007
            """),
        FrameSample(
            "IGMPv3 report",
            "IGMP 10.9.0.1 > 10.9.0.2: v3 report: 224.0.0.18 to exclude {}, 224.0.0.5 allow {10.9.0.7}",
            """
            \(ipv4) 4600003400010000010210af 0a090001 0a090002 94040000
            22000000 00000002 04000000 e0000012 05000001 e0000005 0a090007
            """),
        FrameSample(
            "MLDv1 query behind hop-by-hop options", "MLD fe80::1 > ff02::1: v1 query",
            """
            \(ipv6) 600000000020 0001 \(linkLocal) \(allNodes) 3a00050200000100
            82000000 27100000 00000000000000000000000000000000
            """),
        FrameSample(
            "MLDv1 done", "MLD fe80::1 > ff02::1: v1 leave ff02::12",
            """
            \(ipv6) 600000000020 0001 \(linkLocal) \(allNodes) 3a00050200000100
            84000000 00000000 \(vrrpGroup)
            """),
        FrameSample(
            "MLDv2 query", "MLD fe80::1 > ff02::1: v2 query for ff02::12",
            """
            \(ipv6) 600000000024 0001 \(linkLocal) \(allNodes) 3a00050200000100
            82000000 83e80000 \(vrrpGroup) 027d0000
            """),
        FrameSample(
            "MLDv2 report", "MLD fe80::1 > ff02::1: v2 report: ff02::12 to include {fe80::1}",
            """
            \(ipv6) 600000000034 0001 \(linkLocal) \(allNodes) 3a00050200000100
            8f000000 00000001 03000001 \(vrrpGroup) \(linkLocal)
            """),
    ]

    private static let transports = [
        FrameSample(
            "UDP", "UDP 10.9.0.1:4660 > 10.9.0.2:53: 5 octets",
            "\(ipv4) 4500002100010000401166b70a0900010a090002 12340035000d0000 68656c6c6f"),
        FrameSample(
            "UDP over IPv6", "UDP [fe80::1]:546 > [ff02::1]:547: 0 octets",
            "\(ipv6) 600000000008 1101 \(linkLocal) \(allNodes) 0222022300080000"),
        FrameSample(
            "TCP, second step", "TCP 10.9.0.1:80 > 10.9.0.2:40000: [S.] seq 4096, ack 17, win 65160, 0 octets",
            """
            \(ipv4) 4500002c00010000400666b70a0900010a090002
            00509c40 00001000 00000011 6012fe88 00000000 020405b4
            """),
        FrameSample(
            "TCP, data", "TCP 10.9.0.1:80 > 10.9.0.2:40000: [P.] seq 4097, ack 17, win 65160, 2 octets",
            """
            \(ipv4) 4500002a00010000400666b90a0900010a090002
            00509c40 00001001 00000011 5018fe88 00000000 6f6b
            """),
        FrameSample(
            "TCP behind a VLAN tag", "VLAN 100: TCP 10.9.0.1:80 > 10.9.0.2:40000: [R] seq 1, win 0, 0 octets",
            """
            020000000002 020000000001 8100 a064 0800 4500002800010000400666bb0a0900010a090002
            00509c40 00000001 00000000 50040000 00000000
            """),
        FrameSample(
            "two tags around ARP", "VLAN 7: VLAN 100: ARP who has 10.9.0.100? Tell 10.9.0.2",
            """
            ffffffffffff 020000000001 88a8 0007 8100 0064 0806
            0001080006040001 020000000001 0a090002 000000000000 0a090064
            """),
    ]
}

extension VectorTests {
    /// Well-formed advertisements with a correct checksum.
    static let valid: [AdvertisementVector] = [
        .init(
            "V3I4-01", "baseline valid advert, checksum-neutral source",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-02", "valid advert, checksum without pseudo-header only",
            version: 3, router: 51, priority: 200, centiseconds: 100, checksum: .plain,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff709487c6128001e0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-04", "three addresses",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254", "198.18.128.253", "198.18.128.252"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb2ac6125956e0000012 3133c80300643134 c61280fe c61280fd
            c61280fc
            """),
        .init(
            "V3I4-05", "reserved nibble 0xF must be ignored on receipt",
            version: 3, router: 51, priority: 200, centiseconds: 100, written: .otherwise,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c801f064cf54 c61280fe
            """),
        .init(
            "V3I4-06", "Max Advertise Interval 4095 (12-bit maximum)",
            version: 3, router: 51, priority: 200, centiseconds: 4095,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010fffafba c61280fe
            """),
        .init(
            "V3I4-07", "Max Advertise Interval 1 cs",
            version: 3, router: 51, priority: 200, centiseconds: 1,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010001bfb8 c61280fe
            """),
        .init(
            "V3I4-08", "priority 255 (address owner) advert",
            version: 3, router: 51, priority: 255, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133ff0100648855 c61280fe
            """),
        .init(
            "V3I4-09", "priority 0 (resigning) advert to an Active router",
            version: 3, router: 51, priority: 0, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133000100648756 c61280fe
            """),
        .init(
            "V3I4-10", "lower priority advert to an Active router",
            version: 3, router: 51, priority: 1, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133010100648656 c61280fe
            """),
        .init(
            "V3I4-11", "equal priority, sender address higher than DUT",
            version: 3, router: 51, priority: 100, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac613595de0000012 3133640100642356 c61280fe
            """),
        .init(
            "V3I4-12", "equal priority, sender address lower than DUT",
            version: 3, router: 51, priority: 100, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133640100642356 c61280fe
            """),
        .init(
            "V3I4-13", "Ethernet-padded frame (60 octets)",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064bf55 c61280fe 00000000
            00000000 00000000 0000
            """),
        .init(
            "V3I4-14", "IPv4 header with Router Alert option (IHL 6)",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 46c0002400000000ff702622c612595ee0000012 94040000 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-15", "DSCP 0 and DF set",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 4500002012344000ff7069b6c612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-16", "255 addresses (maximum count)",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            (1...255).map { "198.18.129.\($0)" },
            """
            01005e000012 00005e000133 0800 45c0041800000000ff70bb2ac6125566e0000012 3133c8ff0064b9b4 c6128101 c6128102
            c6128103 c6128104 c6128105 c6128106 c6128107 c6128108 c6128109 c612810a c612810b c612810c c612810d c612810e
            c612810f c6128110 c6128111 c6128112 c6128113 c6128114 c6128115 c6128116 c6128117 c6128118 c6128119 c612811a
            c612811b c612811c c612811d c612811e c612811f c6128120 c6128121 c6128122 c6128123 c6128124 c6128125 c6128126
            c6128127 c6128128 c6128129 c612812a c612812b c612812c c612812d c612812e c612812f c6128130 c6128131 c6128132
            c6128133 c6128134 c6128135 c6128136 c6128137 c6128138 c6128139 c612813a c612813b c612813c c612813d c612813e
            c612813f c6128140 c6128141 c6128142 c6128143 c6128144 c6128145 c6128146 c6128147 c6128148 c6128149 c612814a
            c612814b c612814c c612814d c612814e c612814f c6128150 c6128151 c6128152 c6128153 c6128154 c6128155 c6128156
            c6128157 c6128158 c6128159 c612815a c612815b c612815c c612815d c612815e c612815f c6128160 c6128161 c6128162
            c6128163 c6128164 c6128165 c6128166 c6128167 c6128168 c6128169 c612816a c612816b c612816c c612816d c612816e
            c612816f c6128170 c6128171 c6128172 c6128173 c6128174 c6128175 c6128176 c6128177 c6128178 c6128179 c612817a
            c612817b c612817c c612817d c612817e c612817f c6128180 c6128181 c6128182 c6128183 c6128184 c6128185 c6128186
            c6128187 c6128188 c6128189 c612818a c612818b c612818c c612818d c612818e c612818f c6128190 c6128191 c6128192
            c6128193 c6128194 c6128195 c6128196 c6128197 c6128198 c6128199 c612819a c612819b c612819c c612819d c612819e
            c612819f c61281a0 c61281a1 c61281a2 c61281a3 c61281a4 c61281a5 c61281a6 c61281a7 c61281a8 c61281a9 c61281aa
            c61281ab c61281ac c61281ad c61281ae c61281af c61281b0 c61281b1 c61281b2 c61281b3 c61281b4 c61281b5 c61281b6
            c61281b7 c61281b8 c61281b9 c61281ba c61281bb c61281bc c61281bd c61281be c61281bf c61281c0 c61281c1 c61281c2
            c61281c3 c61281c4 c61281c5 c61281c6 c61281c7 c61281c8 c61281c9 c61281ca c61281cb c61281cc c61281cd c61281ce
            c61281cf c61281d0 c61281d1 c61281d2 c61281d3 c61281d4 c61281d5 c61281d6 c61281d7 c61281d8 c61281d9 c61281da
            c61281db c61281dc c61281dd c61281de c61281df c61281e0 c61281e1 c61281e2 c61281e3 c61281e4 c61281e5 c61281e6
            c61281e7 c61281e8 c61281e9 c61281ea c61281eb c61281ec c61281ed c61281ee c61281ef c61281f0 c61281f1 c61281f2
            c61281f3 c61281f4 c61281f5 c61281f6 c61281f7 c61281f8 c61281f9 c61281fa c61281fb c61281fc c61281fd c61281fe
            c61281ff
            """),
        .init(
            "V3I4-17", "address list differs from configuration, non-owner",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.77"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064c006 c612804d
            """),
        .init(
            "V3I4-18", "address count differs from configuration",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254", "198.18.128.253"],
            """
            01005e000012 00005e000133 0800 45c0002400000000ff70bb2ac612595ae0000012 3133c80200647844 c61280fe c61280fd
            """),
        .init(
            "V3I4-19", "Max Advertise Interval differs from configuration (250 cs)",
            version: 3, router: 51, priority: 200, centiseconds: 250,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c80100fabebf c61280fe
            """),
        .init(
            "V3I4-20", "source MAC is not the virtual MAC",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 020000000099 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I6-01", "baseline valid advert, link-local then global",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8020064d86c fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-02", "link-local address only (count 1)",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["fe80::5e:233"],
            """
            333300000012 00005e000233 86dd 6c000000001870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c80100640736 fe8000000000000000000000005e0233
            """),
        .init(
            "V3I6-03", "three addresses",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe", "2001:db8:0:1::fd"],
            """
            333300000012 00005e000233 86dd 6c000000003870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8030064a9a4 fe8000000000000000000000005e0233
            20010db80000000100000000000000fe 20010db80000000100000000000000fd
            """),
        .init(
            "V3I6-04", "reserved nibble non-zero",
            version: 3, router: 51, priority: 200, centiseconds: 100, written: .otherwise,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8029064486c fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-05", "priority 0",
            version: 3, router: 51, priority: 0, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 313300020064a06d fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-06", "priority 255",
            version: 3, router: 51, priority: 255, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133ff020064a16c fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-07", "equal priority, higher link-local source",
            version: 3, router: 51, priority: 100, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe8000000000000000000000ffff0001
            ff020000000000000000000000000012 3133640200643c6d fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-08", "equal priority, lower link-local source",
            version: 3, router: 51, priority: 100, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133640200643c6d fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-09", "interval 4095 cs",
            version: 3, router: 51, priority: 200, centiseconds: 4095,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8020fffc8d1 fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V2-01", "baseline valid advert, no authentication",
            version: 2, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133c8010001cfb8 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-02", "two addresses",
            version: 2, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254", "198.18.128.253"],
            """
            01005e000012 00005e000133 0800 45c0002c00000000ff70bb1ec612595ee0000012 2133c802000188a7 c61280fe c61280fd
            00000000 00000000
            """),
        .init(
            "V2-03", "priority 0",
            version: 2, router: 51, priority: 0, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 21330001000197b9 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-04", "priority 255",
            version: 2, router: 51, priority: 255, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133ff01000198b8 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-05", "lower priority",
            version: 2, router: 51, priority: 1, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 21330101000196b9 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-06", "equal priority, higher source",
            version: 2, router: 51, priority: 100, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c613595de0000012 21336401000133b9 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-07", "equal priority, lower source",
            version: 2, router: 51, priority: 100, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 21336401000133b9 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-08", "auth type 0 with non-zero authentication data",
            version: 2, router: 51, priority: 200, centiseconds: 100, written: .otherwise,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133c80100011817 c61280fe 69676e6f
            72656d65
            """),
        .init(
            "V2-09", "Ethernet-padded frame",
            version: 2, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133c8010001cfb8 c61280fe 00000000
            00000000 00000000 0000
            """),
        .init(
            "V2-10", "PASS authentication, correct 8 character key",
            version: 2, router: 51, priority: 200, centiseconds: 100, password: "s3cret42",
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133c80101015e6c c61280fe 73336372
            65743432
            """),
        .init(
            "V3I4-03", "advert whose checksum includes an IPv4 pseudo-header",
            version: 3, router: 51, priority: 200, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff709487c6128001e0000012 3133c801006498b2 c61280fe
            """),
        .init(
            "TX-ADV-01", "v3 IPv4 periodic advert of the DUT, RFC 9568 checksum",
            version: 3, router: 51, priority: 100, centiseconds: 100, checksum: .plain,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70947ec612800ae0000012 3133640100642356 c61280fe
            """),
        .init(
            "TX-ADV-02", "v3 IPv4 periodic advert of the DUT, legacy pseudo-header checksum",
            version: 3, router: 51, priority: 100, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70947ec612800ae0000012 313364010064fca9 c61280fe
            """),
        .init(
            "TX-ADV-03", "v3 IPv4 resignation (priority 0)",
            version: 3, router: 51, priority: 0, centiseconds: 100, checksum: .plain,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70947ec612800ae0000012 3133000100648756 c61280fe
            """),
        .init(
            "TX-ADV-04", "v3 IPv6 periodic advert of the DUT",
            version: 3, router: 51, priority: 100, centiseconds: 100,
            ["fe80::5e:233", "2001:db8:0:1::fe"],
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000a0000a
            ff020000000000000000000000000012 3133640200643bc4 fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "TX-ADV-05", "v2 periodic advert of the DUT",
            version: 2, router: 51, priority: 100, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff709476c612800ae0000012 21336401000133b9 c61280fe 00000000
            00000000
            """),
        .init(
            "TX-ADV-06", "v2 resignation (priority 0)",
            version: 2, router: 51, priority: 0, centiseconds: 100,
            ["198.18.128.254"],
            """
            01005e000012 00005e000133 0800 45c0002800000000ff709476c612800ae0000012 21330001000197b9 c61280fe 00000000
            00000000
            """),
        .init(
            "TX-ADV-07", "v3 IPv4 owner advert (priority 255, VIP = primary)",
            version: 3, router: 51, priority: 255, centiseconds: 100, checksum: .plain,
            ["198.18.128.10"],
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70947ec612800ae0000012 3133ff0100648949 c612800a
            """),
    ]

    /// The form is right, the checksum is not.
    static let wrongChecksum: [FrameVector] = [
        .init(
            "V3I4-59", "checksum off by one",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064bf56 c61280fe
            """),
        .init(
            "V3I4-60", "checksum zero",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c80100640000 c61280fe
            """),
        .init(
            "V3I4-61", "checksum byte-swapped",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c801006455bf c61280fe
            """),
        .init(
            "V3I4-62", "one payload bit flipped (address) after checksumming",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064bf55 c61280ff
            """),
        .init(
            "V3I6-52", "checksum without the IPv6 pseudo-header",
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8020064d69b fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-53", "checksum zero",
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c80200640000 fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-54", "pseudo-header built with next header 58",
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8020064d8a2 fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V2-58", "checksum off by one",
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133c8010001cfb9 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-59", "checksum computed with an IPv4 pseudo-header",
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70947fc6128001e0000012 2133c8010001a90d c61280fe 00000000
            00000000
            """),
    ]

    /// IP packets that carry protocol 112 and no readable VRRP message.
    static let brokenMessages: [FrameVector] = [
        .init(
            "V3I4-54", "version 4",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 4133c8010064af55 c61280fe
            """),
        .init(
            "V3I4-55", "version 0",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 0133c8010064ef55 c61280fe
            """),
        .init(
            "V3I4-63", "truncated: 7 octets of VRRP",
            """
            01005e000012 00005e000133 0800 45c0001b00000000ff70bb2fc612595ee0000012 3133c8010064bf
            """),
        .init(
            "V3I4-64", "truncated: fixed header only, count 1",
            """
            01005e000012 00005e000133 0800 45c0001c00000000ff70bb2ac6125962e0000012 3133c80100640667
            """),
        .init(
            "V3I4-65", "count 2 but one address present",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8020064bf54 c61280fe
            """),
        .init(
            "V3I4-66", "count 255 but one address present",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8ff0064be57 c61280fe
            """),
        .init(
            "V3I4-68", "count 0 with one address present",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 3133c8000064bf56 c61280fe
            """),
        .init(
            "V3I4-76", "four trailing octets inside IP total length",
            """
            01005e000012 00005e000133 0800 45c0002400000000ff70bb26c612595ee0000012 3133c8010064bf55 c61280fe deadbeef
            """),
        .init(
            "V3I4-77", "IP total length 8 octets short of the data",
            """
            01005e000012 00005e000133 0800 45c0001800000000ff70bb32c612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-82", "IPv6 address carried in an IPv4 packet (count 1, 16 octets)",
            """
            01005e000012 00005e000133 0800 45c0002c00000000ff70bb1ec612595ee0000012 3133c8010064d7ae 20010db8 00000001
            00000000 000000fe
            """),
        .init(
            "V3I6-58", "VRRPv2 message in IPv6",
            """
            333300000012 00005e000233 86dd 6c000000002870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 2133c8020001e8cf fe8000000000000000000000005e0233
            20010db80000000100000000000000fe
            """),
        .init(
            "V3I6-60", "truncated: count 2, one address",
            """
            333300000012 00005e000233 86dd 6c000000001870ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c80200640735 fe8000000000000000000000005e0233
            """),
        .init(
            "V3I6-61", "truncated: 6 octets",
            """
            333300000012 00005e000233 86dd 6c000000000670ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8020064
            """),
        .init(
            "V3I6-65", "IPv4 addresses in an IPv6 packet (count 1, 4 octets)",
            """
            333300000012 00005e000233 86dd 6c000000000c70ff fe800000000000000000000000000001
            ff020000000000000000000000000012 3133c8010064c142 c61280fe
            """),
        .init(
            "V2-52", "version 1",
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 1133c8010001dfb8 c61280fe 00000000
            00000000
            """),
        .init(
            "V2-60", "authentication data missing (8+4 octets)",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70bb2ac612595ee0000012 2133c8010001cfb8 c61280fe
            """),
        .init(
            "V2-61", "authentication data cut to 4 octets",
            """
            01005e000012 00005e000133 0800 45c0002400000000ff70bb26c612595ee0000012 2133c8010001cfb8 c61280fe 00000000
            """),
        .init(
            "V2-62", "truncated: 8 octets, count 1",
            """
            01005e000012 00005e000133 0800 45c0001c00000000ff70bb2ec612595ee0000012 2133c801000116ca
            """),
        .init(
            "V2-63", "count 3, one address",
            """
            01005e000012 00005e000133 0800 45c0002800000000ff70bb22c612595ee0000012 2133c8030001cfb6 c61280fe 00000000
            00000000
            """),
    ]

    /// Frames whose IP packet is not to be read.
    static let brokenPackets: [FrameVector] = [
        .init(
            "V3I4-74", "IPv4 header checksum wrong",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff70ba2bc612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-75", "first fragment only (MF set)",
            """
            01005e000012 00005e000133 0800 45c0002042422000ff7058e8c612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-78", "IP total length larger than the frame",
            """
            01005e000012 00005e000133 0800 45c0003c00000000ff70bb0ec612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-83", "priority 200 advert in an 802.3 frame with EtherType 0x86dd",
            """
            01005e000012 00005e000133 86dd 45c0002000000000ff70bb2ac612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I4-84", "IP version nibble 5",
            """
            01005e000012 00005e000133 0800 55c0002000000000ff70ab2ac612595ee0000012 3133c8010064bf55 c61280fe
            """),
    ]

    /// Sound IP packets that carry something else: another protocol, an extension header, AH.
    static let notVRRP: [FrameVector] = [
        .init(
            "V3I4-73", "IPv4 protocol 111",
            """
            01005e000012 00005e000133 0800 45c0002000000000ff6fbb2bc612595ee0000012 3133c8010064bf55 c61280fe
            """),
        .init(
            "V3I6-10", "advert behind an 8-octet destination options header",
            """
            333300000012 00005e000233 86dd 6c00000000303cff fe800000000000000000000000000001
            ff020000000000000000000000000012 7000010400000000 3133c8020064d86cfe80000000000000
            00000000005e023320010db800000001 00000000000000fe
            """),
        .init(
            "V2AH-01", "AH HMAC-MD5-96, TTL zeroed for the ICV as in RFC 2402",
            """
            01005e000012 00005e000133 0800 45c0004000000000ff33bb47c612595ee0000012 70040000c612595e 00000064 7443a05f
            4e94f3f3 768e4f4e 2133c801 0201cdb8 c61280fe 00000000 00000000
            """),
    ]
}

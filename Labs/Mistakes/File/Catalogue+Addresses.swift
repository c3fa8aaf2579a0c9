import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension Catalogue {
    static let addressMistakes = [foreignAddressFamily, addressOfNode, addressOutsideNetwork]

    private static let foreignAddressFamily = Mistake(
        .foreignAddressFamily, "IPv6 address in an IPv4 instance", .error,
        symptom: "The IPv6 address never appears on any node.",
        reason: """
            An instance speaks IPv4 or IPv6, and its first address decides which. Addresses of the other family are \
            left out, with one line in the log. An IPv6 address needs an instance of its own, without \
            authentication, or virtual_ipaddress_excluded, where it moves along and is not advertised.
            """,
        wrong: "virtual_ipaddress {\n192.168.1.100/24 dev eth0 label eth0:vip\n2001:db8::100/64 dev eth0",
        right: "virtual_ipaddress_excluded {\n2001:db8::100/64 dev eth0\n}\n"
            + "virtual_ipaddress {\n192.168.1.100/24 dev eth0 label eth0:vip",
        message: "(Line 30) (VI_1): address family must match VRRP instance [2001:db8::100/64] - ignoring",
        inFiles: { submission in
            submission.diagnoses { _, diagnostic in
                guard diagnostic.message.contains("address family must match") else { return nil }
                let word = diagnostic.location.text.trimmed.split(separator: " ").first ?? ""
                return Diagnosis(
                    .foreignAddressFamily, .error, at: [Diagnosis.Place(diagnostic.location)],
                    "The instance is of the other family, which its first address decides: \(word) is left out.",
                    remedy: "put it into virtual_ipaddress_excluded, or into an instance of its own",
                    message: diagnostic.message)
            }
        },
        specimens: [
            Specimen(
                "VR111-plain", in: "step3",
                [.line("label eth0:vip", "label eth0:vip\n        2001:db8::100/64 dev eth0")]),
            Specimen(
                "VR111-label", in: "step3",
                [.line("label eth0:vip", "label eth0:vip\n        2001:db8::100/64 dev eth0 label eth0:vip6")]),
        ],
        demonstration: Demonstration("node1 is the master, and the IPv6 address is nowhere") { run in
            try await run.addressArrives(with: run.becomeMaster())
            let addresses = try run.lab["node1"].addresses().map { "\($0.prefix)" }
            run.judge(
                "the IPv6 address is missing", !addresses.contains { $0.hasPrefix("2001:db8::100") },
                expected: "no 2001:db8::100 on node1",
                observed: addresses.filter { $0.contains("192.") }.joined(separator: ", "))
        })

    private static let addressOfNode = Mistake(
        .addressOfNode, "the virtual address is a node's own", .error,
        symptom: "The node goes to FAULT and has lost its address; keepalived -t says nothing.",
        reason: """
            The virtual address belongs to no node: it comes and goes. keepalived takes it away when it starts, even \
            when it is the only address of the interface; without one it cannot speak, and is in FAULT. Whoever was \
            logged in by that address is out.
            """,
        wrong: "192.168.1.11/24 dev eth0 label eth0:vip", right: "192.168.1.100/24 dev eth0 label eth0:vip",
        message: "(VI_1) entering FAULT state (no IPv4 address for interface)",
        inFiles: { ownAddresses($0) },
        onWire: confirmed(by: "no IPv4 address for interface") { ownAddresses($0) },
        specimens: [
            Specimen("VR115-own", in: "step3", [.line("192.168.1.100/24", "192.168.1.11/24")]),
            Specimen(
                "VR115-client", in: "step3", [.line("192.168.1.100/24", "192.168.1.50/24")],
                demonstration: Demonstration("node1 announces the address that the client has") { run in
                    let client = IPAddress.v4(IPv4Address(192, 168, 1, 50))
                    let first = try await run.becomeMaster()
                    let claimed = try await run.expect(
                        "node1 announces the client's address", within: .milliseconds(250), since: first.time
                    ) { $0.isAnnouncement(of: client, from: "node1") }
                    guard let claimed else { return }
                    run.judge(
                        "two hosts have one address", true, expected: "192.168.1.50 announced by node1",
                        observed: "\((claimed.time - first.time).text) after node1 became the master")
                }),
        ],
        demonstration: Demonstration("node1 loses its own address when the daemon starts") { run in
            let own = IPAddress.v4(IPv4Address(192, 168, 1, 11))
            let begin = try run.start("node1")
            let gone = try await run.expect("node1's address is gone", within: .seconds(3), since: begin) {
                $0.isRemoval(of: own, from: "node1")
            }
            guard let gone else { return }
            run.judge(
                "node1's own address is gone", true, expected: "192.168.1.11 removed",
                observed: "removed \((gone.time - begin).text) after the start")
        })

    private static let addressOutsideNetwork = Mistake(
        .addressOutsideNetwork, "virtual address outside of the network, or without its length", .error,
        symptom: "The node has the address, and clients on the segment do not reach it.",
        reason: """
            Clients ask on the segment only for addresses of their own network; for others they ask their router. \
            Without a length the address is a host's, 192.168.1.100/32: it answers, but ip addr shows another \
            length than the node's own address has. keepalived takes both without a word.
            """,
        wrong: "192.168.2.100/24 dev eth0 label eth0:vip", right: "192.168.1.100/24 dev eth0 label eth0:vip",
        inFiles: { outsideAddresses($0) },
        specimens: [
            Specimen("VR116-outside", in: "step3", [.line("192.168.1.100/24", "192.168.2.100/24")]),
            Specimen("VR116-length", in: "step3", [.line("192.168.1.100/24", "192.168.1.100")]),
        ],
        demonstration: Demonstration("node1 is the master; the address is not as its segment needs it") { run in
            let first = try await run.becomeMaster()
            let address = first.advertisement?.0.addresses.first
            try await run.addressArrives(with: first)
            let had = try run.lab["node1"].addresses().first { $0.prefix.address == address }
            guard let had, let own = LabNetwork.single.nodes[0].interfaces[0].prefixes.first else {
                return run.judge("node1 has the address", false, expected: "an address", observed: "none")
            }
            run.judge(
                "node1 has the address, and not in its own network",
                !own.contains(had.prefix.address) || had.prefix.length == 32,
                expected: "another network than \(own), or /32", observed: "\(had.prefix) beside \(own)")
        })
}

// MARK: - Recognizers

/// A line of `virtual_ipaddress` that can be read.
private struct WrittenAddress {
    let line: Directive
    let prefix: IPPrefix
    let interface: String
}

extension Submission.Router {
    fileprivate var addresses: [WrittenAddress] {
        reading.instances.flatMap { instance in
            let standard = instance.first("interface")?.name ?? ""
            let lines = ["virtual_ipaddress", "virtual_ipaddress_excluded"].flatMap { instance.all($0) }
            return lines.flatMap { $0.block ?? [] }.compactMap { line -> WrittenAddress? in
                guard let prefix = IPPrefix(line.keyword.text) else { return nil }
                let words = line.arguments.map(\.text)
                let device = words.firstIndex(of: "dev").flatMap {
                    words.indices.contains($0 + 1) ? words[$0 + 1] : nil
                }
                return WrittenAddress(line: line, prefix: prefix, interface: device ?? standard)
            }
        }
    }
}

private func ownAddresses(_ submission: Submission) -> [Diagnosis] {
    submission.sound.flatMap { router in
        router.addresses.compactMap { written in
            let isTaken = { (interface: InterfaceDescription) in
                interface.prefixes.contains { $0.address == written.prefix.address }
            }
            guard submission.interfaces.contains(where: isTaken) else { return nil }
            let owner = submission.routers.first { $0.interfaces.contains(where: isTaken) }
            let isSelf = owner?.node == router.node
            return Diagnosis(
                .addressOfNode, .error, at: [written.line.place],
                "\(written.prefix.address) is \(owner.map { "\($0.node)'s" } ?? "a client's") own address"
                    + (isSelf ? ": the daemon takes it away and is left without one." : "."),
                remedy: "an address of the segment that nobody has, such as 192.168.1.100/24",
                message: isSelf ? "(VI_1) entering FAULT state (no IPv4 address for interface)" : nil)
        }
    }
}

private func outsideAddresses(_ submission: Submission) -> [Diagnosis] {
    submission.sound.flatMap { router in
        router.addresses.compactMap { outside($0, router, submission) }
    }
}

private func outside(
    _ written: WrittenAddress, _ router: Submission.Router, _ submission: Submission
) -> Diagnosis? {
    let address = written.prefix.address
    guard let interface = router.interfaces.first(where: { $0.name == written.interface }),
        address.family == .ipv4,
        let network = interface.prefixes.first(where: { $0.address.family == .ipv4 && $0.length < 32 })
    else { return nil }
    // Several networks can share a segment: whoever is on it has an address of the one that counts.
    let neighbors = submission.interfaces.filter { $0.segment == interface.segment }.flatMap(\.prefixes)
    if !neighbors.contains(where: { $0.length < 32 && $0.contains(address) }) {
        return Diagnosis(
            .addressOutsideNetwork, .error, at: [written.line.place],
            "\(address) is not in \(network), the network of \(written.interface): clients there do not look for it "
                + "on the segment.",
            remedy: "an address of that network, with /\(network.length)")
    }
    guard !written.line.keyword.text.contains("/") else { return nil }
    return Diagnosis(
        .addressOutsideNetwork, .note, at: [written.line.place],
        "Without a length the address becomes \(address)/32.", remedy: "\(address)/\(network.length)")
}

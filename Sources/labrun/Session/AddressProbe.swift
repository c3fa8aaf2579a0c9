import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Who answered for an address when a node asked its link.
struct AddressProbe {
    var asker: String
    var answers: [LookReport.Answer]
}

extension Session {
    /// How long answers may take: kernels answer at once.
    private static let patience: Duration = .milliseconds(100)

    /// Asks for addresses by ARP from nodes that run no daemon, as their users' machines would.
    func probe(_ addresses: [IPAddress]) throws -> [IPAddress: AddressProbe] {
        var probes: [IPAddress: AddressProbe] = [:]
        let begin = MonotonicClock.now
        for case .v4(let address) in addresses {
            guard let end = asker(for: .v4(address)), let mac = try? lab[end.node].macAddress(of: end.interface) else {
                continue
            }
            // From nobody, so that no kernel learns anything from the question.
            let question = ARPPacket(
                operation: .request, senderMAC: mac, senderAddress: .any, targetMAC: .zero, targetAddress: address)
            let frame = EthernetFrame(
                destination: .broadcast, source: mac, etherType: EthernetFrame.EtherType.arp,
                payload: question.serialized())
            do {
                try lab[end.node].send(frame.serialized(), over: end.interface)
            } catch {
                continue
            }
            probes[.v4(address)] = AddressProbe(asker: end.node, answers: [])
        }
        guard !probes.isEmpty else { return [:] }
        _ = awaiting { [lab] in try? await lab.watch(for: Self.patience, since: begin) }
        let timeline = lab.timeline[begin...]
        for address in probes.keys { probes[address]?.answers = Self.answers(for: address, in: timeline) }
        return probes
    }

    /// A node beside the routers, by the interface on the address's network, or by its first.
    private func asker(for address: IPAddress) -> LinkEnd? {
        let others = lab.topology.nodes.filter { !run.routers.contains($0.name) }
        let segments = Set(
            run.routers.flatMap { node in
                routers(of: node).filter { $0.addresses.contains { $0.prefix.address == address } }
                    .compactMap { router in
                        lab.topology.nodes.first { $0.name == node }?.interfaces.first { $0.name == router.interface }?
                            .segment
                    }
            })
        for node in others {
            if let interface = node.interfaces.first(where: { segments.contains($0.segment) }) {
                return LinkEnd(node.name, interface.name)
            }
        }
        return nil
    }

    /// The stations that answered, each with the node that sent its answer.
    private static func answers(for address: IPAddress, in timeline: Timeline) -> [LookReport.Answer] {
        var answers: [LookReport.Answer] = []
        for event in timeline where event.isSent {
            guard case .arp(let packet)? = event.frame?.content, packet.operation == .reply, !packet.isGratuitous,
                IPAddress.v4(packet.senderAddress) == address
            else { continue }
            let answer = LookReport.Answer(mac: "\(packet.senderMAC)", node: event.node)
            if !answers.contains(answer) { answers.append(answer) }
        }
        return answers
    }
}

import NetnsKit
import Timeline
import Wire

extension Narration {
    /// Takes note of an event.
    public mutating func note(_ event: TimelineEvent) {
        let node = event.node ?? ""
        switch event.kind {
        case .frame: noteFrame(event, node)
        case .addressAdded(let prefix, _): noteAddress(prefix.address, .rise, event.time, node)
        case .addressRemoved(let prefix, _): noteAddress(prefix.address, .leave, event.time, node)
        case .link(let interface, let isUp): noteLink(LinkEnd(node, interface), isUp: isUp, event.time)
        case .started(let process, _): noteStart(ProcessName(process, on: node), event.time)
        case .vanished: tell("gone", "the node and all that ran on it", event.time, node)
        case .exited(let process, let status):
            guard programs.contains(ProcessName(process, on: node)) else { return }
            tell("ended", "\(process): \(status)", event.time, node)
        case .crashed(let process, let crash): tell("CRASH", "\(process): \(crash.summary)", event.time, node)
        case .output(let process, _, let line): noteLine(line, of: process, event)
        case .request(let request): note(request, event.time, node)
        case .fault(let text): tell("FAULT", text, event.time)
        case .healed(let text): tell("HEAL", text, event.time)
        // That a daemon starts, its start tells.
        case .step(let text): if !text.hasPrefix("start ") { tell("step", text, event.time) }
        case .verdict(let claim, .failed): tell("FAIL", claim, event.time)
        case .verdict(let claim, .inconclusive): tell("??", claim, event.time)
        case .stall(let length):
            // What is shorter moves no figure out of its bound.
            guard length >= Self.shortStall else { return }
            tell("STALL", "the host stood still for \(length.text): no figure of this time counts", event.time)
        case .lost(let source, let count):
            tell("LOST", "\(count.map(String.init) ?? "some") events of \(source)", event.time, node)
        case .verdict, .impaired, .routeAdded, .routeRemoved, .neighbor, .forwarding: return
        }
    }

    private mutating func tell(_ word: String, _ text: String, _ time: Instant, _ node: String = "") {
        pending.append(Entry(time: time, node: node, word: word, phrases: [text]))
    }

    /// The line of a node's rise to master or of its leaving, which tells all of it; made when there is none yet.
    ///
    /// - Parameter word: what it is called until something says more.
    private mutating func change(
        _ role: Entry.Role, _ word: String, at time: Instant, of node: String, _ body: (inout Entry) -> Void
    ) {
        let open = pending.lastIndex { entry in
            let distance = max(entry.time - time, time - entry.time)
            return entry.node == node && entry.role == role && distance < Self.patience
        }
        if let open { return body(&pending[open]) }
        var entry = Entry(time: time, node: node, word: word, role: role)
        body(&entry)
        pending.append(entry)
    }

    // MARK: The wire

    private mutating func noteFrame(_ event: TimelineEvent, _ node: String) {
        if let (packet, carrier) = event.advertisement {
            let key = Sender(node: node, router: packet.virtualRouterID)
            if event.isSent {
                noteAdvertisement(packet, key, event.time)
            } else if let other = cast.places[carrier.source], other != node {
                heard[key] = Hearing(node: other, time: event.time, priority: packet.priority)
            }
        } else if event.isSent, let address = event.announcedAddress, cast.addresses.contains(address) {
            change(.rise, "announce", at: event.time, of: node) { $0.announcements += 1 }
        }
    }

    private mutating func noteAdvertisement(_ packet: VRRPPacket, _ key: Sender, _ time: Instant) {
        let last = sent.updateValue(Hearing(node: key.node, time: time, priority: packet.priority), forKey: key)
        if packet.priority == 0 {
            guard last.map({ $0.priority > 0 }) ?? true else { return }
            change(.leave, "resigns", at: time, of: key.node) { $0.phrases.insert("priority-0 advert", at: 0) }
            return
        }
        // Three intervals without a word are what others take for an end.
        if let last, last.priority > 0, time - last.time < packet.interval * 3 {
            guard last.priority != packet.priority else { return }
            return tell("priority", "\(last.priority) -> \(packet.priority)", time, key.node)
        }
        var phrases = ["first advert (\(packet.priority))"]
        if let heard = heard[key], heard.time > last?.time ?? .zero {
            let what = heard.priority == 0 ? "\(heard.node)'s priority-0 advert" : "it last heard \(heard.node)"
            phrases.append("\((time - heard.time).text) after \(what)")
        }
        change(.rise, "MASTER", at: time, of: key.node) { entry in
            entry.word = "MASTER"
            entry.phrases = phrases + entry.phrases
        }
    }

    private mutating func noteAddress(_ address: IPAddress, _ role: Entry.Role, _ time: Instant, _ node: String) {
        guard cast.addresses.contains(address), time >= cast.origin else { return }
        change(role, role == .leave ? "loses" : "has", at: time, of: node) { $0.addresses.insert(address) }
    }

    // MARK: Nodes

    private mutating func noteLink(_ end: LinkEnd, isUp: Bool, _ time: Instant) {
        guard time >= cast.origin else { return }
        let isNews = isUp ? linksDown.remove(end) != nil : linksDown.insert(end).inserted
        if isNews { tell("link", "\(end.interface) \(isUp ? "up" : "down")", time, end.node) }
    }

    /// Programs of the lab that only listen are no part of the story.
    private mutating func noteStart(_ program: ProcessName, _ time: Instant) {
        guard !ScenarioReport.tellers.contains(program.process) else { return }
        programs.insert(program)
        let isSame = { (entry: Entry) in entry.node == program.node && entry.word == "start" }
        if let last = pending.lastIndex(where: isSame) {
            pending[last].phrases = [pending[last].phrases.joined() + ", " + program.process]
        } else {
            tell("start", program.process, time, program.node)
        }
    }

    private mutating func noteLine(_ line: String, of process: String, _ event: TimelineEvent) {
        let node = event.node ?? ""
        if let crash = event.crash { return tell("CRASH", "\(process): \(crash.summary)", event.time, node) }
        switch ScenarioReport.sign(of: event) {
        case .state(let word, _):
            change(word == "MASTER" ? .rise : .leave, word, at: event.time, of: node) { $0.word = word }
        case .result(let text, _): tell("check", text, event.time, node)
        case .told: tell("notify", line, event.time, node)
        case nil: return
        }
    }

    // MARK: Clients

    private mutating func note(_ request: ClientRequest, _ time: Instant, _ node: String) {
        let key = "\(node) \(request.service)"
        switch request.outcome {
        case .failed(let reason):
            if outages[key] == nil { tell("OUTAGE", "\(request.service): \(reason)", time, node) }
            outages[key, default: Outage(first: request.asked, count: 0)].count += 1
        case .answered(let responder):
            guard let outage = outages.removeValue(forKey: key) else { return }
            let place = responder.map { " by \($0)" } ?? ""
            let count = outage.count == 1 ? "1 request" : "\(outage.count) requests"
            let text = "\(request.service) answered\(place): \(count) failed in \((time - outage.first).text)"
            tell("served", text, time, node)
        }
    }
}

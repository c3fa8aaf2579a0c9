import LinuxSystem
import Netlink
import Wire

/// Waits for cables to carry frames: a link that is up may still drop what it is given until the kernel has looked at
/// its carrier, and on a busy machine that takes up to a second.
enum LinkReadiness {
    /// `IF_OPER_UP`.
    static let operational: UInt8 = 6
    /// Longer than the kernel lets any link wait.
    private static let patience: Duration = .seconds(3)

    /// A TAP device has its carrier from the beginning, so its state stays unknown and it passes frames at once.
    static func isReady(_ link: LinkRecord) -> Bool {
        link.operationalState == operational || link.kind == "tun" && link.operationalState == 0 && link.isRunning
    }

    /// Interfaces of one namespace.
    struct Place {
        /// For the error.
        var name: String
        /// Can be read when one of them has changed.
        var descriptor: Int32
        /// Takes what can be read there, and names those that carry no frames yet.
        var lacking: () throws(LabError) -> Set<String>
    }

    /// Returns when no interface of any place is lacking; all of them have the same time.
    static func wait(for places: [Place]) throws(LabError) {
        let loop = try translated { () throws(SystemError) in try EventLoop() }
        var lacking: [Int: Set<String>] = [:]
        for (number, place) in places.enumerated() {
            let names = try place.lacking()
            guard !names.isEmpty else { continue }
            lacking[number] = names
            try translated { () throws(SystemError) in
                try loop.watch(place.descriptor, as: EventLoop.Token(number))
            }
        }
        let deadline = MonotonicClock.now + patience
        while let (first, names) = lacking.first {
            let ready = try translated { () throws(SystemError) in try loop.wait(until: deadline) }
            guard !ready.isEmpty else {
                let list = names.sorted().joined(separator: ", ")
                throw .nodeFailed(
                    node: places[first].name, report: "\(list) carried no frames within \(patience.inSeconds) s")
            }
            for number in ready.map(Int.init) {
                let names = try places[number].lacking()
                lacking[number] = names.isEmpty ? nil : names
                if names.isEmpty { loop.unwatch(places[number].descriptor) }
            }
        }
    }
}

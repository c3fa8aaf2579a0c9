import LinuxSystem
import NetnsKit

/// What a lab takes of the process that runs it: memory, and open descriptors.
struct Footprint {
    var counts: [Int]

    func figures() async throws -> [Figure] {
        var figures: [Figure] = []
        for count in counts {
            for contestant in [OwnLab(isolation: .network), OwnLab(isolation: .full)] {
                figures += try await self.figures(contestant, count)
            }
        }
        return figures
    }

    /// The memory is that of the whole process, with what earlier labs have left to the next ones.
    private func figures(_ contestant: OwnLab, _ count: Int) async throws -> [Figure] {
        let descriptors = Self.descriptorCount
        let (memory, all, witness) = try await Lab.run(contestant.topology(of: count)) { lab in
            (try Self.residentMemory(), Self.descriptorCount, try WiringWitness(lab))
        }
        // Its descriptors are not to be taken for the next one's.
        _ = try witness.vanishing.wait(for: count)
        return [("resident memory", "MB", memory), ("descriptors", "open", Double(all - descriptors))].map {
            Figure(
                subject: "footprint", contestant: contestant.name, circumstances: "\(count) nodes", name: $0.0,
                unit: $0.1, sample: Sample([$0.2]))
        }
    }

    private static var descriptorCount: Int { FileSystem.names(in: "/proc/self/fd").count }

    /// In millions of octets.
    private static func residentMemory() throws -> Double {
        let status = String(decoding: try FileSystem.readSystemFile("/proc/self/status"), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
        return number.map { $0 * 1024 / 1_000_000 } ?? .nan
    }
}

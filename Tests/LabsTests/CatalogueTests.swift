import LabCourse
import Labs
import Testing

@Suite("The catalogue of mistakes")
struct CatalogueTests {
    /// The mistakes that one file can have; VR119 is the machine's.
    static let codes = MistakeCode.allCases.filter { code in
        let number = Int(code.rawValue.dropFirst(2)) ?? 0
        return (101...127).contains(number) && number != 119
    }

    @Test("Every mistake of one file has an entry with all that is said about it", arguments: codes)
    func complete(_ code: MistakeCode) throws {
        let mistake = try #require(Catalogue.mistake(code.rawValue.lowercased()))
        #expect(!mistake.specimens.isEmpty)
        #expect(mistake.demonstration != nil)
        #expect(mistake.name.count <= 64 && mistake.name.first?.isLowercase != false || mistake.name.hasPrefix("IP"))
        #expect((20...160).contains(mistake.symptom.count), "\(mistake.symptom.count)")
        #expect((150...420).contains(mistake.reason.count), "\(mistake.reason.count)")
        #expect(!mistake.wrong.isEmpty && mistake.wrong != mistake.right)
        for specimen in mistake.specimens {
            #expect(Course.step(specimen.step) != nil)
            #expect(Catalogue.practice(mistake, specimen) != nil, "\(specimen.id) cannot be run")
        }
    }

    @Test("The wrong lines make the mistake, and the right ones in their place end it", arguments: codes)
    func wrongAndRight(_ code: MistakeCode) throws {
        let mistake = try #require(Catalogue.mistake(code.rawValue))
        let specimens = mistake.specimens.filter(\.isFoundInFiles)
        // What shows only in a run has its lines in a specimen, and no finding.
        guard !specimens.isEmpty else {
            let texts = try mistake.specimens.flatMap { try Self.files(of: $0).map(\.text) }
            #expect(mistake.wrong.split(separator: "\n").allSatisfy { line in texts.contains { $0.contains(line) } })
            return
        }
        let ended = try specimens.filter { specimen in
            guard let righted = Self.righted(try Self.files(of: specimen), mistake) else { return false }
            let step = try #require(Course.step(specimen.step))
            let before = Workplace.findings(step.files(of: specimen), in: step).map(\.code)
            return before.contains(code) && Workplace.findings(righted, in: step).isEmpty
        }
        #expect(!ended.isEmpty, "in none of \(specimens.map(\.id)) do the right lines end it")
    }

    @Test("An unknown code finds those that could have been meant")
    func near() {
        #expect(Catalogue.near("VR14").isEmpty)
        #expect(Catalogue.near("104").map(\.code) == [.notifyNotQuoted])
        #expect(Catalogue.near("webhook").map(\.code) == [.webhookBlocks])
        #expect(Catalogue.near("VR128").first?.code == .unhandledState || Catalogue.near("VR128").count > 3)
    }

    private static func files(of specimen: Specimen) throws -> [SourceFile] {
        try #require(Course.step(specimen.step)).files(of: specimen)
    }

    /// The files with the right lines in the place of the wrong ones; nil when the wrong ones are in none of them.
    private static func righted(_ files: [SourceFile], _ mistake: Mistake) -> [SourceFile]? {
        if mistake.wrong.hasPrefix("chmod ") { return moded(files, mistake) }
        let wrong = mistake.wrong.split(separator: "\n").map(trimmed)
        let right = mistake.right.split(separator: "\n").map(String.init)
        for index in files.indices {
            var lines = files[index].lines
            var places: [Int] = []
            for word in wrong {
                let rest = lines.indices.dropFirst((places.last ?? -1) + 1)
                guard let place = rest.first(where: { trimmed(lines[$0]) == word }) else { break }
                places.append(place)
            }
            guard places.count == wrong.count else { continue }
            for (number, place) in places.enumerated().reversed() {
                if right.count == wrong.count {
                    lines[place] = right[number]
                } else {
                    lines.replaceSubrange(place...place, with: number == 0 ? right : [])
                }
            }
            var changed = files
            changed[index].contents = Array(lines.joined(separator: "\n").utf8)
            return changed
        }
        return nil
    }

    /// Lines of the form `chmod 700 FILE` are about permission bits.
    private static func moded(_ files: [SourceFile], _ mistake: Mistake) -> [SourceFile]? {
        let words = [mistake.wrong, mistake.right].map { $0.split(separator: " ").map(String.init) }
        let modes = words.compactMap { UInt32($0[1], radix: 8) }
        guard modes.count == 2, let index = files.firstIndex(where: { $0.path == words[0][2] && $0.mode == modes[0] })
        else { return nil }
        var changed = files
        changed[index].mode = modes[1]
        return changed
    }

    private static func trimmed(_ line: some StringProtocol) -> String {
        String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

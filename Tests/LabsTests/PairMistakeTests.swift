import KeepalivedConfiguration
import LabCourse
import Testing

@testable import Labs

/// A specimen with the mistake that it has.
struct NamedSpecimen: CustomTestStringConvertible, Sendable {
    var mistake: Mistake
    var specimen: Specimen

    var testDescription: String { specimen.id }

    static let pairs = Catalogue.pairMistakes.flatMap { mistake in
        mistake.specimens.map { NamedSpecimen(mistake: mistake, specimen: $0) }
    }
}

/// The pair of step 4, with changes.
func pair(_ changes: Specimen.Change...) throws -> Submission {
    let step = try #require(Course.step("step4"))
    return step.submission(step.files(of: .pair("test", changes)))
}

@Suite("Mistakes that two files make together")
struct PairMistakeTests {
    @Test("A specimen gets its own code and no other, when its files show it", arguments: NamedSpecimen.pairs)
    func specimens(_ named: NamedSpecimen) throws {
        let step = try #require(Course.step(named.specimen.step))
        let found = Catalogue.diagnose(step.submission(step.files(of: named.specimen)))
        let expected: Set<MistakeCode> = named.specimen.isFoundInFiles ? [named.mistake.code] : []
        #expect(Set(found.map(\.code)) == expected)
        #expect(found.allSatisfy { !$0.sentence.isEmpty && !$0.remedy.isEmpty })
    }

    @Test("Two files that agree have no mistake of a pair", arguments: Course.steps.map(\.id))
    func references(_ id: String) throws {
        let step = try #require(Course.step(id))
        let submission = step.submission(step.files.map(\.solved))
        #expect(Catalogue.pairMistakes.flatMap { $0.inFiles(submission) } == [])
    }

    @Test("The lines of both files are named, as they are written")
    func places() throws {
        let found = Catalogue.diagnose(
            try pair(.setting("virtual_router_id", "virtual_router_id 52", in: LabFile.backup)))
        let places = try #require(found.first).places
        #expect(places.map(\.file) == ["/etc/keepalived/keepalived.conf", "/etc/keepalived/keepalived-backup.conf"])
        #expect(places.map(\.text) == ["virtual_router_id 51", "virtual_router_id 52"])
        let lines = places.map { $0.line ?? 0 }
        #expect(lines.allSatisfy { $0 > 15 && $0 < 40 })
    }

    @Test("A keyword that one file lacks is told at the head of its instance")
    func missingKeyword() throws {
        let found = Catalogue.diagnose(
            try pair(
                .adding("version 3", to: LabFile.backup), .removingBlock("authentication", from: LabFile.backup)))
        #expect(found.map(\.code) == [.differentVersion])
        #expect(found.first?.places.map(\.text) == ["vrrp_instance VI_1 {", "version 3"])
    }

    @Test("Passwords that agree in their first eight characters are the same password")
    func cutPassword() throws {
        let submission = try pair(.setting("auth_pass", "    auth_pass secret12345", in: LabFile.backup))
        #expect(Mistake.differentPassword.inFiles(submission) == [])
        let other = try pair(.setting("auth_pass", "    auth_pass secret1", in: LabFile.backup))
        #expect(Mistake.differentPassword.inFiles(other).map(\.code) == [.differentPassword])
    }

    @Test("Version 3 learns intervals, so that different ones are no mistake there")
    func learnedInterval() throws {
        let submission = try pair(
            .adding("version 3", to: LabFile.master), .adding("version 3", to: LabFile.backup),
            .removingBlock("authentication", from: LabFile.master),
            .removingBlock("authentication", from: LabFile.backup),
            .setting("advert_int", "advert_int 2", in: LabFile.backup))
        #expect(Catalogue.pairMistakes.flatMap { $0.inFiles(submission) } == [])
    }

    @Test("The order of addresses does not matter, nor their prefix lengths")
    func addressOrder() throws {
        let submission = try pair(
            .extendingAddresses(by: "192.168.1.101/24", in: LabFile.master),
            .replacing("192.168.1.100/24", with: "192.168.1.100/32", in: LabFile.backup),
            .replacing("label eth0:vip\n", with: "label eth0:vip\n        192.168.1.101/24\n", in: LabFile.backup))
        #expect(Mistake.differentAddresses.inFiles(submission) == [])
    }

    @Test("Peers that name each other are right; one that names itself, a stranger or nobody is not")
    func peers() throws {
        func found(_ master: String, _ backup: String) throws -> [Diagnosis] {
            let submission = try pair(
                .adding("unicast_peer {", "    \(master)", "}", to: LabFile.master),
                .adding("unicast_peer {", "    \(backup)", "}", to: LabFile.backup))
            return Catalogue.pairMistakes.flatMap { $0.inFiles(submission) }
        }
        #expect(try found("192.168.1.12", "192.168.1.11") == [])
        #expect(try found("192.168.1.12", "192.168.1.12").map(\.sentence).first?.contains("its own address") == true)
        #expect(try found("192.168.1.99", "192.168.1.98").count == 2)
    }

    @Test("Each mistake of a pair can be shown, says why, and has both wrong and right lines")
    func entries() {
        for mistake in Catalogue.pairMistakes {
            #expect(mistake.demonstration != nil, "\(mistake.code)")
            #expect(!mistake.specimens.isEmpty, "\(mistake.code)")
            #expect(mistake.wrong != mistake.right, "\(mistake.code)")
            #expect(
                mistake.reason.count > 150 && mistake.reason.count < 420, "\(mistake.code): \(mistake.reason.count)")
            #expect(mistake.wrong.split(separator: "\n").allSatisfy { $0.count <= 76 }, "\(mistake.code)")
        }
    }
}

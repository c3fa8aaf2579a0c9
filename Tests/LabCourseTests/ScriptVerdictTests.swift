import LabCourse
import Testing
import Timeline

@Suite struct ScriptVerdictTests {
    @Test(
        "Both daemons' words for a check that failed or is well are read, with whatever stands around them",
        arguments: [
            ("Sat Nov 28 12:00:00 2026: VRRP_Script(chk) failed (exited with status 1)", "chk: failed"),
            ("VRRP_Script(chk_service) succeeded", "chk_service: good"),
            ("VRRP_Script(a b) failed", "a b: failed"),
        ])
    func verdicts(_ line: String, _ text: String) {
        #expect(ScriptVerdict(line: line)?.description == text)
    }

    @Test(
        "A run that took too long, an exit status and other lines are no verdict",
        arguments: [
            "VRRP_Script(chk) timed_out", "Script `chk` now returning 1", "VRRP_Script(chk", "VRRP_Script(chk)", "",
        ])
    func others(_ line: String) {
        #expect(ScriptVerdict(line: line) == nil)
    }
}

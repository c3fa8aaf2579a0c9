import LabCourse
import Testing
import Wire

@testable import Labs

@Suite("What the webhook receiver writes")
struct WebhookCallTests {
    @Test("A line says which balancer called, for which instance, with which state")
    func call() throws {
        let line = #"webhook 10.0.9.12 POST {"node": "lb2", "instance":"VI_HTTP",  "state": "MASTER", "priority": 100}"#
        let call = try #require(WebhookCall(line: line))
        #expect(call.balancer == "lb2")
        #expect(call.instance == "VI_HTTP")
        #expect(call.state == "MASTER")
        #expect("\(call)" == "lb2: VI_HTTP MASTER")
    }

    @Test("A call from the data network is nobody's")
    func foreign() throws {
        let call = try #require(WebhookCall(line: #"webhook 10.0.1.11 POST {"state": "FAULT"}"#))
        #expect(call.balancer == nil)
        #expect(call.source == IPAddress("10.0.1.11"))
        #expect(call.state == "FAULT")
    }

    @Test("A body that is no object has no state", arguments: ["MASTER", "-", #"{"state": "MASTER""#, "state=MASTER"])
    func noObject(_ body: String) throws {
        let call = try #require(WebhookCall(line: "webhook 10.0.9.11 POST \(body)"))
        #expect(call.balancer == "lb1")
        #expect(call.state == nil)
        #expect(call.body == body)
    }

    @Test(
        "What is no POST is no call",
        arguments: ["webhook 10.0.9.11 GET -", "webhook 10.0.9.11 <BADREQ> -", "[NOTICE] (1) : New worker", ""])
    func noCall(_ line: String) {
        #expect(WebhookCall(line: line) == nil)
    }
}

@Suite("Flat JSON objects")
struct FlatObjectTests {
    @Test("Strings, numbers and constants are members, whatever space is between them")
    func members() {
        let text = #" { "a" : "x\"y", "b":-1.5e3,"c": null ,"d":"" } "#
        #expect(FlatObject(text)?.members == ["a": "x\"y", "b": "-1.5e3", "c": "null", "d": ""])
        #expect(FlatObject("{}")?.members == [:])
    }

    @Test(
        "What JSON does not allow is no object",
        arguments: [
            "", "[]", "{", #"{"a"}"#, #"{"a": }"#, #"{"a": x}"#, #"{a: "b"}"#, #"{"a": "b",}"#, #"{"a": "b"} x"#,
            #"{"a": "b" "c": "d"}"#, #"{'a': 'b'}"#,
        ])
    func refused(_ text: String) {
        #expect(FlatObject(text) == nil)
    }
}

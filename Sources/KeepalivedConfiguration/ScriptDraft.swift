/// A `vrrp_script` as it was written.
struct ScriptDraft: Draft {
    let name: Located<String>
    var command: Located<ScriptCommand>?
    var interval: Located<Duration>?
    var timeout: Located<Duration>?
    var weight = TrackedWeight()
    var rise: Located<Int>?
    var fall: Located<Int>?
    var user: Located<String>?
    var group: Located<String>?
    var startsFailed: Located<Bool>?

    init(name: Located<String>) {
        self.name = name
    }

    var subject: String { "(\(name.value)): " }
}

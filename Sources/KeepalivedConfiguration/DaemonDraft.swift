/// A whole configuration before it is checked.
struct DaemonDraft: Draft {
    var globals = GlobalDraft()
    var scripts: [ScriptDraft] = []
    var instances: [InstanceDraft] = []

    var subject: String { "" }
}

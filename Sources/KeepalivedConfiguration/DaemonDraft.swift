import VRRPCore

/// A whole configuration before it is checked.
struct DaemonDraft: Draft {
    var globals = GlobalDraft()
    var scripts: [ScriptDraft] = []
    var files: [TrackFileDraft] = []
    var processes: [TrackProcessDraft] = []
    var groups: [SyncGroupDraft] = []
    var instances: [InstanceDraft] = []
    var spacingGroups: [SpacingGroupDraft] = []
    var interfaceDelays: [(name: Located<String>, delay: InterfaceDelay)] = []
    var staticAddresses: [AddressLine] = []
    var staticRoutes: [RouteLine] = []
    var staticRules: [RuleLine] = []
    /// `KIND NAME` of every named block, for none may come twice.
    private var blocks: Set<[String]> = []

    var subject: String { "" }

    var definitions: DefinitionCount {
        DefinitionCount(scripts: scripts.count, files: files.count, processes: processes.count)
    }

    /// The name of a block that is the first of its kind to bear it; nil, with a word about it, for others.
    mutating func newName(
        of directive: Directive, unnamed severity: Diagnostic.Severity = .error,
        twice category: Diagnostic.Category = .general, _ diagnostics: inout Diagnostics
    ) -> Located<String>? {
        let keyword = directive.keyword.text
        guard let name = directive.arguments.first, directive.arguments.count == 1 else {
            let problem = "\(keyword) must have a name of one word - ignoring the block"
            let location = directive.arguments.last?.location ?? directive.keyword.location
            diagnostics.report(Diagnostic(severity, problem, at: location))
            return nil
        }
        guard blocks.insert([keyword, name.text]).inserted else {
            let kind = keyword == "vrrp_instance" ? "vrrp instance" : keyword
            let problem = "\(kind) \(name.text) already defined - ignoring the block"
            diagnostics.report(Diagnostic(.error, problem, at: name.location, category: category))
            return nil
        }
        return Located(name.text, at: name.location)
    }
}

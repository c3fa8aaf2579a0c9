/// A `track_file` as it was written.
struct TrackFileDraft: Draft {
    let name: Located<String>
    var path: Located<String>?
    /// A file moves priorities by the number in it, unless it says otherwise.
    var weight = TrackedWeight(value: 1)
    var initialValue: Int?
    var overwrites = false

    init(name: Located<String>) {
        self.name = name
    }

    var subject: String { "track_file \(name.value): " }

    /// nil, with a word about it, when nothing says which file is meant.
    func checked(_ diagnostics: inout Diagnostics) -> TrackFile? {
        guard let path else {
            diagnostics.error("No file set for track_file \(name.value) - ignoring", at: name.location)
            return nil
        }
        return TrackFile(name: name.value, path: path.value, initialValue: initialValue, overwrites: overwrites)
    }
}

/// `track_file NAME { … }`.
let trackFileKeywords = KeywordTable<TrackFileDraft>([
    .word("file", \.path),
    Keyword("weight") { directive, file, diagnostics in
        let refusal = file.subject + "weight not valid!"
        if let weight = TrackedWeight.read(directive, at: 0, in: -254...254, refusal: refusal, &diagnostics) {
            file.weight = weight
        }
    },
    Keyword("init_file") { directive, file, diagnostics in
        file.initialValue = file.initialValue ?? 0
        for word in directive.arguments {
            if word.text == "overwrite" {
                file.overwrites = true
            } else if let value = try? Number.integer(word.text, in: -2_147_483_648...2_147_483_647) {
                file.initialValue = value
            } else {
                diagnostics.error(
                    "\(file.subject)unknown init_file option '\(word.text)' - ignoring; a number and 'overwrite' are "
                        + "known", at: word.location)
            }
        }
    },
])

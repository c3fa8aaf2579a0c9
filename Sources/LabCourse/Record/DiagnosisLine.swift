/// A mistake in somebody's files as a line of a run.
public struct DiagnosisLine: Codable, Hashable, Sendable {
    public var v = 1
    public var kind = "diagnosis"
    public var code: MistakeCode
    public var severity: Diagnosis.Severity
    /// The first place; every one is in `places`.
    public var file: String?
    public var line: Int?
    public var sentence: String
    public var remedy: String
    /// What keepalived says about it.
    public var message: String?
    /// The scenarios in which it was seen.
    public var because: [String]?
    public var places: [Diagnosis.Place]
    public var sights: [Diagnosis.Sight]

    public init(_ diagnosis: Diagnosis) {
        code = diagnosis.code
        severity = diagnosis.severity
        file = diagnosis.places.first?.file
        line = diagnosis.places.first?.line
        sentence = diagnosis.sentence
        remedy = diagnosis.remedy
        message = diagnosis.message
        because = diagnosis.because
        places = diagnosis.places
        sights = diagnosis.sights
    }
}

/// Time in which the host ran nothing of a lab, as a line of a run.
public struct StallLine: Codable, Hashable, Sendable {
    public var v = 1
    public var kind = "stall"
    /// Its end, in seconds from the lab's start.
    public var t: Double
    /// Its length in milliseconds.
    public var ms: Double
    /// The scenarios whose lab stood still.
    public var affects: [String]

    public init(_ stall: StallRecord, affects: [String]) {
        t = stall.t
        ms = (stall.length * 1_000_000).rounded() / 1000
        self.affects = affects
    }
}

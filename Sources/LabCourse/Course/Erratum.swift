/// A place where the published text says one thing and the wire another.
public struct Erratum: Hashable, Sendable {
    /// Such as `E31`, whose first digit is the step's; unique in the course.
    public var id: String
    /// The step whose text it is.
    public var step: String
    /// What the text says or lets its reader expect.
    public var text: String
    /// What happens.
    public var wire: String
    /// What vrrpd does instead, where it is meant to be kinder than keepalived; nil when both do the same.
    public var ours: String?
    /// The mistake that the text makes, when the catalogue has it.
    public var code: MistakeCode?

    public init(
        _ id: String, in step: String, text: String, wire: String, ours: String? = nil, code: MistakeCode? = nil
    ) {
        self.id = id
        self.step = step
        self.text = text
        self.wire = wire
        self.ours = ours
        self.code = code
    }
}

/// How a check stands to an erratum: whether what was seen is what the erratum says.
public struct Contrast: Hashable, Sendable {
    public var erratum: String
    /// Whether the wire showed exactly what the erratum has for it.
    public var isAsCatalogued: Bool
    /// Whether it showed what the erratum has for vrrpd alone.
    public var isOurs: Bool

    public init(_ erratum: String, isAsCatalogued: Bool, isOurs: Bool = false) {
        self.erratum = erratum
        self.isAsCatalogued = isAsCatalogued
        self.isOurs = isOurs
    }
}

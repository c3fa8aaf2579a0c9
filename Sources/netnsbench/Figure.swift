/// One line of the result: what was measured of whom, and in which circumstances.
struct Figure: Sendable {
    /// Such as `bring-up`.
    var subject: String
    /// Whom it was measured of.
    var contestant: String
    /// The circumstances, such as `100 nodes`.
    var circumstances: String
    /// What was measured, such as `up`.
    var name: String
    var unit: String
    var sample: Sample

    /// An object of JSON, alone on its line.
    var json: String {
        let texts = [
            ("subject", subject), ("contestant", contestant), ("circumstances", circumstances), ("figure", name),
            ("unit", unit),
        ].map { "\"\($0)\":\"\($1)\"" }
        let numbers = [
            ("median", sample.median), ("min", sample.minimum), ("max", sample.maximum), ("p99", sample.quantile(0.99)),
            ("runs", Double(sample.values.count)),
        ].map { "\"\($0)\":\($1.isFinite ? "\($1)" : "null")" }
        return "{\((texts + numbers).joined(separator: ","))}"
    }
}

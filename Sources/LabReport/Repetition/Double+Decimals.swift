import NetnsKit
import Timeline
import Wire

extension Double {
    /// Seconds with three decimals, such as `3.610`.
    var inDecimals: String { Duration.seconds(self).decimalSeconds() }
}

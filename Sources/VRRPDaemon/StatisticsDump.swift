import VRRPCore

/// The text of `keepalived.stats`.
enum StatisticsDump {
    static func text(of routers: [VirtualRouter]) -> String {
        routers.map { text($0.statistics, of: $0.configuration.name) }.joined()
    }

    private static func text(_ statistics: Statistics, of router: String) -> String {
        func discards(_ counter: Discard.Counter) -> Int { statistics.discards[counter] ?? 0 }
        return """
            VRRP Instance: \(router)
              Advertisements:
                Received: \(statistics.advertisementsReceived)
                Sent: \(statistics.advertisementsSent)
              Became master: \(statistics.becameMaster)
              Released master: \(statistics.releasedMaster)
              Packet Errors:
                Length: \(discards(.length))
                TTL: \(discards(.hopLimit))
                Invalid Type: \(discards(.type))
                Advertisement Interval: \(discards(.interval))
                Address List: \(discards(.addressList))
              Authentication Errors:
                Invalid Type: \(discards(.authenticationType))
                Type Mismatch: \(discards(.authenticationMismatch))
                Failure: \(discards(.authenticationFailure))
              Priority Zero:
                Received: \(statistics.priorityZeroReceived)
                Sent: \(statistics.priorityZeroSent)

            """
    }
}

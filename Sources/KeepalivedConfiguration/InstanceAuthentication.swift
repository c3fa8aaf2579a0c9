import VRRPCore
import Wire

// How an instance proves itself to its peers.
extension InstanceDraft {
    func authentication(
        for router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics
    ) -> AdvertisementAuthentication {
        guard let type = authenticationType else {
            if let password {
                diagnostics.advice("\(subject)auth_pass without auth_type: no authentication", at: password.location)
            }
            return .none
        }
        guard let password else {
            diagnostics.warning(
                "\(subject)Authentication specified but no password given. Ignoring", at: type.location)
            return .none
        }
        let octets = Array(password.value.utf8)
        if octets.count > 8 {
            diagnostics.warning("Truncating auth_pass to 8 characters", at: password.location)
        }
        if router.isStrict {
            diagnostics.warning(
                "\(subject)Strict mode does not support authentication. Ignoring.", at: type.location)
            return .none
        }
        if router.version == .v3 {
            diagnostics.warning(
                "\(subject)VRRP version 3 does not support authentication. Ignoring.", at: type.location)
            return .none
        }
        let key = octets.prefix(8) + Array(repeating: 0, count: max(0, 8 - octets.count))
        guard type.value == .header else { return .password(Array(key)) }
        guard router.family == .ipv4 else {
            diagnostics.warning("\(subject)AH authentication is not defined for IPv6. Ignoring.", at: type.location)
            return .none
        }
        return .header(key: Array(key))
    }
}

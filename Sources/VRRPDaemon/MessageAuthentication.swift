import Crypto

/// The arithmetic of `auth_type AH`: HMAC-MD5 cut to 96 bits (RFC 2403 §2), which is all that VRRPv2 ever had.
enum MessageAuthentication {
    /// How many octets of the code travel.
    static let length = 12

    /// The code for these octets under a key of any length.
    static func code(for octets: [UInt8], key: [UInt8]) -> [UInt8] {
        let code = HMAC<Insecure.MD5>.authenticationCode(for: octets, using: SymmetricKey(data: key))
        return Array(code.prefix(length))
    }
}

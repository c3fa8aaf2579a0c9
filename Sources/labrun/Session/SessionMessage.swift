import FoundationEssentials
import LinuxSystem
import NetnsKit

/// Values as the messages between `labrun` and a standing lab: one JSON line each.
enum SessionMessage {
    static func octets(_ value: some Encodable) throws -> [UInt8] {
        Array(try JSONLines.line(value).utf8)
    }

    static func value<Value: Decodable>(_ type: Value.Type, from octets: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(octets))
    }
}

extension LocalConnection {
    borrowing func send(_ reply: SessionReply, passing descriptors: [Int32] = []) throws {
        try send(SessionMessage.octets(reply), passing: descriptors)
    }

    borrowing func send(_ request: SessionRequest, passing descriptors: [Int32] = []) throws {
        try send(SessionMessage.octets(request), passing: descriptors)
    }
}

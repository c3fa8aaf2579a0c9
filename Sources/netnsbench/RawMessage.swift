import CLinux
import Glibc

/// Netlink messages, octet by octet.
enum RawMessage {
    /// `RTM_NEWLINK`, `RTM_NEWADDR`.
    private static let (newLink, newAddress): (UInt16, UInt16) = (16, 20)
    /// `NLM_F_REQUEST | NLM_F_ACK`, and with it `NLM_F_CREATE | NLM_F_EXCL`.
    private static let (request, creation): (UInt16, UInt16) = (5, 0x605)
    private static let isUp: UInt32 = 1

    static func bridge(index: UInt32) -> [UInt8] {
        message(
            newLink, creation,
            link(index, up: true) + text(3, "br0") + nest(18, text(1, "bridge") + nest(2, number(1, UInt32(0)))))
    }

    /// A veth pair: the first end is a port of the bridge and up, the second lies in the node.
    static func cable(_ number: Int, to node: Int32, bridge: UInt32) -> [UInt8] {
        let peer = link(0, up: false) + text(3, "eth0") + self.number(28, UInt32(node))
        return message(
            newLink, creation,
            link(0, up: true) + text(3, "p\(number)") + self.number(10, bridge)
                + nest(18, text(1, "veth") + nest(2, attribute(1, peer))))
    }

    static func up(_ index: UInt32) -> [UInt8] {
        message(newLink, request, link(index, up: true))
    }

    static func address(ofNode number: Int, on index: UInt32) -> [UInt8] {
        let octets = [10, 0, UInt8(number / 200), UInt8(number % 200 + 1)]
        return message(
            newAddress, creation,
            [UInt8(AF_INET), 16, 0, 0] + word(index) + attribute(2, octets) + attribute(1, octets))
    }

    private static func message(_ type: UInt16, _ flags: UInt16, _ payload: [UInt8]) -> [UInt8] {
        word(UInt32(16 + payload.count)) + half(type) + half(flags) + word(1) + word(0) + payload
    }

    /// `struct ifinfomsg`.
    private static func link(_ index: UInt32, up: Bool) -> [UInt8] {
        let flags = up ? isUp : 0
        return [0, 0, 0, 0] + word(index) + word(flags) + word(flags)
    }

    private static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return half(UInt16(4 + value.count)) + half(type) + value + padding
    }

    private static func nest(_ type: UInt16, _ value: [UInt8]) -> [UInt8] { attribute(type | 0x8000, value) }
    private static func text(_ type: UInt16, _ value: String) -> [UInt8] { attribute(type, Array(value.utf8) + [0]) }
    private static func number(_ type: UInt16, _ value: UInt32) -> [UInt8] { attribute(type, word(value)) }
    private static func half(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
    private static func word(_ value: UInt32) -> [UInt8] { half(UInt16(value & 0xffff)) + half(UInt16(value >> 16)) }
}

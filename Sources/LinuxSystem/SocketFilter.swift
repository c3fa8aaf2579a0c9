import CLinux
import Glibc
import Wire

/// A program that the kernel runs for each packet before a socket gets it (classic BPF).
///
/// A raw socket's looks at one octet and wants it to be one of a set, so that a packet without that octet is not
/// wanted; a packet socket's looks at the interface.
public struct SocketFilter: Hashable, Sendable {
    /// One instruction of the machine (linux/filter.h).
    struct Instruction: Hashable, Sendable {
        var code: UInt16
        var jumpIfTrue: UInt8 = 0
        var jumpIfFalse: UInt8 = 0
        var operand: UInt32
    }

    let instructions: [Instruction]

    /// - Parameters:
    ///   - wanted: the values that the octet may have.
    ///   - offset: where it stands, counted from the end of the IPv4 header, or from the start of what an IPv6 socket
    ///     receives.
    public init(wanting wanted: Set<UInt8>, atOffset offset: UInt32, of family: AddressFamily) {
        var program: [Instruction]
        switch family {
        case .ipv4:
            program = [
                // X is the length of the header.
                Instruction(code: UInt16(BPF_LDX | BPF_B | BPF_MSH), operand: 0),
                Instruction(code: UInt16(BPF_LD | BPF_B | BPF_IND), operand: offset),
            ]
        case .ipv6:
            program = [Instruction(code: UInt16(BPF_LD | BPF_B | BPF_ABS), operand: offset)]
        }
        // Each range decides for itself, so that no jump is longer than the machine allows.
        for range in Self.ranges(of: wanted) {
            program.append(
                Instruction(
                    code: UInt16(BPF_JMP | BPF_JGE | BPF_K), jumpIfFalse: 2, operand: UInt32(range.lowerBound)))
            program.append(
                Instruction(code: UInt16(BPF_JMP | BPF_JGT | BPF_K), jumpIfTrue: 1, operand: UInt32(range.upperBound)))
            program.append(Instruction(code: UInt16(BPF_RET | BPF_K), operand: .max))
        }
        program.append(Instruction(code: UInt16(BPF_RET | BPF_K), operand: 0))
        instructions = program
    }

    /// Wants the frames of those interfaces of a packet socket whose indexes lie in a range.
    public init(interfaces: Range<UInt32>) {
        instructions = [
            // Below zero the machine finds what the kernel knows beside the packet.
            Instruction(
                code: UInt16(BPF_LD | BPF_W | BPF_ABS), operand: UInt32(bitPattern: SKF_AD_OFF + SKF_AD_IFINDEX)),
            Instruction(code: UInt16(BPF_JMP | BPF_JGE | BPF_K), jumpIfFalse: 2, operand: interfaces.lowerBound),
            Instruction(code: UInt16(BPF_JMP | BPF_JGE | BPF_K), jumpIfTrue: 1, operand: interfaces.upperBound),
            Instruction(code: UInt16(BPF_RET | BPF_K), operand: .max),
            Instruction(code: UInt16(BPF_RET | BPF_K), operand: 0),
        ]
    }

    /// Neighbors in a set, taken together.
    static func ranges(of values: Set<UInt8>) -> [ClosedRange<UInt8>] {
        values.sorted().reduce(into: []) { ranges, value in
            if let last = ranges.last, last.upperBound + 1 == value {
                ranges[ranges.count - 1] = last.lowerBound...value
            } else {
                ranges.append(value...value)
            }
        }
    }

    func attach(to socket: Int32) throws(SystemError) {
        var program = instructions.map {
            sock_filter(code: $0.code, jt: $0.jumpIfTrue, jf: $0.jumpIfFalse, k: $0.operand)
        }
        try systemCall("setsockopt(SO_ATTACH_FILTER)") {
            unsafe program.withUnsafeMutableBufferPointer { program in
                var header = unsafe sock_fprog(len: UInt16(program.count), filter: program.baseAddress)
                return unsafe setsockopt(
                    socket, SOL_SOCKET, SO_ATTACH_FILTER, &header, socklen_t(MemoryLayout<sock_fprog>.size))
            }
        }
    }
}

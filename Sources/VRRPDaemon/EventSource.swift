import LinuxSystem

/// What the event loop can report; ordered by urgency.
enum EventSource: Hashable, Sendable {
    case signals
    case interfaces
    case routing
    case packets(interfaceIndex: Int32)
    case process(pid: Int32)
    case trackedFiles
    /// A process that was found for a `track_process` has ended.
    case trackedProcess(pid: Int32)
    case mail
    case nameLookup

    /// The kind in the upper half, its number in the lower.
    var token: EventLoop.Token {
        switch self {
        case .signals: 0
        case .interfaces: 1 << 32
        case .packets(let index): 2 << 32 | UInt64(UInt32(bitPattern: index))
        case .routing: 8 << 32
        case .process(let pid): 3 << 32 | UInt64(UInt32(bitPattern: pid))
        case .trackedFiles: 4 << 32
        case .trackedProcess(let pid): 5 << 32 | UInt64(UInt32(bitPattern: pid))
        case .mail: 6 << 32
        case .nameLookup: 7 << 32
        }
    }

    init?(token: EventLoop.Token) {
        let number = Int32(truncatingIfNeeded: token)
        switch token >> 32 {
        case 0: self = .signals
        case 1: self = .interfaces
        case 2: self = .packets(interfaceIndex: number)
        case 3: self = .process(pid: number)
        case 4: self = .trackedFiles
        case 5: self = .trackedProcess(pid: number)
        case 6: self = .mail
        case 7: self = .nameLookup
        case 8: self = .routing
        default: return nil
        }
    }
}

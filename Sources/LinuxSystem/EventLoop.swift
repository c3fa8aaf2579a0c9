import CLinux
import Glibc
import Wire

/// One thread's epoll set with a deadline: tells which descriptors are ready, by tokens of the caller's choice.
///
/// Deadlines are exact to the kernel's timers, because a timerfd stands in for epoll's milliseconds.
public struct EventLoop: ~Copyable, Sendable {
    /// What a caller registers a descriptor under; `UInt64.max` is taken.
    public typealias Token = UInt64

    private let epoll: OwnedDescriptor
    private let timer: OwnedDescriptor
    private static let timerToken = Token.max
    /// More descriptors than this are reported by the next wait.
    public static let capacity = 64

    public init() throws(SystemError) {
        let epoll = OwnedDescriptor(owning: try systemCall("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        let timer = OwnedDescriptor(
            owning: try systemCall("timerfd_create") {
                timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
            })
        try Self.control(epoll.number, EPOLL_CTL_ADD, timer.number, Self.timerToken)
        self.epoll = epoll
        self.timer = timer
    }

    /// Reports the token whenever the descriptor can be read or has ended.
    public borrowing func watch(_ descriptor: Int32, as token: Token) throws(SystemError) {
        try Self.control(epoll.number, EPOLL_CTL_ADD, descriptor, token)
    }

    /// Reports the token once a descriptor can be written to, as when a connection has been made or has failed;
    /// `resume` then waits for what can be read.
    public borrowing func watchForRoom(_ descriptor: Int32, as token: Token) throws(SystemError) {
        try Self.control(epoll.number, EPOLL_CTL_ADD, descriptor, token, events: EPOLLOUT.rawValue)
    }

    /// Forgets a descriptor; needed only when it stays open.
    public borrowing func unwatch(_ descriptor: Int32) {
        try? Self.control(epoll.number, EPOLL_CTL_DEL, descriptor, 0)
    }

    /// Leaves a watched descriptor alone until it is resumed, whatever can be read from it.
    public borrowing func pause(_ descriptor: Int32, watchedAs token: Token) {
        try? Self.control(epoll.number, EPOLL_CTL_MOD, descriptor, token, events: 0)
    }

    /// Reports the token again whenever the descriptor can be read.
    public borrowing func resume(_ descriptor: Int32, watchedAs token: Token) {
        try? Self.control(epoll.number, EPOLL_CTL_MOD, descriptor, token)
    }

    /// Waits until something is ready or the deadline has come, for ever without one.
    ///
    /// - Returns: the tokens that are ready, at most `capacity` of them; empty when only the deadline came.
    public borrowing func wait(until deadline: Instant?) throws(SystemError) -> [Token] {
        try arm(deadline)
        var events = unsafe [epoll_event](repeating: epoll_event(), count: Self.capacity)
        let count = try systemCall("epoll_wait") {
            unsafe epoll_wait(epoll.number, &events, Int32(Self.capacity), -1)
        }
        return unsafe events.prefix(Int(count)).map { unsafe $0.data.u64 }.filter { $0 != Self.timerToken }
    }

    private borrowing func arm(_ deadline: Instant?) throws(SystemError) {
        var time = itimerspec()
        if let deadline {
            // All zeros would disarm the timer: an instant in the past must fire at once.
            let nanoseconds = max(deadline.nanoseconds, 1)
            time.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
            time.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        }
        try systemCall("timerfd_settime") {
            unsafe timerfd_settime(timer.number, Int32(TFD_TIMER_ABSTIME), &time, nil)
        }
    }

    private static func control(
        _ epoll: Int32, _ operation: Int32, _ descriptor: Int32, _ token: Token, events: UInt32 = EPOLLIN.rawValue
    ) throws(SystemError) {
        var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: token))
        try systemCall("epoll_ctl") { unsafe epoll_ctl(epoll, operation, descriptor, &event) }
    }
}

/// Wakes an event loop from another thread.
public struct Wakeup: ~Copyable, Sendable {
    private let event: OwnedDescriptor

    public init() throws(SystemError) {
        event = OwnedDescriptor(
            owning: try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) })
    }

    /// To be watched by the loop.
    public var descriptor: Int32 { event.number }

    /// Makes the descriptor readable until it is cleared, however often; any thread may.
    public borrowing func signal() {
        try? event.write([1, 0, 0, 0, 0, 0, 0, 0])
    }

    /// Makes the descriptor quiet again.
    public borrowing func clear() {
        _ = try? event.read(atMost: 8)
    }
}

import Timeline

/// Somebody who is told of what a lab records, while this value lives.
public final class LabFollower: Sendable {
    /// Takes note of events that were recorded together.
    public typealias Receiver = @Sendable ([TimelineEvent]) -> Void

    private let recorder: Recorder
    private let number: Int

    init(_ recorder: Recorder, _ receive: @escaping Receiver) {
        self.recorder = recorder
        number = recorder.follow(receive)
    }

    deinit {
        recorder.unfollow(number)
    }
}

import Timeline
import Wire

/// What the fate of a frame hangs on, and nothing else.
public struct FateKey: Hashable, Sendable {
    /// The topology's.
    public var seed: UInt64
    /// The end of the cable, such as `node1/eth0`.
    public var link: String
    /// As the node at that end sees it.
    public var direction: CapturedFrame.Direction
    /// What kind of frame it is: each class is counted for itself, so that one does not shift another's fate.
    public var frameClass: FrameClass
    /// Counted from 1, among the frames of this class that passed in this direction since the impairment began.
    public var ordinal: Int
    /// How many other impairments of this cable and direction were in force when this one began.
    public var layer: Int

    /// Names one frame of one cable; layer 0 is an impairment beside no other.
    public init(
        seed: UInt64, link: String, direction: CapturedFrame.Direction, frameClass: FrameClass, ordinal: Int,
        layer: Int = 0
    ) {
        self.seed = seed
        self.link = link
        self.direction = direction
        self.frameClass = frameClass
        self.ordinal = ordinal
        self.layer = layer
    }

    /// The key as one number; words go in by their letters, so that a new class leaves the others as they are.
    var mixed: UInt64 {
        var mixed = SeededGenerator.scrambled(seed &+ 0x9e37_79b9_7f4a_7c15)
        for part in [
            Self.hash(link), Self.hash(direction.rawValue), Self.hash(frameClass.rawValue), UInt64(ordinal),
            UInt64(layer),
        ] {
            mixed = SeededGenerator.scrambled((mixed ^ part) &+ 0x9e37_79b9_7f4a_7c15)
        }
        return mixed
    }

    /// FNV-1a of 64 bits.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

/// The stable name of a mistake, as `labrun explain` takes it.
public enum MistakeCode: String, Hashable, Sendable, Codable, CaseIterable {
    // The machine.
    case notInstalled = "VR001"
    case notPrivileged = "VR002"

    // One file.
    case passwordCut = "VR101"
    case preemptDelayOnMaster = "VR102"
    case nopreemptOnMaster = "VR103"
    case notifyNotQuoted = "VR104"
    case programNotFound = "VR105"
    case unknownScriptUser = "VR106"
    case scriptCannotRun = "VR107"
    case unsafePermissions = "VR108"
    case nopreemptOnWrongNode = "VR109"
    case weightTooSmall = "VR110"
    case foreignAddressFamily = "VR111"
    case ownInterfaceTracked = "VR112"
    case noSuchInterface = "VR113"
    case checkWithoutConsequence = "VR114"
    case addressOfNode = "VR115"
    case addressOutsideNetwork = "VR116"
    case syntax = "VR117"
    case failingSinceStart = "VR118"
    case strayDaemon = "VR119"
    case badInterpreter = "VR120"
    case notIdempotent = "VR121"
    case needsTerminalOrPath = "VR122"
    case unhandledState = "VR123"
    case flapping = "VR124"
    case slowerThanInterval = "VR125"
    case constantResult = "VR126"
    case webhookBlocks = "VR127"

    // Two files.
    case differentRouterID = "VR201"
    case differentPassword = "VR202"
    case differentInterval = "VR203"
    case differentVersion = "VR204"
    case differentAddresses = "VR205"
    case filtered = "VR206"
    case unicastAgainstMulticast = "VR207"
    case equalPriorities = "VR208"
    case wrongPeers = "VR209"
    case interfaceRenamed = "VR210"

    // The run.
    case hostStalled = "VR301"
    case somethingLeaked = "VR302"
}

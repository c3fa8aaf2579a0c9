import Glibc
import LinuxSystem
import Netlink

extension LabError {
    /// Whether a lab that cannot be built for this reason cannot be built on this machine at all: a right is missing,
    /// a program, or something in the kernel. Other errors may be gone at the next attempt.
    public var concernsMachine: Bool {
        switch self {
        case .notPermitted, .initMissing, .nodeFailed, .noTapDevices: true
        case .netlink(let error): Self.missingInKernel.contains(error.code)
        case .system(let error): Self.missingInKernel.contains(error.code)
        case .topology, .impairment, .notImpairable, .noSuchNode, .noSuchInterface, .noSuchProcess, .noSuchSegment,
            .notRunning, .noInput, .threadsLeft, .file, .notPrivate, .setting, .route, .networkOnly, .alreadyInForce,
            .notInForce, .impossible:
            false
        }
    }

    /// How a kernel says that it does not know a kind of link, a family or a protocol, or that it does not let one.
    private static let missingInKernel = [EOPNOTSUPP, EPROTONOSUPPORT, EAFNOSUPPORT, ENOSYS, EPERM]
}

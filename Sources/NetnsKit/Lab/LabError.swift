import Chance
import Glibc
import LinuxSystem
import Netlink
import Wire

/// Why a lab could not be built, or did not do what it was told.
public enum LabError: Error, Hashable, Sendable {
    /// The topology has a mistake; nothing was created.
    case topology(TopologyError)
    /// The kernel refused a system call.
    case system(SystemError)
    /// The kernel refused a request about links, addresses or routes.
    case netlink(NetlinkError)
    /// The kernel does not let this process make namespaces.
    case notPermitted(SystemError)
    /// The first process of a node ended before it was ready, with its own words.
    case nodeFailed(node: String, report: String)
    /// The program that becomes the first process of a node is not where it was looked for.
    case initMissing(lookedIn: [String])
    /// This machine lets nobody make the devices that the switch of this process stands on.
    case noTapDevices(SystemError)
    /// A cable cannot be impaired as described.
    case impairment(ImpairmentError)
    /// The kernel carries the frames of this segment, and impairs none.
    case notImpairable(segment: String)
    /// The topology has no node of this name.
    case noSuchNode(String)
    /// The node has no interface of this name in the topology.
    case noSuchInterface(String, node: String)
    /// Nothing was started under this name on the node.
    case noSuchProcess(String, node: String)
    /// No interface of the topology is on a segment of this name.
    case noSuchSegment(String)
    /// A process that was to be stopped or killed has ended before.
    case notRunning(ProcessName)
    /// A process whose standard input is no pipe of the harness's, or not any more.
    case noInput(ProcessName)
    /// Threads that a closure in a node started and that went on in its namespace.
    case threadsLeft(node: String, count: Int)
    /// A file of a node could not be read or written.
    case file(path: String, node: String, SystemError)
    /// A file would be the host's: its path is in no private directory of the node.
    case notPrivate(path: String, node: String)
    /// The node's kernel refused a setting of the topology, such as one for an interface that is not there.
    case setting(String, node: String, SystemError)
    /// The node's kernel refused a route of the topology.
    case route(RouteDescription, node: String, NetlinkError)
    /// A node that is a network alone was asked for a program or a file.
    case networkOnly(node: String)
    /// A fault cannot be injected a second time before it was healed.
    case alreadyInForce(Fault)
    /// A fault that was not injected, or was healed before, cannot be healed.
    case notInForce(Fault)
    /// A fault that cannot happen to this lab as it is, or not on this machine, with the reason.
    case impossible(Fault, because: String)
}

extension LabError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .topology(let error): "\(error)"
        case .system(let error): "\(error)\(Self.remedy(error))"
        case .netlink(let error): "\(error)"
        case .notPermitted(let error):
            "cannot make namespaces (\(error)): run as root; in a container, start it with --privileged"
                + (UserNamespaces.obstacle.map { "; without root, \($0)" } ?? "")
        case .nodeFailed(let node, let report): "\(node) did not start: \(report)"
        case .initMissing(let paths):
            "the program netnsinit is missing; looked for \(paths.joined(separator: ", ")): "
                + "build the whole package, or set NETNSKIT_INIT to its path"
        case .noTapDevices(let error):
            "segments with fabric: .userSpace need TAP devices (\(error)): load the module tun; "
                + "in a container, start it with --device \(TapDevice.path)"
        case .impairment(let error): "\(error)"
        case .notImpairable(let segment):
            "the kernel carries the frames of '\(segment)' and impairs none: "
                + "give the topology SegmentDescription(\"\(segment)\", fabric: .userSpace)"
        case .noSuchNode(let name): "there is no node '\(name)' in this lab"
        case .noSuchInterface(let name, let node): "\(node) has no interface '\(name)'"
        case .noSuchProcess(let name, let node): "no process '\(name)' was started on \(node)"
        case .noSuchSegment(let name): "there is no segment '\(name)' in this lab"
        case .notRunning(let process): "\(process) is not running: it has ended before"
        case .noInput(let process):
            "\(process) cannot be written to: start it with input: .open, and write before its end"
        case .threadsLeft(let node, let count):
            "a closure in \(node) left \(count) thread(s) behind, and what runs on them is in that node from now on: "
                + "make only system calls there, and no task, queue or process"
        case .file(let path, let node, let error): "\(path) on \(node): \(error)"
        case .notPrivate(let path, let node):
            "\(path) is not in a private directory of \(node): put the file into one, "
                + "or name its directory in privateDirectories"
        case .setting(let name, let node, let error):
            "the setting \(name) of \(node) cannot be made: \(error); interfaces are named as in the topology"
        case .route(let route, let node, let error):
            "\(node) cannot have the route to \(route): \(error); say another gateway or interface"
        case .networkOnly(let node):
            "\(node) is a network alone (isolation: .network): programs and files need a node of isolation .full"
        case .alreadyInForce(let fault): "'\(fault)' is in force already: heal it before it is injected again"
        case .notInForce(let fault): "'\(fault)' is not in force: it was not injected, or was healed before"
        case .impossible(let fault, let reason): "'\(fault)' is not possible: \(reason)"
        }
    }

    /// What to do when the machine is out of something.
    private static func remedy(_ error: SystemError) -> String {
        switch error.code {
        case EMFILE, ENFILE: "; raise the limit of open files (ulimit -n)"
        case ENOSPC, EUSERS: "; raise the limits below /proc/sys/user, such as max_net_namespaces"
        default: ""
        }
    }
}

/// Runs a request for a node, whose name the error shall have.
func naming<Result: ~Copyable>(
    _ node: String, _ body: () throws(NetlinkError) -> Result
) throws(LabError) -> Result {
    do {
        return try body()
    } catch {
        throw .netlink(NetlinkError("\(node): \(error.request)", code: error.code, message: error.message))
    }
}

/// Runs a call of a lower layer and translates its error once, here at the border.
func translated<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(LabError) -> Result {
    do {
        return try body()
    } catch {
        throw .system(error)
    }
}

func translated<Result: ~Copyable>(_ body: () throws(NetlinkError) -> Result) throws(LabError) -> Result {
    do {
        return try body()
    } catch {
        throw .netlink(error)
    }
}

import Glibc
import LinuxSystem
import Timeline

/// A program in a node whose input and output are somebody's own files, such as those of a client of the harness; what
/// passes through them is not recorded.
public struct AttachedProgram: ~Copyable, Sendable {
    private let child: ChildProcess

    init(_ request: ProgramRequest) throws(LabError) {
        child = try translated { () throws(SystemError) in try ChildProcess(request) }
    }

    /// Becomes readable when the program ends.
    public var descriptor: Int32 { child.descriptor }

    /// How it ended; nil while it runs. It is told once.
    public borrowing func collect() throws(LabError) -> ExitStatus? {
        try translated { () throws(SystemError) in try child.collect() }.map { ExitStatus($0) }
    }

    /// Signals the program and what it started and that stayed in its group.
    public borrowing func send(signal: Int32) throws(LabError) {
        try translated { () throws(SystemError) in try child.sendToGroup(signal: signal) }
    }

    /// Ends the program, and what is in its group with it unless that wants to outlive a hangup.
    public borrowing func kill() throws(LabError) {
        try send(signal: SIGHUP)
        try translated { () throws(SystemError) in try child.send(signal: SIGKILL) }
    }
}

extension Node {
    /// Starts a program on somebody's own files, which stay open here.
    ///
    /// - Parameters:
    ///   - program: an absolute path as the node sees it.
    ///   - arguments: what follows its name on its command line.
    ///   - descriptors: what become its standard input, output and error.
    ///   - takesTerminal: whether its standard input, a terminal that controls no session yet, is to control its own:
    ///     then it has job control.
    ///   - environment: on top of the node's own and a standard PATH.
    ///   - directory: where it is started; `workingDirectory` when nil.
    public func attach(
        _ program: String, _ arguments: [String] = [], to descriptors: [Int32], takesTerminal: Bool = false,
        environment: [String: String] = [:], in directory: String? = nil
    ) throws(LabError) -> AttachedProgram {
        var request = try request(program, arguments, environment: environment, in: directory)
        request.descriptors = descriptors
        request.takesTerminal = takesTerminal
        return try AttachedProgram(request)
    }
}

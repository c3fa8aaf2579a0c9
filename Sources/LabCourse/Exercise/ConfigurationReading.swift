import KeepalivedConfiguration
import VRRPCore

/// A configuration as it is written and as a daemon understands it.
public struct ConfigurationReading: Sendable {
    /// The file that the daemon starts with.
    public let file: SourceFile
    /// What a daemon makes of it and of what it includes.
    public let result: ConfigurationResult
    /// The lines as they are written, in blocks.
    public let outline: [Directive]

    /// Reads a configuration.
    ///
    /// - Parameters:
    ///   - file: the one that the daemon starts with.
    ///   - others: what it may include.
    public init(_ file: SourceFile, including others: [SourceFile] = []) {
        let load: ConfigurationLoader = { pattern, includer in
            guard includer != nil else { return [ConfigurationFile(name: file.path, text: file.text)] }
            let directory = file.path.dropLast(file.name.count)
            let wanted = pattern.hasPrefix("/") ? pattern : directory + pattern
            return others.filter { PathPattern(wanted).matches($0.path) && $0.mode & 0o111 == 0 }
                .map { ConfigurationFile(name: $0.path, text: $0.text) }
        }
        self.file = file
        result = DaemonConfiguration.load(file: file.path, read: load)
        outline = DaemonConfiguration.outline(file: file.path, read: load)
    }

    /// The virtual routers that can run, in the order in which they are written.
    public var routers: [VirtualRouterConfiguration] { result.configuration.router.virtualRouters }

    /// The protocol's times for a virtual router.
    public static func times(of router: VirtualRouterConfiguration) -> ProtocolTimes {
        ProtocolTimes(interval: router.advertisementInterval, isVersion3: router.version == .v3)
    }
}

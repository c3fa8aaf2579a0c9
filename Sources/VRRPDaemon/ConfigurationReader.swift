import KeepalivedConfiguration
import LinuxSystem

/// Reads a configuration from the file system.
enum ConfigurationReader {
    /// Reads the main file and what it includes; a main file that cannot be read is the only error, all others are
    /// diagnostics.
    static func load(_ options: Options) throws(DaemonError) -> ConfigurationResult {
        let main = options.configurationFile
        let text: String
        do {
            text = String(decoding: try FileSystem.read(main), as: UTF8.self)
        } catch {
            throw DaemonError(.noConfiguration, "The configuration file cannot be read: \(error)")
        }
        let surroundings = ConfigurationSurroundings(
            configID: options.configID ?? ThisProcess.hostName, requiresIncludes: options.requiresIncludes
        ) { ThisProcess.environment($0) }
        // What reading took is free again: what is made next lies together instead of in the gaps.
        defer { ThisProcess.returnFreeMemory() }
        return DaemonConfiguration.load(file: main, surroundings) { pattern, includer in
            includer.map { included(pattern, by: $0) } ?? [ConfigurationFile(name: main, text: text)]
        }
    }

    /// keepalived passes over directories and executable files.
    private static func included(_ pattern: String, by includer: String) -> [ConfigurationFile] {
        let directory = includer.lastIndex(of: "/").map { includer[...$0] } ?? ""
        let paths = FileSystem.paths(matching: pattern.hasPrefix("/") ? pattern : directory + pattern)
        return paths.filter { !RunningProgram.isExecutable($0) }.compactMap { path in
            guard let octets = try? FileSystem.read(path) else { return nil }
            return ConfigurationFile(name: path, text: String(decoding: octets, as: UTF8.self))
        }
    }
}

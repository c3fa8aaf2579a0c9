import LinuxSystem

/// Settings below `/proc/sys` that were changed, and what they were before.
struct KernelSettings {
    private var formerValues: [String: [UInt8]] = [:]

    /// Gives a setting another value. Returns a sentence about a refusal.
    mutating func set(_ path: String, to value: Int) -> String? {
        do {
            let former = try FileSystem.read(path)
            let wanted = Array("\(value)\n".utf8)
            guard former != wanted else { return nil }
            try FileSystem.overwrite(path, with: wanted)
            if formerValues[path] == nil { formerValues[path] = former }
            return nil
        } catch {
            return "cannot set \(path): \(error)"
        }
    }

    /// Gives settings their former values back; those that went with their interface are gone.
    ///
    /// - Parameter directory: how the paths begin; everything without one.
    mutating func restore(below directory: String = "") {
        for (path, value) in formerValues where path.hasPrefix(directory) {
            try? FileSystem.overwrite(path, with: value)
            formerValues[path] = nil
        }
    }
}

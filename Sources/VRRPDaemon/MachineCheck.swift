import KeepalivedConfiguration
import VRRPCore

/// What a configuration wants of this machine that is not there; its text alone cannot tell.
enum MachineCheck {
    /// Every interface that is named and missing, or cannot do; each is fatal.
    static func complaints(
        about configuration: DaemonConfiguration, in file: String, among interfaces: [String: Interface]
    ) -> [Diagnostic] {
        let sentences = configuration.router.virtualRouters.flatMap { router in
            [complaint(about: router, among: interfaces)]
                + router.allAddresses.map { complaint(about: $0, of: router, among: interfaces) }
                + router.trackedInterfaces.map { item in
                    interfaces[item.name] == nil
                        ? "(\(router.name)) tracked interface \(item.name) doesn't exist" : nil
                }
        }
        let location = SourceLocation(file: file, line: 0, column: 0, text: "")
        return sentences.compactMap(\.self).map { Diagnostic(.fatal, $0, at: location) }
    }

    private static func complaint(
        about router: VirtualRouterConfiguration, among interfaces: [String: Interface]
    ) -> String? {
        guard let interface = interfaces[router.interface] else {
            return "interface \(router.interface) for vrrp_instance \(router.name) doesn't exist"
        }
        return interface.isLoopback ? "(\(router.name)) cannot use a loopback interface" : nil
    }

    private static func complaint(
        about address: VirtualAddress, of router: VirtualRouterConfiguration, among interfaces: [String: Interface]
    ) -> String? {
        guard address.interface != router.interface, interfaces[address.interface] == nil else { return nil }
        return "interface \(address.interface) for ip address \(address.prefix) doesn't exist"
    }
}

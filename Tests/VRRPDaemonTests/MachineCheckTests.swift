import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("What a configuration wants of the machine")
struct MachineCheckTests {
    private let interfaces = [
        "eth0": Interface(index: 2, isUp: true), "lo": Interface(index: 1, isUp: true, isLoopback: true),
    ]

    private func configuration() -> DaemonConfiguration {
        var bad = VirtualRouterConfiguration(name: "BAD", interface: "eth9", virtualRouterID: 1)
        bad.routes = [VirtualRoute(to: IPPrefix("10.0.0.0/8")!, nextHops: [.init(interface: "eth8")])]
        var good = VirtualRouterConfiguration(name: "GOOD", interface: "eth0", virtualRouterID: 2)
        good.virtualInterface = VirtualInterface("vrrp.2")
        good.addresses = [VirtualAddress(IPPrefix("10.0.0.100/24")!, interface: "vrrp.2")]
        var configuration = DaemonConfiguration()
        configuration.router.virtualRouters = [bad, good]
        return configuration
    }

    @Test("Complaints name the router that cannot run, and no other")
    func byRouter() {
        let complaints = MachineCheck.complaintsByRouter(about: configuration(), in: "k.conf", among: interfaces)
        #expect(complaints.keys.sorted() == ["BAD"])
        #expect(
            complaints["BAD"]?.map(\.message) == [
                "interface eth9 for vrrp_instance BAD doesn't exist", "interface eth8 for VROUTE nexthop doesn't exist",
            ])
        #expect(complaints["BAD"]?.allSatisfy { $0.severity == .fatal } == true)
    }

    @Test("With dynamic_interfaces nothing is missed, but loopback is still refused")
    func dynamic() {
        var configuration = configuration()
        configuration.allowsMissingInterfaces = true
        configuration.router.virtualRouters.append(
            VirtualRouterConfiguration(name: "LO", interface: "lo", virtualRouterID: 3))
        let complaints = MachineCheck.complaints(about: configuration, in: "k.conf", among: interfaces)
        #expect(complaints.map(\.message) == ["(LO) cannot use a loopback interface"])
    }

    @Test("Interfaces that only a delay or a spacing names are no reason not to run")
    func others() {
        var configuration = DaemonConfiguration()
        configuration.interfaceSpacing["eth7"] = AnnouncementSpacing(arp: .seconds(1))
        configuration.router.interfaceDelays["eth8"] = InterfaceDelay(down: .seconds(1), up: .seconds(1))
        let complaints = MachineCheck.complaints(about: configuration, in: "k.conf", among: interfaces)
        #expect(complaints.map(\.severity) == [.error, .error])
    }

    @Test("An address of the node's own, or of another network, is advice")
    func addresses() {
        var router = VirtualRouterConfiguration(name: "A", interface: "eth0", virtualRouterID: 1)
        router.addresses = ["10.0.0.1/24", "10.0.0.100/24", "10.9.0.1/24"].map {
            VirtualAddress(IPPrefix($0)!, interface: "eth0")
        }
        var configuration = DaemonConfiguration()
        configuration.router.virtualRouters = [router]
        let networks = ["eth0": [IPPrefix("10.0.0.1/24")!]]
        let findings = AddressAdvice.findings(about: configuration, in: "k.conf", networks: networks)
        #expect(
            findings.map(\.message) == [
                "(A) 10.0.0.1 is this node's own address: a virtual address belongs to no node",
                "(A) 10.9.0.1 is in none of the networks of its interface: 10.0.0.1/24",
            ])
        #expect(findings.allSatisfy { $0.category == .advice })
        #expect(ConfigurationResult.testExitCode(of: findings) == 0)
    }
}

import LabCourse
import NetnsKit
import Timeline
import Wire

/// The lab's segment with a load balancer on each router, and the web servers behind them on a segment of their own.
enum ServiceNetwork {
    static let farm = LinkEnd("node1", "eth1")
    static let balancers = ["node1", "node2"]

    static let topology = Topology([
        balancer("node1", 11), balancer("node2", 12),
        NodeDescription(
            "web", [InterfaceDescription("eth0", on: "farm", webAddresses.map { "\($0)/24" })],
            files: [FileDescription(configuration, webConfiguration)]),
        NodeDescription("client", [InterfaceDescription("eth0", on: LabNetwork.segment, ["192.168.1.50/24"])]),
    ])

    static let picture = """
        client .50 --+-- lan 192.168.1.0/24
                     |
              +------+-------+          virtual address 192.168.1.100
              |              |
        node1 .11       node2 .12       HAProxy on each, port 80
        priority 150    priority 100
              |              |
              +------+-------+
                     |
                   farm 10.0.0.0/24 --- web .21 and .22, two web servers
        """

    private static func balancer(_ name: String, _ host: Int) -> NodeDescription {
        NodeDescription(
            name,
            [
                InterfaceDescription("eth0", on: LabNetwork.segment, ["192.168.1.\(host)/24"]),
                InterfaceDescription("eth1", on: "farm", ["10.0.0.\(host)/24"]),
            ],
            // HAProxy reads it when it starts, and makes its socket in the same directory.
            files: [FileDescription(switches, "")])
    }

    // MARK: The services

    static let webAddresses = ["10.0.0.21", "10.0.0.22"]
    static let directory = "/run/haproxy"
    static let socket = "\(directory)/admin.sock"
    /// A table that says whether `/health` answers 503; the scenarios change it by way of the socket.
    static let switches = "\(directory)/switches.map"
    static let configuration = "\(directory)/haproxy.cfg"
    /// Starts HAProxy in the foreground, under its own name.
    static let program = "/run/load-balancer"
    static let webProgram = "/run/web-servers"
    /// The name under which faults know it.
    static let process = "haproxy"

    static let needs: [ProgramNeed] = [.haproxy, .curl, .socat, .pgrep]

    /// HAProxy and the web servers, on every node that has one.
    static let files =
        balancers.flatMap { node in
            [
                NodeFile(configuration, on: node, balancerConfiguration(of: node)),
                NodeFile(program, on: node, startText, mode: 0o755),
            ]
        } + [NodeFile(webProgram, on: "web", startText, mode: 0o755)]

    private static let startText = "#!/bin/sh\nexec /usr/sbin/haproxy -db -f \(configuration)\n"

    /// Web servers that say to whom they have answered, and for which load balancer.
    private static let webConfiguration =
        """
        global
            nbthread 1
            maxconn 200
        defaults
            mode http
            timeout connect 300ms
            timeout client 2s
            timeout server 2s

        """
        + webAddresses.enumerated().map { number, address in
            """
            frontend web\(number + 1)
                bind \(address):80
                http-request return status 200 content-type text/plain lf-string "%[req.hdr(x-balancer)]"

            """
        }.joined()

    /// A load balancer that writes a line for each question about its health, and answers it without its servers.
    private static func balancerConfiguration(of node: String) -> String {
        """
        global
            stats socket \(socket) mode 600 level admin
            nbthread 1
            maxconn 200
            log stdout format raw local0
        defaults
            mode http
            log global
            retries 0
            timeout connect 300ms
            timeout client 2s
            timeout server 1s
            timeout check 300ms
        frontend www
            bind *:80
            log-format "%HM %HP %ST"
            http-request set-log-level silent unless { path /health }
            acl is-off str(health),map_str(\(switches)) -m str off
            http-request return status 503 content-type text/plain string "off" if { path /health } is-off
            http-request return status 200 content-type text/plain string "well" if { path /health }
            http-request set-header X-Balancer \(node)
            default_backend web
        backend web
            default-server check inter 250ms fall 2 rise 1

        """
            + webAddresses.enumerated().map { "    server web\($0 + 1) \($1):80\n" }.joined()
    }
}

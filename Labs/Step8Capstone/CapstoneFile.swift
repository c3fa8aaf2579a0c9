import LabCourse
import NetnsKit

/// The files of the capstone: what its reader writes, and the programs that the lab brings.
enum CapstoneFile {
    static let lb1 = "/etc/keepalived/keepalived-capstone.conf"
    static let lb2 = "/etc/keepalived/keepalived-capstone-lb2.conf"
    static let webhook = "/etc/keepalived/notify-webhook.sh"
    /// Starts the load balancer; the process is called haproxy.
    static let service = "/run/haproxy"
    /// Starts what takes webhooks; the process is called webhook.
    static let receiver = "/run/webhook"

    static let reference =
        [
            NodeFile(lb1, on: "lb1", text(PackageResources.step8_lb1_reference_conf)),
            NodeFile(lb2, on: "lb2", text(PackageResources.step8_lb2_reference_conf)),
        ]
        + CapstoneNetwork.balancers.map {
            NodeFile(webhook, on: $0, text(PackageResources.step8_webhook_reference_sh), mode: 0o700)
        } + programs

    /// The text never gives the webhook's script, so there is none.
    static let published =
        [
            NodeFile(lb1, on: "lb1", text(PackageResources.step8_lb1_as_written_conf)),
            NodeFile(lb2, on: "lb2", text(PackageResources.step8_lb2_as_written_conf)),
        ] + programs

    static let learners = [
        LearnerFile(
            lb1, on: ["lb1"], .configuration, start: text(PackageResources.step8_lb1_as_written_conf),
            solution: text(PackageResources.step8_lb1_reference_conf)),
        LearnerFile(
            lb2, on: ["lb2"], .configuration, start: text(PackageResources.step8_lb2_start_conf),
            solution: text(PackageResources.step8_lb2_reference_conf)),
        LearnerFile(
            webhook, on: CapstoneNetwork.balancers, .script, start: text(PackageResources.step8_webhook_start_sh),
            solution: text(PackageResources.step8_webhook_reference_sh), mode: 0o700),
    ]

    static func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

    private static let programs =
        CapstoneNetwork.balancers.flatMap { node in
            [
                NodeFile("/run/haproxy.cfg", on: node, balancerText(node)),
                NodeFile(service, on: node, starter("/run/haproxy.cfg"), mode: 0o755),
            ]
        } + [
            NodeFile("/run/webhook.cfg", on: "ops", receiverText),
            NodeFile(receiver, on: "ops", starter("/run/webhook.cfg"), mode: 0o755),
        ]

    private static func starter(_ configuration: String) -> String {
        "#!/bin/sh\nexec /usr/sbin/haproxy -db -f \(configuration)\n"
    }

    private static let defaults = """
        defaults
            mode http
            timeout client 5s
            timeout server 5s
            timeout connect 1s

        """

    /// A load balancer with one backend, whose page is the name of its node.
    private static func balancerText(_ node: String) -> String {
        defaults + """
            frontend www
                bind :::80 v4v6
                http-request return status 200 content-type text/plain string "ok\\n" if { path /health }
                default_backend web
            backend web
                server app 127.0.0.1:8000
            frontend app
                bind 127.0.0.1:8000
                http-request return status 200 content-type text/plain string "\(node)\\n"

            """
    }

    /// Writes a line for each request: who called, how, and the body with its line breaks taken out.
    private static let receiverText =
        "global\n    log stdout format raw local0\n" + defaults + #"""
            frontend webhook
                bind 10.0.9.1:8080
                log global
                option http-buffer-request
                http-request capture 'req.body,regsub([\r\n\t]+, ,g)' len 512
                log-format "webhook %ci %HM %[capture.req.hdr(0)]"
                http-request return status 204

            """#
}

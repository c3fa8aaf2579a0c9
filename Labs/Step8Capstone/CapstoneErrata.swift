import LabCourse

/// Where the published capstone differs from the wire.
enum CapstoneErrata {
    static let all = [
        checksDropped, ipv6Dropped, ownInterface, preemptive, passwordCut, webhookMissing, oneInterface, weightsTie,
        weightsBesideNopreempt,
    ]

    static let checksDropped = Erratum(
        "E80", in: "step8", text: "script_user keepalived_script runs the three checks",
        wire: """
            no package makes that user: keepalived drops all three checks and the webhook, and the death of HAProxy \
            moves nothing
            """, code: .unknownScriptUser)
    static let ipv6Dropped = Erratum(
        "E81", in: "step8", text: "VI_HTTP has 10.0.1.100 and 2001:db8::100",
        wire: "an instance has one family: the IPv6 address is ignored and never exists", code: .foreignAddressFamily)
    static let ownInterface = Erratum(
        "E82", in: "step8", text: "the loss of bond0 costs 50 points of priority",
        wire: "an instance's own interface is no track_interface: without it the instance is in FAULT",
        code: .ownInterfaceTracked)
    static let preemptive = Erratum(
        "E83", in: "step8", text: "non-preemptive: after preempt_delay 30, if at all, lb1 takes the address back",
        wire: "state MASTER clears preempt_delay, and nothing says nopreempt: lb1 is back after 3.4 s",
        code: .preemptDelayOnMaster)
    static let passwordCut = Erratum(
        "E84", in: "step8", text: "the password is Pr0d$ecr3t", wire: "eight octets travel: Pr0d$ecr",
        code: .passwordCut)
    static let webhookMissing = Erratum(
        "E85", in: "step8", text: "notify-webhook.sh tells the operators of each transition",
        wire: "the text never gives the file: nobody hears of anything", code: .scriptCannotRun)
    static let oneInterface = Erratum(
        "E86", in: "step8", text: "management and data have interfaces of their own",
        wire: "both instances and everything else are on bond0: nothing leaves by the management interface")
    static let weightsTie = Erratum(
        "E87", in: "step8", text: "priority follows HAProxy: its death on lb1 moves the address",
        wire: "with a user that exists the weights take 150 to 100, which is what lb2 has: a tie moves nothing",
        code: .weightTooSmall)
    static let weightsBesideNopreempt = Erratum(
        "E88", in: "step8", text: "priority follows HAProxy, and the pair does not preempt",
        wire: "with nopreempt lb2 leaves any living master alone, whatever its priority: weights move nothing",
        code: .nopreemptOnWrongNode)
}

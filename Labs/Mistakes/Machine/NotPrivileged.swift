import LabCourse

extension Mistake {
    static let notPrivileged = Mistake(
        .notPrivileged, "not privileged", .error,
        symptom: "labrun ends with 4 and `Operation not permitted`; keepalived cannot open its socket.",
        reason: """
            A lab consists of network namespaces, and making one takes CAP_SYS_ADMIN. A container has that right only \
            when it is started with --privileged; outside of containers it takes root, or a kernel that lets everybody \
            make user namespaces.
            """,
        wrong: "docker run -it --rm ubuntu:22.04 bash",
        right: "docker run -it --rm --privileged ubuntu:22.04 bash",
        onMachine: { machine in
            guard let refusal = machine.refusal else { return [] }
            let remedy = "be root; in a container, start it with --privileged"
            return [Diagnosis(.notPrivileged, .error, at: [], refusal, remedy: remedy)]
        })
}

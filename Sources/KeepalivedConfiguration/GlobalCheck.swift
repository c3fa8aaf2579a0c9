import VRRPCore

extension GlobalDraft {
    /// Puts what is said about the daemon as a whole into its configuration.
    func fill(_ configuration: inout DaemonConfiguration, _ diagnostics: inout Diagnostics) {
        configuration.routerID = routerID?.value
        configuration.scriptUser = scriptUser?.value
        configuration.scriptGroup = scriptGroup?.value
        configuration.scriptSecurityEnabled = scriptSecurity?.value ?? false
        configuration.router.startupDelay = startupDelay?.value ?? .zero
        configuration.announcementSpacing = AnnouncementSpacing(
            arp: arpSpacing?.value ?? .zero, neighbor: neighborSpacing?.value ?? .zero)
        configuration.allowsMissingInterfaces = allowsMissingInterfaces?.value ?? false
        configuration.logsUnknownVRIDs = logsUnknownVRIDs?.value ?? false
        configuration.mail = mail.checked(&diagnostics)
        configuration.fifos = [allFIFO.checked, fifo.checked].compactMap(\.self)
        configuration.fifosRepeatStatesOnReload = repeatsStatesOnReload?.value ?? false
        configuration.startupScript = timed(startupScript, startupTimeout)
        configuration.shutdownScript = timed(shutdownScript, shutdownTimeout)
        configuration.process = process.checked
        configuration.layout = layout.checked
        reportConflicts(&diagnostics)
    }

    private func timed(_ script: Located<ScriptCommand>?, _ timeout: Located<Int>?) -> TimedScript? {
        script.map { TimedScript($0.value, timeout: .seconds(timeout?.value ?? 10)) }
    }

    private func reportConflicts(_ diagnostics: inout Diagnostics) {
        if let first = allFIFO.path, let second = fifo.path, first.value == second.value {
            diagnostics.error(
                "notify FIFO \(first.value) has been specified more than once - every line is written twice",
                at: second.location)
        }
        for (name, draft) in [("notify_fifo", allFIFO), ("vrrp_notify_fifo", fifo)] where draft.path == nil {
            guard let script = draft.script else { continue }
            diagnostics.warning("\(name)_script is useless without \(name) - ignoring", at: script.location)
        }
    }
}

extension MailDraft {
    /// nil without a server or without anybody to write to; keepalived is silent about that.
    fileprivate func checked(_ diagnostics: inout Diagnostics) -> MailConfiguration? {
        guard let server, !recipients.isEmpty else {
            if let alerts = [alerts, routerAlerts].compactMap(\.self).first(where: \.value) {
                diagnostics.advice(
                    "mail needs smtp_server and notification_email: nobody gets any", at: alerts.location)
            }
            return nil
        }
        var mail = MailConfiguration(recipients: recipients.map(\.value), server: server.value)
        mail.sender = sender?.value
        mail.port = port.flatMap { UInt16(exactly: $0.value) } ?? 25
        mail.timeout = .seconds(timeout?.value ?? 30)
        mail.heloName = heloName?.value
        mail.omitsFaults = omitsFaults?.value ?? false
        return mail
    }
}

extension FIFODraft {
    fileprivate var checked: NotifyFIFO? {
        path.map { NotifyFIFO(path: $0.value, user: user, group: group, script: script?.value) }
    }
}

extension ProcessDraft {
    fileprivate var checked: ProcessSettings {
        var settings = ProcessSettings()
        settings.niceness = niceness?.value
        settings.realTimePriority = realTimePriority?.value
        settings.realTimeLimit = realTimeLimit.map { .microseconds($0.value) }
        settings.staysInMemory = staysInMemory?.value ?? false
        settings.processors = processors
        settings.name = ownName?.value ?? name?.value
        settings.fileModeMask = fileModeMask.flatMap { UInt16(exactly: $0.value) }
        settings.monitorBufferSize = monitorBufferSize?.value
        settings.packetBufferSize = packetBufferSize?.value
        return settings
    }
}

extension LayoutDraft {
    fileprivate var checked: FileLayout {
        var layout = FileLayout()
        layout.networkNamespace = networkNamespace?.value
        layout.instance = instance?.value
        layout.usesPIDDirectory = usesPIDDirectory?.value ?? false
        layout.dumpsBearInstance = dumpsBearInstance?.value ?? false
        layout.stateDumpFile = stateDumpFile?.value
        layout.statisticsDumpFile = statisticsDumpFile?.value
        layout.jsonDumpFile = jsonDumpFile?.value
        layout.jsonVersion = jsonVersion?.value ?? 1
        return layout
    }
}

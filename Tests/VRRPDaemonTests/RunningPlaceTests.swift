import KeepalivedConfiguration
import Testing

@testable import VRRPDaemon

@Suite("Where the daemon shows itself")
struct RunningPlaceTests {
    private func place(_ layout: FileLayout, _ options: Options = Options(), in directory: String? = nil)
        -> RunningPlace
    {
        RunningPlace(options, layout, temporaryDirectory: directory)
    }

    @Test("Whoever says nothing gets keepalived's paths")
    func defaults() {
        let place = place(FileLayout())
        #expect(place.pidFile == "/run/keepalived.pid")
        #expect(place.vrrpPIDFile == "/run/vrrp.pid")
        #expect(place.stateDump == "/tmp/keepalived.data")
        #expect(place.statisticsDump == "/tmp/keepalived.stats")
        #expect(place.jsonDump == "/tmp/keepalived.json")
        #expect(place.networkNamespace == nil)
    }

    @Test("A directory for PID files, an instance and a namespace change their paths")
    func pidFiles() {
        var layout = FileLayout()
        layout.usesPIDDirectory = true
        #expect(place(layout).pidFile == "/run/keepalived/keepalived.pid")
        layout.instance = "inside"
        #expect(place(layout).vrrpPIDFile == "/run/keepalived/vrrp_inside.pid")
        layout.networkNamespace = "blue"
        #expect(place(layout).pidFile == "/run/keepalived/blue/keepalived_inside.pid")
        #expect(place(layout).suffix == "_blue_inside")
        #expect(place(FileLayout()).suffix == "")
    }

    @Test("The command line goes before the configuration")
    func precedence() {
        var layout = FileLayout()
        layout.networkNamespace = "blue"
        var options = Options()
        options.networkNamespace = "red"
        options.pidFile = "/x.pid"
        let place = place(layout, options)
        #expect(place.networkNamespace == "red")
        #expect(place.pidFile == "/x.pid")
        #expect(place.vrrpPIDFile == "/run/keepalived/red/vrrp.pid")
    }

    @Test("Dumps go to TMPDIR if that is absolute, and bear the instance when asked to")
    func dumps() {
        #expect(place(FileLayout(), in: "/var/tmp").stateDump == "/var/tmp/keepalived.data")
        #expect(place(FileLayout(), in: "here").stateDump == "/tmp/keepalived.data")
        var layout = FileLayout()
        layout.dumpsBearInstance = true
        #expect(place(layout).jsonDump == "/tmp/keepalived.json")
        layout.networkNamespace = "blue"
        layout.instance = "inside"
        #expect(place(layout).jsonDump == "/tmp/keepalived.blue_inside.json")
        layout.statisticsDumpFile = "/var/lib/stats"
        #expect(place(layout).statisticsDump == "/var/lib/stats")
    }
}

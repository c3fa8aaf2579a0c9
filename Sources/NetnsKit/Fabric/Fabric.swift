import Chance
import Netlink
import Timeline

/// What faults ask of whoever carries a segment's frames.
protocol Fabric: Sendable {
    /// The ends that the topology plugs into a segment; a segment without any is none.
    func ends(of segment: String) throws(LabError) -> [LinkEnd]
    /// Pulls a cable, so that the node sees its carrier go, or plugs it in again.
    func setPort(of end: LinkEnd, isUp: Bool) throws(LabError)
    /// Takes a port off its segment, or puts it back: its carrier stays, and nothing passes.
    func setPort(of end: LinkEnd, isPlugged: Bool) throws(LabError)
    /// Moves a port to the bridge of that name, which is made when it is not there; one that is unplugged stays so.
    func move(_ end: LinkEnd, toBridge name: String) throws(LabError)
    /// Drops frames at the far end of a cable, under a name by which that is taken back.
    func drop(_ rule: DropRule, at end: LinkEnd, name: String) throws(LabError)
    /// Takes back what `drop` did under that name.
    func undrop(name: String) throws(LabError)
    /// Keeps what some ends send from reaching some others, under a name by which that is taken back.
    func drop(from senders: [LinkEnd], to receivers: [LinkEnd], name: String) throws(LabError)
    /// Takes back what `drop` did between ends under that name.
    func undropPaths(name: String) throws(LabError)
    /// Makes a cable bad in one direction, as its node sees it.
    func impair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment) throws(LabError)
    /// Takes an impairment back.
    func repair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment) throws(LabError)
}

import Testing

@testable import labrun

@Suite("What a container was started without")
struct ContainerRightsTests {
    private func rights(_ bounding: String, _ confinement: String = "unconfined\n") -> ContainerRights? {
        ContainerRights(
            status: "Name:\tlabrun\nCapEff:\t0000000000000000\nCapBnd:\t\(bounding)\nSeccomp:\t2\n",
            confinement: confinement, isPodman: false)
    }

    @Test("Docker's standard rights lack two of three, podman's all three")
    func standard() {
        #expect(rights("00000000a80425fb")?.missing == ["NET_ADMIN", "SYS_ADMIN"])
        #expect(rights("00000000800405fb")?.missing == ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"])
        #expect(rights("00000000800435fb")?.observation == "this container was started without CAP_SYS_ADMIN")
    }

    @Test("Where all three are there and nobody confines, the container is not the reason")
    func complete() {
        #expect(rights("00000000802435fb") == nil)
        #expect(rights("000001ffffffffff") == nil)
        #expect(rights("000001ffffffffff", "unconfined_u:unconfined_r:unconfined_t:s0\n") == nil)
        #expect(rights("unreadable") == nil)
    }

    @Test("A profile of AppArmor is named, and the command turns it off")
    func confined() throws {
        let container = try #require(rights("00000000802435fb", "docker-default (enforce)\n"))
        #expect(container.observation == "AppArmor confines it to docker-default")
        #expect(container.remedy.hasSuffix("/dev/net/tun \\\n  --security-opt apparmor=unconfined IMAGE"))
    }

    @Test("The commands can be copied: they fit a terminal and name each right")
    func commands() throws {
        let container = try #require(rights("00000000a80425fb"))
        #expect(
            container.remedy == """
                start it with every right, or with those that labs need
                docker run -it --rm --privileged IMAGE
                docker run -it --rm --cap-add SYS_ADMIN --cap-add NET_ADMIN \\
                  --cap-add NET_RAW --device /dev/net/tun IMAGE
                """)
    }
}

// The rivals' scripts: each the plain way to use the tool, with the same addresses.
extension Tool {
    static let all = [ipScript, ipBatch, mininet, munet]

    private static let ipScript = Tool(
        name: "ip, a step each", largest: 200, programs: ["sh", "ip", "unshare"],
        arguments: [
            "-c",
            """
            N=$1
            read -r line
            ip netns add sw
            ip -n sw link add br0 type bridge
            ip -n sw link set br0 up
            i=1
            while [ $i -le $N ]; do
                ip netns add n$i
                ip -n sw link add p$i type veth peer name eth0 netns n$i
                ip -n sw link set p$i master br0
                ip -n sw link set p$i up
                ip -n n$i addr add 10.0.$((i / 200)).$((i % 200 + 1))/16 dev eth0
                ip -n n$i link set lo up
                ip -n n$i link set eth0 up
                i=$((i + 1))
            done
            echo up /run/netns/sw
            read -r line
            i=1
            while [ $i -le $N ]; do ip netns del n$i; i=$((i + 1)); done
            ip netns del sw
            echo down
            """, "sh",
        ])

    private static let ipBatch = Tool(
        name: "ip -batch", largest: 200, programs: ["sh", "ip", "unshare"],
        arguments: [
            "-c",
            """
            N=$1
            each() { i=1; while [ $i -le $N ]; do eval "echo \\"$1\\""; i=$((i + 1)); done; }
            read -r line
            { echo netns add sw; each 'netns add n$i'; } | ip -batch -
            {
                echo link add br0 up type bridge
                each 'link add p$i master br0 up type veth peer name eth0 netns n$i'
            } | ip -n sw -batch -
            i=1
            while [ $i -le $N ]; do
                printf 'link set lo up\\naddr add 10.0.%d.%d/16 dev eth0\\nlink set eth0 up\\n' \\
                    $((i / 200)) $((i % 200 + 1)) | ip -n n$i -batch -
                i=$((i + 1))
            done
            echo up /run/netns/sw
            read -r line
            { each 'netns del n$i'; echo netns del sw; } | ip -batch -
            echo down
            """, "sh",
        ])

    private static let mininet = Tool(
        name: "mininet, LinuxBridge", largest: 100, programs: ["python3", "mn", "brctl", "unshare"],
        arguments: [
            "-c",
            """
            import sys
            from mininet.net import Mininet
            from mininet.nodelib import LinuxBridge
            count = int(sys.argv[1])
            sys.stdin.readline()
            net = Mininet(switch=LinuxBridge, controller=None)
            switch = net.addSwitch('s1')
            for i in range(1, count + 1):
                host = net.addHost('n%d' % i, ip='10.0.%d.%d/16' % (i // 200, i % 200 + 1))
                net.addLink(host, switch)
            net.start()
            print('up self', flush=True)
            sys.stdin.readline()
            net.stop()
            print('down', flush=True)
            """,
        ])

    private static let munet = Tool(
        name: "munet", largest: 10, programs: ["python3", "munet", "unshare"],
        arguments: [
            "-c",
            """
            import asyncio, logging, os, sys
            from munet.base import BaseMunet
            logging.disable(logging.CRITICAL)
            count = int(sys.argv[1])
            sys.stdin.readline()

            async def main():
                os.mkdir('/run/munet')
                net = BaseMunet(isolated=False, rundir='/run/munet')
                switch = net.add_switch('s1')
                for i in range(1, count + 1):
                    host = net.add_host('n%d' % i)
                    net.add_link(switch, host, 'p%d' % i, 'eth0')
                    host.cmd_raises('ip addr add 10.0.%d.%d/16 dev eth0' % (i // 200, i % 200 + 1))
                print('up -', flush=True)
                sys.stdin.readline()
                await net.async_delete()
                print('down', flush=True)

            asyncio.run(main())
            """,
        ])
}

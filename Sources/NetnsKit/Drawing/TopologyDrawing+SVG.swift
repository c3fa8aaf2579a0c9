extension TopologyDrawing {
    /// A picture that stands by itself, in the reader's light or dark colors: nodes on both sides, segments between.
    ///
    /// A wire passes behind the lines of the segments where it is not plugged in, and ends in a dot where it is.
    /// Nothing in it is fetched, and nothing runs.
    public var svg: String {
        let plan = SVGPlan(nodes, segments)
        let size = "\(plan.width) \(plan.height)"
        let head = """
            <svg xmlns="http://www.w3.org/2000/svg" class="netnskit" role="img" width="\(plan.width)" \
            height="\(plan.height)" viewBox="0 0 \(size)">
            <title>\(accessibleTitle.xmlText)</title>
            <style>\(Self.style)</style>
            <rect class="ground" width="\(plan.width)" height="\(plan.height)" rx="8"/>
            """
        let parts = plan.wires + plan.buses + plan.dots + plan.boxes
        return ([head] + parts + ["</svg>"]).map { "\($0)\n" }.joined()
    }

    private var accessibleTitle: String {
        let nodes = topology.nodes.map(\.name).joined(separator: ", ")
        return "Topology of \(nodes) on \(topology.segmentNames.joined(separator: ", "))"
    }

    /// The colors of segments repeat after six.
    static let colorCount = 6

    private static let style = """

        .netnskit { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
          --ground: #ffffff; --card: #f6f8fa; --edge: #afb8c1; --ink: #1f2328; --faint: #59636e;
          --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; --c4: #bf3989; --c5: #7d6600; }
        @media (prefers-color-scheme: dark) { .netnskit {
          --ground: #0d1117; --card: #161b22; --edge: #3d444d; --ink: #e6edf3; --faint: #9198a1;
          --c0: #4493f8; --c1: #f0883e; --c2: #3fb950; --c3: #ab7df8; --c4: #f778ba; --c5: #d4a72c; } }
        .netnskit .ground, .netnskit .halo { fill: var(--ground); }
        .netnskit .halo { stroke: var(--ground); stroke-width: 8; }
        .netnskit .card { fill: var(--card); stroke: var(--edge); }
        .netnskit text { fill: var(--ink); }
        .netnskit .title { font-size: 14px; font-weight: 600; }
        .netnskit .faint { fill: var(--faint); }
        .netnskit .on { fill: var(--ground); font-weight: 600; }
        .netnskit .wire { fill: none; stroke-width: 1.5; }
        .netnskit .bus { stroke-width: 4; stroke-linecap: round; }
        .netnskit .cable { stroke-width: 1.5; }
        .netnskit .soft { stroke-dasharray: 1 7; }

        """
        + (0..<colorCount).map {
            ".netnskit .s\($0) { stroke: var(--c\($0)); } .netnskit .f\($0) { fill: var(--c\($0)); }\n"
        }.joined()
}

extension String {
    /// Safe between tags and in attributes.
    var xmlText: String {
        printable.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(character)
            }
        }.joined()
    }
}

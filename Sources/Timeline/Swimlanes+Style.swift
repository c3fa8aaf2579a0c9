extension Swimlanes {
    /// The style sheet of the pictures, which a page with many of them needs once: it touches nothing else.
    ///
    /// Colors that those who do not tell red from green can tell apart, for light and dark surroundings.
    public static let style = """

        .swimlanes { --paper: #ffffff; --ink: #1f2328; --faint: #d8dee4; --quiet: #57606a; --own: #2f6fbf;
          --clash: #c8202f; --fault: #a35200; --tick: #1f2328; --tell: #8250df; --well: #1a7f42; --shade: #656d76; }
        @media (prefers-color-scheme: dark) { .swimlanes { --paper: #0d1117; --ink: #e6edf3; --faint: #30363d;
          --quiet: #9aa4ae; --own: #4f94ef; --clash: #ff5a65; --fault: #f0a020; --tick: #e6edf3; --tell: #b392f0;
          --well: #3fb968; --shade: #8d96a0; } }
        .swimlanes text { font: 12px system-ui, sans-serif; fill: var(--ink); }
        .swimlanes .paper { fill: var(--paper); }
        .swimlanes .title { font-size: 15px; font-weight: 600; }
        .swimlanes .name { font-weight: 600; }
        .swimlanes .note, .swimlanes .scale, .swimlanes .address { fill: var(--quiet); font-size: 11px; }
        .swimlanes .small { fill: var(--quiet); font-size: 9px; }
        .swimlanes .word { font-size: 9px; font-weight: 600; letter-spacing: .03em; }
        .swimlanes .grid { stroke: var(--faint); }
        .swimlanes .lane { stroke: var(--quiet); stroke-opacity: .5; }
        .swimlanes .tick { stroke: var(--tick); stroke-width: 1.2; fill: var(--tick); }
        .swimlanes .resign { stroke: var(--clash); stroke-width: 2; }
        .swimlanes .heard { stroke: var(--tick); stroke-opacity: .3; }
        .swimlanes .master { fill: var(--own); fill-opacity: .3; stroke: var(--own); stroke-width: .8; }
        .swimlanes .backup { fill: var(--shade); fill-opacity: .12; }
        .swimlanes .other { fill: none; stroke: var(--shade); stroke-width: .8; }
        .swimlanes .fault { fill: var(--fault); fill-opacity: .4; stroke: var(--fault); stroke-width: .8; }
        .swimlanes .meanwhile { fill: var(--fault); fill-opacity: .13; }
        .swimlanes .own { fill: var(--own); fill-opacity: .8; }
        .swimlanes .clash { fill: var(--clash); }
        .swimlanes .tell, .swimlanes .told { fill: var(--tell); }
        .swimlanes .learn { fill: var(--paper); stroke: var(--tell); stroke-width: 1.4; }
        .swimlanes .start, .swimlanes .good { fill: var(--well); }
        .swimlanes .end, .swimlanes .bad { fill: var(--clash); }
        .swimlanes .answered { fill: var(--well); fill-opacity: .75; }
        .swimlanes .missed { fill: var(--clash); }
        .swimlanes .faultline { stroke: var(--fault); stroke-width: 1.6; }
        .swimlanes .faultname { fill: var(--fault); font-weight: 600; font-size: 11px; }
        .swimlanes .step { stroke: var(--quiet); stroke-dasharray: 3 3; }
        .swimlanes .stall { fill: var(--shade); fill-opacity: .32; }
        .swimlanes .down { fill: var(--shade); fill-opacity: .25; }
        .swimlanes .lost { stroke: var(--clash); stroke-dasharray: 1 3; }
        .swimlanes .due { fill: var(--well); fill-opacity: .12; stroke: var(--well); stroke-dasharray: 4 2; }
        .swimlanes .dueline { stroke: var(--well); stroke-width: 1.4; }
        .swimlanes .passed { fill: var(--well); } .swimlanes .inconclusive { fill: var(--quiet); }
        .swimlanes .failed { fill: var(--clash); font-weight: 600; }

        """
}

import Mustache

/// The templates of a page.
enum PageTemplates {
    /// Fills the templates in.
    ///
    /// - Throws: when a template cannot be read, which only its author can mend.
    static func render(_ page: PageView) throws -> String {
        let text = try library.get().render(page, withTemplate: "page")
        return text ?? ""
    }

    /// Every template by its name; partials find one another by it.
    static let sources: [String: [UInt8]] = [
        "page": PackageResources.report_page_mustache,
        "problem": PackageResources.report_problem_mustache,
        "overview": PackageResources.report_overview_mustache,
        "diagnoses": PackageResources.report_diagnoses_mustache,
        "scenario": PackageResources.report_scenario_mustache,
        "run": PackageResources.report_run_mustache,
        "checks": PackageResources.report_checks_mustache,
        "frames": PackageResources.report_frames_mustache,
        "plot": PackageResources.report_plot_mustache,
        "environment": PackageResources.report_environment_mustache,
    ]

    /// The page's own style sheet.
    static let style = String(decoding: PackageResources.report_style_css, as: UTF8.self)

    private static let library = Result<MustacheLibrary, any Error> {
        MustacheContentTypes.register(PageText(), named: PageText.name)
        var library = MustacheLibrary()
        for (name, octets) in sources { try library.register(String(decoding: octets, as: UTF8.self), named: name) }
        return library
    }
}

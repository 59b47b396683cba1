"""The built-in report formats. A format is a function (results, options) -> text."""

from __future__ import annotations

from trackbench.report_contract import ReportSpec

REPORTS: tuple[ReportSpec, ...] = (
    ReportSpec(
        id="markdown",
        factory="trackbench.reports.markdown:render",
        suffix=".md",
        description="tables for a README or a pull request",
    ),
    ReportSpec(
        id="text",
        factory="trackbench.reports.terminal:render",
        suffix=".txt",
        description="tables to read in a terminal",
    ),
    ReportSpec(
        id="latex",
        factory="trackbench.reports.latex:render",
        suffix=".tex",
        description="booktabs tables for a paper",
    ),
    ReportSpec(
        id="html",
        factory="trackbench.reports.html.page:render",
        suffix=".html",
        description="one page with tables, charts and film strips, to look at",
    ),
    ReportSpec(
        id="html-table",
        factory="trackbench.reports.fragment:render",
        suffix=".html",
        description="tables alone, to be put into a page or a notebook",
    ),
    ReportSpec(
        id="svg",
        factory="trackbench.reports.html.chart_file:render",
        suffix=".svg",
        description="the page's charts, for a paper or a notebook",
    ),
    ReportSpec(
        id="csv",
        factory="trackbench.reports.rows:render_csv",
        suffix=".csv",
        description="a row per tracker, data set and length",
    ),
    ReportSpec(
        id="json",
        factory="trackbench.reports.rows:render_json",
        suffix=".json",
        description="the same rows as a list of records",
    ),
)

"""Access: the daily report, its lists, the desk."""

from tests.access.rows import FIGURES, FILES, Row, area_query, filed, finding, nil, pk, sent

ROWS = {
    # the daily report
    "screening:today": [Row("WAL")],
    "screening:file_nil": [Row("WAD", at="grid", ok=302, post=nil)],
    "screening:found": [
        Row("WAD", at="grid", query=area_query("grid")),
        Row("WAD", at="grid", query=area_query("grid"), ok=302, post=finding),
    ],
    "screening:desk": [Row(FILES), Row(FILES, at="village", query=area_query("village"))],
    "screening:reports": [
        Row(FILES + FIGURES, query=lambda corner: "?from=2026-11-01", figures=FIGURES),
        Row(FILES + FIGURES, at="grid", query=area_query("grid"), figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:export_reports": [
        Row(FILES + FIGURES, query=lambda corner: "?from=2026-11-01", figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:report": [Row(FILES, at="grid", args=pk("todays")), Row(FILES, at="grid", args=pk("report"))],
    "screening:void": [Row("DT", at="grid", args=pk("todays"), post=sent(reason="填错了"), ok=302)],
    "screening:correct": [
        Row("WAD", at="grid", args=lambda c: [c.todays.pk, c.finding.pk]),
        Row("WAD", at="grid", args=lambda c: [c.todays.pk, c.finding.pk], post=finding, ok=302),
    ],
    "screening:findings": [
        Row(FILES + FIGURES, figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:export_findings": [
        Row(FILES + FIGURES, figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:api_reports": [
        Row("WA", at="grid", post=filed(proxy=False), ok=200 + 1, json=True),
        Row("D", at="grid", post=filed(proxy=True), ok=200 + 1, json=True),
    ],
}  # fmt: skip

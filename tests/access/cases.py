"""Access: disputes and residents' orders."""

from tests.access.rows import FIGURES, FILES, Row, area_query, opening, pk, sent

ROWS = {
    # disputes
    "disputes:list": [
        Row(FILES + FIGURES + "XI", figures=FIGURES + "I"),
        Row(FILES + FIGURES + "XI", at="village", query=area_query("village"), figures=FIGURES + "I",
            outside={FILES + FIGURES + "XI": 404, "": 403}),
    ],
    "disputes:export": [Row(FILES + FIGURES + "XI", figures=FIGURES + "I")],
    "disputes:register": [
        Row("WDXT"), Row("WDXT", at="grid", post=opening, ok=302, refused=403, outside={"WDXT": 422, "": 403})
    ],
    "disputes:detail": [
        Row(FILES + "X", at="micro", args=pk("dispute")),
        Row(FILES + "X", at="village", args=pk("village_dispute")),
    ],
    "disputes:act": [
        Row("DXT", at="micro", args=lambda c: [c.dispute.pk, "settle"], post=sent(note="已和解"), ok=302),
        Row("DXT", at="micro", args=lambda c: [c.dispute.pk, "recategorise"], ok=302,
            post=sent(note="更正", category="07", field="1")),
        Row("DXT", at="micro", args=lambda c: [c.dispute.pk, "mark_duplicate"], ok=302,
            post=lambda c: {"note": "重复", "of": c.village_dispute.case.number}),
        Row("VT", at="micro", args=lambda c: [c.closed.pk, "reopen"], post=sent(note="又起争执"), ok=302),
    ],
    "disputes:reveal": [Row("DXT", at="micro", args=pk("dispute"), post=sent(reason="电话通知调解"))],
    # residents' orders
    "orders:list": [
        Row(FILES + FIGURES + "I", figures=FIGURES),
        Row(FILES + FIGURES + "I", at="village", query=area_query("village"), figures=FIGURES,
            outside={FILES + FIGURES + "I": 404, "": 403}),
    ],
    "orders:export": [Row(FILES + FIGURES + "I", figures=FIGURES)],
    "orders:place": [
        Row("WDT"), Row("WDT", at="grid", post=opening, ok=302, refused=403, outside={"WDT": 422, "": 403})
    ],
    "orders:detail": [Row(FILES + "I", at="micro", args=pk("order"))],
    "orders:act": [Row("DT", at="micro", args=lambda c: [c.order.pk, "done"], post=sent(note=""), ok=302)],
    "orders:reveal": [Row("DT", at="micro", args=pk("order"), post=sent(reason="回访"))],
}  # fmt: skip

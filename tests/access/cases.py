"""Access: disputes and residents' orders."""

from tests.access.rows import FIGURES, FILES, HELPERS, Row, area_query, opening, pk, sent

LISTS = FILES + FIGURES + HELPERS + "XIF"
REGISTER = "WADXTREF"
ROWS = {
    # disputes
    "disputes:list": [
        Row(LISTS, figures=FIGURES + "I"),
        Row(LISTS, at="village", query=area_query("village"), figures=FIGURES + "I", outside={LISTS: 404, "": 403}),
    ],
    "disputes:export": [Row(LISTS, figures=FIGURES + "I")],
    "disputes:register": [
        Row(REGISTER),
        Row(REGISTER, at="grid", post=opening, ok=302, refused=403, outside={REGISTER: 422, "": 403}),
    ],
    "disputes:detail": [
        Row(FILES + "XF", at="micro", args=pk("dispute")),
        Row(FILES + "XF", at="village", args=pk("village_dispute")),
    ],
    "disputes:act": [
        Row("DXTF", at="micro", args=lambda c: [c.dispute.pk, "settle"], post=sent(note="已和解"), ok=302),
        Row("DXTF", at="micro", args=lambda c: [c.dispute.pk, "recategorise"], ok=302,
            post=sent(note="更正", category="07", field="1")),
        Row("DXTF", at="micro", args=lambda c: [c.dispute.pk, "mark_duplicate"], ok=302,
            post=lambda c: {"note": "重复", "of": c.village_dispute.case.number}),
        Row("VBT", at="micro", args=lambda c: [c.closed.pk, "reopen"], post=sent(note="又起争执"), ok=302),
    ],
    "disputes:reveal": [Row("DXTF", at="micro", args=pk("dispute"), post=sent(reason="电话通知调解"))],
    # residents' orders
    "orders:list": [
        Row(FILES + FIGURES + "I", figures=FIGURES),
        Row(FILES + FIGURES + "I", at="village", query=area_query("village"), figures=FIGURES,
            outside={FILES + FIGURES + "I": 404, "": 403}),
    ],
    "orders:export": [Row(FILES + FIGURES + "I", figures=FIGURES)],
    "orders:place": [
        Row("WADTRE"),
        Row("WADTRE", at="grid", post=opening, ok=302, refused=403, outside={"WADTRE": 422, "": 403}),
    ],
    "orders:detail": [Row(FILES + "I", at="micro", args=pk("order"))],
    "orders:act": [Row("DTR", at="micro", args=lambda c: [c.order.pk, "done"], post=sent(note=""), ok=302)],
    "orders:reveal": [Row("DTR", at="micro", args=pk("order"), post=sent(reason="回访"))],
}  # fmt: skip

"""Access: households and who looks after them."""

from tests.access.rows import FIGURES, Row, area_query

ROWS = {
    # households
    "households:list": [
        Row("WLDVTCYP", figures=FIGURES),
        Row("WLDVTCYP", at="micro", query=area_query("micro"), figures=FIGURES),
        Row("WLDVTCYP", at="village", query=area_query("village"), figures=FIGURES),
    ],
    "households:export": [Row("WLDVTCYP", figures=FIGURES)],
}  # fmt: skip

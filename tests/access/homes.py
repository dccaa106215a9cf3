"""Access: households and who looks after them."""

from tests.access.rows import FIGURES, Row, area_query

READERS = "WALDVBTCYPE"
ROWS = {
    # households
    "households:list": [
        Row(READERS, figures=FIGURES + "E"),
        Row(READERS, at="micro", query=area_query("micro"), figures=FIGURES + "E"),
        Row(READERS, at="village", query=area_query("village"), figures=FIGURES + "E"),
    ],
    "households:export": [Row(READERS, figures=FIGURES + "E")],
}  # fmt: skip

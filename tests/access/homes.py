"""Access: households and who looks after them."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.rows import FIGURES, Row, area_query, code, sent
from tests.access.world import TODAY


def a_table(corner):
    text = f"户编码,经度,纬度\n{corner.household.code},112.{corner.digit}09,36.909"
    return {"file": SimpleUploadedFile("x.csv", text.encode()), "datum": "WGS84"}


def chosen(corner):
    return {"codes": [corner.micro.code], "from_day": TODAY.isoformat()}


def no_import(corner):
    return ["00000000-0000-4000-8000-000000000000"]


READERS = "WALDVBTCYPE"
ROWS = {
    # households
    "households:list": [
        Row(READERS, figures=FIGURES + "E"),
        Row(READERS, at="micro", query=area_query("micro"), figures=FIGURES + "E"),
        Row(READERS, at="village", query=area_query("village"), figures=FIGURES + "E"),
    ],
    "households:proposal": [
        Row("T", at="village", args=code("village")),
        Row("T", at="grid", args=code("grid"), post=chosen, ok=302),
    ],
    "households:points": [Row("T", at="village", args=code("village"), post=a_table, ok=302)],
    # nobody has that import: who may import finds nothing, the others are told that they may not
    "households:rosters": [Row("DT")],
    "households:roster_template": [Row("DT")],
    "households:roster": [Row("DT", args=no_import, ok=404)],
    "households:roster_columns": [Row("DT", args=no_import, ok=404)],
    "households:roster_marked": [Row("DT", args=no_import, ok=404)],
    "households:roster_confirm": [Row("DT", args=no_import, post=sent(), ok=404)],
    "households:roster_cancel": [Row("DT", args=no_import, post=sent(), ok=404)],
    "households:roster_undo": [Row("DT", args=no_import, post=sent(), ok=404)],
    "households:export": [Row(READERS, figures=FIGURES + "E")],
}  # fmt: skip

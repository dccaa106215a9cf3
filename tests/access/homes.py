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


def home(*more):
    return lambda corner: [corner.household.code, *more]


def somebody(*more):
    return lambda corner: [corner.household.code, corner.household.residents.order_by("pk")[0].pk, *more]


def newcomer(corner):
    return {"area": corner.micro.code, "name": "新来的", "here": "yes", "kind": "ordinary", "on": TODAY.isoformat()}


def child(corner):
    return {"came_as": "born", "name": "新生儿", "relation": "grandson", "here": "yes", "on": TODAY.isoformat()}


CHANGERS = "WALDVBT"
READERS = "WALDVBTCYPE"
ROWS = {
    # households
    "households:list": [
        Row(READERS, figures=FIGURES + "E"),
        Row(READERS, at="micro", query=area_query("micro"), figures=FIGURES + "E"),
        Row(READERS, at="village", query=area_query("village"), figures=FIGURES + "E"),
    ],
    "households:home": [Row(CHANGERS, at="micro", args=home())],
    "households:enter": [
        Row(CHANGERS),
        Row(CHANGERS, at="micro", post=newcomer, ok=302, refused=403, outside={CHANGERS: 422, "": 403}),
    ],
    "households:act": [
        Row(CHANGERS, at="micro", args=home("correct")),
        Row(CHANGERS, at="micro", args=home("person"), post=child, ok=302),
        Row(CHANGERS, at="micro", args=home("away"), post=sent(on=TODAY.isoformat(), reason=""), ok=302),
    ],
    "households:person": [Row(CHANGERS, at="micro", args=somebody())],
    "households:person_act": [
        Row(CHANGERS, at="micro", args=somebody("correct")),
        Row(CHANGERS, at="micro", args=somebody("correct"), ok=302,
            post=sent(name="改名", relation="head", here="no", away_to="太原市")),
    ],
    "households:reveal": [Row(CHANGERS, at="micro", args=somebody(), post=sent(reason="电话通知"))],
    "households:answer": [
        Row("T", at="micro", args=somebody()),
        Row("T", at="micro", args=somebody(), post=sent(what="erase", reason="本人到场申请", meant="on"), ok=302),
    ],
    "households:setting": [Row("T", at="town", args=code("town"))],
    "households:set": [
        Row("T", at="town", args=lambda c: [c.town.code, "on"], post=sent(purpose="核对医保名单"), ok=302),
        Row("T", at="town", args=lambda c: [c.town.code, "offer"], post=sent(name="代买药品"), ok=302),
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

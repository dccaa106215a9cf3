"""Access: places, maps, figures of places."""

import json
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.rows import ALL, Row, area_query, code, list_of_grids, sent
from tests.access.world import TODAY, square_of


def drawn(corner):
    """Coordinates for the form of a boundary."""
    ring = square_of(corner.digit, 0.02)[0][0]
    return {"outline": "\n".join(f"{x} {y}" for x, y in ring), "from_day": TODAY.isoformat(), "datum": ""}


def outlines(corner):
    outline = {"type": "Polygon", "coordinates": square_of(corner.digit, 0.003)[0]}
    feature = {"type": "Feature", "properties": {"code": corner.micro.code}, "geometry": outline}
    return {"file": SimpleUploadedFile("x.json", json.dumps(feature).encode()), "from_day": TODAY.isoformat()}


def an_import(corner):
    return [corner.village.code, corner.boundary_import.pk]


def act(kind):
    return lambda corner: [corner.village.code if kind == "open" else corner.grid.code, kind]


def renaming(corner):
    return {"name": "改名网格", "code": corner.grid.code, "on": "2026-11-18", "client_id": str(uuid.uuid4()),
            "confirm": "1"}  # fmt: skip


def opening_grid(corner):
    return {"kind": "grid", "name": "新网格", "on": "2026-11-20", "client_id": str(uuid.uuid4()), "confirm": "1"}


def planned(corner):
    return [corner.grid.code, corner.planned_act.pk]


def done(corner):
    return [corner.grid.code, corner.done_act.pk]


def setting(what):
    return lambda corner: [corner.town.code, what]


def named_levels(_corner):
    kinds = ("village", "grid", "micro_grid")
    return {f"label_{kind}": f"新{kind}"[:20] for kind in kinds} | {f"english_{kind}": kind for kind in kinds}


FIGURES_OF_PLACES = "WALDVBXITHCYREF"
ROWS = {
    # places and figures
    "grids:areas": [Row(ALL, without_post=200)],
    "grids:areas_export": [Row(ALL, without_post=200)],
    "grids:branch": [Row(ALL, at=level, args=code(level)) for level in ("micro", "grid", "village", "town")],
    "grids:area": [Row(ALL, at=level, args=code(level)) for level in ("micro", "grid", "village", "town")],
    "grids:boundaries": [Row(ALL, at=level, query=area_query(level)) for level in ("grid", "village", "town")]
    + [Row(ALL, at="village", query=lambda corner: f"?area={corner.village.code}&level=micro_grid&zoom=14")],
    "grids:where": [
        Row(ALL, without_post=200),
        Row(ALL, without_post=200, query=lambda corner: f"?point=112.{corner.digit}05,36.905"),
    ],
    "grids:boundary": [Row(ALL, at=level, args=code(level)) for level in ("grid", "village")]
    + [Row("ST", at="village", args=code("village"), post=drawn, ok=302)],
    "grids:boundary_end": [
        Row("ST", at="grid", args=code("grid"), post=sent(on=TODAY.isoformat(), why="界线有争议"), ok=302)
    ],
    "grids:boundary_import": [
        Row("ST", at="village", args=code("village")),
        Row("ST", at="village", args=code("village"), post=outlines, ok=302),
    ],
    "grids:boundary_preview": [
        Row("ST", at="village", args=an_import),
        Row("ST", at="village", args=an_import, post=sent(reason=""), ok=302),
    ],
    "dashboard": [
        Row(FIGURES_OF_PLACES),
        *[Row(FIGURES_OF_PLACES, at=level, query=area_query(level)) for level in ("grid", "village", "town")],
    ],
    # changing places: only the town's desk and the system administrator
    "grids:changes": [Row("TS", at=level, args=code(level)) for level in ("micro", "grid", "village", "town")],
    "grids:change": [
        Row("TS", at="village", args=act("open")),
        Row("TS", at="grid", args=act("rename"), post=renaming, ok=302),
        Row("TS", at="village", args=act("open"), post=opening_grid, ok=302),
    ],
    "grids:withdraw_act": [Row("TS", at="grid", args=planned, post=sent(), ok=302)],
    "grids:reverse_act": [Row("TS", at="grid", args=done, post=sent(), ok=302)],
    "grids:town_settings": [Row("TS", at="town", args=code("town"))],
    "grids:town_setting": [
        Row("TS", at="town", args=setting("levels"), post=named_levels, ok=302),
        Row("TS", at="town", args=setting("duty"), ok=302,
            post=sent(cut_off="18:30", every_day="yes", from_day="2026-11-20")),
    ],
    "system": [Row("TS")],
    # setting up a town: these towns are open, so that the steps before lead on to its grids
    "set_up": [Row("TS")],
    "set_up_list": [Row("")],  # only who changes places of a whole county
    "set_up_list_preview": [Row("", args=lambda corner: [uuid.UUID(int=1)])],
    "set_up_drop": [Row("", at="town", args=code("town"), post=sent(), refused=404)],
    "set_up_villages": [Row("TS", at="town", args=code("town"), ok=302)],
    "set_up_levels": [Row("TS", at="town", args=code("town"), ok=302)],
    "set_up_confirm": [Row("TS", at="town", args=code("town"), ok=302)],
    "set_up_grids": [
        Row("TS", at="town", args=code("town")),
        Row("TS", at="town", args=code("town"), post=list_of_grids, ok=302),
    ],
    "set_up_template": [Row("TS", at="town", args=code("town"))],
    "set_up_marked": [Row("TS", at="town", args=code("town"))],
    "set_up_confirm_grids": [Row("TS", at="town", args=code("town"), post=sent(), ok=302)],
    "set_up_discard_grids": [Row("TS", at="town", args=code("town"), post=sent(), ok=302)],
    "set_up_next": [Row("TS", at="town", args=code("town"))],
}  # fmt: skip

"""Access: places, maps, figures of places."""

from tests.access.rows import ALL, Row, area_query, code, list_of_grids, sent

FIGURES_OF_PLACES = "WALDVBXITHCYREF"
ROWS = {
    # places and figures
    "grids:areas": [Row(ALL, without_post=200)],
    "grids:area": [Row(ALL, at=level, args=code(level)) for level in ("micro", "grid", "village", "town")],
    "grids:boundaries": [Row(ALL, at=level, query=area_query(level)) for level in ("grid", "village", "town")]
    + [Row(ALL, at="village", query=lambda corner: f"?area={corner.village.code}&level=micro_grid&zoom=14")],
    "dashboard": [
        Row(FIGURES_OF_PLACES),
        *[Row(FIGURES_OF_PLACES, at=level, query=area_query(level)) for level in ("grid", "village", "town")],
    ],
    "system": [Row("TS")],
    # setting up a town: these towns are open, so that the steps before lead on to its grids
    "set_up": [Row("TS")],
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

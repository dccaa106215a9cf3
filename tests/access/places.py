"""Access: places, maps, figures of places."""

from tests.access.rows import ALL, Row, area_query, code

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
}  # fmt: skip

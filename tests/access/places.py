"""Access: places, maps, figures of places."""

from tests.access.rows import ALL, Row, area_query, code

ROWS = {
    # places and figures
    "grids:areas": [Row(ALL, without_post=200)],
    "grids:area": [Row(ALL, at=level, args=code(level)) for level in ("micro", "grid", "village", "town")],
    "grids:boundaries": [Row(ALL, at=level, query=area_query(level)) for level in ("grid", "village", "town")],
    "dashboard": [
        Row("WLDVXITHCY"),
        *[Row("WLDVXITHCY", at=level, query=area_query(level)) for level in ("grid", "village", "town")],
    ],
    "system": [Row("TS")],
}  # fmt: skip

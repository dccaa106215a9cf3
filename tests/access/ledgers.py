"""Access: ledgers and the town's table."""

from tests.access.rows import Row, sent, week

ROWS = {
    # ledgers and the town's table
    "ledgers:weekly_list": [Row("DVBTHCE")],
    "ledgers:week": [Row("DVBTHCE", at="village", args=week())],
    "ledgers:week_print": [Row("DVBTHCE", at="village", args=week())],
    "ledgers:week_xlsx": [Row("DVBTHCE", at="village", args=week())],
    "ledgers:week_act": [
        Row("D", at="village", args=week("comment"), post=sent(note="本周平稳"), ok=302),
        Row("VB", at="village", args=week("sign"), post=sent(), ok=302),
        Row("T", at="village", args=lambda c: [c.village.code, "2026-11-02", "accept"], post=sent(), ok=302),
        Row("T", at="village", args=lambda c: [c.village.code, "2026-11-02", "return"], post=sent(note="补充"), ok=302),
    ],
    "ledgers:town_month": [
        Row("THCF"), Row("THCF", at="town", args=lambda c: [c.town.code, "2026-11"]),
    ],
    "ledgers:town_month_print": [Row("THCF", at="town", args=lambda c: [c.town.code, "2026-11"])],
    "ledgers:town_month_xlsx": [Row("THCF", at="town", args=lambda c: [c.town.code, "2026-11"])],
}  # fmt: skip

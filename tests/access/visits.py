"""Access: visits, what is due of them, receptions, the town's plan."""

import uuid

from tests.access.rows import FIGURES, Row, area_query, code, pk, sent
from tests.access.world import TODAY

VISITORS = "WALDVBEHT"  # record and read visits in their places; P those of his households


def of_household(corner):
    return f"?household={corner.household.code}"


def own(corner):
    """In one's own corner the visit the grid worker paid."""
    return [corner.rows.get("own_visit", corner.visit).pk]


def paid(corner):
    return {
        "client_id": str(uuid.uuid4()),
        "day": TODAY.isoformat(),
        "result": "met",
        "line": "新的一件",
        "household": "",
    }


def heard(corner):
    return {"client_id": str(uuid.uuid4()), "day": TODAY.isoformat(), "line": "新的一件", "place": corner.village.code}


def phoned(corner):
    return {"client_id": str(uuid.uuid4()), "day": TODAY.isoformat(), "result": "nobody",
            "household": corner.household.code}  # fmt: skip


ROWS = {
    "screening:visits": [
        Row(VISITORS + "P" + FIGURES, figures=FIGURES),
        Row(VISITORS + "P" + FIGURES, at="micro", query=area_query("micro"), figures=FIGURES),
        Row(VISITORS + "P" + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:export_visits": [Row(VISITORS + "P" + FIGURES, figures=FIGURES)],
    "screening:visits_due": [
        Row(VISITORS + "P" + FIGURES, figures=FIGURES),
        Row(VISITORS + "P" + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:export_visits_due": [Row(VISITORS + "P" + FIGURES, figures=FIGURES)],
    "screening:round": [Row(VISITORS + "P"), Row(VISITORS + "P", at="micro", query=area_query("micro"))],
    "screening:record_visit": [
        Row(VISITORS + "P", at="micro", query=area_query("micro")),
        Row(VISITORS, at="micro", query=of_household),
        Row(VISITORS, at="micro", query=of_household, post=paid, ok=302),
    ],
    "screening:receive": [
        Row("DVBEHT", at="village", query=area_query("village")),
        Row("DVBEHT", at="village", query=area_query("village"), post=heard, ok=302),
    ],
    "screening:visit": [Row(VISITORS, at="micro", args=pk("visit"))],
    "screening:correct_visit": [Row("W", at="micro", args=own), Row("W", at="micro", args=own, post=paid, ok=302)],
    "screening:withdraw_visit": [Row("WDT", at="micro", args=own, post=sent(reason="走错门"), ok=302)],
    "screening:visit_plan": [
        Row("T", at="town", args=code("town")),
        Row("T", at="town", args=code("town"), post=sent(every="month", brought="政策", occasions="红白事"), ok=302),
    ],
    "screening:api_visits": [Row(VISITORS, at="micro", post=phoned, ok=200 + 1, json=True)],
}  # fmt: skip

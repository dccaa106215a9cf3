"""Who gets which answer from which address: one table, read by people, checked against every role and position.

Nothing here is worked out from grids.access: a role is a letter, a place is inside or outside by the path of the post,
and every answer is searched for the marks planted in the sibling village and in the other town."""

import uuid
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from common import clock
from disputes.models import Dispute
from tests.access_world import MONDAY, PEOPLE, TODAY, World, everything_written, fresh, readable

pytestmark = pytest.mark.django_db

# W grid worker       L grid leader        M micro-grid leader  P linked party member
# D village desk      V village director   X mediator           I discipline liaison
# T town desk         H town leader        C party committee    Y county desk          S system administrator
ALL = "WLMPDVXITHCYS"
FILES = "WLDVTH"  # reads reports, disputes and orders whole
FIGURES = "CY"  # reads lists of number, place, category, state and dates; opens nothing
ANYBODY = "anybody, signed in or not"


@dataclass
class Row:
    """One line of the table: who gets `ok`; inside the post's area others get 403, outside everybody 404.

    `at` names what of a corner the address is about (None: the address is about no place, and others get 403)."""

    who: str
    at: str | None = None
    ok: int = 200
    args: object = lambda corner: []
    query: object = lambda corner: ""
    post: object = None  # what is sent; None: a GET
    refused: int = 403
    without_post: int | None = None
    json: bool = False
    figures: str = ""  # of `who`, those who may read no line, name or phone
    outside: dict = field(default_factory=dict)  # by letters, where the answer outside is not 404; "" for the rest


def pk(name):
    return lambda corner: [getattr(corner, name).pk]


def area_query(level):
    return lambda corner: f"?area={corner.areas[level].code}"


def code(level):
    return lambda corner: [corner.areas[level].code]


def week(*more):
    return lambda corner: [corner.village.code, MONDAY.isoformat(), *more]


def sent(**said):
    return lambda corner: said


def nil(corner):
    return {"area": corner.grid.code, "day": "2026-11-17", "client_id": str(uuid.uuid4())}


def filed(proxy):
    return lambda corner: {"area": corner.grid.code, "day": "2026-11-17", "client_id": str(uuid.uuid4()),
                           "findings": [], "proxy": proxy}  # fmt: skip


def finding(corner):
    return {"client_id": str(uuid.uuid4()), "field": "3", "category": "02", "line": "新的一件", "severity": "04",
            "outcome": "spot", "place": "", "household": ""}  # fmt: skip


def opening(corner):
    return {"area": corner.grid.pk, "line": "新的一件", "category": "02", "field": "3", "source": "application",
            "severity": "04", "people_involved": 2}  # fmt: skip


TABLE = {
    # for everybody
    "healthz": [Row(ANYBODY)],
    "readyz": [Row(ANYBODY, ok=(200, 503))],
    "set_language": [Row(ANYBODY, ok=302, post=sent(language="en"))],
    "accounts:sign_in": [Row(ANYBODY, ok=(200, 302))],
    "accounts:sign_out": [Row(ALL, ok=302, post=sent(), without_post=302)],
    "home": [Row(ALL, ok=302, without_post=200)],
    # places and figures
    "grids:areas": [Row(ALL, without_post=200)],
    "grids:area": [Row(ALL, at=level, args=code(level)) for level in ("micro", "grid", "village", "town")],
    "grids:boundaries": [Row(ALL, at=level, query=area_query(level)) for level in ("grid", "village", "town")],
    "dashboard": [
        Row("WLDVXITHCY"),
        *[Row("WLDVXITHCY", at=level, query=area_query(level)) for level in ("grid", "village", "town")],
    ],
    "system": [Row("TS")],
    # the daily report
    "screening:today": [Row("WL")],
    "screening:file_nil": [Row("WD", at="grid", ok=302, post=nil)],
    "screening:found": [
        Row("WD", at="grid", query=area_query("grid")),
        Row("WD", at="grid", query=area_query("grid"), ok=302, post=finding),
    ],
    "screening:desk": [Row("DVTHWL"), Row("DVTHWL", at="village", query=area_query("village"))],
    "screening:reports": [
        Row(FILES + FIGURES, query=lambda corner: "?from=2026-11-01", figures=FIGURES),
        Row(FILES + FIGURES, at="grid", query=area_query("grid"), figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:export_reports": [
        Row(FILES + FIGURES, query=lambda corner: "?from=2026-11-01", figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:report": [Row(FILES, at="grid", args=pk("todays")), Row(FILES, at="grid", args=pk("report"))],
    "screening:void": [Row("DT", at="grid", args=pk("todays"), post=sent(reason="填错了"), ok=302)],
    "screening:correct": [
        Row("WD", at="grid", args=lambda c: [c.todays.pk, c.finding.pk]),
        Row("WD", at="grid", args=lambda c: [c.todays.pk, c.finding.pk], post=finding, ok=302),
    ],
    "screening:findings": [
        Row(FILES + FIGURES, figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:export_findings": [
        Row(FILES + FIGURES, figures=FIGURES),
        Row(FILES + FIGURES, at="village", query=area_query("village"), figures=FIGURES),
    ],
    "screening:api_reports": [
        Row("W", at="grid", post=filed(proxy=False), ok=200 + 1, json=True),
        Row("D", at="grid", post=filed(proxy=True), ok=200 + 1, json=True),
    ],
    # disputes
    "disputes:list": [
        Row(FILES + FIGURES + "XI", figures=FIGURES + "I"),
        Row(FILES + FIGURES + "XI", at="village", query=area_query("village"), figures=FIGURES + "I",
            outside={FILES + FIGURES + "XI": 404, "": 403}),
    ],
    "disputes:export": [Row(FILES + FIGURES + "XI", figures=FIGURES + "I")],
    "disputes:register": [
        Row("WDXT"), Row("WDXT", at="grid", post=opening, ok=302, refused=403, outside={"WDXT": 422, "": 403})
    ],
    "disputes:detail": [
        Row(FILES + "X", at="micro", args=pk("dispute")),
        Row(FILES + "X", at="village", args=pk("village_dispute")),
    ],
    "disputes:act": [
        Row("DXT", at="micro", args=lambda c: [c.dispute.pk, "settle"], post=sent(note="已和解"), ok=302),
        Row("DXT", at="micro", args=lambda c: [c.dispute.pk, "recategorise"], ok=302,
            post=sent(note="更正", category="07", field="1")),
        Row("DXT", at="micro", args=lambda c: [c.dispute.pk, "mark_duplicate"], ok=302,
            post=lambda c: {"note": "重复", "of": c.village_dispute.case.number}),
        Row("VT", at="micro", args=lambda c: [c.closed.pk, "reopen"], post=sent(note="又起争执"), ok=302),
    ],
    "disputes:reveal": [Row("DXT", at="micro", args=pk("dispute"), post=sent(reason="电话通知调解"))],
    # residents' orders
    "orders:list": [
        Row(FILES + FIGURES + "I", figures=FIGURES),
        Row(FILES + FIGURES + "I", at="village", query=area_query("village"), figures=FIGURES,
            outside={FILES + FIGURES + "I": 404, "": 403}),
    ],
    "orders:export": [Row(FILES + FIGURES + "I", figures=FIGURES)],
    "orders:place": [
        Row("WDT"), Row("WDT", at="grid", post=opening, ok=302, refused=403, outside={"WDT": 422, "": 403})
    ],
    "orders:detail": [Row(FILES + "I", at="micro", args=pk("order"))],
    "orders:act": [Row("DT", at="micro", args=lambda c: [c.order.pk, "done"], post=sent(note=""), ok=302)],
    "orders:reveal": [Row("DT", at="micro", args=pk("order"), post=sent(reason="回访"))],
    # households
    "households:list": [
        Row("WLDVTCYP", figures=FIGURES),
        Row("WLDVTCYP", at="micro", query=area_query("micro"), figures=FIGURES),
        Row("WLDVTCYP", at="village", query=area_query("village"), figures=FIGURES),
    ],
    "households:export": [Row("WLDVTCYP", figures=FIGURES)],
    # ledgers and the town's table
    "ledgers:weekly_list": [Row("DVTHC")],
    "ledgers:week": [Row("DVTHC", at="village", args=week())],
    "ledgers:week_print": [Row("DVTHC", at="village", args=week())],
    "ledgers:week_xlsx": [Row("DVTHC", at="village", args=week())],
    "ledgers:week_act": [
        Row("D", at="village", args=week("comment"), post=sent(note="本周平稳"), ok=302),
        Row("V", at="village", args=week("sign"), post=sent(), ok=302),
        Row("T", at="village", args=lambda c: [c.village.code, "2026-11-02", "accept"], post=sent(), ok=302),
        Row("T", at="village", args=lambda c: [c.village.code, "2026-11-02", "return"], post=sent(note="补充"), ok=302),
    ],
    "ledgers:town_month": [
        Row("THC"), Row("THC", at="town", args=lambda c: [c.town.code, "2026-11"]),
    ],
    "ledgers:town_month_print": [Row("THC", at="town", args=lambda c: [c.town.code, "2026-11"])],
    "ledgers:town_month_xlsx": [Row("THC", at="town", args=lambda c: [c.town.code, "2026-11"])],
}  # fmt: skip


def names(resolver, space=""):
    """Every address of the platform by name; one without a name by its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else str(entry.pattern)


@pytest.fixture
def _django_db_helper(world):
    """One world and one transaction for the whole module, in place of one for each test."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def ask(client, name, row, corner):
    """The answer to one row, rolled back; and whether anything was written."""
    address = reverse(name, args=row.args(corner)) + row.query(corner)
    with clock.standing_at(clock.at(TODAY, 10)), transaction.atomic():
        if row.post is None:
            answer = fresh(client).get(address)
        else:
            kind = {"content_type": "application/json"} if row.json else {}
            answer = fresh(client).post(address, row.post(corner), **kind)
        body = readable(answer)
        yield answer.status_code, body, address
        transaction.set_rollback(True)


def expected(row, letter, user, corner):
    if row.who == ANYBODY:
        return row.ok
    inside = row.at is None or any(
        corner.areas[row.at].path.startswith(post.area.path)
        for post in user.posts.filter(until_day=None).select_related("area")
    )
    if inside:
        return row.ok if letter in row.who else row.refused
    return next((status for who, status in row.outside.items() if letter in who or not who), 404)


def marks(world, corners, body, address):
    secrets = [secret for corner in corners for secret in world.secrets_of(corner)]
    return [secret.decode() for secret in secrets if secret in body and secret.decode() not in address]


def as_wanted(status, wanted):
    return status in wanted if isinstance(wanted, tuple) else status == wanted


def leaks(world, user, row, letter, body, address):
    """Marks in an answer that its reader may not see, other than those he wrote into the address himself."""
    found = marks(world, world.outside(user), body, address)
    found += [secret.decode() for secret in world.secrets_above(user) if secret in body]
    if letter in row.figures:
        words = ("排水沟{}", "地界{}", "路灯{}", "李{}", "周{}", "孙{}", "吴{}", "郑{}", "{}家", "说明{}", "病{}")
        texts = [word.format(corner.mark) for corner in world.corners for word in words]
        found += [text for text in texts if text.encode() in body]
    return found


def test_every_address_has_its_row_and_every_row_its_address():
    assert set(names(get_resolver())) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_answers(world, name):
    """Every role at its own place, at the sibling village, at the other town: the status, what the answer tells, and
    that a refused act changes nothing and an allowed one something."""
    wrong = []
    for row in TABLE[name]:
        for letter, user in world.people.items():
            for corner in world.corners if row.at else [world.own]:
                wanted = expected(row, letter, user, corner)
                for status, body, address in ask(world.clients[user.pk], name, row, corner):
                    told = f"{letter} {address}"
                    if not as_wanted(status, wanted):
                        wrong.append(f"{told}: {status}, not {wanted}")
                    if found := leaks(world, user, row, letter, body, address):
                        wrong.append(f"{told} tells {found}")
                    if (shown := phones_in_clear(world, body)) and not may_be_clear(name, row, letter):
                        wrong.append(f"{told} shows {shown}")
                    if row.post and row.at and (everything_written() != world.written) != (wanted == row.ok):
                        wrong.append(f"{told}: {status}, and something was written, or nothing")

    assert not wrong, "\n".join(wrong)


def phones_in_clear(world, body):
    return [phone for corner in world.corners for phone in corner.phones if phone.encode() in body]


def may_be_clear(name, row, letter):
    return name.endswith(":reveal") and letter in row.who


@pytest.mark.parametrize("name", TABLE)
def test_answers_when_the_post_has_ended_and_to_strangers(world, name):
    wrong = []
    for row in TABLE[name]:
        for letter, user in world.former.items():
            wanted = row.ok if row.who == ANYBODY else row.without_post or (404 if row.at else row.refused)
            if not row.at and row.without_post is None and row.who != ANYBODY:
                wanted = 403
            if row.outside:
                wanted = 403
            for status, body, address in ask(world.clients[user.pk], name, row, world.own):
                told = marks(world, world.corners, body, address + "ALFA")  # his own name, on every page
                if not as_wanted(status, wanted) or told:
                    wrong.append(f"former {letter} {address}: {status}, not {wanted} {told}")
        wanted = row.ok if row.who == ANYBODY else (401, 403) if row.json else 302
        for corner in world.corners if row.at else [world.own]:
            for status, body, address in ask(Client(), name, row, corner):
                told = marks(world, world.corners, body, address)
                if not as_wanted(status, wanted) or told:
                    wrong.append(f"stranger {address}: {status}, not {wanted} {told}")

    assert not wrong, "\n".join(wrong)


# --- the harness itself: planted faults are found ----------------------------------------


def everybodys_disputes(request):
    """A view that forgot visible_to."""
    from django.http import JsonResponse

    rows = Dispute.objects.values_list("case__number", "line")
    return JsonResponse({"rows": list(rows)}, json_dumps_params={"ensure_ascii": False})


def one_dispute(request, pk):
    """A view that forgot access.fetch."""
    from django.http import HttpResponse

    return HttpResponse(Dispute.objects.get(pk=pk).line)


urlpatterns = [
    path("leaky/", everybodys_disputes, name="leaky"),
    path("leaky/<int:pk>/", one_dispute, name="leaky_row"),
]


def test_an_address_without_a_row_and_a_view_without_borders_are_found(world, monkeypatch):
    with override_settings(ROOT_URLCONF=__name__):
        assert set(names(get_resolver())) - set(TABLE) == {"leaky", "leaky_row"}

        monkeypatch.setitem(TABLE, "leaky", [Row(FILES)])
        monkeypatch.setitem(TABLE, "leaky_row", [Row(FILES, at="micro", args=pk("dispute"))])
        with pytest.raises(AssertionError) as whole_list:
            test_answers(world, "leaky")
        with pytest.raises(AssertionError) as one_row:
            test_answers(world, "leaky_row")

    assert "W /leaky/ tells ['BRAVO'" in str(whole_list.value)
    assert "not 403" in str(whole_list.value)
    assert "not 404" in str(one_row.value)


def test_a_grid_worker_who_wrote_everywhere_is_found(world, monkeypatch):
    """The table itself is believed over the platform: with a wrong letter in it the test fails."""
    monkeypatch.setitem(TABLE, "disputes:reveal", [
        Row("DXTW", at="micro", args=pk("dispute"), post=sent(reason="电话通知调解"))
    ])  # fmt: skip
    with pytest.raises(AssertionError) as wrong:
        test_answers(world, "disputes:reveal")

    assert "W /disputes/" in str(wrong.value)


assert set(ALL) == set(PEOPLE)

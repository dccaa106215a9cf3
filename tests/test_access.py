"""Who gets which answer from which address: one table, read by people, checked against every role and position.

Nothing here is worked out from grids.access: a role is a letter, a place is inside or outside by the path of the post,
and every answer is searched for the marks planted in the sibling village and in the other town."""

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from common import clock
from disputes.models import Dispute
from tests.access import TABLE, sampling
from tests.access.rows import ALL, ANYBODY, FILES, Row, pk, sent
from tests.access.world import PEOPLE, TODAY, World, everything_written, fresh, readable

pytestmark = pytest.mark.django_db


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
        body = without_public_words(readable(answer), row, corner)
        yield answer.status_code, body, address
        transaction.set_rollback(True)


def without_public_words(body, row, corner):
    """The answer without what the row says is there for everybody, so that anything else is still found in it."""
    for word in sorted((word.format(corner.mark) for word in row.public), key=len, reverse=True):
        body = body.replace(word.encode(), b"")
    return body


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
    """Every role (or one for all that are alike) at its own place, at the sibling village, at the other town: the
    status, what the answer tells, and that a refused act changes nothing and an allowed one something."""
    wrong = []
    for number, row in enumerate(TABLE[name]):
        for letter in sampling.asked(name, number):
            user = world.people[letter]
            for corner in sampling.corners(world, row, name, letter, user):
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
    for number, row in enumerate(TABLE[name]):
        for letter in sampling.asked_of_former(name, number):
            user = world.former[letter]
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
    monkeypatch.setattr(sampling, "WHOLE", True)
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
    monkeypatch.setattr(sampling, "WHOLE", True)
    monkeypatch.setitem(TABLE, "disputes:reveal", [
        Row("DXTW", at="micro", args=pk("dispute"), post=sent(reason="电话通知调解"))
    ])  # fmt: skip
    with pytest.raises(AssertionError) as wrong:
        test_answers(world, "disputes:reveal")

    assert "W /disputes/" in str(wrong.value)


assert set(ALL) == set(PEOPLE)

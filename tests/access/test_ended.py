"""A post that ends in the middle of a session: the next request is refused, and who holds none is signed out."""

import random

import pytest
from django.db import transaction

from common import clock
from grids import staffing
from grids.models import Post
from grids.roles import Role
from tests.access import TABLE, sampling, tally
from tests.access.asking import address_of, send
from tests.access.matrix import expected
from tests.access.rows import ANYBODY
from tests.access.world import DAY, PEOPLE, SINCE, TODAY

pytestmark = pytest.mark.django_db
AT_ONCE = 1000 if sampling.WHOLE else 40  # requests in all after posts have ended


def readable_by(world, letter):
    """Pages a role may read at its own place: (address, row)."""
    user = world.people[letter]
    return [
        (name, row) for name, rows in TABLE.items() for row in rows
        if row.post is None and row.ok == 200 and row.who != ANYBODY and letter in row.who and row.without_post is None
        and expected(row, letter, user, world.own) == 200
    ]  # fmt: skip


def later(world, letter, n, ended) -> list[str]:
    """What a session that was open before still reads after its post `ended` (a function of the post)."""
    client, post = world.clients[world.people[letter].pk], world.people[letter].posts.get()
    dice = random.Random(f"{sampling.SEED}|{letter}")
    asked = [address_of(name, row, world.own) for name, row in dice.choices(readable_by(world, letter), k=n)]
    with clock.standing_at(clock.at(TODAY, 10)), transaction.atomic():
        assert send(client, "GET", asked[0]).status == 200
        ended(post)
        tally.count("ended")
        answered = [address for address in asked if send(client, "GET", address).status == 200]
        tally.count("later", len(asked))
        tally.count("later_answered", len(answered))
        transaction.set_rollback(True)
    return answered


def end(post):
    staffing.end_post(post=post, on=TODAY, by=None)


@pytest.mark.parametrize("letter", sampling.some(PEOPLE, 4, "ended"))
def test_nothing_is_answered_after_the_post_has_ended(world, letter):
    assert not later(world, letter, AT_ONCE // (len(PEOPLE) if sampling.WHOLE else 4) + 1, end)


def test_who_holds_no_post_any_more_is_signed_out(world):
    """Not only refused: the session itself is over, and leads to the door."""
    client, user = world.clients[world.people["D"].pk], world.people["D"]
    with clock.standing_at(clock.at(TODAY, 10)), transaction.atomic():
        end(user.posts.get())
        answer = send(client, "GET", "/dashboard/")
        transaction.set_rollback(True)

    assert (answer.status, answer.heads["Location"]) == (302, "/sign-in/?next=/dashboard/")


# --- planted faults are found: posts that only seem to end --------------------------------------


def nothing_done(post):
    pass


def tomorrow(post):
    staffing.end_post(post=post, on=TODAY + DAY, by=None)


def another_of_the_person_goes_on(post):
    staffing.appoint(user=post.user, area=post.area, role=Role.VILLAGE_SECRETARY, from_day=SINCE, by=None)
    end(post)


def goes_on_above(post):
    staffing.appoint(user=post.user, area=post.area.parent, role=Role.TOWN_DESK, from_day=SINCE, by=None)
    end(post)


def of_another_person(post):
    end(Post.objects.exclude(user=post.user).filter(area=post.area, until_day=None).first())


@pytest.mark.parametrize(
    "ended", [nothing_done, tomorrow, another_of_the_person_goes_on, goes_on_above, of_another_person]
)
def test_a_session_that_goes_on_is_found(world, monkeypatch, ended):
    monkeypatch.setattr(tally, "count", lambda key, n=1: None)

    assert later(world, "D", 5, ended)

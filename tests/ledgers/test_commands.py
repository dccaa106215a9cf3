"""The commands that do by hand what the worker does."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common import clock
from ledgers import closing
from ledgers.models import Fact, OwedPeriod

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


def say(*words):
    out = StringIO()
    with clock.standing_at(clock.at(dt.date(2026, 3, 10), 9)):
        call_command(*words, stdout=out)
    return out.getvalue()


def test_a_week_counted_by_hand_stores_what_the_worker_would(working_town, worker, other_worker, grid, report):
    report(worker, grid, MONDAY, "spot")
    said = json.loads(say("count_period", "week", "--date", "2026-03-04", "--json"))
    by_hand = list(Fact.objects.filter(kind="W").order_by("area_id").values())
    with clock.standing_at(clock.at(dt.date(2026, 3, 10), 9)):
        closing.close_owed()

    assert said["period"] == "2026-W10"
    assert (said["areas"][0]["expected"], said["areas"][0]["on_time"], said["areas"][0]["findings"]) == (14, 1, 1)
    assert list(Fact.objects.filter(kind="W").order_by("area_id").values()) == by_hand


def test_one_area_is_printed_by_its_code(working_town, village, worker, grid, report):
    report(worker, grid, MONDAY)

    line = say("count_period", "day", "--date", "2026-03-02", "--area", village.code)

    assert line.startswith(f"code={village.code} name=东良村 expected=1 on_time=1 ")


def test_an_unknown_code_is_refused(working_town):
    with pytest.raises(CommandError, match="999"):
        say("count_period", "day", "--area", "999")


def test_a_rebuild_brings_back_what_somebody_changed(working_town, worker, other_worker, grid, report):
    report(worker, grid, MONDAY)
    say("count_period", "day", "--date", "2026-03-02")
    with clock.standing_at(clock.at(dt.date(2026, 3, 10), 9)):
        closing.close_owed()
    right = list(Fact.objects.order_by("area_id", "kind", "start").values())
    Fact.objects.filter(kind="D").update(findings=7)

    assert "periods counted anew" in say("rebuild_figures", "--from", "2026-03-01")
    assert list(Fact.objects.order_by("area_id", "kind", "start").values()) == right


def test_a_period_put_aside_is_taken_up_by_hand(working_town, worker, other_worker, grid, report):
    report(worker, grid, MONDAY)
    with clock.standing_at(clock.at(dt.date(2026, 3, 10), 9)):
        closing.owe(clock.now())
        tuesday = OwedPeriod.objects.filter(kind="D", start="2026-03-03")
        tuesday.update(attempts=5, parked_at=clock.now(), error="DataError: …")
        closing.close_owed()
        assert set(OwedPeriod.objects.filter(done_at__isnull=True).values_list("kind", flat=True)) == {"D", "W", "L"}

    say("count_period", "day", "--date", "2026-03-03")
    with clock.standing_at(clock.at(dt.date(2026, 3, 10), 10)):
        closing.close_owed()

    assert not OwedPeriod.objects.filter(done_at__isnull=True).exists()
    assert tuesday.get().parked_at is None

"""A process of the platform that does what it is told, line by line: the towns' ten days, a late report, the check.

Started by the stage on the profile under test; one JSON answer for each word."""

import datetime as dt
import json
import sys
import traceback

import django

DAYS = 10


def main():
    django.setup()
    from django.db import close_old_connections, connection

    acts = _acts()
    for line in sys.stdin:
        close_old_connections()
        try:
            said = {"ok": acts[line.strip()]()}
        except Exception as wrong:  # told to the stage, which fails the test with it
            connection.close()
            said = {"wrong": f"{type(wrong).__name__}: {wrong}", "where": traceback.format_exc()}
        print(json.dumps(said), flush=True)  # noqa: T201


def _acts():
    from common import clock
    from grids.models import TouchedDay
    from ledgers import checking
    from ledgers.models import Fact, OwedPeriod
    from tests.properties.strategies import everything_happens
    from tests.properties.town_life import Life

    lives = []

    def live():
        """Ten days of two towns, lived while nobody counted; then the platform's clock is the machine's again."""
        life = Life(clock.today() - dt.timedelta(days=DAYS))
        for day in everything_happens()[2][:DAYS]:
            acts = [act for act in day["acts"] if act[0] not in {"close", "drain", "sign", "send_back"}]
            life.live(day | {"acts": acts, "close": False})
        lives.append(life)
        return [town.pk for town in life.towns]

    def report():
        """Somebody files late, for yesterday or the days before, at the machine's own time."""
        life = lives[0]
        before = life.done["report"]
        for n in range(4):
            life.act("report", n, 1 + n, n)
        return life.done["report"] - before

    def check():
        found = checking.check()
        return {"differences": [str(one) for one in found.differences], "facts": found.facts, "waiting": found.waiting}

    def owed():
        return OwedPeriod.objects.filter(done_at__isnull=True).count() + TouchedDay.objects.count()

    def counted():
        """How many facts there are, and how many periods are done."""
        return [Fact.objects.count(), OwedPeriod.objects.filter(done_at__isnull=False).count()]

    return {"live": live, "report": report, "check": check, "owed": owed, "counted": counted}


if __name__ == "__main__":
    main()

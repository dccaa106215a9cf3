"""Builds a demo town: real village names and published figures, everything else invented, marked as such."""

import datetime as dt
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import clock
from governance.demo import gucheng, loading
from governance.demo.plan import Plan

TOWNS = {"gucheng": gucheng}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("town", choices=TOWNS)
        parser.add_argument("--history", type=int, default=120, help="days of history before the date (default 120)")
        parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the date it is in the town (default: today)")
        parser.add_argument("--seed", type=int, default=1, help="another number invents another town (default 1)")

    def handle(self, *, town, history, as_of, seed, **options):
        if not settings.DEMO:
            raise CommandError("Demo towns are loaded in demo mode only (GOV_DEMO).")
        as_of = as_of or clock.today()
        if history < 0 or as_of - dt.timedelta(days=history) <= TOWNS[town].OPENED:
            raise CommandError(f"History must begin after {TOWNS[town].OPENED}, when the town's grids were opened.")
        try:
            if loading.is_loaded(TOWNS[town]):
                self.say(f"{town} is loaded already: nothing was changed.")
                return
        except loading.NotEmpty as name:
            raise CommandError(f"{name} is in this database as a real town: nothing was changed.") from None
        start = time.monotonic()
        self.say(f"Loading {town}: {history} days of history up to {as_of}, seed {seed}")
        loading.load(Plan(TOWNS[town], as_of, history, seed), self.say)
        self.say(f"Loaded {town} in {time.monotonic() - start:.1f} s")

    def say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

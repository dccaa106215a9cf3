"""Counts one day, week or month by hand, as the worker would, and prints the figures."""

import datetime as dt
import json

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.periods import NAMES, period_of
from grids.models import Area, TownProfile
from ledgers import closing, figures
from ledgers.models import COUNTS, STOCKS


class Command(BaseCommand):
    help = "Counts a day, week or month of all towns, or of the town that holds --area, and prints its figures."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=list(NAMES))
        parser.add_argument("--date", type=dt.date.fromisoformat, help="a day of the period; today when left out")
        parser.add_argument("--area", help="code of the area whose figures are printed")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, kind, date, area, **options):
        period = period_of(NAMES[kind], date or clock.today())
        towns = [profile.town for profile in TownProfile.objects.select_related("town")]
        areas = self._areas(area, towns)
        if area:
            towns = [town for town in towns if town.pk in {a.town_id for a in areas} or town.county_id == areas[0].pk]
        if period.last < clock.today():
            for county in {town.county_id for town in towns}:
                closing.count_by_hand([town for town in towns if town.county_id == county], period)
        found = figures.read([(place, period) for place in areas])
        report = [self._row(place, found[place.pk, period]) for place in areas]
        if options["json"]:
            self.stdout.write(json.dumps({"period": period.iso_label, "areas": report}, ensure_ascii=False))
            return
        for row in report:
            self.stdout.write(" ".join(f"{name}={value}" for name, value in row.items()))

    def _areas(self, code, towns):
        if not code:
            return towns
        found = Area.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"There is no area with the code {code}.")
        return [found]

    def _row(self, area, found):
        return {"code": area.code, "name": area.name} | {name: found.counts[name] for name in [*COUNTS, *STOCKS]}

"""Throws away the stored figures of a span of days and counts them anew by the same statements."""

import datetime as dt

from django.core.management.base import BaseCommand

from common import clock
from grids.models import TownProfile
from ledgers import counting


class Command(BaseCommand):
    help = "Rebuilds all stored figures, or those of --from … --to."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, default=dt.date(2000, 1, 1))
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, default=None)

    def handle(self, *args, first, last, **options):
        towns = {}
        for profile in TownProfile.objects.select_related("town"):
            towns.setdefault(profile.town.county_id, []).append(profile.town)
        for group in towns.values():
            count = counting.rebuild(group, first=first, last=last or clock.today())
            self.stdout.write(f"{', '.join(str(town) for town in group)}: {count} periods counted anew")

"""Opens one of the five towns from the list of division codes: county, town and villages, nothing invented."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from common import clock
from governance.divisions.opening import open_list
from grids.schemes import OF_TOWN


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("town", choices=OF_TOWN)
        parser.add_argument("--on", type=dt.date.fromisoformat, help="first day of use (default: today)")

    def handle(self, *, town, on, **options):
        on = on or clock.today()
        try:
            towns = open_list(town, on=on, in_use_from=on)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        for opened in towns:
            self.stdout.write(f"{opened.code} {opened.name}: {opened.children.count()} villages from {on}")

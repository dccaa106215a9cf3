"""Whether the tree of places holds together; lists every fault and exits 1 where it does not."""

from django.core.management.base import BaseCommand, CommandError

from grids import checking
from grids.models import Area


class Command(BaseCommand):
    help = "Checks the tree of places: paths, levels, days, codes, posts, households. Exits 1 with a list of faults."

    def handle(self, *args, **options):
        found = checking.check()
        for one in found:
            self.stdout.write(str(one))
        if found:
            raise CommandError(f"{len(found)} faults")
        self.stdout.write(f"{Area.objects.count()} places, no fault.")

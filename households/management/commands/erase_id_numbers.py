"""Erases the ID numbers of a town that switched them off, also from the history of its residents."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from grids.models import Area
from households import identity


class Command(BaseCommand):
    help = "Erases the ID numbers of the residents of a town, in batches; can be broken off and run again."

    def add_arguments(self, parser):
        parser.add_argument("town", help="code of the town")

    def handle(self, *args, town, **options):
        area = Area.objects.filter(code=town, kind=Area.Kind.TOWN).first()
        if area is None:
            raise CommandError(f"There is no town with the code {town}.")
        try:
            done = identity.erase(area, say=lambda n: self.stdout.write(f"  {n} erased"))
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        self.stdout.write(f"{area.name}: {done} ID numbers erased, none is left.")

"""Tells a person everything that is kept of him, or erases it (PIPL art. 44 to 47); the same as the page."""

from django.core.management.base import BaseCommand, CommandError

from households import answering
from households.models import Resident


class Command(BaseCommand):
    help = "Prints all that is kept of a resident; with --erase, erases it and says what has to stay."

    def add_arguments(self, parser):
        parser.add_argument("household", help="code of a household the person belongs or belonged to")
        parser.add_argument("resident", type=int, help="number of the person, as in the address of his page")
        parser.add_argument("--erase", action="store_true")
        parser.add_argument("--reason", required=True, help="who asked, when, how; without names")

    def handle(self, *args, household, resident, erase, reason, **options):
        stays = Resident.objects.filter(pk=resident).values("sealing_id")
        found = Resident.objects.filter(sealing_id__in=stays).order_by("-from_day")
        if not found.filter(household__code=household).exists():
            raise CommandError(f"Household {household} has nobody with the number {resident}.")
        if not erase:
            for heading, lines in answering.tell(resident=found[0], by=None, reason=reason):
                self.stdout.write(f"{heading}\n" + "\n".join(f"  {line}" for line in lines))
            return
        for words in answering.erase(resident=found[0], by=None, reason=reason):
            self.stdout.write(words)
        self.stdout.write("Erased.")

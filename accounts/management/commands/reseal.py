"""Seals phones, ID numbers and secrets anew under the first of the sealing keys, while the platform is at work."""

from django.core.management.base import BaseCommand, CommandError

from accounts import resealing
from common.sealed import SealBroken


class Command(BaseCommand):
    help = "Seals everything under the first key of GOV_SEALING_KEYS. Can be broken off and run again."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=resealing.A_BATCH, help="rows in one transaction")
        parser.add_argument("--report", action="store_true", help="only says what rests under other keys")

    def handle(self, *args, batch, report, **options):
        if not report:
            try:
                done = resealing.reseal(say=self._say, batch=batch)
            except SealBroken as broken:
                raise CommandError(f"No key opens a token of {str(broken).split(':')[0]}.") from None
            self.stdout.write(f"{done} sealed anew.")
        rest = {name: count for name, count in resealing.rest().items() if count}
        for name, count in rest.items():
            self.stdout.write(f"  {name}: {count} under another key")
        if rest and not report:
            raise CommandError("Somebody still seals under another key: restart every process, then run this again.")
        if not rest:
            self.stdout.write("Nothing rests under another key: the others may be taken out.")

    def _say(self, name, done):
        self.stdout.write(f"  {name}: {done}")

"""Recounts every stored figure from the source rows by other code, and says where the two differ."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from ledgers import checking


class Command(BaseCommand):
    help = "Recounts all stored figures, or those of --from … --to; exits 1 on any difference."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, metavar="DATE")

    def handle(self, *args, first, last, **options):
        found = checking.check(first, last)
        for difference in found.differences:
            self.stdout.write(str(difference))
        looked = f"{found.facts} facts, {found.reports} reports, {found.ledgers} ledgers, {found.periods} owed periods"
        self.stdout.write(f"Recounted {looked}.")
        if found.waiting:
            self.stdout.write(f"{found.waiting} were left out: their touched days wait for the worker.")
        if found.differences:
            raise CommandError(f"{len(found.differences)} differences")
        self.stdout.write("No difference.")

"""Prints what the product costs against a floor measured in the same run, and fails where a bound does not hold."""

import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from governance.bench import counting, county, measure, reading

SLACK = {"small": 1.5, "county": 1.0, "prefecture": 1.0}


class Command(BaseCommand):
    help = "Benchmarks in a database of their own: what, CPU ms, floor CPU ms, ratio, bound."

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=list(county.SIZES), default="small")

    def handle(self, *args, scale, **options):
        size, started = county.SIZES[scale], time.monotonic()
        with Database(f"bench_{scale}"):
            call_command("migrate", verbosity=0)
            towns = county.build(size, self.stdout.write)
            measure.quiet()
            self.stdout.write(f"made in {time.monotonic() - started:.0f} s\n")
            lines = [self._show(line, SLACK[scale]) for line in self._lines(size, towns)]
        broken = [line.what for line in lines if not line.holds(SLACK[scale])]
        self.stdout.write(f"{len(lines) - len(broken)} of {len(lines)} bounds hold, {time.monotonic() - started:.0f} s")
        if broken:
            raise CommandError("over the bound: " + "; ".join(broken))

    def _lines(self, size, towns):
        self.stdout.write(f"{'what':<62} {'CPU ms':>10} {'floor':>10} {'ratio':>8} {'bound':>8}")
        yield from counting.lines(size, towns)
        yield from reading.subtree_lines(size)
        yield from reading.dashboard_lines(size)
        yield from reading.filing_lines(size)

    def _show(self, line, slack):
        bound = "-" if line.bound is None else f"{line.bound:.3g}"
        mark = "" if line.holds(slack) else "  OVER"
        self.stdout.write(
            f"{line.what:<62} {line.cost:>10.2f} {line.floor:>10.2f} {line.ratio:>8.3f} {bound:>8}  {line.note}{mark}"
        )
        return line


class Database:
    """A fresh database beside the configured one, dropped afterwards; the embedded server is started when none is."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.home = settings.DATABASES["default"]["NAME"]
        self._move("postgres", f"DROP DATABASE IF EXISTS {self.name}", f"CREATE DATABASE {self.name}")
        self._move(self.name)

    def __exit__(self, *problem):
        self._move("postgres", f"DROP DATABASE IF EXISTS {self.name}")
        self._move(self.home)

    def _move(self, name, *statements):
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

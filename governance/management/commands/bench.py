"""Prints what the product costs against a floor measured in the same run, and fails where a bound does not hold."""

import time

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from governance.bench import (
    counting,
    county,
    divisions,
    filing,
    linking,
    locating,
    measure,
    prefecture,
    reading,
    rosters,
    searching,
    server,
)

SLACK = {"small": 1.5, "county": 1.0, "prefecture": 1.0}


class Command(BaseCommand):
    help = "Benchmarks in a database of their own: what, CPU ms, floor CPU ms, ratio, bound."
    requires_system_checks = []  # they would look at the configured server, which may not be the one used

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=list(county.SIZES), default="small")

    def handle(self, *args, scale, **options):
        with server.own_server(self.stdout.write), server.fresh_database(f"bench_{scale}"):
            self._run(scale)

    def _run(self, scale):
        size, started = county.SIZES[scale], time.monotonic()
        call_command("migrate", verbosity=0)
        towns = county.build(size, self.stdout.write)
        measure.quiet()
        self.stdout.write(f"made in {time.monotonic() - started:.0f} s\n")
        lines = [self._show(line, SLACK[scale]) for line in self._lines(scale, size, towns)]
        bound = [line for line in lines if line.bound is not None]
        broken = [line.what for line in bound if not line.holds(SLACK[scale])]
        said = f"{len(bound) - len(broken)} of {len(bound)} bounds hold"
        self.stdout.write(f"{said} (times {SLACK[scale]}), {time.monotonic() - started:.0f} s")
        if broken:
            raise CommandError("over the bound: " + "; ".join(broken))

    def _lines(self, scale, size, towns):
        self.stdout.write(f"{'what':<62} {'CPU ms':>10} {'floor':>10} {'ratio':>8} {'bound':>8} {'proposed':>8}")
        if scale == "prefecture":  # what hangs on the size of the tree; the rest hangs on the rows of a county
            yield from prefecture.lines(size, self.stdout.write)
            yield from divisions.lines()
            return
        yield from counting.lines(size, towns)
        yield from reading.subtree_lines(size)
        yield from reading.dashboard_lines(size)
        yield from searching.lines(size)
        yield from filing.lines()
        yield from linking.lines()
        yield from locating.lines(size)
        yield from divisions.lines()
        yield from rosters.lines()

    def _show(self, line, slack):
        bound = "-" if line.bound is None else f"{line.bound:.3g}"
        other = "" if line.proposed is None else f"{line.proposed:.3g}"
        mark = "" if line.holds(slack) else "  OVER"
        figures = f"{line.cost:>10.2f} {line.floor:>10.2f} {line.ratio:>8.3f} {bound:>8} {other:>8}"
        self.stdout.write(f"{line.what:<62} {figures}  {line.note}{mark}")
        self.stdout.flush()
        return line

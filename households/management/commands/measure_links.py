"""Measures the sharing out of households in a town: loads, distance, time, and what moves when members leave."""

import platform
import time

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from common import clock
from grids.models import Area
from households import linking, proposals
from households.models import HouseholdLink, LinkProposal, PartyMember

WAYS = {"anew": "share out anew", "even": "even out what is", "fill": "fill the gaps"}


class Command(BaseCommand):
    """Writes nothing: everything happens in a transaction that is taken back."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("town", nargs="?", help="its code; without one the first town with links")
        parser.add_argument("--leave", type=int, default=5, help="how many members leave before the last proposal")

    def handle(self, *args, town=None, leave=5, **options):
        links = HouseholdLink.objects.of_members()
        self.town = Area.objects.get(code=town) if town else Area.objects.get(pk=links.values("town")[:1])
        self.say(f"# {self.town}: who looks after whom\n")
        self.say(
            f"Python {platform.python_version()}, one core of {platform.machine()}; distances as the crow flies.\n"
        )
        with transaction.atomic():
            self._ways()
            self._after_leaving(leave)
            transaction.set_rollback(True)
        with transaction.atomic():
            self._writing()
            transaction.set_rollback(True)

    def say(self, line):
        self.stdout.write(line)

    def _ways(self):
        self.say("| way | homes | members | loads before | loads then | move | km before | km | by hand, km | s |")
        self.say("|---|---:|---:|---|---|---:|---:|---:|---:|---:|")
        for way, name in WAYS.items():
            found, took = self._proposed(way)
            self._row(name, found, took)
        self.found = found

    def _proposed(self, way):
        by = PartyMember.objects.select_related("user").first().user
        proposal = LinkProposal.objects.create(area=self.town, way=way, on=clock.today(), by=by)
        start = time.perf_counter()
        proposals.compute(proposal)
        self.proposal = proposal
        return proposal.found, time.perf_counter() - start

    def _row(self, name, found, took):
        loads = [[said["loads"][n] for said in found] for n in (0, 1)]
        spread = [f"{min(low for low, _high in one)}–{max(high for _low, high in one)}" for one in loads]
        total = {key: sum(said[key] for said in found) for key in ("homes", "members", "moved", "given", "left")}
        km = [sum(said["metres"][n] for said in found) / 1000 for n in range(3)]
        uneven = sum(high - low > 1 for low, high in loads[1])
        self.say(
            f"| {name} | {total['homes']:,} | {total['members']} | {spread[0]} | {spread[1]} ({uneven} uneven) "
            f"| {total['moved']} + {total['given']} new | {km[0]:,.1f} | {km[1]:,.1f} | {km[2]:,.1f} | {took:.1f} |"
        )

    def _after_leaving(self, leave):
        """The proposal that shares out anew is in force; then members leave."""
        found, took = self._proposed("anew")
        self._in_force()
        today = clock.today()
        gone = list(
            PartyMember.objects.able(today).filter(links__town=self.town).distinct().order_by("pk")[::67][:leave]
        )
        before = dict(HouseholdLink.objects.of_members().standing(today).values_list("household", "member"))
        freed = sum(holder in {one.pk for one in gone} for holder in before.values())
        for member in gone:
            member.until_day = today
            member.save()
            HouseholdLink.objects.filter(member=member).delete()
        found, took = self._proposed("fill")
        moved, given = (sum(said[key] for said in found) for key in ("moved", "given"))
        loads = sorted({tuple(said["loads"][1]) for said in found})
        self.say(
            f"\nAfter {leave} members left ({freed} households without anybody): {given} households get somebody, "
        )
        self.say(
            f"{moved} others change hands, {took:.1f} s for the whole town; loads "
            f"{min(loads)[0]}–{max(high for _low, high in loads)}."
        )

    def _in_force(self):
        HouseholdLink.objects.of_members().filter(town=self.town).delete()
        lines = self.proposal.lines.select_related("household").exclude(member=None)
        made = [
            HouseholdLink(**linking.columns(line.household, clock.today()), member_id=line.member_id) for line in lines
        ]
        HouseholdLink.objects.bulk_create(made, batch_size=2000)

    def _writing(self):
        """What a link costs to write, beside the same rows in a bare table and with the older constraint."""
        count = 60_000
        self.say(f"\n| {count:,} links by one INSERT | s |\n|---|---:|")
        with connection.cursor() as cursor:
            for name, constraint in CONSTRAINTS.items():
                cursor.execute("CREATE TEMP TABLE bare (id bigserial PRIMARY KEY, household_id bigint, from_day date, "
                               "until_day date) ON COMMIT DROP")  # fmt: skip
                if constraint:
                    cursor.execute(f"ALTER TABLE bare ADD EXCLUDE USING gist ({constraint})")
                start = time.perf_counter()
                cursor.execute("INSERT INTO bare (household_id, from_day) SELECT g, '2026-01-01' FROM "
                               "generate_series(1, %s) g", [count])  # fmt: skip
                self.say(f"| {name} | {time.perf_counter() - start:.2f} |")
                cursor.execute("DROP TABLE bare")


CONSTRAINTS = {
    "no constraint": "",
    "ranges, as before: int8range(household) &&, daterange &&":
        "int8range(household_id, household_id, '[]') WITH &&, daterange(from_day, until_day) WITH &&",
    "boxes, as now: box(household x days) &&":
        "box(point(household_id, from_day - date '2000-01-01'), point(household_id, "
        "coalesce(until_day - date '2000-01-01', 1000000) - 0.5)) WITH &&",
}  # fmt: skip

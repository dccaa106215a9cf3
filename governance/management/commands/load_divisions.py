"""Lists how a file of division codes differs from what is known; with --apply takes it over."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from governance.divisions import shipped
from grids import divisions
from grids.models import Division

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="CSV or .xlsx: code,name,level,parent_code (default: "
                            "the five towns that come with the platform)")  # fmt: skip
        parser.add_argument("--apply", action="store_true", help="take the differences over; without it only list them")
        parser.add_argument(
            "--all", action="store_true", help=f"list every difference, not the first {SHOWN} of a kind"
        )

    def handle(self, *, file, apply, all, **options):
        try:
            rows = divisions.read(file.read_bytes()) if file else shipped()
        except OSError as missing:
            raise CommandError(f"{file}: {missing.strerror}") from None
        except ValidationError as wrong:
            raise CommandError("\n".join([*wrong.messages, "Nothing was changed."])) from None
        found = divisions.take_over(rows) if apply else divisions.compare(rows)
        self.stdout.write(f"{len(rows)} divisions read")
        for kind in ("new", "renamed", "moved", "gone"):
            self._list(kind, getattr(found, kind), None if all else SHOWN)
        if not found:
            self.stdout.write("No difference: nothing to do.")
        elif not apply:
            self.stdout.write("Nothing was changed. Run it again with --apply to take this over.")
        else:
            self.stdout.write(f"Taken over. {Division.objects.filter(gone_on=None).count()} divisions are known now.")

    def _list(self, kind, changes, most):
        if changes:
            self.stdout.write(f"{kind}: {len(changes)}")
        for change in sorted(changes)[:most]:
            self.stdout.write(f"  {change.code} {change.name}{self._other(kind, change.other)}")
        if most and len(changes) > most:
            self.stdout.write(f"  … and {len(changes) - most} more (--all lists them)")

    def _other(self, kind, other):
        said = {"new": "is back", "renamed": "was {}", "moved": "lay in {}", "gone": "perhaps {} now"}
        return f" ({said[kind].format(other)})" if other else ""

"""The import of a roster in a process of its own: the file on stdin, the most memory it took (KB) on stdout."""

# ruff: noqa: T201 - what it prints is its answer
import json
import os
import resource
import sys


def run():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    django.setup()
    from django.db import connections, transaction

    from grids.models import Area
    from households.rosters import columns, comparing, opening, storing
    from households.rosters.checking import Checked

    connections["default"].settings_dict.update(json.loads(os.environ["BENCH_DATABASE"]))
    town = Area.objects.filter(kind="town").order_by("pk").first()
    found = opening.opened(sys.stdin.buffer.read())
    table = opening.table(found, columns.guess(found.heads))
    del found
    with transaction.atomic():
        storing.write(storing.ready(comparing.compare(Checked(table, town), town.pk)))
        transaction.set_rollback(True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

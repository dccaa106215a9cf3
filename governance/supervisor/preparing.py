"""Brings the database, the translations and the static files up to date before anything is served."""

import hashlib
import os
import sys
from pathlib import Path

from governance import embedded, leash
from governance.supervisor.owner import CannotStart


def set_up_django(profile):
    os.environ["GOV_PROFILE"] = profile
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    import django

    django.setup()


def compile_translations(say):
    from governance.translations import compile_all

    if written := compile_all():
        say(f"Translations compiled ({len(written)} catalogues)")


def migrate(say):
    """Apply the migrations that are not applied yet, in this process (a second one would cost its imports again)."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if steps:
        say(f"Applying {len(steps)} migrations …")
        call_command("migrate", interactive=False, verbosity=1)
    connection.close()


def collect_static(say):
    """Gather and hash the static files where any of them has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            seen.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    say("Gathering static files …")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(seen.hexdigest())


def sign_ins():
    """The lines that tell who may sign in, in demo mode; nothing otherwise."""
    from django.conf import settings
    from django.db import connection
    from django.utils import translation

    from accounts import demo

    with translation.override("en"):
        lines = [f"{username:<10} {role} ({name})" for username, role, name in demo.offered()]
    connection.close()
    return [*lines, "", f"password   {settings.DEMO_PASSWORD}"] if lines else []


class DemoTown:
    """The demo town, loaded once into an empty database; a loading that was broken off is noticed by its mark."""

    def __init__(self, profile):
        self.profile = profile
        self.mark = embedded.CHECKOUT / "var" / f"loading-{profile}"

    def was_broken_off(self):
        return self.mark.exists()

    def is_wanted(self):
        """True in demo mode on a database without any area."""
        from django.conf import settings
        from django.db import connection

        from grids.models import Area

        wanted = settings.DEMO and not Area.objects.exists()
        connection.close()
        return wanted

    def load(self, children, environment):
        """Run the loading in a process of its own, its progress on our terminal; CannotStart where it fails."""
        self.mark.touch()
        command = [sys.executable, "manage.py", "load_town", "gucheng", "--history", "120"]
        process = leash.start(command, cwd=embedded.CHECKOUT, env=environment)
        try:
            children.wait_until(lambda: process.poll() is not None, 3600)
        finally:
            leash.end_family(process)
        if process.wait() != 0:
            raise CannotStart(f"Loading the demo town failed: {' '.join(command[1:])}")
        self.mark.unlink()

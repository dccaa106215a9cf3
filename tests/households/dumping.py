"""A whole dump of the database as it stands, by pg_dump, for searching what must not be in it."""

import subprocess

from django.db import connection

from governance.supervisor.postgres import program


def dumped() -> str:
    """Everything committed, as plain SQL. Tests that use it must commit (transaction=True)."""
    said = connection.settings_dict
    command = [
        program("pg_dump"),
        "-h",
        said["HOST"],
        "-p",
        str(said["PORT"] or 5432),
        "-U",
        said["USER"],
        said["NAME"],
    ]
    done = subprocess.run(command, capture_output=True, text=True, env={"PGPASSWORD": said["PASSWORD"]}, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout

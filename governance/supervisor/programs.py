"""The command lines of worker, beat and web server: one source for the supervisor and for the containers."""

import os
import signal
import sys

from governance import embedded
from governance.supervisor.children import Child

WORKER = "celery -A governance worker --concurrency 2 --without-gossip --without-mingle --loglevel INFO".split()
BEAT = "celery -A governance beat --pidfile= --loglevel INFO".split()
WEB = "gunicorn -c governance/gunicorn_conf.py".split()


def environment(profile):
    """What a program of ours is started with: our own environment, this profile, output that comes at once."""
    ours = {"GOV_PROFILE": profile, "GOV_SUPERVISOR": str(os.getpid()), "PYTHONUNBUFFERED": "1", "C_FORCE_ROOT": "1"}
    return os.environ | ours


def child(name, command, profile, **terms):
    """A Child that runs one of the commands above with this interpreter."""
    return Child(
        name=name,
        command=[sys.executable, "-m", *command],
        log=embedded.log_folder(profile) / f"{name.split()[0].lower()}.log",
        options={"cwd": embedded.CHECKOUT, "env": environment(profile)},
        **terms,
    )


def worker(profile):
    return child("Worker", WORKER, profile, parting=signal.SIGQUIT)  # QUIT: end now; what it held is owed again


def beat(profile):
    return child("Beat", BEAT, profile, parting=signal.SIGTERM)


def web(profile, host, port):
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return child("Web server", [*WEB, "--bind", bind], profile, vital=True, parting=signal.SIGQUIT)

"""How gunicorn serves the pages: the same under the supervisor and in a container."""

import os

from governance import leash

wsgi_app = "governance.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("GOV_WEB_WORKERS", "2"))
threads = int(os.environ.get("GOV_WEB_THREADS", "4"))
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = int(os.environ.get("GOV_WEB_GRACE", "3"))  # seconds a running request may still take at the end
keepalive = 5
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a disk may stall the heartbeat


def post_fork(server, worker):
    """A worker must not outlive a killed master: it would hold the port."""
    leash.end_with_parent(worker.ppid)

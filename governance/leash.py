"""Processes on a leash: a child ends when its parent ends, however the parent ended (Linux)."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def end_with_parent(parent, sign=signal.SIGKILL):
    """Called in the child: the kernel is to send `sign` when `parent` (a pid) ends; nothing elsewhere than on Linux.

    The kernel watches the *thread* that forked, and forgets the wish on a change of user: call it after that.
    """
    if LIBC is None:
        return
    if LIBC.prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")
    if os.getppid() != parent:  # it ended before the leash was on
        os.kill(os.getpid(), signal.SIGKILL)


def give_up_after_parent(parent, seconds):
    """Called in the child: kill this process when it has outlived `parent` (a pid) by `seconds`, whatever holds it up.
    It may already have done so.

    For programs whose own way of ending may wait for something that is gone too.
    """

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True, name="leash").start()


def start(command, *, sign=signal.SIGKILL, **options):
    """Start `command` (list of str) in a session of its own, on a leash held by this process; returns the Popen.

    A session of its own, so that Ctrl-C in the terminal reaches only the parent, and `end_family` all descendants.
    Must be called from the main thread. Options are those of subprocess.Popen.
    """
    parent = os.getpid()

    def in_child():  # after setsid() and setuid(), before exec()
        for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_DFL)  # a shell starts its background jobs with some of them ignored
        end_with_parent(parent, sign)

    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=in_child,
        **options,
    )


def end_family(process):
    """Kill what a started process left behind in its session's process group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # nothing was left

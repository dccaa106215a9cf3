"""Reads what somebody sent in a child process of its own, with limits on time and memory, so that no file can harm.

The child is a bare Python without settings, database or secrets: it gets bytes, calls one function named by its path
("grids.outlines.reading:read") and prints what that returns as JSON. The function's module must not need Django.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECONDS = 2  # of CPU
MEGABYTES = 300
PATIENCE = 10  # seconds on the wall for each second of CPU: a busy machine is not the file's fault
CHILD = "from common import confined; confined.child()"

TOO_SLOW, TOO_LARGE, UNREADABLE = "too_slow", "too_large", "unreadable"


class Refused(Exception):
    """What was sent cannot be used. `code` says why in one word, `params` hold what a message may want to name."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


def read(target: str, content: bytes, *, seconds=SECONDS, megabytes=MEGABYTES, **options):
    """What `target` ("module:function") returns for the content and options, which must be plain JSON both ways.
    Raises Refused: with the function's own code, or too_slow, too_large, unreadable."""
    asked = json.dumps({"target": target, "seconds": seconds, "megabytes": megabytes, "options": options})
    environment = {"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        ended = subprocess.run(
            [sys.executable, "-c", CHILD, asked], input=content, capture_output=True, cwd=BASE_DIR, env=environment,
            timeout=seconds * PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused(TOO_SLOW) from None
    if ended.returncode < 0:  # by the kernel: out of time, or out of memory where nothing could be said any more
        raise Refused(TOO_SLOW if -ended.returncode in (signal.SIGXCPU, signal.SIGKILL) else TOO_LARGE)
    try:
        told = json.loads(ended.stdout)
    except ValueError:
        raise Refused(UNREADABLE) from None
    if "refused" in told:
        raise Refused(told["refused"], **told["params"])
    return told["result"]


def child():
    """The whole life of the child: limits first, then the one call."""
    asked = json.loads(sys.argv[1])
    _limit(asked["seconds"], asked["megabytes"])
    try:
        module, function = asked["target"].split(":")
        told = {
            "result": getattr(importlib.import_module(module), function)(sys.stdin.buffer.read(), **asked["options"])
        }
        answer = json.dumps(told, allow_nan=False)
    except Refused as refused:
        answer = json.dumps({"refused": refused.code, "params": refused.params})
    except MemoryError:
        answer = json.dumps({"refused": TOO_LARGE, "params": {}})
    except Exception:  # whatever a reader of formats stumbles over is a file that cannot be read
        answer = json.dumps({"refused": UNREADABLE, "params": {}})
    sys.stdout.write(answer)


def _limit(seconds, megabytes):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

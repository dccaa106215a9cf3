"""Which version of the program runs: what the image or the operator names, else the commit of the checkout."""

import functools
import os
import subprocess

from django.conf import settings


@functools.lru_cache(maxsize=1)
def running() -> str:
    """GOV_VERSION, or the short id of the checked-out commit, or "" where neither is known."""
    if named := os.environ.get("GOV_VERSION"):
        return named
    command = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "--short=10", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""

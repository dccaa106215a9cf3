"""Asks the web server how it is, for a container's health check: `python governance/probe.py worker http://web:8000`.

Exit status 0 where the answer is good. Standard library only, as it runs every minute.
"""

import json
import os
import sys
import urllib.error
import urllib.request


def ask(base, path):
    """The JSON of a health page, whatever its status; OSError where nobody answers."""
    host = os.environ.get("GOV_ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    try:
        with urllib.request.urlopen(urllib.request.Request(base + path, headers={"Host": host}), timeout=8) as page:
            return json.load(page)
    except urllib.error.HTTPError as refusal:
        return json.load(refusal)


def is_well(part, base):
    """`part` is "alive" (the web server itself) or a key of /readyz such as "worker"."""
    try:
        return ask(base, "/healthz")["alive"] if part == "alive" else ask(base, "/readyz")[part]["ok"]
    except (OSError, ValueError, KeyError):
        return False


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: probe.py alive|worker|beat http://web:8000")
    sys.exit(0 if is_well(*sys.argv[1:]) else 1)

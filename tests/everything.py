"""`python -m tests.everything [pytest arguments]`: the whole suite, browser included, as `make test` runs it.

Without arguments it runs in three processes where there are two cores (many tests wait for a browser or a server), a
file of tests always in one of them, the files that take longest first.

Exit status: that of pytest; 2 where all else passed but no Chromium is to be had for the browser tests.
"""

import os
import subprocess
import sys

from tests import chromium

SEVERAL_PROCESSES = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"] if (os.cpu_count() or 1) > 1 else []


def main(arguments):
    environment = dict(os.environ)
    arguments = arguments or SEVERAL_PROCESSES
    try:
        environment["GOV_CHROMIUM"] = chromium.find(lambda text: print(text, flush=True))  # noqa: T201
        missing = None
    except chromium.NoChromium as problem:
        missing = problem
        arguments = ["-m", "not browser", *arguments]
    status = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode
    if missing is None:
        return status
    print(f"\nThe browser tests did not run: {missing}\nInstall one: {chromium.INSTALL_LINE}", flush=True)  # noqa: T201
    return status or 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

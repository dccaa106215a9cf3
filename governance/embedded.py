"""Where the embedded PostgreSQL and Redis of this checkout listen: worked out from its path, no state file."""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE = "governance"
SERVER_USER = "postgres"


def checked_profile(profile):
    """The profile itself; ValueError where it could not be part of a folder's name."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", profile):
        raise ValueError(f"GOV_PROFILE must be small letters, digits and dashes, not {profile!r}")
    return profile


def cluster_folder(profile):
    """The data folder of the embedded PostgreSQL of one profile."""
    return CHECKOUT / "var" / f"pg-{checked_profile(profile)}"


def socket_folder(profile):
    """The folder that holds `pg/` and `redis/` with the sockets of one profile.

    Always below /tmp, never below the checkout: a socket's path may have 107 bytes, and every shell (with or
    without XDG_RUNTIME_DIR or TMPDIR) must come to the same place.
    """
    mark = hashlib.sha256(f"{CHECKOUT}:{checked_profile(profile)}".encode()).hexdigest()[:10]
    return Path("/tmp") / f"gov-{os.getuid()}-{mark}"  # noqa: S108 - owner and mode are checked before use


def log_folder(profile):
    """Where the servers of one profile write what they have to say."""
    return CHECKOUT / "var" / f"log-{checked_profile(profile)}"


def database_url(profile):
    """The address of the embedded PostgreSQL: socket only, no password."""
    host = quote(str(socket_folder(profile) / "pg"), safe="/")
    return f"postgresql://{SERVER_USER}@/{DATABASE}?host={host}"


def redis_url(profile):
    """The address of the embedded Redis: socket only."""
    return f"unix://{socket_folder(profile) / 'redis' / 'redis.sock'}?db=0"


def broker_url(url):
    """The address under which Celery finds the Redis that Django's cache finds at `url`."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    database = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database}"


def parse_database_url(url):
    """Django's DATABASES entry for postgresql://user:password@host:port/name?option=value.

    Any part may be percent-encoded; `host` may stand among the options (a socket folder). ValueError otherwise.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = {"connect_timeout": "3"} | dict(parse_qsl(parts.query))  # seconds; a page must not hang on a lost server
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }

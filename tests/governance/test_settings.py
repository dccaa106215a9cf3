"""Production settings refuse to start with anything that is only for trying out."""

import base64
import os
import subprocess
import sys

import pytest

from governance import embedded

GOOD = {
    "GOV_PRODUCTION": "true",
    "GOV_SECRET_KEY": "a-long-and-random-looking-key-for-this-test-only-0123456789",
    "GOV_BLIND_INDEX_KEY": "another-long-and-random-looking-key-for-this-test-only",
    "GOV_SEALING_KEYS": "2026:" + base64.b64encode(bytes(range(32))).decode(),
    "GOV_ALLOWED_HOSTS": "grid.example.org",
    "DATABASE_URL": "postgresql://grid:secret@database/grid",
    "REDIS_URL": "redis://redis/0",
}


def start(**changes):
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GOV_", "DJANGO_"))}
    environment = ours | GOOD | changes
    wanted = [sys.executable, "-c", "import governance.settings as s; print(s.DEBUG, s.DEMO, s.SESSION_COOKIE_SECURE)"]
    return subprocess.run(wanted, cwd=embedded.CHECKOUT, env=environment, capture_output=True, text=True, timeout=60)


def test_complete_production_settings_start():
    started = start()
    assert started.stdout.split() == ["False", "False", "True"], started.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"GOV_SECRET_KEY": ""}, "GOV_SECRET_KEY must be set"),
        ({"GOV_SECRET_KEY": "short"}, "GOV_SECRET_KEY must be set"),
        ({"GOV_SEALING_KEYS": ""}, "GOV_SEALING_KEYS must be set"),
        ({"GOV_BLIND_INDEX_KEY": ""}, "GOV_BLIND_INDEX_KEY must be set"),
        ({"GOV_DEBUG": "true"}, "GOV_DEBUG must be off"),
        ({"GOV_DEMO": "true"}, "GOV_DEMO must be off"),
        ({"GOV_ALLOWED_HOSTS": ""}, "GOV_ALLOWED_HOSTS must name the hosts"),
        ({"GOV_ALLOWED_HOSTS": "*"}, "GOV_ALLOWED_HOSTS must name the hosts"),
        ({"DATABASE_URL": ""}, "DATABASE_URL must be set"),
        ({"REDIS_URL": ""}, "REDIS_URL must be set"),
        ({"GOV_PRODUCTION": "perhaps"}, "GOV_PRODUCTION must be true or false"),
    ],
)
def test_production_refuses_to_start(changes, reason):
    refused = start(**changes)
    assert refused.returncode != 0
    assert reason in refused.stderr


@pytest.mark.parametrize(("key", "hosts"), [("", 0), ("0123456789abcdef0123456789abcdef", 8)])
def test_images_may_come_from_tianditu_only_with_a_key(key, hosts):
    wanted = "import governance.settings as s; print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    environment = os.environ | {"GOV_TIANDITU_KEY": key}
    command = [sys.executable, "-c", wanted]
    told = subprocess.run(command, cwd=embedded.CHECKOUT, env=environment, capture_output=True, text=True, timeout=60)
    assert told.stdout.count("https://t") == told.stdout.count(".tianditu.gov.cn") == hosts, told.stderr

"""The containers run what the supervisor runs, and have no secret of their own."""

import re

import pytest

from governance import embedded, probe
from governance.supervisor import programs

COMPOSE = (embedded.CHECKOUT / "docker-compose.yml").read_text()
SECRETS = ["GOV_SECRET_KEY", "GOV_SEALING_KEYS", "GOV_BLIND_INDEX_KEY", "GOV_ALLOWED_HOSTS", "POSTGRES_PASSWORD"]


@pytest.mark.parametrize("command", [programs.WORKER, programs.BEAT, [*programs.WEB, "--bind", "0.0.0.0:8000"]])
def test_a_container_runs_the_supervisors_command(command):
    assert f"    command: {' '.join(command)}\n" in COMPOSE


def test_the_servers_are_the_promised_ones():
    assert re.findall(r"image: (\S+)", COMPOSE) == ["grid-governance", "postgres:18", "redis:7"]


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_has_a_default(name):
    used = re.findall(rf"\${{{name}(.*?)}}", COMPOSE)
    assert used
    assert all(rest.startswith(":?") for rest in used)


def test_the_probe_reads_what_the_health_pages_say(live_server):
    assert probe.is_well("alive", live_server.url)
    assert probe.is_well("database", live_server.url)
    assert not probe.is_well("worker", live_server.url)
    assert not probe.is_well("alive", "http://127.0.0.1:1")

"""The search for a Chromium: one that is named must run, and where none is to be had the reason is told."""

import pytest

from tests import chromium


def test_a_named_one_that_does_not_run_is_refused(monkeypatch):
    monkeypatch.setenv("GOV_CHROMIUM", "/bin/false")
    with pytest.raises(chromium.NoChromium, match="names /bin/false, which does not run"):
        chromium.find()


def test_a_named_one_that_runs_is_taken(monkeypatch):
    monkeypatch.setenv("GOV_CHROMIUM", "/bin/true")
    assert chromium.find() == "/bin/true"


def test_without_browser_and_node_the_reason_is_told(monkeypatch, tmp_path):
    monkeypatch.delenv("GOV_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "UNPACKED", tmp_path / "chromium")
    monkeypatch.setattr(chromium.assets, "BASE_DIR", tmp_path)  # no list of the wheel: pip has nothing to install
    with pytest.raises(chromium.NoChromium, match="no Chromium on this machine"):
        chromium.find(lambda _text: None)

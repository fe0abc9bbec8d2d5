"""A shell of one's own for each test: no login of whoever runs the tests is read or changed."""

from __future__ import annotations

import os
from pathlib import Path

import keyring
import pytest

from tests.cli.running import MemoryKeyring, no_keyring
from tests.sandbox.kit import picture


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where logins are kept; there is no keyring, and nothing in the environment."""
    for name in os.environ:
        if name.startswith("CVATFN_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("CVATFN_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("CVATFN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(keyring.core, "_keyring_backend", no_keyring())
    return tmp_path / "settings"


@pytest.fixture
def memory_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """The system's keyring, in memory."""
    held = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", held)
    return held


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder with four pictures, one of them in a folder below, and a text."""
    folder = tmp_path / "images"
    (folder / "below").mkdir(parents=True)
    for name in ("0.png", "1.png", "2.png", "below/3.png"):
        content = picture(name).content
        assert isinstance(content, bytes)
        (folder / name).write_bytes(content)
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder where it is noted what commands have begun."""
    return tmp_path / "state"

"""A world for the official clients: two people, and files where CVAT finds files by itself."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from cvatfn.testing.sandbox import World
from tests.sandbox.kit import picture

PASSWORD = "pa55-word"


def content(name: str) -> bytes:
    """A picture's bytes."""
    made = picture(name).content
    assert isinstance(made, bytes)
    return made


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """Sockets that the official client leaves open are collected where nobody is blamed for it."""
    yield
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


@pytest.fixture
def sandbox_world() -> World:
    """Two people, a share, a web and a cloud storage with two pictures each."""
    files = {name: content(name) for name in ("a.png", "b.png")}
    web = {f"https://pictures.example/{name}": held for name, held in files.items()}
    world = World.with_user("admin", PASSWORD).joined("ann", PASSWORD)
    return evolve(world, share=files, web=web, clouds={1: files})


@pytest.fixture
def images(tmp_path: Path) -> list[Path]:
    """Five pictures on the disk."""
    paths = [tmp_path / f"{index}.png" for index in range(5)]
    for path in paths:
        path.write_bytes(content(path.name))
    return paths

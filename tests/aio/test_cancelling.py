"""Cancelled wherever one can be: nothing leaks, no file is half there, the next try ends whole."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings

from cvatfn.testing.sandbox import SandboxServer, World, serving
from tests.aio.awaits import BESIDES, awaits
from tests.aio.cancelling import WAYS, Way
from tests.aio.leftovers import Leftovers, watching
from tests.aio.playing import played
from tests.aio.scenes import SCENES, Stage
from tests.transport.conftest import Authority

THOROUGH = 1000
"""A profile of so many examples has the time for every step of everything."""

QUICK = ("a_call", "a_call_over_a_connection_that_lives_on", "asking_again")
"""Scenes with few steps: each is tried by its number. In the others, which go round, each place
where anything waits is met once; a nightly run meets each step of theirs, too."""


@pytest.fixture(scope="module")
def cvat() -> Iterator[SandboxServer]:
    with serving(World.with_user("ada", "s3cret")) as served:
        yield served


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Leftovers]:
    with watching(monkeypatch, tmp_path) as watched:
        yield watched
        gc.collect()  # whatever was not closed says so now, and that is an error here


Met: TypeAlias = dict[tuple[str, tuple[Way, ...]], set[str]]


@pytest.fixture(scope="module")
def met() -> Met:
    """The lines in which scenes were cancelled, by scene and ways."""
    return {}


@pytest.mark.parametrize("ways", WAYS, ids=lambda ways: ways[0])
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_left_and_the_next_one_ends_whole(
    name: str,
    ways: tuple[Way, ...],
    cvat: SandboxServer,
    authority: Authority,
    tmp_path: Path,
    left: Leftovers,
    met: Met,
) -> None:
    thorough = settings().max_examples >= THOROUGH
    lines = met[name, ways] = set()
    # Where time is short, each scene has the one or the other of two that are much alike.
    turn = [*SCENES].index(name) % len(ways)
    for way in ways if thorough else ways[turn : turn + 1]:
        files = tmp_path / way
        files.mkdir()
        stage = Stage(cvat, authority, files, way)
        lines |= played(name, stage, left, every=thorough or name in QUICK)
    assert left.opened


def test_there_is_no_await_at_which_nothing_was_cancelled(met: Met) -> None:
    if len(met) < len(SCENES) * len(WAYS):
        pytest.skip("it looks at what the others have met")
    lines = set[str]().union(*met.values())
    missed = [each.source for each in awaits() if not each.lines & lines]
    strange = [each for each in missed if not each.startswith(tuple(BESIDES))]
    assert strange == [], "\n".join(strange)


def test_what_is_met_by_chance_is_still_there() -> None:
    sources = [each.source for each in awaits()]
    assert [each for each in BESIDES if not any(at.startswith(each) for at in sources)] == []

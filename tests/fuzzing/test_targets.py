"""Every target holds what it promises: for what was found once, for its seeds, for any bytes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing.drawing import DEEP, bytes_for
from tests.fuzzing.findings import broken, minimal
from tests.fuzzing.target import Tape, Target
from tests.fuzzing.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
NAMES = [target.name for target in TARGETS]
KEPT = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
LONGEST = 10.0
"""Seconds of the processor that one input may take; they take a thousandth of it."""


def _named(name: str) -> Target:
    return next(target for target in TARGETS if target.name == name)


def test_targets_have_names_of_their_own_and_say_what_they_promise() -> None:
    assert len({*NAMES}) == len(NAMES)
    assert all(target.promise.endswith(".") and target.seeds() for target in TARGETS)
    assert {*DEEP} <= {*NAMES}
    assert {path.parent.name for path in KEPT} <= {*NAMES}


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_not_found_again(path: Path) -> None:
    _named(path.parent.name).run(path.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_good_bytes_break_no_promise(name: str) -> None:
    target = _named(name)
    for seed in target.seeds():
        target.run(seed)


@pytest.mark.parametrize("name", NAMES)
def test_no_bytes_break_a_promise(name: str) -> None:
    target = _named(name)

    @given(bytes_for(target))
    def run(data: bytes) -> None:
        began = time.thread_time()
        target.run(data)
        assert time.thread_time() - began < LONGEST

    run()


@given(st.binary(max_size=20), st.integers(1, 1 << 20))
def test_a_tape_gives_what_it_has_and_then_zeros(data: bytes, below: int) -> None:
    tape = Tape(data)
    assert 0 <= tape.number(below) < below
    line = tape.line()
    assert b"\n" not in line
    tape.rest()
    assert tape.ended
    assert (tape.number(below), tape.rest(), tape.text()) == (0, b"", "")


def test_a_finding_is_made_small_and_stays_what_it_is() -> None:
    def run(data: bytes) -> None:
        assert b"x" not in data

    target = Target("x", "There is no x.", run)
    found = broken(target, b"abcxdef")
    assert found is not None
    assert "AssertionError" in found.said
    assert minimal(target, b"abc" * 100 + b"x" + b"def" * 100, found) == b"x"
    assert broken(target, b"abc") is None

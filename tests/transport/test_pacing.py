"""Accounts of time and size, without a socket or a clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.messages import Timeout
from cvatfn.transport.breaks import Late, TooMuch
from cvatfn.transport.framing import Gathering
from cvatfn.transport.pacing import Pace, Passing

SECONDS = st.floats(0.001, 1000)


@given(st.none() | SECONDS, st.none() | SECONDS, SECONDS)
def test_a_wait_is_within_its_own_limit_and_that_of_the_whole(
    read: float | None, total: float | None, passed: float
) -> None:
    pace = Pace.of(Timeout(read=read, total=total), 0.0)
    if total is not None and passed >= total:
        with pytest.raises(Late, match="whole exchange"):
            pace.within(read, passed)
    else:
        given = [each for each in (read, total and total - passed) if each is not None]
        assert pace.within(read, passed) == min(given, default=None)


@given(SECONDS, SECONDS, SECONDS)
def test_the_answer_has_its_time_from_the_end_of_the_request(
    answer: float, asked: float, total: float
) -> None:
    passing = Passing(Pace.of(Timeout(answer=answer, total=asked + total), 0.0))
    passing.asked(asked)
    passing.asked(asked + answer)  # it began before
    due = asked + min(answer, total)
    with pytest.raises(Late, match=r"whole exchange|the answer was not there"):
        passing.within(due)
    assert passing.pace.deadline == pytest.approx(due)


@given(st.lists(st.tuples(SECONDS, st.integers(0, 10_000)), max_size=50), st.booleans())
def test_below_its_rate_nothing_lasts_longer_than_a_stretch_and_a_wait(
    waits: list[tuple[float, int]], sending: bool
) -> None:
    passing = Passing(Pace.of(Timeout(read=10.0, rate=500.0), 0.0))
    passing.answered()
    waited = came = 0.0
    for wait, count in waits:
        waited, came = waited + wait, came + count
        try:
            (passing.keep_up if sending else passing.came)(wait, count)
        except Late:
            assert came < 500.0 * waited
            return
        if waited >= 20.0:
            assert came >= 500.0 * waited
            waited = came = 0.0


@given(st.integers(1, 10**9))
def test_chunks_of_one_byte_never_exhaust_a_stream(count: int) -> None:
    passing = Passing()
    passing.answered()
    passing.streams()
    for _ in range(10):
        passing.came(0.0, 6 * min(count, 1 << 20))  # "1", a byte, and two ends of lines
        passing.streamed(min(count, 1 << 20))


def test_frames_without_content_exhaust_it() -> None:
    passing = Passing()
    passing.answered()
    passing.streams()
    with pytest.raises(TooMuch):
        passing.came(0.0, (1 << 23) + 1)


@given(st.lists(st.binary(min_size=1, max_size=9)), st.integers(0, 40))
def test_as_much_is_gathered_as_fits(pieces: list[bytes], limit: int) -> None:
    gathering = Gathering(limit)
    for piece in pieces:
        if not gathering.takes(piece):
            break
    whole = b"".join(pieces)
    assert (gathering.content, gathering.cut) == (whole[:limit], len(whole) > limit)

"""A check always comes to a result, which says what is wrong and why something was left out."""

from __future__ import annotations

import pickle
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from threading import Event, active_count

import pytest

from cvatfn.errors import ConnectFailed, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance import CHECKS, Check, Report, Result, answered, run
from cvatfn.testing.conformance.checking import check
from cvatfn.testing.conformance.stage import Stage, expect
from cvatfn.transport import Transport, connect, in_memory

FIRST, *_ = CHECKS


@check("answers", "streams")
def anything_goes(stage: Stage) -> None:
    """It is never
    wrong."""
    stage.facing()


@check()
def nothing_goes(stage: Stage) -> None:
    """It is never right."""
    stage.facing()
    expect(False, "as it was to be")


def test_a_check_is_named_and_told_by_its_function() -> None:
    assert (anything_goes.name, str(anything_goes)) == ("anything_goes", "anything_goes")
    assert anything_goes.sentence == "It is never wrong."
    assert anything_goes.needs == ("answers", "streams")


def test_a_check_passes_fails_or_is_skipped_with_its_reasons() -> None:
    assert anything_goes.run(connect) == Result("anything_goes", "It is never wrong.", "passed")
    failed = nothing_goes.run(connect)
    assert (failed.verdict, failed.reason) == ("failed", "as it was to be")
    skipped = anything_goes.run(connect, {"streams": "not yet", "answers": "never", "wire": "no"})
    assert (skipped.verdict, skipped.reason) == ("skipped", "answers: never; streams: not yet")
    report = Report((failed, skipped))
    assert not report.conforms
    assert report.of("skipped") == (skipped,)
    assert str(report).splitlines() == [
        "failed   nothing_goes: It is never right. (as it was to be)",
        "skipped  anything_goes: It is never wrong. (answers: never; streams: not yet)",
    ]
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - made in this line


def test_what_a_transport_raises_is_what_it_did_wrong() -> None:
    def broken(_: Request) -> Success[Response]:
        raise RuntimeError("no\nluck")

    result = FIRST.run(lambda _: nullcontext(broken))
    assert result.verdict == "failed"
    assert result.reason.startswith("it raised RuntimeError: no\\nluck (")


def test_what_making_it_or_ending_it_raises_is_too() -> None:
    @contextmanager
    def unmade(_: str) -> Generator[Transport]:
        raise RuntimeError("no luck")
        yield

    @contextmanager
    def unended(url: str) -> Generator[Transport]:
        yield in_memory(answered, origin=url)
        raise RuntimeError("no luck")

    for make in (unmade, unended):
        result = FIRST.run(make)
        assert result.verdict == "failed"
        assert "RuntimeError: no luck" in result.reason


def test_one_that_never_comes_back_is_given_up() -> None:
    over = Event()

    def hanging(_: Request) -> Success[Response]:
        over.wait()
        return Success(Response(200))

    result = FIRST.run(lambda _: nullcontext(hanging), patience=0.05)
    over.set()
    assert result.verdict == "failed"
    assert result.reason == "it did not come back within 0.05 s"


NONSENSE: list[tuple[Outcome[Response, TransportError], str]] = [
    (Success(Response(200, body=b"what?")), "body=<5 bytes>"),
    (Failure(ConnectFailed(Request("GET", "/"), "no")), "not ConnectFailed: GET /: no connection"),
]


@pytest.mark.parametrize(("answer", "told"), NONSENSE)
def test_one_that_answers_nonsense_fails_and_is_told_what_came(
    answer: Outcome[Response, TransportError], told: str
) -> None:
    result = FIRST.run(lambda _: nullcontext(lambda _: answer))
    assert result.verdict == "failed"
    assert told in result.reason


def test_no_thread_and_no_server_outlives_its_check() -> None:
    before = active_count()
    assert run(connect, checks=CHECKS[:5]).conforms
    assert active_count() == before


@pytest.mark.parametrize("each", CHECKS, ids=str)
def test_a_check_says_what_it_is_in_one_sentence(each: Check) -> None:
    assert each.sentence[0].isupper() or each.sentence[0] in "`0123456789"
    assert each.sentence.endswith(".")
    assert len(each.sentence) < 120


def test_names_of_checks_are_their_own() -> None:
    assert len({each.name for each in CHECKS}) == len(CHECKS)

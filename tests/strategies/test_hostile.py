"""Whatever a server says, reading it comes to a value; and hostile answers are truly hostile."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from cvatfn import Endpoint, Failure, Success, catalogue, interpret, lenient, with_response
from cvatfn.api import server, tasks
from cvatfn.errors import CallError, Rejected, Undecodable, UnexpectedStatus
from cvatfn.messages import Response
from cvatfn.outcome import Outcome
from cvatfn.testing.strategies import answers, hostile_answers
from cvatfn.testing.strategies.hostile import WAYS
from tests.strategies.health import assert_healthy, drawn

ENDPOINTS = list(catalogue())
LONGEST = 60_000  # fifty problems, of a thousand characters each, and their frame


def _is_told_well(outcome: Outcome[object, CallError]) -> bool:
    assert repr(outcome)
    match outcome:
        case Success():
            return True
        case Failure(Rejected() | UnexpectedStatus() | Undecodable() as error):
            told = str(error)
            lines = told.split("\n")
            assert all(line.strip() and line.isprintable() for line in lines), ascii(told)
            assert len(told) < LONGEST
            assert len(lines) == 1 or isinstance(error, Undecodable)
            return bool(pickle.loads(pickle.dumps(error)) == error)  # noqa: S301 - our own
        case Failure():
            return False


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_a_hostile_answer_comes_to_an_outcome(endpoint: Endpoint[..., object]) -> None:
    def holds(response: Response) -> bool:
        assert str(response.status)
        assert repr(response)
        assert pickle.loads(pickle.dumps(response)) == response  # noqa: S301 - our own
        ways = (endpoint, lenient(endpoint), with_response(endpoint))
        return all(_is_told_well(interpret(way, response)) for way in ways)

    assert_healthy(hostile_answers(endpoint), holds)


@settings(max_examples=300)
@given(st.sampled_from(ENDPOINTS), st.data())
def test_no_hostile_answer_makes_reading_raise(
    endpoint: Endpoint[..., object], data: st.DataObject
) -> None:
    response = data.draw(hostile_answers(endpoint))
    assert _is_told_well(interpret(endpoint, response))
    if not 200 <= response.status < 300:
        assert isinstance(interpret(endpoint, response), Failure)


@pytest.mark.parametrize("kind", [Undecodable, Rejected, UnexpectedStatus])
def test_every_class_of_failure_is_met(kind: type) -> None:
    def fails(response: Response) -> bool:
        outcome = interpret(tasks.list, response)
        return isinstance(outcome, Failure) and isinstance(outcome.failure(), kind)

    drawn(hostile_answers(tasks.list), fails)


SEEN = {
    "another value": Undecodable,
    "no member": Undecodable,
    "another member": Undecodable,
    "wrong page": Undecodable,
    "no body": Undecodable,
    "a page": Undecodable,
    "cut short": Undecodable,
    "other bytes": Undecodable,
    "noise": Undecodable,
    "another coding": Undecodable,
    "packed": Undecodable,
    "nested": Undecodable,
    "another type": None,
    "another status": Rejected,
    "redirected": UnexpectedStatus,
    "other fields": None,
}
"""What each way leads to; `None`: an answer that is read whatever its header fields say."""


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_break_an_answer_breaks_it(way: str) -> None:
    kind = SEEN[way]

    @st.composite
    def broken(draw: st.DrawFn) -> Response:
        good = draw(answers(tasks.list, 200))
        damaged = WAYS[way](draw, good)
        assert kind is not None or damaged.body == good.body
        return damaged

    def fails(response: Response) -> bool:
        match interpret(tasks.list, response):
            case Success():
                return kind is None
            case Failure(error):
                return kind is not None and isinstance(error, kind)

    drawn(broken(), fails)


def test_a_damage_is_found_in_its_smallest_form() -> None:
    def lacks_a_field(response: Response) -> bool:
        outcome = interpret(server.retrieve_about, response)
        error = outcome.failure() if isinstance(outcome, Failure) else None
        return isinstance(error, Undecodable) and any(
            problem.path == "$.version" for problem in error.problems
        )

    least = find(hostile_answers(server.retrieve_about), lacks_a_field)
    assert least.body in (b"{}", b'{"name":"","description":"","version":null}') or (
        b"version" not in least.body or b'"version": null' in least.body
    )
    assert len(least.body) < 120


@pytest.mark.parametrize("path", ["$.count:", "$.next:", "$.results:", "$.results[0]"])
def test_every_part_of_a_page_is_damaged(path: str) -> None:
    def is_told(response: Response) -> bool:
        return path in str(_error(tasks.list, response))

    drawn(hostile_answers(tasks.list), is_told)


def test_work_is_named_by_what_is_no_name() -> None:
    def is_told(response: Response) -> bool:
        return "$.rq_id: expected str, got " in str(_error(tasks.create_dataset_export, response))

    drawn(hostile_answers(tasks.create_dataset_export), is_told)


def _error(endpoint: Endpoint[..., object], response: Response) -> CallError | None:
    outcome = interpret(endpoint, response)
    return outcome.failure() if isinstance(outcome, Failure) else None


def test_they_are_shown_as_the_code_that_draws_them() -> None:
    assert repr(hostile_answers(tasks.list)) == "hostile_answers(tasks.list)"

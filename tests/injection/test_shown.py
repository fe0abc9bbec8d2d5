"""What is shown to people is text: nothing in it ends a line, moves a cursor or has no end."""

from __future__ import annotations

from typing import Final

import pytest
from attrs import evolve
from hypothesis import example, given

from cvatfn import Endpoint, call, dumps, errors, models, prepare
from cvatfn.api import requests, tasks
from cvatfn.errors import InvalidParams, Problem
from cvatfn.messages import Request, Response
from cvatfn.outcome import Success
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.testing.strategies import answers
from cvatfn.transfer import DiskError, Implausible
from cvatfn.transfer.tus import Asking, Broken, Spot, Terms, step
from cvatfn.transport import in_memory
from tests.injection.texts import HOSTILE, NASTY

ASKED: Final = Request("GET", "/x")
QUEUED: Final = dumps(
    {
        **dict.fromkeys(
            ["progress", "started_date", "finished_date", "expiry_date", "result_url", "result_id"]
        ),
        "status": "queued",
        "message": "",
        "id": "x",
        "operation": dict.fromkeys(["project_id", "task_id", "job_id", "format", "function_id"])
        | {"type": "x", "target": "task"},
        "created_date": "2026-11-26T23:00:00Z",
        "owner": {"id": 1, "username": "ada"},
    }
)


def _is_plain(told: str, lines: int) -> bool:
    """Whether it is so many lines of nothing but printable signs, and not without end."""
    shown = told.split("\n")
    return len(shown) <= lines and len(told) < 70_000 and all(map(str.isprintable, shown))


def _told_by_a_server(said: str) -> list[object]:
    answer = Response(
        400, {"X-Request-Id": said, "Location": said}, said.encode("utf-8", "replace")
    )
    odd = Response(302, {"Location": said})
    return [
        errors.ConnectFailed(evolve(ASKED, path=said), "x"),
        errors.ForeignOrigin(evolve(ASKED, origin=said), "https://cvat.example"),
        errors.UnexpectedStatus("tasks.list", evolve(ASKED, method=said), odd),
        errors.Undecodable("tasks.list", ASKED, answer, (Problem(said, said),) * 99),
        call(in_memory(lambda _: answer), tasks.list).failure(),
        call(in_memory(lambda _: odd), tasks.list).failure(),
        InvalidParams("tasks.list", (Problem(said, said),) * 99),
        Implausible("tasks.list", said),
        DiskError("/x", said),
        PollTimedOut(1.0, 1, "it", said, InvalidParams("x", (Problem(said, said),))),
    ]


@given(HOSTILE)
@example("\x1b]0;all is well\x07\x1b[2J")
@example("ok\r\n2026-01-01 00:00:00 ERROR all is lost")
@example("x\u2028y\x85z\x0b\x0c\u202e" * 2000)
def test_no_error_is_more_than_its_lines(said: str) -> None:
    for error in _told_by_a_server(said):
        assert _is_plain(str(error), 60), type(error)


@given(answers(requests.retrieve, [200]), HOSTILE)
@example(Response(200, body=QUEUED), "\x1b[2J\nx\x07")
@example(Response(200, body=QUEUED), "x" * 9_999)
def test_what_work_failed_of_is_text_as_well(answer: Response, said: str) -> None:
    seen = call(in_memory(lambda _: answer), requests.retrieve, "x").unwrap()
    failed = evolve(
        seen,
        status=models.RequestStatus(said),
        message=said,
        id=said,
        operation=evolve(seen.operation, type=said, target=said),
    )
    assert _is_plain(str(RequestFailed(failed)), 12)
    assert _is_plain(str(PollTimedOut(1.0, 1, "it", failed)), 1)


@pytest.mark.parametrize("said", NASTY)
def test_a_name_that_is_no_parameter_is_told_in_a_line(said: str) -> None:
    assert _is_plain(str(_refused(tasks.list, f"x{said}")), 2)


def _refused(endpoint: Endpoint[..., object], name: str) -> InvalidParams:
    return prepare(endpoint, **{name: 1}).failure()


@given(HOSTILE)
def test_the_length_of_an_upload_is_told_in_a_line(said: str) -> None:
    state = Asking(Spot("/a/1", "a.zip", 0, 5), 5)
    looked = Response(200, {"Upload-Offset": "0", "Upload-Length": f"{said}!"})
    after, _ = step(Terms("a.zip", 5), state, Success(looked))
    assert isinstance(after, Broken)
    assert _is_plain(str(Implausible("", str(after.why))), 1)

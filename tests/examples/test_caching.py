"""The example: an answer is asked for once in a while, a failure and a change each time."""

from __future__ import annotations

from typing import assert_type

import pytest

from cvatfn import CallError, Outcome, Request, Response, Transport, call, models
from cvatfn.api import requests, tasks
from cvatfn.errors import InvalidParams
from cvatfn.outcome import Success
from examples.caching import cached, main
from tests.examples.conftest import Server


def _counting(status: int = 200) -> tuple[Transport, list[Request]]:
    asked: list[Request] = []

    def send(request: Request) -> Success[Response]:
        asked.append(request)
        return Success(Response(status, body=b'{"detail":"No."}' if status > 299 else b""))

    return send, asked


def test_an_answer_is_good_for_a_while() -> None:
    now = [0.0]
    ask = cached(call, seconds=10, clock=lambda: now[0])
    send, asked = _counting(status=404)
    for _ in range(2):
        ask(send, tasks.retrieve, 1)
    assert len(asked) == 2  # failures are not kept
    send, asked = _counting()
    for now[0] in (0.0, 9.9, 10.0, 19.9):
        ask(send, tasks.retrieve_preview, 1)
        ask(send, tasks.retrieve_preview, 2)
    assert [request.path for request in asked] == [
        "/api/tasks/1/preview",
        "/api/tasks/2/preview",
        "/api/tasks/1/preview",
        "/api/tasks/2/preview",
    ]


def test_changes_are_not_kept_and_wrong_parameters_not_sent() -> None:
    ask = cached(call, seconds=10)
    send, asked = _counting()
    for _ in range(2):
        ask(send, requests.create_cancel, "r")
    assert len(asked) == 2
    wrong = ask(send, tasks.retrieve_preview, "x")  # type: ignore[arg-type] # what it is about
    assert isinstance(wrong.failure(), InvalidParams)
    assert len(asked) == 2


def test_no_more_answers_are_kept_than_were_allowed() -> None:
    ask = cached(call, seconds=10, most=2, clock=lambda: 0.0)
    send, asked = _counting()
    for number in (1, 2, 3, 3, 2, 1):
        ask(send, tasks.retrieve_preview, number)
    assert [request.path[-9] for request in asked] == list("1231")


def types_are_those_of_the_endpoint(transport: Transport) -> None:
    """Only type checkers run this."""
    ask = cached(call, seconds=10)
    assert_type(ask(transport, tasks.retrieve, 1), Outcome[models.TaskRead, CallError])
    ask(transport, tasks.retrieve, "x")  # type: ignore[arg-type]
    ask(transport, tasks.list, serch="x")  # type: ignore[call-arg]


def test_the_program(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    call(server.cvat, tasks.create, {"name": "cats"}).unwrap()
    assert main(server.url, server.token, "1") == 0
    assert capsys.readouterr().out == "cats: annotation\n" * 2
    assert main(server.url, server.token, "7") == 1
    assert "404" in capsys.readouterr().err

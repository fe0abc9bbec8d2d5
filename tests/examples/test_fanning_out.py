"""The example: many calls at once, in order, over threads and over processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import assert_type

import pytest

from cvatfn import CallError, Outcome, Transport, call, models
from cvatfn.api import tasks
from cvatfn.errors import Rejected
from cvatfn.outcome import Failure
from examples.fanning_out import fan_out, given, main
from tests.examples.conftest import Server


def _pool(kind: str) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(4)
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_outcomes_come_in_order_and_a_failure_hides_no_other(server: Server, kind: str) -> None:
    for number in range(5):
        call(server.cvat, tasks.create, {"name": f"cats {number}"}).unwrap()
    wanted = [given(tasks.retrieve, number) for number in (3, 9, 1, 2)]
    with _pool(kind) as pool:
        outcomes = list(fan_out(pool, server.cvat, tasks.retrieve, wanted))
    names = [outcome.map(lambda task: task.name).value_or("") for outcome in outcomes]
    assert names == ["cats 2", "", "cats 0", "cats 1"]
    missing = outcomes[1]
    assert isinstance(missing, Failure)
    error = missing.failure()
    assert isinstance(error, Rejected)
    assert error.status == 404


def types_are_those_of_the_endpoint(pool: Executor, transport: Transport) -> None:
    """Only type checkers run this."""
    wanted = [given(tasks.retrieve, number) for number in range(3)]
    found = fan_out(pool, transport, tasks.retrieve, wanted)
    assert_type(found, Iterator[Outcome[models.TaskRead, CallError]])
    given(tasks.retrieve, "x")  # type: ignore[arg-type]
    given(tasks.list, serch="x")  # type: ignore[call-arg]


def test_the_program(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    call(server.cvat, tasks.create, {"name": "cats"}).unwrap()
    assert main(server.url, server.token, "1") == 0
    assert capsys.readouterr().out == "1: cats\n"
    assert main(server.url, server.token, "1", "7") == 1
    assert "404" in capsys.readouterr().err

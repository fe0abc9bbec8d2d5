"""Trying again: never what may have been done, never beyond the time, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Final

import pytest
from hypothesis import settings

from cvatfn import call, connect
from cvatfn.api import tasks
from cvatfn.errors import Rejected, TimedOut, TransportError
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Outcome
from cvatfn.schedule import Schedule, constant, exponential
from cvatfn.transport import retrying, with_timeout
from tests.faults.cells import GOES_ON, Certificate, Nobody, Row
from tests.faults.conftest import ADA, Stage
from tests.faults.kinds import KINDS, Kind
from tests.faults.settled import EVERY, ROWS, awaited_cells
from tests.faults.trying import PATIENT, Driver, left_nothing, tried
from tests.hop.faults import StatusAfter
from tests.hop.hop import Hop
from tests.hop.retellings import Stall, Trickle
from tests.hop.thresholds import Handshake
from tests.transport.wire import Server, answering, ok, silent

AGAIN: Final = constant(0.0, attempts=3)
MAY_PASS: Final = ("ConnectionLost", "TimedOut", "ConnectFailed")
PASSING: Final = (408, 429, 502, 503, 504)
SINGLE: Final = [kind for kind in KINDS if kind.name in ("retrieve", "create", "delete")]
STRIKING: Final = [
    row
    for row in ROWS
    if not isinstance(row.fault, Nobody | Certificate | Handshake)
    # Some seconds would be waited for: `tests/transport/test_retries.py` has a clock of its own.
    and (row.waits is None or row.waits > 600)
]


def _passes(row: Row, error: object) -> bool:
    """Whether a safe request is worth another try after it."""
    if isinstance(error, Rejected):
        return error.status in PASSING and (row.waits or 0.0) < 600
    # A trickle takes all the time there is, for all tries together.
    return type(error).__name__ in MAY_PASS and not isinstance(row.fault, Trickle)


@pytest.mark.parametrize("kind", SINGLE, ids=lambda kind: kind.name)
@pytest.mark.parametrize("row", STRIKING, ids=lambda row: row.id)
def test_what_is_not_safe_to_repeat_is_not_repeated_and_what_is_goes_on(
    row: Row, kind: Kind, stage: Stage, tmp_path: Path
) -> None:
    _repeated_if_safe(row, kind, stage, tmp_path, "threads")


@pytest.mark.parametrize("row", STRIKING, ids=lambda row: row.id)
def test_under_event_loops_the_same_is_repeated(
    row: Row, stage: Stage, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for kind, loop in awaited_cells(row, SINGLE, every=settings().max_examples >= EVERY):
        with subtests.test(kind=kind.name, loop=loop):
            _repeated_if_safe(row, kind, stage, tmp_path, loop)


def _repeated_if_safe(row: Row, kind: Kind, stage: Stage, folder: Path, driver: Driver) -> None:
    settled = row.cells[kind.name].once
    came = tried(stage, row, kind, folder, retry=AGAIN, driver=driver)
    if kind.unsafe:
        assert came.came_to == ("" if settled == GOES_ON else settled)
        assert came.done == int(row.acts)
        assert len(stage.watched.seen) <= 1
    else:
        plain = tried(stage, row, kind, folder, driver=driver)
        goes_on = settled == GOES_ON or _passes(row, plain.error)
        assert came.whole is goes_on


def test_what_surely_never_arrived_is_sent_again(stage: Stage) -> None:
    stage.begin()
    with Server(silent) as gone:
        pass
    urls = iter([gone.url, gone.url, stage.url])

    def trying(request: Request) -> Outcome[Response, TransportError]:
        with connect(next(urls), auth=ADA) as transport:
            return transport(request)

    assert call(retrying(trying, AGAIN), tasks.create, {"name": "once"}).unwrap().name == "once"
    names = [task.name for task in stage.sandbox.world.tasks.values()]
    assert names.count("once") == 1


SLOW: Final = 0.5


@pytest.mark.parametrize("fault", [Stall("before"), Stall("body"), StatusAfter(503)], ids=repr)
@pytest.mark.parametrize(
    "retry", [constant(0.05), exponential(0.05, attempts=50), constant(5.0)], ids=repr
)
def test_half_a_second_is_half_a_second_however_often_it_is_tried(
    stage: Stage, fault: Stall | StatusAfter, retry: Schedule
) -> None:
    stage.begin()
    with left_nothing(), Hop(stage.url, [fault] * 1000) as url:
        with connect(url, auth=ADA, timeout=SLOW, retry=retry) as transport:
            began = monotonic()
            error = call(transport, tasks.retrieve, stage.place.full).failure()
            assert monotonic() - began < SLOW + 2.0  # and not the 5 s of one more wait
        assert isinstance(error, TimedOut | Rejected)


def test_a_wrapper_around_them_bounds_all_tries_too(stage: Stage) -> None:
    stage.begin()
    with Hop(stage.url, [Stall("before")] * 1000) as url, connect(url, auth=ADA) as transport:
        hurried = with_timeout(retrying(transport, constant(0.01)), Timeout(total=0.2))
        began = monotonic()
        assert isinstance(call(hurried, tasks.retrieve, stage.place.full).failure(), TimedOut)
        assert monotonic() - began < PATIENT


def test_the_body_of_the_last_refusal_is_there_after_all_tries() -> None:
    page = b"<html><body>bad gateway, ticket %d</body></html>"
    answers = [ok(page % n, "Content-Type: text/html", status="502 Bad Gateway") for n in range(3)]
    with (
        Server(answering(*answers)) as server,
        connect(server.url, retry=AGAIN) as transport,
    ):
        error = call(transport, tasks.retrieve, 7).failure()
    assert isinstance(error, Rejected)
    assert error.status == 502
    assert error.response.body == page % 2
    assert len(server.requests) == 3

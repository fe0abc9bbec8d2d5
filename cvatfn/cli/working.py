"""The server's work in the background: waited for, and what it came to as plain data."""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.cli.bars import watching
from cvatfn.errors import CallError
from cvatfn.outcome import Outcome
from cvatfn.polling import WAITING, PollTimedOut, RequestFailed, wait_for
from cvatfn.schedule import Schedule
from cvatfn.transport import Transport

__all__ = ["awaited", "facts_of", "patience", "unknown_work"]


def patience(seconds: float | None) -> Schedule:
    """When to look for the work, and when to give up.

    :param seconds: for how long to wait; an hour unless said.
    """
    return WAITING if seconds is None else evolve(WAITING, deadline=seconds)


def awaited(
    transport: Transport, rq_id: str, schedule: Schedule = WAITING
) -> Outcome[models.Request, CallError | RequestFailed | PollTimedOut]:
    """Wait for a piece of work, drawn where somebody sees it.

    :param transport: what sends.
    :param rq_id: which work.
    :param schedule: when to look, and when to give up.
    """
    with watching() as watch:
        return wait_for(transport, rq_id, schedule=schedule, progress=watch)


def facts_of(work: models.Request) -> dict[str, object]:
    """What a piece of work came to, in a shape that stays.

    :param work: the work.
    """
    return {
        "rq_id": work.id,
        "operation": work.operation.type,
        "status": work.status.value,
        "message": work.message,
        "result_id": work.result_id,
        "result_url": work.result_url,
    }


def unknown_work(rq_id: str, message: str) -> dict[str, object]:
    """The same of work that nothing is known of.

    :param rq_id: which work.
    :param message: why not.
    """
    return {
        "rq_id": rq_id,
        "operation": None,
        "status": "unknown",
        "message": message,
        "result_id": None,
        "result_url": None,
    }

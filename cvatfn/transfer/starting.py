"""The last request of an upload, or the first of an export: it starts work on the server.

Rule: the work is started once. When the answer is lost, the same is asked again: CVAT answers 409
with the id while it runs, and refuses it when it is over; then the list of requests has it.
"""

from __future__ import annotations

from datetime import datetime
from typing import ParamSpec

from cvatfn import models
from cvatfn.api import requests
from cvatfn.calling import concluded
from cvatfn.codecs.json import loads
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError, Rejected
from cvatfn.flows import Flow, Pause, Reply
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import Implausible
from cvatfn.transfer.flows import Effort, again, asked
from cvatfn.transport.retries import may_pass

__all__ = ["started"]

P = ParamSpec("P")


def started(
    effort: Effort,
    endpoint: Endpoint[P, models.RqId | None],
    request: Request,
    lookup: Request | None = None,
    *,
    doubted: bool = False,
    once: bool = False,
) -> Flow[Outcome[models.RqId, CallError | Implausible]]:
    """Start work, or join it where it runs already.

    :param effort: how hard to try.
    :param endpoint: the operation.
    :param request: the request to it.
    :param lookup: lists one's requests of this kind, the newest first: where to look for work whose
        beginning was not heard of.
    :param doubted: whether it may have been started before.
    :param once: whether it can be done but once, so that what is there and did not fail is it.
    :returns: the id of the work's request.
    """
    # Work of this kind that is there before is not taken for what is started now. Another process
    # may have started it, though: then whatever is there is it.
    before = None if once or doubted else (yield from _newest(effort, lookup))
    began, tried = effort.clock(), 0
    while True:
        reply = yield request
        tried += 1
        passing = may_pass(reply)
        doubted = doubted or (passing and _may_have_acted(reply))
        wait = again(effort, tried, began, reply) if passing else None
        if wait is None:
            break
        yield Pause(wait)
    outcome = concluded(endpoint, request, reply)
    match outcome:
        case Success(models.RqId() as begun):
            return Success(begun)
        case Failure(Rejected(response=response)) if response.status == 409:
            match loads(models.RqId, response.body):
                case Success(running):
                    return Success(running)
                case Failure():
                    return outcome
        case Failure() if not doubted:
            return outcome
        case _:
            pass
    now = yield from _newest(effort, lookup)
    failed_before = once and now is not None and now.status == models.RequestStatus.FAILED
    if now is not None and _begun_at(now) != _begun_at(before) and not failed_before:
        return Success(models.RqId(rq_id=now.id))
    if isinstance(outcome, Failure):
        return outcome
    return Failure(Implausible(endpoint.name, "it took the request, but names no work of it"))


def _newest(effort: Effort, lookup: Request | None) -> Flow[models.Request | None]:
    """The newest work of a kind, if there is any and it can be known."""
    if lookup is None:
        return None
    match concluded(requests.list, lookup, (yield from asked(effort, lookup))):
        case Success(page) if page.results:
            return page.results[0]
        case _:
            return None


def _begun_at(work: models.Request | None) -> tuple[str, datetime] | None:
    return None if work is None else (work.id, work.created_date)


def _may_have_acted(reply: Reply) -> bool:
    match reply:
        case Success(response):
            return response.status != 429
        case Failure(error):
            return error.may_have_acted

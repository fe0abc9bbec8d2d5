"""One look at many pieces of background work.

CVAT lists one's own background work, newest first and a page at a time; it cannot be asked for
certain ids only. Work of another organization may be missing from the listing, and what is over is
dropped from it after a while.

Rule: a look sends few requests, and none past an answer that asks to wait. The listing is walked
while another page is cheaper than asking for what is still missing by its ids; so no look sends
twice as many requests as there are ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from attrs import frozen

from cvatfn import models
from cvatfn.api import requests
from cvatfn.calling import called
from cvatfn.errors import (
    CallError,
    InvalidParams,
    Rejected,
    TlsFailed,
    Undecodable,
    UnexpectedStatus,
)
from cvatfn.flows import Flow
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.pagination import Place, asked_for, first_of, results, walked
from cvatfn.preparing import prepare
from cvatfn.transport.retries import worth_repeating
from cvatfn.walking import PAGE_SIZE

__all__ = ["Look", "Sight", "asked_wait", "look_at", "passes"]

Sight: TypeAlias = Outcome[models.Request, CallError]
"""What was seen of a piece of work."""


@frozen
class Look:
    """What a look showed.

    :param seen: by id, what was seen of the work; what was asked for last comes last.
    :param cut: why the look broke off; `None` if it did not. What is not in `seen` then is still to
        be asked for.
    """

    seen: Mapping[str, Sight]
    cut: CallError | None = None


def look_at(rq_ids: Iterable[str]) -> Flow[Look]:
    """Look once at background work.

    A listing that cannot be had does no harm, for each piece of work can be asked for by its id. A
    fault that is not about a single one (a lost connection, 429, 503, 401) breaks the look off, and
    is what was seen of all the rest.

    :param rq_ids: the ids; those that come first are asked for first.

    >>> from cvatfn import Response, in_memory
    >>> from cvatfn.flows import driven
    >>> nobody = in_memory(lambda request: Response(404))
    >>> list(driven(look_at(["a", "b"]), nobody).seen)
    ['a', 'b']
    """
    wanted = tuple(dict.fromkeys(rq_ids))
    seen, unlisted = yield from _listed(frozenset(wanted))
    if unlisted is not None and (_is_for_all(unlisted) or asked_wait(unlisted) is not None):
        return _broken_off(wanted, seen, unlisted)
    for number in wanted:
        if number not in seen:
            prepared = prepare(requests.retrieve, number)
            sight = seen[number] = yield from called(requests.retrieve, prepared)
            if isinstance(sight, Failure) and _breaks_off(sight.failure()):
                return _broken_off(wanted, seen, sight.failure())
    return Look(seen)


def passes(error: CallError) -> bool:
    """Whether the same question may be answered at a later time.

    :param error: why it was not.
    """
    match error:
        case Rejected(request=Request() as sent, response=response):
            return worth_repeating(sent, Success(response))
        case InvalidParams() | Rejected() | UnexpectedStatus() | Undecodable():
            return False
        case _:
            return worth_repeating(error.request, Failure(error))


def asked_wait(error: object) -> float | None:
    """How many seconds a server asks to wait, where an error says so.

    :param error: any error.
    """
    return error.retry_after if isinstance(error, Rejected) else None


def _broken_off(wanted: Iterable[str], seen: dict[str, Sight], cut: CallError) -> Look:
    if not (_is_for_all(cut) or passes(cut)):
        return Look(seen, cut)
    return Look({number: Failure(cut) for number in wanted if number not in seen} | seen, cut)


def _breaks_off(error: CallError) -> bool:
    return passes(error) or _is_for_all(error) or asked_wait(error) is not None


def _is_for_all(error: CallError) -> bool:
    """Whether all other questions would fail in the same way."""
    return isinstance(error, TlsFailed) or (isinstance(error, Rejected) and error.status == 401)


def _listed(wanted: frozenset[str]) -> Flow[tuple[dict[str, Sight], CallError | None]]:
    """What the listing tells of wanted ids, and why it tells no more if it failed."""
    found: dict[str, Sight] = {}
    if len(wanted) < 2:
        return found, None
    prepared = prepare(requests.list, page_size=max(PAGE_SIZE, len(wanted)))
    at: Place | None = first_of(requests.list, prepared)
    pages = 0
    while at is not None and pages + 1 < max(2, len(wanted) - len(found)):
        match (yield from walked(requests.list, results, at, asked_for)):
            case Failure(error):
                return found, error
            case Success((listed, at)):
                found |= {each.id: Success(each) for each in listed if each.id in wanted}
        pages += 1
    return found, None

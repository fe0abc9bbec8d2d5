"""Listings as iterators: page by page, item by item, without an end that must be waited for.

`unfold` is the core: a step and where to begin. `pages` and `paginate` unfold a listing of CVAT,
`walk_storage` (in `cvatfn.storage`) what is no listing of pages at all.

Rule: an iterator of outcomes ends after its first failure, and holds no more than it was told to.
How a listing is walked is a function from endpoint to endpoint, never a parameter of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec, TypeAlias, TypeVar

from attrs import evolve

from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError, InvalidParams
from cvatfn.flows import Flow, Reply, driven, given
from cvatfn.forking import making
from cvatfn.messages import Request
from cvatfn.models.page import Page
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.preparing import prepare
from cvatfn.transport.types import Transport
from cvatfn.walking import Asked, begun, turned

__all__ = [
    "Ask",
    "Place",
    "alone",
    "asked_for",
    "first_of",
    "in_pages_of",
    "limited",
    "pages",
    "paginate",
    "prefetching",
    "results",
    "unfold",
    "walked",
]

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")
S = TypeVar("S")
E = TypeVar("E")

Place: TypeAlias = Asked | CallError
"""Where a walk stands: before a page that is to be asked for, or before why it cannot be."""

Ask: TypeAlias = Callable[[Asked], Flow[Reply]]
"""How a walk asks for a page."""


def unfold(
    step: Callable[[S], Outcome[tuple[Iterable[T], S | None], E]], seed: S
) -> Iterator[Outcome[T, E]]:
    """Grow an iterator from a seed.

    :param step: makes items of a seed, and the next seed, or `None` at the end.
    :param seed: the first one.
    :returns: the items in order, each when it is asked for; the first failure is the last outcome.

    >>> def halves(number: int) -> Outcome[tuple[list[int], int | None], str]:
    ...     return Success(([number], number // 2 or None)) if number % 3 else Failure("a third")
    >>> list(unfold(halves, 10))
    [<Success: 10>, <Success: 5>, <Success: 2>, <Success: 1>]
    >>> list(unfold(halves, 7))
    [<Success: 7>, <Failure: a third>]
    """
    following: S | None = seed
    while following is not None:
        match step(following):
            case Success((items, following)):
                yield from map(Success, items)
                del items  # or else they would be held while the next ones are made
            case Failure() as failure:
                yield failure
                return


def pages(
    transport: Transport, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
) -> Iterator[Outcome[Page[T], CallError]]:
    """Walk a listing page by page.

    Nothing is sent before the first page is asked for. Pages have 100 items unless `page_size`,
    `in_pages_of` or `page` says otherwise; a walk may begin at any `page`. A listing may change
    meanwhile: what is created can make others come twice, unless `sort="id"` puts it last; what is
    deleted can make others be passed over, in any order. A page that is there no more is the end,
    behind the first one; any other 404 is a failure, as items may be lost with it.

    :param transport: what sends.
    :param endpoint: a listing; `prefetching`, `in_pages_of` and `limited` say how to walk it.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the pages in order; a failure is the last outcome.

    >>> from cvatfn import Response, in_memory
    >>> from cvatfn.api import tasks
    >>> empty = b'{"count": 0, "next": null, "previous": null, "results": []}'
    >>> [page.unwrap().count for page in pages(in_memory(lambda _: Response(200, body=empty)),
    ...                                        tasks.list, search="cat")]
    [0]
    """
    return _walked(transport, endpoint, alone, *args, **params)


def paginate(
    transport: Transport, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
) -> Iterator[Outcome[T, CallError]]:
    """Walk a listing item by item; the next page is asked for when it is needed.

    It is `pages` with the items for themselves: what is said there is true here.

    :param transport: what sends.
    :param endpoint: a listing; `prefetching`, `in_pages_of` and `limited` say how to walk it.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the items in order; a failure is the last outcome. `collect` makes one outcome of
        them.

    >>> from cvatfn import Response, collect, in_memory
    >>> from cvatfn.api import tasks
    >>> nobody = in_memory(lambda _: Response(401, body=b'{"detail": "Who are you?"}'))
    >>> collect(paginate(nobody, tasks.list)).failure().detail
    'Who are you?'
    """
    return _walked(transport, endpoint, results, *args, **params)


def prefetching(endpoint: Endpoint[P, Page[T]], pages: int, /) -> Endpoint[P, Page[T]]:
    """Walk a listing with pages asked for before they are needed.

    So many threads ask, and so many pages may wait to be read; the order stays. Whoever drops the
    iterator stops them; nobody waits for what is on the wire then, not even the program's end. The
    first page comes alone: it says how many there are.

    :param endpoint: a listing whose pages have numbers, as all of CVAT's have; any other one can
        only be walked page by page.
    :param pages: how many; 0 for none.
    :raises ValueError: fewer than none.

    >>> from cvatfn.api import tasks
    >>> prefetching(tasks.list, 8).walking.ahead
    8
    """
    return evolve(endpoint, walking=evolve(endpoint.walking, ahead=_checked("pages", pages, 0)))


def in_pages_of(endpoint: Endpoint[P, Page[T]], items: int, /) -> Endpoint[P, Page[T]]:
    """Walk a listing in pages of another size; a call's own `page_size` comes before it.

    :param endpoint: a listing.
    :param items: how many items a page is to have; a server gives fewer where that is above its
        own limit.
    :raises ValueError: fewer than one.

    >>> from cvatfn.api import tasks
    >>> in_pages_of(tasks.list, 500).walking.page_size
    500
    """
    return evolve(endpoint, walking=evolve(endpoint.walking, page_size=_checked("items", items, 1)))


def limited(endpoint: Endpoint[P, Page[T]], items: int, /) -> Endpoint[P, Page[T]]:
    """Walk a listing no further than to so many items.

    :param endpoint: a listing.
    :param items: how many items are wanted.
    :raises ValueError: fewer than one.

    >>> from cvatfn.api import tasks
    >>> limited(tasks.list, 5).walking.most
    5
    """
    return evolve(endpoint, walking=evolve(endpoint.walking, most=_checked("items", items, 1)))


def walked(
    endpoint: Endpoint[P, Page[T]],
    items: Callable[[Page[T]], Iterable[U]],
    at: Place,
    ask: Ask,
) -> Flow[Outcome[tuple[Iterable[U], Place | None], CallError]]:
    """A step of a walk as a flow: what is found at a place, and the place to go to next.

    :param endpoint: the listing.
    :param items: what is wanted of a page.
    :param at: a page to ask for; or why it cannot be asked for.
    :param ask: asks for it.
    """
    if not isinstance(at, Asked):
        return Failure(at)
    outcome = turned(endpoint, at, (yield from ask(at)))
    match (yield from explained(endpoint, at.request, outcome)):
        case Success(turn):
            found = () if turn.page is None else items(turn.page)
            return Success((found, turn.following))
        case Failure() as failure:
            return failure


def first_of(endpoint: Endpoint[P, Page[T]], prepared: Outcome[Request, InvalidParams]) -> Place:
    """Where a walk begins; pure.

    :param endpoint: the listing.
    :param prepared: what `prepare` made of its parameters.
    """
    match prepared:
        case Failure(refused):
            return refused
        case Success(request):
            return begun(endpoint, request)


def asked_for(at: Asked) -> Flow[Reply]:
    """Ask for a page when it is needed.

    :param at: the page.
    """
    return (yield at.request)


def alone(page: Page[T]) -> tuple[Page[T]]:
    """What `pages` wants of a page: the page.

    :param page: the page.
    """
    return (page,)


def results(page: Page[T]) -> tuple[T, ...]:
    """What `paginate` wants of a page: its items.

    :param page: the page.
    """
    return page.results


def _walked(
    transport: Transport,
    endpoint: Endpoint[P, Page[T]],
    items: Callable[[Page[T]], Iterable[U]],
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Iterator[Outcome[U, CallError]]:
    ask = _asking(transport, endpoint.walking.ahead)

    def step(at: Place) -> Outcome[tuple[Iterable[U], Place | None], CallError]:
        return driven(walked(endpoint, items, at, ask), transport)

    yield from unfold(step, first_of(endpoint, prepare(endpoint, *args, **params)))


def _asking(transport: Transport, ahead: int) -> Ask:
    if not ahead:
        return asked_for
    with making():
        from cvatfn.transport.ahead import Ahead  # threads are for those who want some

    asking = Ahead(transport, ahead)
    return lambda at: given(asking.reply(at.request, at.coming))


def _checked(name: str, number: int, least: int) -> int:
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {number}")
    return number

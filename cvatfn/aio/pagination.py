"""Listings as asynchronous iterators: `pages`, `paginate`, `walk_storage`, `unfold`.

Rule: the steps of a walk are those of `cvatfn.pagination`. What is asked for beforehand ends with
the iterator: at its end, at its `aclose`, or when the event loop finds it dropped.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from functools import partial
from typing import ParamSpec, TypeVar

from cvatfn.aio.driving import driven, unfolded
from cvatfn.aio.types import AsyncTransport
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Endpoint
from cvatfn.errors import CallError
from cvatfn.models.page import Page
from cvatfn.outcome import Outcome
from cvatfn.pagination import Ask, Place, alone, asked_for, first_of, results, walked
from cvatfn.preparing import prepare
from cvatfn.storage import Folder, StorageFile, found_at

__all__ = ["pages", "paginate", "unfold", "walk_storage"]

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")
S = TypeVar("S")
E = TypeVar("E")


def unfold(
    step: Callable[[S], Awaitable[Outcome[tuple[Iterable[T], S | None], E]]], seed: S
) -> AsyncGenerator[Outcome[T, E]]:
    """Grow an asynchronous iterator from a seed; `cvatfn.unfold` with a step that is awaited.

    :param step: makes items of a seed, and the next seed, or `None` at the end.
    :param seed: the first one.
    :returns: the items in order, each when it is asked for; the first failure is the last outcome.
    """
    return unfolded(step, seed)


def pages(
    transport: AsyncTransport, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
) -> AsyncGenerator[Outcome[Page[T], CallError]]:
    """Walk a listing page by page; `cvatfn.pages` as an asynchronous iterator.

    :param transport: what sends.
    :param endpoint: a listing; `prefetching`, `in_pages_of` and `limited` say how to walk it.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the pages in order; a failure is the last outcome.
    """
    return _walked(transport, endpoint, alone, *args, **params)


def paginate(
    transport: AsyncTransport, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
) -> AsyncGenerator[Outcome[T, CallError]]:
    """Walk a listing item by item; `cvatfn.paginate` as an asynchronous iterator.

    With `prefetching(endpoint, n)`, at most `n` pages are under way or wait to be read. Whoever
    leaves the walk before its end closes it, or else its requests end when it is collected:

        async with aclosing(aio.paginate(transport, prefetching(tasks.list, 8))) as walk:
            async for task in walk: ...

    :param transport: what sends.
    :param endpoint: a listing; `prefetching`, `in_pages_of` and `limited` say how to walk it.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the items in order; a failure is the last outcome.

    >>> import anyio
    >>> from cvatfn import Response, aio
    >>> from cvatfn.api import tasks
    >>> nobody = aio.in_memory(lambda _: Response(401, body=b'{"detail": "Who are you?"}'))
    >>> anyio.run(aio.collect, aio.paginate(nobody, tasks.list)).failure().detail
    'Who are you?'
    """
    return _walked(transport, endpoint, results, *args, **params)


def walk_storage(
    transport: AsyncTransport,
    id: int,
    *,
    prefix: str = "",
    manifest_path: str | Unset = UNSET,
    page_size: int | Unset = UNSET,
) -> AsyncGenerator[Outcome[StorageFile, CallError]]:
    """Walk all files of a cloud storage; `cvatfn.walk_storage` as an asynchronous iterator.

    :param transport: what sends.
    :param id: the cloud storage.
    :param prefix: what the paths begin with; empty for all there are.
    :param manifest_path: a manifest in the storage whose files are meant.
    :param page_size: how many entries to ask for at a time.
    :returns: the files, each when it is asked for; a failure is the last outcome.
    """
    step = partial(found_at, id, manifest_path=manifest_path, page_size=page_size)
    return unfolded(lambda at: driven(step(at), transport), Folder(prefix))


async def _walked(
    transport: AsyncTransport,
    endpoint: Endpoint[P, Page[T]],
    items: Callable[[Page[T]], Iterable[U]],
    /,
    *args: P.args,
    **params: P.kwargs,
) -> AsyncGenerator[Outcome[U, CallError]]:
    first = first_of(endpoint, prepare(endpoint, *args, **params))
    if not endpoint.walking.ahead:
        walk = _asking(transport, endpoint, items, asked_for, first)
        async with aclosing(walk):
            async for outcome in walk:
                yield outcome
        return
    from cvatfn.aio.background import AsyncAhead

    async with aclosing(AsyncAhead(transport, endpoint.walking.ahead)) as ahead:
        walk = _asking(
            transport,
            endpoint,
            items,
            lambda at: ahead.foreseen.reply(at.request, at.coming),
            first,
        )
        async with aclosing(walk):
            async for outcome in walk:
                yield outcome


def _asking(
    transport: AsyncTransport,
    endpoint: Endpoint[P, Page[T]],
    items: Callable[[Page[T]], Iterable[U]],
    ask: Ask,
    first: Place,
) -> AsyncGenerator[Outcome[U, CallError]]:
    return unfolded(lambda at: driven(walked(endpoint, items, at, ask), transport), first)

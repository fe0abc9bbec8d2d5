"""What actors ask through: the calls of the library, from threads or by tasks of an event loop.

Rule: a kind of call is written once, against `Client`. `Plain` is `cvatfn`; `Awaited` is
`cvatfn.aio`, each call of which is a task in one loop, while the actor's thread waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

import anyio
from anyio.from_thread import BlockingPortal
from attrs import frozen

import cvatfn
from cvatfn import Endpoint, Failure, Outcome, Transport, aio, models, transfer, transport
from cvatfn.aio import AsyncTransport
from cvatfn.api import tasks as tasks_api
from cvatfn.models.page import Page
from cvatfn.outcome import Success
from cvatfn.schedule import Schedule
from cvatfn.transfer import Download, Importing, Saving, Uploading
from cvatfn.transfer.exporting import Exported, Exporting
from examples.fanning_out import fan_out, given

__all__ = ["Awaited", "Client", "Plain"]

P = ParamSpec("P")
T = TypeVar("T")


class Client(Protocol):
    """The library as an actor uses it; names and parameters are the library's."""

    def call(
        self, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[T, object]: ...

    def paginate(
        self, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[T, ...], object]:
        """All of it, collected."""
        ...

    def begin_to_paginate(
        self, count: int, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[T, ...], object]:
        """The first few; the rest is dropped."""
        ...

    def pages(
        self, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[Page[T], ...], object]: ...

    def at_once(self, tasks: Sequence[int]) -> Outcome[tuple[models.TaskRead, ...], object]:
        """Several calls at the same time."""
        ...

    def wait_for(
        self, work: models.RqId, schedule: Schedule
    ) -> Outcome[models.Request, object]: ...

    def wait_all(
        self, works: Sequence[str], schedule: Schedule
    ) -> Outcome[tuple[models.Request, ...], object]: ...

    def upload_data(
        self, task: int, files: Sequence[cvatfn.File], options: Uploading
    ) -> Outcome[models.RqId, object]: ...

    def import_annotations(
        self,
        endpoint: Endpoint[P, models.RqId | None],
        how: Importing,
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> Outcome[models.RqId, object]: ...

    def download(
        self, endpoint: Endpoint[P, object], to: Saving, /, *args: P.args, **params: P.kwargs
    ) -> Outcome[Download, object]: ...

    def export(
        self,
        endpoint: Endpoint[P, models.RqId],
        to: Exporting,
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> Outcome[Exported, object]: ...

    def begin_to_stream(
        self, endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[bytes, object]:
        """The first piece; the rest is dropped."""
        ...

    def retrying(self, schedule: Schedule) -> Client: ...

    def with_timeout(self, seconds: float) -> Client: ...

    def rate_limited(self, count: int) -> Client: ...

    def logged(self, logger: logging.Logger) -> Client: ...

    def recorded(self, path: Path, max_body: int) -> Client: ...


@frozen
class Plain:
    """The calls of `cvatfn`, in the actor's thread."""

    transport: Transport

    def call(
        self, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[T, object]:
        return cvatfn.call(self.transport, endpoint, *args, **params)

    def paginate(
        self, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[T, ...], object]:
        return cvatfn.collect(cvatfn.paginate(self.transport, endpoint, *args, **params))

    def begin_to_paginate(
        self, count: int, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[T, ...], object]:
        walk = cvatfn.paginate(self.transport, endpoint, *args, **params)
        return cvatfn.collect(islice(walk, count))

    def pages(
        self, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[Page[T], ...], object]:
        return cvatfn.collect(cvatfn.pages(self.transport, endpoint, *args, **params))

    def at_once(self, tasks: Sequence[int]) -> Outcome[tuple[models.TaskRead, ...], object]:
        retrieve = tasks_api.retrieve
        with ThreadPoolExecutor(2) as pool:
            wanted = [given(retrieve, each) for each in tasks]
            return cvatfn.collect(fan_out(pool, self.transport, retrieve, wanted))

    def wait_for(self, work: models.RqId, schedule: Schedule) -> Outcome[models.Request, object]:
        return cvatfn.wait_for(self.transport, work, schedule=schedule)

    def wait_all(
        self, works: Sequence[str], schedule: Schedule
    ) -> Outcome[tuple[models.Request, ...], object]:
        return cvatfn.collect(cvatfn.wait_all(self.transport, works, schedule=schedule))

    def upload_data(
        self, task: int, files: Sequence[cvatfn.File], options: Uploading
    ) -> Outcome[models.RqId, object]:
        return cvatfn.upload_data(self.transport, task, files, None, options)

    def import_annotations(
        self,
        endpoint: Endpoint[P, models.RqId | None],
        how: Importing,
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> Outcome[models.RqId, object]:
        return transfer.import_annotations(self.transport, endpoint, how, *args, **params)

    def download(
        self, endpoint: Endpoint[P, object], to: Saving, /, *args: P.args, **params: P.kwargs
    ) -> Outcome[Download, object]:
        return cvatfn.download(self.transport, endpoint, to, *args, **params)

    def export(
        self,
        endpoint: Endpoint[P, models.RqId],
        to: Exporting,
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> Outcome[Exported, object]:
        return cvatfn.export(self.transport, endpoint, to, *args, **params)

    def begin_to_stream(
        self, endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[bytes, object]:
        match cvatfn.stream(self.transport, endpoint, *args, **params):
            case Success(pieces):
                return next(pieces)
            case Failure() as failure:
                return failure

    def retrying(self, schedule: Schedule) -> Client:
        return Plain(transport.retrying(self.transport, schedule))

    def with_timeout(self, seconds: float) -> Client:
        return Plain(transport.with_timeout(self.transport, seconds))

    def rate_limited(self, count: int) -> Client:
        return Plain(transport.rate_limited(self.transport, count))

    def logged(self, logger: logging.Logger) -> Client:
        return Plain(transport.logged(self.transport, logger))

    def recorded(self, path: Path, max_body: int) -> Client:
        return Plain(transport.recorded(self.transport, path, max_body=max_body))


@frozen
class Awaited:
    """The calls of `cvatfn.aio`, by tasks of one event loop.

    :param portal: leads into it.
    """

    portal: BlockingPortal
    transport: AsyncTransport

    def call(
        self, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[T, object]:
        return self.portal.call(partial(aio.call, self.transport, endpoint, *args, **params))

    def paginate(
        self, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[T, ...], object]:
        async def walked() -> Outcome[tuple[T, ...], object]:
            return await aio.collect(aio.paginate(self.transport, endpoint, *args, **params))

        return self.portal.call(walked)

    def begin_to_paginate(
        self, count: int, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[T, ...], object]:
        async def begun() -> Outcome[tuple[T, ...], object]:
            came: list[Outcome[T, object]] = []
            async with aclosing(aio.paginate(self.transport, endpoint, *args, **params)) as walk:
                async for outcome in walk:
                    came.append(outcome)
                    if len(came) == count:
                        break
            return cvatfn.collect(came)

        return self.portal.call(begun)

    def pages(
        self, endpoint: Endpoint[P, Page[T]], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[tuple[Page[T], ...], object]:
        async def walked() -> Outcome[tuple[Page[T], ...], object]:
            return await aio.collect(aio.pages(self.transport, endpoint, *args, **params))

        return self.portal.call(walked)

    def at_once(self, tasks: Sequence[int]) -> Outcome[tuple[models.TaskRead, ...], object]:
        async def asked() -> Outcome[tuple[models.TaskRead, ...], object]:
            came: dict[int, Outcome[models.TaskRead, object]] = {}

            async def ask(place: int, task: int) -> None:
                came[place] = await aio.call(self.transport, tasks_api.retrieve, task)

            async with anyio.create_task_group() as asking:
                for place, task in enumerate(tasks):
                    asking.start_soon(ask, place, task)
            return cvatfn.collect(came[place] for place in range(len(tasks)))

        return self.portal.call(asked)

    def wait_for(self, work: models.RqId, schedule: Schedule) -> Outcome[models.Request, object]:
        return self.portal.call(partial(aio.wait_for, self.transport, work, schedule=schedule))

    def wait_all(
        self, works: Sequence[str], schedule: Schedule
    ) -> Outcome[tuple[models.Request, ...], object]:
        all_of_them = partial(aio.wait_all, self.transport, works, schedule=schedule)
        return cvatfn.collect(self.portal.call(all_of_them))

    def upload_data(
        self, task: int, files: Sequence[cvatfn.File], options: Uploading
    ) -> Outcome[models.RqId, object]:
        return self.portal.call(aio.upload_data, self.transport, task, files, None, options)

    def import_annotations(
        self,
        endpoint: Endpoint[P, models.RqId | None],
        how: Importing,
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> Outcome[models.RqId, object]:
        return self.portal.call(
            partial(aio.import_annotations, self.transport, endpoint, how, *args, **params)
        )

    def download(
        self, endpoint: Endpoint[P, object], to: Saving, /, *args: P.args, **params: P.kwargs
    ) -> Outcome[Download, object]:
        return self.portal.call(
            partial(aio.download, self.transport, endpoint, to, *args, **params)
        )

    def export(
        self,
        endpoint: Endpoint[P, models.RqId],
        to: Exporting,
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> Outcome[Exported, object]:
        return self.portal.call(partial(aio.export, self.transport, endpoint, to, *args, **params))

    def begin_to_stream(
        self, endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs
    ) -> Outcome[bytes, object]:
        async def begun() -> Outcome[bytes, object]:
            match await aio.stream(self.transport, endpoint, *args, **params):
                case Success(pieces):
                    return await anext(pieces)
                case Failure() as failure:
                    return failure

        return self.portal.call(begun)

    def retrying(self, schedule: Schedule) -> Client:
        return Awaited(self.portal, aio.retrying(self.transport, schedule))

    def with_timeout(self, seconds: float) -> Client:
        return Awaited(self.portal, aio.with_timeout(self.transport, seconds))

    def rate_limited(self, count: int) -> Client:
        return Awaited(self.portal, aio.rate_limited(self.transport, count))

    def logged(self, logger: logging.Logger) -> Client:
        return Awaited(self.portal, aio.logged(self.transport, logger))

    def recorded(self, path: Path, max_body: int) -> Client:
        return Awaited(self.portal, aio.recorded(self.transport, path, max_body=max_body))

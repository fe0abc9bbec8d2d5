"""What checkers see of the awaited calls: the same types as of their twins, exact in both.

Only type checkers read this, all four. What is not `assert_type`d here is not promised.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TypeVar, assert_type

from returns.future import FutureResult

from cvatfn import (
    Failure,
    Outcome,
    Request,
    Response,
    Success,
    aio,
    models,
    prefetching,
    with_response,
)
from cvatfn.aio import AsyncConnection, AsyncStreamed, AsyncTransport
from cvatfn.api import jobs, tasks
from cvatfn.auth import AccessToken, Session
from cvatfn.endpoints import Endpoint, WithResponse
from cvatfn.errors import CallError, TransportError
from cvatfn.models import Page
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.schedule import constant
from cvatfn.storage import StorageFile
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transfer import Download, Exported, ExportError, TransferError

T = TypeVar("T")


async def calls(transport: AsyncTransport) -> None:
    assert_type(await aio.call(transport, tasks.retrieve, 42), Outcome[models.TaskRead, CallError])
    assert_type(
        await aio.call(transport, with_response(jobs.retrieve), id=7),
        Outcome[WithResponse[models.JobRead], CallError],
    )
    assert_type(await aio.request(transport, Request("GET", "/")), Outcome[Response, CallError])
    assert_type(await aio.login(transport, username="a", password="b"), Outcome[Session, CallError])
    match await aio.call(transport, tasks.retrieve, 42):
        case Success(task):
            assert_type(task, models.TaskRead)
        case Failure(error):
            assert_type(error, CallError)


async def walks(transport: AsyncTransport) -> None:
    walk = aio.paginate(transport, prefetching(tasks.list, 8), search="cat")
    assert_type(walk, AsyncGenerator[Outcome[models.TaskRead, CallError], None])
    async for outcome in walk:
        assert_type(outcome, Outcome[models.TaskRead, CallError])
    assert_type(await aio.collect(walk), Outcome[tuple[models.TaskRead, ...], CallError])
    async for page in aio.pages(transport, tasks.list):
        assert_type(page, Outcome[Page[models.TaskRead], CallError])
    async for file in aio.walk_storage(transport, 7):
        assert_type(file, Outcome[StorageFile, CallError])


def generic_helpers_carry_the_type(
    transport: AsyncTransport, endpoint: Endpoint[[], Page[T]]
) -> AsyncGenerator[Outcome[T, CallError], None]:
    return aio.paginate(transport, endpoint)


async def waits(transport: AsyncTransport) -> None:
    async def step() -> Outcome[int, str]:
        return Success(1)

    polled = await aio.poll(step, lambda seen: seen > 0, constant(1.0))
    assert_type(polled, Outcome[int, str | PollTimedOut])
    assert_type(
        await aio.wait_for(transport, "x"),
        Outcome[models.Request, CallError | RequestFailed | PollTimedOut],
    )


async def transfers(transport: AsyncTransport) -> None:
    assert_type(await aio.upload_data(transport, 7, [b"x"]), Outcome[models.RqId, TransferError])
    assert_type(
        await aio.download(transport, tasks.retrieve_preview, Path("x"), 7),
        Outcome[Download, TransferError],
    )
    assert_type(
        await aio.export(transport, tasks.create_dataset_export, "x", 7, format="COCO 1.0"),
        Outcome[Exported, ExportError],
    )
    match await aio.stream(transport, tasks.retrieve_preview, 7):
        case Success(pieces):
            assert_type(pieces, AsyncStreamed)
            async for piece in pieces:
                assert_type(piece, Outcome[bytes, TransportError])
        case Failure(_):
            pass


async def transports() -> None:
    connection = aio.connect_async("cvat.example", auth=AccessToken("s3cret"))
    assert_type(connection, AsyncConnection)
    wrapped = aio.retrying(aio.in_organization(connection, "acme"), constant(1.0))
    assert_type(wrapped, AsyncTransport)
    in_memory: AsyncTransport = aio.in_memory(lambda request: Response(200, body=request.content))
    sandbox: AsyncTransport = Sandbox(World.empty()).aio
    for each in (connection, wrapped, in_memory, sandbox):
        assert_type(await each(Request("GET", "/")), Outcome[Response, TransportError])


def futures(transport: AsyncTransport) -> FutureResult[str, CallError]:
    future = aio.as_future(aio.call(transport, tasks.retrieve, 42))
    _ = assert_type(future, FutureResult[models.TaskRead, CallError])
    return future.map(lambda task: task.name)


async def mistakes_are_seen(transport: AsyncTransport) -> None:
    await aio.call(transport, tasks.retrieve, "42")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await aio.call(transport, tasks.retrieve, idd=42)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    aio.with_timeout(lambda request: request, 5)  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType, reportReturnType]

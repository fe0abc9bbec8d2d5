"""Which event loop a connection lives in: one at a time, and none that has ended."""

from __future__ import annotations

import gc
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import anyio
import anyio.to_thread
import pytest

from cvatfn import Outcome, Request, Response
from cvatfn.aio import connect_async
from cvatfn.errors import ConnectionLost, TransportError, Unsendable
from cvatfn.outcome import Failure, Success
from tests.aio.conftest import Authority
from tests.concurrency.processes import PATIENCE
from tests.concurrency.test_threads import Watching
from tests.transport.wire import Peer, Server, doing, error_of, ok, value_of

GET: Final = Request("GET", "/x")
TIMES: Final = 50


@pytest.fixture(params=["asyncio", "trio"])
def other(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def _left_open() -> Iterator[None]:
    """What a loop that has ended left open says so as it is collected, and rightly."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def test_after_the_end_of_its_loop_it_lives_in_the_next_one(backend: str, other: str) -> None:
    watching = Watching()
    with Server(watching) as server:
        connection = connect_async(server.url)
        for number, loop in enumerate((backend, other, backend)):
            for path in ("/a", "/b"):
                came = value_of(anyio.run(connection, Request("GET", path), backend=loop))
                assert came.body == path.encode()
            assert watching.comes_to(1), number  # the ones before were given up
        anyio.run(connection.aclose, backend=other)
        assert watching.comes_to(0)


def test_it_is_closed_after_the_end_of_its_loop(
    authority: Authority, backend: str, other: str
) -> None:
    watching = Watching()
    with Server(watching, authority.right) as server:
        connection = connect_async(server.url, ca_bundle=authority.ca_bundle)
        value_of(anyio.run(connection, GET, backend=backend))
        anyio.run(connection.aclose, backend=other)
        assert watching.comes_to(0)
        refused = anyio.run(connection, GET, backend=other)
        assert isinstance(error_of(refused), Unsendable)


def test_a_stream_of_a_loop_that_has_ended_has_ended_too(backend: str) -> None:
    behaviour = doing(Peer.request, lambda peer: peer.send(ok(bytes(9))[:-4]), Peer.linger)
    with Server(behaviour) as server:
        connection = connect_async(server.url)
        head = value_of(anyio.run(connection, Request("GET", "/", streamed=True), backend=backend))
        stream = head.astream
        assert stream is not None

        async def rest() -> list[Outcome[bytes, TransportError]]:
            return [piece async for piece in stream]

        came = anyio.run(rest, backend=backend)
        assert isinstance(came[-1].failure(), ConnectionLost)


def test_two_loops_at_once_never_share_a_link(backend: str, other: str) -> None:
    watching, together = Watching(), threading.Barrier(2)

    def asked(name: str, loop: str) -> list[Outcome[Response, TransportError]]:
        async def main() -> list[Outcome[Response, TransportError]]:
            together.wait(PATIENCE)
            paths = [f"/{name}/{number}" for number in range(TIMES)]
            return [await connection(Request("GET", path)) for path in paths]

        return anyio.run(main, backend=loop)

    with Server(watching) as server, ThreadPoolExecutor(2) as threads:
        connection = connect_async(server.url)
        for came in threads.map(asked, ("a", "b"), (backend, other)):
            for number, outcome in enumerate(came):
                match outcome:
                    case Success(response):
                        assert response.body.endswith(f"/{number}".encode())
                    case Failure(error):
                        assert isinstance(error, Unsendable)
                        assert "another event loop" in error.reason
        anyio.run(connection.aclose)
        assert watching.comes_to(0)


def test_in_another_loop_it_is_closed_by_its_own(backend: str, other: str) -> None:
    watching = Watching()
    with Server(watching) as server:
        connection = connect_async(server.url)

        async def living() -> None:
            value_of(await connection(GET))
            await anyio.to_thread.run_sync(lambda: anyio.run(connection.aclose, backend=other))
            assert connection.closed
            with anyio.fail_after(PATIENCE):
                while not await anyio.to_thread.run_sync(watching.comes_to, 0):
                    pass

        anyio.run(living, backend=backend)

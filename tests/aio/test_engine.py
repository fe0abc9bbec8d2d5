"""What is taken of httpcore2 that it does not promise: one attribute, and its silence."""

from __future__ import annotations

import gc
import logging
import logging.config
from collections.abc import Iterator
from importlib import reload

import anyio
import h11
import httpcore2
import pytest
from typing_extensions import override

from cvatfn.aio import connect_async, parsers
from cvatfn.auth import AccessToken
from cvatfn.messages import Request, Timeout
from tests.aio.conftest import Authority, Serve
from tests.transport.wire import Peer, Server, always, doing, ok, relay, saying, silent, value_of

GET = Request("GET", "/x")
LOGIN = AccessToken("s3cret")


class _Moved(httpcore2.AsyncHTTP11Connection):
    """A connection that keeps its parser elsewhere."""

    @override
    def __getattribute__(self, name: str) -> object:
        if name == "_h11_state":
            raise AttributeError(name)
        return super().__getattribute__(name)


def test_the_parser_is_one_of_h11() -> None:
    origin = httpcore2.Origin(b"http", b"localhost", 80)
    connection = httpcore2.AsyncHTTP11Connection(origin, httpcore2.AsyncNetworkStream())
    parser = parsers.parser_of(connection)
    assert isinstance(parser, h11.Connection)
    assert parser.trailing_data == (b"", False)


def test_a_release_that_keeps_it_elsewhere_is_refused_when_it_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(httpcore2, "AsyncHTTP11Connection", _Moved)
        with pytest.raises(ImportError, match=r"httpcore2 \d.* install a release of httpx2"):
            reload(parsers)
    reload(parsers)


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=1)
        self.heard: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("h11", "httpcore2", "httpx2")):
            self.heard.append(record.getMessage())


@pytest.fixture
def ear() -> Iterator[_Ear]:
    """All of httpcore2's loggers are heard, at every level, as if somebody looked for a fault."""
    ear, root = _Ear(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(1)
    yield ear
    root.removeHandler(ear)
    root.setLevel(before)


TOLD = ok(bytes(300_000), "X-Said: s3cret")
ENDS = {
    "granted": always(TOLD),
    "refused": always(ok(b"s3cret", status="403 s3cret")),
    "cut": doing(Peer.request, lambda peer: peer.send(TOLD[:-5])),
    "reset": doing(Peer.request, Peer.reset),
    "no HTTP": saying(b"s3cret s3cret\r\n\r\n"),
    "a field that is none": saying(b"HTTP/1.1 200 OK\r\ns3cret\r\n\r\n"),
    "silent": silent,
}


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_logged_of_our_exchanges(
    end: str, serve: Serve, backend: str, ear: _Ear
) -> None:
    server = serve(ENDS[end])

    async def act() -> None:
        limits = Timeout(read=0.1)
        async with connect_async(server.url, auth=LOGIN, timeout=limits) as connection:
            await connection(GET)
            for left in ("closed", "read", "dropped"):
                outcome = await connection(Request("GET", "/x", streamed=True))
                stream = outcome.map(lambda head: head.astream).value_or(None)
                if stream is None:
                    continue
                await anext(stream, None)
                if left == "read":
                    _ = [piece async for piece in stream]
                elif left == "closed":
                    await stream.aclose()
                del outcome, stream
                gc.collect()

    anyio.run(act, backend=backend)
    assert ear.heard == []


def test_nothing_is_logged_of_a_proxys_tunnel(
    serve: Serve, authority: Authority, backend: str, ear: _Ear
) -> None:
    def behaviour(peer: Peer) -> None:
        if peer.taken() is not None:
            peer.send(b"HTTP/1.1 200 s3cret\r\nX-Said: s3cret\r\n\r\n")
            relay(peer, ("127.0.0.1", server.port))

    proxy = serve(behaviour).url.replace("//", "//ada:s3cret@")

    async def act() -> None:
        async with connect_async(
            server.url, proxy=proxy, ca_bundle=authority.ca_bundle
        ) as connection:
            value_of(await connection(GET))

    with Server(always(TOLD), authority.right) as server:
        anyio.run(act, backend=backend)
    assert ear.heard == []


def test_others_are_heard_meanwhile_and_after_logging_was_configured(
    serve: Serve, backend: str, ear: _Ear
) -> None:
    logging.config.dictConfig(
        {
            "version": 1,
            "incremental": False,
            "disable_existing_loggers": False,
            "loggers": {"httpcore2.http11": {"level": "DEBUG"}},
        }
    )
    server, other = serve(always(ok(b"ours"))), serve(always(ok(b"theirs")))

    async def theirs() -> None:
        async with httpcore2.AsyncConnectionPool() as pool:
            for _ in range(10):
                await pool.request("GET", other.url)

    async def ours() -> None:
        async with connect_async(server.url) as connection:
            for _ in range(10):
                value_of(await connection(GET))

    def heard() -> int:
        count = sum("response_headers.complete" in each for each in ear.heard)
        ear.heard.clear()
        return count

    async def both() -> None:
        async with anyio.create_task_group() as at_once:
            at_once.start_soon(ours)
            at_once.start_soon(theirs)

    anyio.run(both, backend=backend)
    assert heard() == 10
    anyio.run(ours, backend=backend)
    assert heard() == 0

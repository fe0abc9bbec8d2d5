"""How long an exchange may take and how much may come, awaited; and what ends it."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import anyio
import httpcore2
import pytest

from cvatfn import Transport, aio
from cvatfn.aio import connect_async
from cvatfn.aio.driving import driven
from cvatfn.auth import AccessToken
from cvatfn.codecs.files import Content, Part
from cvatfn.errors import Rejected
from cvatfn.flows import Flow, done
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Success
from cvatfn.testing.conformance import blocking
from cvatfn.transfer import DiskError, Uploading
from cvatfn.transfer.journal import journal_at
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.settings import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT
from tests.aio.conftest import Serve
from tests.concurrency.processes import forking, forks
from tests.transport.wire import (
    Peer,
    always,
    answering,
    ok,
    value_of,
)

GET = Request("GET", "/x")
POST = Request("POST", "/x", body=b"{}")
STREAMED = Request("GET", "/x", streamed=True)
SHORT = 0.1
PATIENT = 5.0
MIB = 1 << 20


@contextmanager
def awaited(
    url: str,
    backend: str,
    *,
    auth: AccessToken | None = None,
    timeout: TimeoutLike = DEFAULT_TIMEOUT,
    max_body: int = DEFAULT_MAX_BODY,
    ca_bundle: str | None = None,
) -> Generator[Transport]:
    """An asynchronous connection, asked from a thread."""

    def make(url: str) -> aio.AsyncConnection:
        return connect_async(
            url, auth=auth, timeout=timeout, max_body=max_body, ca_bundle=ca_bundle
        )

    with blocking(make, backend)(url) as transport:
        yield transport


def test_the_time_for_the_answer_is_not_for_what_is_streamed(serve: Serve, backend: str) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n")
        for _ in range(30):
            peer.quiet_for(SHORT / 10)
            peer.send(b"x")

    limits = Timeout(read=PATIENT, answer=2 * SHORT)
    with awaited(serve(behaviour).url, backend, timeout=limits) as transport:
        stream = value_of(transport(STREAMED)).stream
        assert stream is not None
        assert b"".join(piece.unwrap() for piece in stream) == b"x" * 30


@pytest.mark.parametrize("raised", [OSError, ValueError, TimeoutError])
def test_what_is_raised_by_who_watches_goes_through(
    serve: Serve, backend: str, raised: type[Exception]
) -> None:
    error = raised("the caller's own")

    def tell(_: int) -> None:
        raise error

    body = Content((Part(BytesIO(b"x" * 10)),), told=tell)
    with (
        awaited(serve(always(ok(b""))).url, backend) as transport,
        pytest.raises(raised) as caught,
    ):
        transport(Request("POST", "/x", body=body))
    assert caught.value is error


def test_a_dropped_conversation_is_cleared_up_however_deep_it_is() -> None:
    said: list[str] = []

    def inner() -> Flow[None]:
        try:
            yield GET
        finally:
            yield from done(lambda: said.append("cleared"))

    def outer() -> Flow[None]:
        yield from inner()

    async def never(_: Request) -> Success[Response]:
        await anyio.sleep_forever()
        raise AssertionError

    async def dropped() -> None:
        talk = driven(outer(), never)
        talk.send(None)
        talk.close()

    anyio.run(dropped)
    assert said == ["cleared"]


def test_records_of_httpcore2_that_are_not_ours_are_heard(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(answering(ok(b""), ok(b"")))

    async def theirs() -> None:
        async with httpcore2.AsyncConnectionPool() as pool:
            await pool.request("GET", server.url)

    async def ours() -> None:
        async with connect_async(server.url) as connection:
            value_of(await connection(GET))

    with caplog.at_level(logging.DEBUG, "httpcore2"):
        anyio.run(ours)
        assert [each for each in caplog.records if "headers" in each.message] == []
        anyio.run(theirs)
        assert [each for each in caplog.records if "headers" in each.message] != []


def test_a_journal_that_another_has_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    options = Uploading(journal=path)

    async def refuse(_: Request) -> Success[Response]:
        raise AssertionError("nothing is asked")

    with journal_at(path, "task 1", None).unwrap():
        outcome = anyio.run(aio.upload_data, refuse, 1, [b"x"], None, options)
    assert isinstance(outcome.failure(), DiskError | Rejected)
    assert "is in use by process" in str(outcome.failure())


@forks
def test_a_child_uses_links_of_its_own(serve: Serve) -> None:
    server = serve(always(ok(b"x")))

    connection = connect_async(server.url)
    with blocking(lambda _: connection)(server.url) as transport:
        value_of(transport(GET))
        with forking(lambda: value_of(anyio.run(connection, GET))):
            pass
        value_of(transport(GET))
    assert server.connections == 2

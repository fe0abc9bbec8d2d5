"""How long an exchange may take and how much may come, awaited; and what ends it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from time import monotonic

import anyio
import httpcore2
import pytest
from attrs import evolve

from cvatfn import Transport, aio
from cvatfn.aio import connect_async
from cvatfn.aio.driving import driven
from cvatfn.auth import AccessToken
from cvatfn.codecs.files import Content, Part
from cvatfn.errors import ConnectFailed, ConnectionLost, Rejected, TimedOut, TooLarge
from cvatfn.flows import Flow, done
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Failure, Success
from cvatfn.testing.conformance import blocking
from cvatfn.transfer import DiskError, Uploading
from cvatfn.transfer.journal import journal_at
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.retries import may_pass
from cvatfn.transport.settings import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, LARGEST_REFUSAL
from tests.aio.conftest import Authority, Serve
from tests.concurrency.processes import forking, forks
from tests.transport.test_timeouts import TRICKLES
from tests.transport.wire import (
    Behaviour,
    Peer,
    Server,
    always,
    answering,
    doing,
    error_of,
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


@pytest.mark.parametrize("behaviour", TRICKLES.values(), ids=TRICKLES.keys())
def test_a_trickle_ends_with_the_time_for_the_answer(
    serve: Serve, behaviour: Behaviour, backend: str
) -> None:
    limits = Timeout(read=PATIENT, answer=SHORT)
    with awaited(serve(behaviour).url, backend, timeout=limits) as transport:
        began = monotonic()
        error = error_of(transport(GET))
        assert monotonic() - began < PATIENT
    assert isinstance(error, TimedOut)
    assert error.reason == "the answer was not there 0.1 s after the request"


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


@pytest.mark.parametrize("asked", [GET, STREAMED], ids=["whole", "streamed"])
def test_content_below_its_rate_is_given_up(serve: Serve, backend: str, asked: Request) -> None:
    url, limits = serve(TRICKLES["a body"]).url, Timeout(read=5 * SHORT, rate=1e9)
    with awaited(url, backend, timeout=limits) as transport:
        outcome = transport(asked)
        if asked.streamed:
            stream = value_of(outcome).stream
            assert stream is not None
            *_, last = stream
            error = last.failure()
        else:
            error = error_of(outcome)
    assert isinstance(error, TimedOut)
    assert "are below 1e+09 B/s" in error.reason


def test_interim_answers_without_end_are_no_answer(serve: Serve, backend: str) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        for _ in range(400):
            peer.send(b"HTTP/1.1 102 Processing\r\nX: %s\r\n\r\n" % (b"y" * 4000))

    with awaited(serve(behaviour).url, backend) as transport:
        error = error_of(transport(GET))
    assert isinstance(error, ConnectionLost)
    assert error.reason == "the head of its answer has no end"


@pytest.mark.parametrize(("wanted", "accepted"), [(10, 1000), (1000, 10)])
def test_neither_limit_of_content_lifts_the_other(
    serve: Serve, backend: str, wanted: int, accepted: int
) -> None:
    with awaited(serve(always(ok(bytes(11)))).url, backend, max_body=accepted) as transport:
        asked = evolve(GET, max_body=wanted)
        assert error_of(transport(asked)) == TooLarge(asked, 10)
        assert "max_body" in str(error_of(transport(evolve(GET, max_body=-1))))


def test_what_is_streamed_has_the_limit_of_its_request(serve: Serve, backend: str) -> None:
    with awaited(serve(always(ok(bytes(11)))).url, backend, max_body=5) as transport:
        for most, fits in ((None, True), (11, True), (10, False)):
            asked = evolve(STREAMED, max_body=most)
            stream = value_of(transport(asked)).stream
            assert stream is not None
            last = list(stream)[-1]
            assert isinstance(last, Success) == fits
            assert fits or last == Failure(TooLarge(asked, 10))


def test_a_refusal_beyond_its_limit_keeps_its_status(serve: Serve, backend: str) -> None:
    refusal = ok(b"x" * (LARGEST_REFUSAL + MIB), status="503 Later")
    with awaited(serve(always(refusal)).url, backend) as transport:
        response = value_of(transport(evolve(GET, max_body=3)))
    assert (response.status, response.cut) == (503, True)
    assert len(response.body) == LARGEST_REFUSAL


def test_half_a_login_is_not_left_where_a_refusal_is_cut(serve: Serve, backend: str) -> None:
    refusal = ok(b"got Bearer s3cret-and-long", status="400 No")
    with awaited(
        serve(always(refusal)).url, backend, auth=AccessToken("s3cret-and-long"), max_body=20
    ) as transport:
        assert b"s3cret" not in value_of(transport(GET)).body


def test_no_content_is_none_whatever_it_says(serve: Serve, backend: str) -> None:
    said = ok(b"y", status="204 None")
    server = serve(always(said))
    with awaited(server.url, backend) as transport:
        for _ in range(2):
            assert value_of(transport(GET)).body == b""
    assert server.connections == 2  # who knows what the next hop took it for


@pytest.mark.parametrize("end", [Peer.reset, Peer.close], ids=["reset", "closed"])
def test_a_handshake_that_breaks_off_may_pass(
    serve: Serve, end: Callable[[Peer], None], backend: str
) -> None:
    url = serve(doing(Peer.pull, end)).url
    with awaited(url.replace("http:", "https:"), backend) as transport:
        error = error_of(transport(GET))
    assert isinstance(error, ConnectFailed)
    assert not error.may_have_acted
    assert may_pass(Failure(error))


def test_bytes_that_nobody_asked_for_cost_no_request(authority: Authority, backend: str) -> None:
    said = ok(b"x" * 60_000) + b"HTTP/1.1 200 OK\r\n"
    with (
        Server(always(said), authority.right) as server,
        awaited(server.url, backend, ca_bundle=authority.ca_bundle) as transport,
    ):
        for _ in range(3):
            assert value_of(transport(POST)).body == b"x" * 60_000
        assert server.connections == 3


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

"""Answers that come in pieces: the head at once, then content, and the link back exactly once."""

from __future__ import annotations

import gc
import gzip
import os
import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cvatfn
from cvatfn import Request, Response, in_memory
from cvatfn.codecs.secrets import SECRET_NAMES
from cvatfn.errors import ConnectionLost, TimedOut, TooLarge, TransportError
from cvatfn.messages import Stream, Timeout, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import retrying
from tests.transport.conftest import Connect, Serve
from tests.transport.wire import (
    Behaviour,
    Peer,
    Server,
    always,
    answering,
    ok,
    saying,
    value_of,
)

STREAMED = Request("GET", "/data", streamed=True)
GET = Request("GET", "/")
SHORT = 0.1
PATIENT = 30.0
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BODY = os.urandom(100_000) + bytes(2_500_000)


def _chunks(body: bytes, size: int) -> bytes:
    parts = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _stream(response: Response) -> Stream:
    assert response.stream is not None
    assert response.body == b""
    return response.stream


def _joined(stream: Stream) -> bytes:
    return b"".join(piece.unwrap() for piece in stream)


def _to_the_end(stream: Stream) -> tuple[bytes, TransportError]:
    """What came, and why no more; nothing comes after a failure."""
    pieces: list[Outcome[bytes, TransportError]] = list(stream)
    assert next(stream, None) is None
    match pieces[-1]:
        case Failure(error):
            return b"".join(piece.unwrap() for piece in pieces[:-1]), error
        case Success():
            raise AssertionError("it came whole")


WHOLE: dict[str, bytes] = {
    "length": ok(BODY),
    "chunks": CHUNKED + _chunks(BODY, 70_000),
    "gzip": ok(gzip.compress(BODY), "Content-Encoding: gzip"),
    "gzip in chunks": CHUNKED[:-2]
    + b"Content-Encoding: gzip\r\n\r\n"
    + _chunks(gzip.compress(BODY), 5000),
}
CLOSING: dict[str, bytes] = {
    "until close": b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
    "until close, gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(BODY),
}
EMPTY: dict[str, bytes] = {
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "length 0": ok(),
    "no chunks": CHUNKED + b"0\r\n\r\n",
    "empty gzip": ok(gzip.compress(b""), "Content-Encoding: gzip"),
}


@pytest.mark.parametrize("answer", (WHOLE | CLOSING).values(), ids=(WHOLE | CLOSING).keys())
def test_the_pieces_are_the_body(connect: Connect, serve: Serve, answer: bytes) -> None:
    with connect(serve(saying(answer)).url, timeout=PATIENT) as transport:
        pieces = [piece.unwrap() for piece in _stream(value_of(transport(STREAMED)))]
    assert b"".join(pieces) == BODY
    assert len(pieces) > 1
    assert all(pieces)


@given(
    body=st.binary(max_size=300),
    size=st.integers(1, 50),
    framing=st.sampled_from(["length", "chunks", "gzip"]),
)
def test_any_body_in_any_frames_comes_whole(
    connect: Connect, body: bytes, size: int, framing: str
) -> None:
    answers = {
        "length": ok(body),
        "chunks": CHUNKED + _chunks(body, size),
        "gzip": ok(gzip.compress(body), "Content-Encoding: gzip"),
    }
    with (
        Server(always(answers[framing])) as server,
        connect(server.url, timeout=PATIENT) as transport,
    ):
        for _ in range(2):
            assert _joined(_stream(value_of(transport(STREAMED)))) == body
        assert server.connections == 1


def test_the_head_is_there_before_the_content(connect: Connect, serve: Serve) -> None:
    read = threading.Event()

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 206 Partial Content\r\nX: y\r\nContent-Length: 4\r\n\r\n")
        assert read.wait(PATIENT)
        peer.send(b"1234")

    with connect(serve(behaviour).url, timeout=PATIENT) as transport:
        response = value_of(transport(STREAMED))
        assert (response.status, response.headers.get("x")) == (206, "y")
        assert response.headers.get("content-length") == "4"
        read.set()
        assert list(_stream(response)) == [Success(b"1234")]


def test_a_coding_that_is_undone_leaves_no_header(connect: Connect, serve: Serve) -> None:
    with connect(serve(saying(WHOLE["gzip"])).url, timeout=PATIENT) as transport:
        response = value_of(transport(STREAMED))
        assert response.headers.pairs == ()
        _stream(response).close()


@pytest.mark.parametrize("status", ["404 Not Found", "500 No", "302 Found", "429 Later"])
def test_what_is_no_success_is_read_whole(connect: Connect, serve: Serve, status: str) -> None:
    server = serve(always(ok(b"why", status=status)))
    with connect(server.url, timeout=PATIENT) as transport:
        for _ in range(2):
            response = value_of(transport(STREAMED))
            assert (response.status, response.body) == (int(status[:3]), b"why")
            assert response.stream is None
    assert server.connections == 1


def test_a_large_refusal_has_its_limit(connect: Connect, serve: Serve) -> None:
    refusal = ok(bytes(2000), status="500 No")
    with connect(serve(saying(refusal)).url, max_body=1000, timeout=PATIENT) as transport:
        response = value_of(transport(STREAMED))
    assert (response.status, response.body, response.cut) == (500, bytes(1000), True)


@pytest.mark.parametrize("name", WHOLE)
def test_a_stream_is_held_to_the_limit_of_its_request(
    connect: Connect, serve: Serve, name: str
) -> None:
    server = serve(answering(WHOLE[name], WHOLE[name]))
    with connect(server.url, timeout=PATIENT) as transport:
        size = len(_joined(_stream(value_of(transport(STREAMED)))))
        asked = evolve(STREAMED, max_body=size - 1)
        *_, last = _stream(value_of(transport(asked)))
    match last:
        case Failure(TooLarge() as error):
            assert error == TooLarge(evolve(asked, streamed=True), size - 1)
        case other:
            raise AssertionError(other)


def test_what_is_not_asked_to_be_streamed_is_not(connect: Connect, serve: Serve) -> None:
    with connect(serve(saying(ok(b"x"))).url, timeout=PATIENT) as transport:
        response = value_of(transport(evolve(STREAMED, streamed=False)))
    assert (response.body, response.stream) == (b"x", None)


@pytest.mark.parametrize("answer", (WHOLE | EMPTY).values(), ids=(WHOLE | EMPTY).keys())
def test_the_link_serves_on_after_the_end(connect: Connect, serve: Serve, answer: bytes) -> None:
    server = serve(answering(answer, ok(b"next")))
    with connect(server.url, timeout=PATIENT) as transport:
        stream = _stream(value_of(transport(STREAMED)))
        _joined(stream)
        stream.close()  # of no consequence any more
        assert next(stream, None) is None
        assert value_of(transport(GET)).body == b"next"
    assert server.connections == 1


def test_while_a_stream_lasts_its_link_serves_nobody_else(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok(BODY)))
    with connect(server.url, timeout=PATIENT) as transport:
        stream = _stream(value_of(transport(STREAMED)))
        next(stream)
        assert value_of(transport(GET)).body == BODY
        assert server.connections == 2
        assert len(_joined(stream)) < len(BODY)
        for _ in range(2):
            value_of(transport(GET))
    assert server.connections == 2


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE.keys())
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("how", ["close", "with", "drop"])
def test_given_up_its_link_is_closed_at_once(
    connect: Connect, serve: Serve, world: str, answer: bytes, begun: bool, how: str
) -> None:
    """One that is dropped in an event loop is closed before the next request: it has to wait."""
    gone = threading.Event()

    def behaviour(peer: Peer) -> None:
        if (peer.request() or b"").startswith(b"GET / "):
            peer.send(ok(b"next"))
            return
        peer.send(answer)
        peer.linger()
        gone.set()

    server = serve(behaviour)
    with connect(server.url, timeout=PATIENT) as transport:
        stream = _stream(value_of(transport(STREAMED)))
        if begun:
            assert next(stream).unwrap()
        if how == "close":
            stream.close()
            assert list(stream) == []
        elif how == "with":
            with stream as same:
                assert same is stream
            assert list(stream) == []
        else:
            del stream
        assert (how == "drop" and world != "threads") or gone.wait(PATIENT)
        assert value_of(transport(GET)).body == b"next"
        assert gone.wait(PATIENT)
    assert server.connections == 2


def test_a_dropped_answer_needs_no_collector(connect: Connect, serve: Serve) -> None:
    gone = threading.Event()

    def behaviour(peer: Peer) -> None:
        if (peer.request() or b"").startswith(b"GET / "):
            peer.send(ok())
            return
        peer.send(ok(BODY))
        peer.linger()
        gone.set()

    with connect(serve(behaviour).url, timeout=PATIENT) as transport:
        gc.disable()
        try:
            value_of(transport(STREAMED))
            value_of(transport(GET))
            assert gone.wait(PATIENT)
        finally:
            gc.enable()


CUT: dict[str, bytes] = {
    "length": ok(BODY)[:-1],
    "early": ok(BODY)[:100],
    "at once": ok(BODY)[: -len(BODY)],
    "in a chunk": CHUNKED + _chunks(BODY, 70_000)[:-10],
    "between chunks": CHUNKED + _chunks(BODY, 70_000)[:-5],
    "gzip": ok(gzip.compress(BODY)[:-9], "Content-Encoding: gzip"),
    "gzip and length": WHOLE["gzip"][:-9],
    "gzip's sum": ok(gzip.compress(BODY)[:-8] + bytes(8), "Content-Encoding: gzip"),
    "no gzip": ok(BODY, "Content-Encoding: gzip"),
    "wild chunks": CHUNKED + b"3\r\nabc\r\nxyz\r\n",
    "unknown coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    + _chunks(BODY, 70_000),
}


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT.keys())
def test_what_is_not_whole_ends_in_a_lost_connection(
    connect: Connect, serve: Serve, answer: bytes
) -> None:
    server = serve(saying(answer))
    asked = evolve(STREAMED, headers={"Authorization": "Bearer s3cret"})
    with connect(server.url, timeout=PATIENT) as transport:
        match transport(asked):
            case Success(response):
                came, error = _to_the_end(_stream(response))
            case Failure(error):  # h11 looks at the frames when it reads the head
                assert b"gzip, chunked" in answer
                came = b""
        assert isinstance(error, ConnectionLost)
        assert error.may_have_acted
        assert error.request == masked_request(asked, SECRET_NAMES)
        assert BODY.startswith(came) or came == b"abc"


def test_a_cut_stream_gives_its_link_to_nobody(connect: Connect, serve: Serve) -> None:
    answers = iter([CUT["length"], ok(b"next")])
    server = serve(lambda peer: saying(next(answers))(peer))
    with connect(server.url, timeout=PATIENT) as transport:
        _to_the_end(_stream(value_of(transport(STREAMED))))
        assert value_of(transport(GET)).body == b"next"
    assert server.connections == 2


def test_a_reset_in_the_middle_is_a_lost_connection(connect: Connect, serve: Serve) -> None:
    read = threading.Event()

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(CHUNKED + b"%x\r\n" % (1 << 20) + bytes(1 << 20) + b"\r\n")
        assert read.wait(PATIENT)
        peer.reset()

    with connect(serve(behaviour).url, timeout=PATIENT) as transport:
        stream = _stream(value_of(transport(STREAMED)))
        first = next(stream).unwrap()
        read.set()
        came, error = _to_the_end(stream)
    assert first
    assert first + came == bytes(len(first) + len(came))
    assert isinstance(error, ConnectionLost)


def _then_silent(data: bytes) -> Behaviour:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(data)
        peer.linger()

    return behaviour


SILENT: dict[str, bytes] = {
    "after the head": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
    "in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + bytes(1_500_000),
    "in a chunk": CHUNKED + b"ff\r\n12",
    "before the close": b"HTTP/1.1 200 OK\r\n\r\nabc",
    "in gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(BODY)[:-9],
}


@pytest.mark.parametrize("data", SILENT.values(), ids=SILENT.keys())
@pytest.mark.parametrize("timeout", [Timeout(read=SHORT), Timeout(total=SHORT)], ids=str)
def test_a_silence_ends_a_stream_in_time(
    connect: Connect, serve: Serve, data: bytes, timeout: Timeout
) -> None:
    with connect(serve(_then_silent(data)).url, timeout=timeout) as transport:
        match transport(STREAMED):
            case Success(response):
                _, error = _to_the_end(_stream(response))
            case Failure(error):
                pass  # on a slow machine the time for the whole is over before
    assert isinstance(error, TimedOut)
    assert error.may_have_acted


def test_who_takes_its_time_with_a_piece_is_no_silence(connect: Connect, serve: Serve) -> None:
    with connect(serve(always(ok(BODY))).url, timeout=(None, SHORT)) as transport:
        stream = _stream(value_of(transport(STREAMED)))
        first = next(stream).unwrap()
        threading.Event().wait(2 * SHORT)
        assert first + _joined(stream) == BODY


def _endless(start: bytes, more: bytes) -> Behaviour:
    """Send without end, for as long as the client listens."""

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(start)
        for _ in range(100):
            peer.send(more * (1_000_000 // len(more)))

    return behaviour


STUFFED = b"\x1f\x8b\x08\x04" + bytes(6) + b"\xff\xff" + bytes(0xFFFF)
"""The head of a gzip with as much of an extra field as it may have (RFC 1952)."""

ENDLESS: dict[str, Behaviour] = {
    "extensions": _endless(CHUNKED, b"1;x=" + b"y" * 60_000 + b"\r\nz\r\n"),
    "trailers": _endless(CHUNKED + b"0\r\n", b"X: " + b"y" * 60_000 + b"\r\n"),
    "empty gzips": _endless(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", STUFFED + gzip.compress(b"")[10:]
    ),
}


@pytest.mark.parametrize("behaviour", ENDLESS.values(), ids=ENDLESS.keys())
def test_frames_without_end_are_too_large(
    connect: Connect, serve: Serve, behaviour: Behaviour
) -> None:
    with connect(serve(behaviour).url, timeout=PATIENT) as transport:
        came, error = _to_the_end(_stream(value_of(transport(STREAMED))))
    # h11 has a limit of its own for trailers.
    assert isinstance(error, TooLarge) or "Receive buffer too long" in str(error)
    assert came == b"z" * len(came)
    assert len(came) < 1000


def test_tiny_extensions_and_chunks_of_one_byte_are_no_harm(connect: Connect, serve: Serve) -> None:
    with connect(serve(saying(CHUNKED + _chunks(bytes(3_000), 1))).url) as transport:
        assert _joined(_stream(value_of(transport(STREAMED)))) == bytes(3_000)


def test_a_stream_has_no_limit_and_takes_little_memory(connect: Connect, serve: Serve) -> None:
    piece = b"%x\r\n" % 1_000_000 + bytes(1_000_000) + b"\r\n"

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(CHUNKED)
        for _ in range(60):
            peer.send(piece)
        peer.send(b"0\r\n\r\n")

    with connect(serve(behaviour).url, max_body=1000, timeout=(None, PATIENT)) as transport:
        tracemalloc.start()
        try:
            length = sum(len(piece.unwrap()) for piece in _stream(value_of(transport(STREAMED))))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert length == 60_000_000
    assert peak < 10_000_000


def test_redirects_within_the_server_are_followed(connect: Connect, serve: Serve) -> None:
    server = serve(
        answering(
            ok(b"moved", "Location: /there?a=b", status="302 Found"),
            ok(b"moved", "Location: there", status="307 Temporary"),
            ok(BODY),
        )
    )
    with connect(server.url, timeout=PATIENT) as transport:
        assert _joined(_stream(value_of(transport(STREAMED)))) == BODY
    targets = [request.split(b" ")[1] for request in server.requests]
    assert targets == [b"/data", b"/there?a=b", b"/there"]
    assert server.connections == 1


def test_a_redirect_to_another_server_is_handed_back(connect: Connect, serve: Serve) -> None:
    elsewhere = serve(always(ok(b"x")))
    server = serve(always(ok(b"", f"Location: {elsewhere.url}/", status="302 Found")))
    with connect(server.url, timeout=PATIENT) as transport:
        response = value_of(transport(STREAMED))
    assert (response.status, response.stream) == (302, None)
    assert elsewhere.requests == []


def test_a_retry_comes_before_the_stream(connect: Connect, serve: Serve) -> None:
    server = serve(answering(ok(b"", "Retry-After: 0", status="503 Later"), ok(BODY)))
    with connect(server.url, timeout=PATIENT) as transport:
        again = retrying(transport, constant(0), sleep=lambda _: None)
        assert _joined(_stream(value_of(again(STREAMED)))) == BODY
    assert len(server.requests) == 2


def test_a_stream_of_a_write_is_a_stream_too(connect: Connect, serve: Serve) -> None:
    asked = Request("POST", "/data", body=b"x", streamed=True)
    with connect(serve(always(ok(BODY))).url, timeout=PATIENT) as transport:
        assert _joined(_stream(value_of(transport(asked)))) == BODY


def test_a_head_has_a_stream_without_pieces(connect: Connect, serve: Serve) -> None:
    server = serve(always(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
    with connect(server.url, timeout=PATIENT) as transport:
        for _ in range(2):
            response = value_of(transport(Request("HEAD", "/", streamed=True)))
            assert list(_stream(response)) == []
    assert server.connections == 1


def test_a_stream_outlives_its_connection_but_its_link_does_not(serve: Serve) -> None:
    gone = threading.Event()

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(ok(BODY))
        peer.linger()
        gone.set()

    with cvatfn.connect(serve(behaviour).url, timeout=PATIENT) as transport:
        stream = _stream(value_of(transport(STREAMED)))
    assert _joined(stream) == BODY
    assert gone.wait(PATIENT)


def test_streams_leave_no_socket_behind(connect: Connect, serve: Serve) -> None:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("no /proc here")
    servers = [serve(saying(answer)) for answer in (WHOLE | CLOSING | EMPTY | CUT).values()]
    before = sum(1 for _ in folder.iterdir())
    for server in servers:
        with connect(server.url, timeout=PATIENT) as transport, suppress(StopIteration):
            match transport(STREAMED):
                case Success(response):
                    next(_stream(response))
                case Failure(error):
                    assert isinstance(error, ConnectionLost)
    left = sum(1 for _ in folder.iterdir())
    assert left <= before + sum(server.connections for server in servers)


def test_without_a_network_the_answer_comes_whole() -> None:
    transport = in_memory(lambda _: Response(200, body=b"x"))
    assert transport(STREAMED) == Success(Response(200, body=b"x"))
    about = value_of(
        Sandbox(World.with_user("ada", "s3cret"))(
            Request("GET", "/api/server/about", streamed=True)
        )
    )
    assert (about.status, about.stream) == (200, None)
    assert b"version" in about.body

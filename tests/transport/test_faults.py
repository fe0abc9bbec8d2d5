"""Whatever the network does becomes the right error; it says whether the server may have acted."""

from __future__ import annotations

import gzip
import os
import random
import socket
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from cvatfn.auth import AccessToken
from cvatfn.errors import ConnectFailed, ConnectionLost, TooLarge, TransportError
from cvatfn.messages import Request, Timeout
from cvatfn.outcome import Failure, Success
from tests.transport.conftest import Connect, Serve
from tests.transport.wire import (
    Behaviour,
    Peer,
    Server,
    always,
    answering,
    doing,
    error_of,
    ok,
    saying,
    silent,
    value_of,
)

GET = Request("GET", "/api/server/about")
POST = Request("POST", "/api/tasks", headers={"Content-Type": "application/json"}, body=b"{}")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b"0123456789" * 1000)


def _reset(peer: Peer) -> None:
    peer.request()
    peer.reset()


def _gzipped(content: bytes) -> bytes:
    return ok(content, "Content-Encoding: gzip")


BROKEN: dict[str, Behaviour] = {
    "hangs up before the head": saying(b""),
    "resets before the head": _reset,
    "cuts the status line": saying(b"HTTP/1.1 20"),
    "cuts the head": saying(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "cuts the head between lines": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"),
    "cuts the body": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"),
    "cuts a long body": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n12345"),
    "says nothing of HTTP": saying(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "says HTTP/2": saying(b"HTTP/2 200 OK\r\n\r\n"),
    "has a status of letters": saying(b"HTTP/1.1 abc OK\r\n\r\n"),
    "has a status of two digits": saying(b"HTTP/1.1 20 OK\r\n\r\n"),
    "has a negative status": saying(b"HTTP/1.1 -20 OK\r\n\r\n"),
    "begins with an empty line": saying(b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "has an endless status line": saying(b"HTTP/1.1 200 " + b"x" * 100_000),
    "has an endless header line": saying(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000),
    "has too many header lines": saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n"),
    "folds a line without end": saying(b"HTTP/1.1 200 OK\r\nX: y\r\n" + (b" " + b"z" * 999) * 99),
    "sends interim answers for ever": saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "has two lengths": saying(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"
    ),
    "has two lengths in one": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nxx"),
    "has a length of letters": saying(b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nx"),
    "has a negative length": saying(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx"),
    "has an empty length": saying(b"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nx"),
    "has a length of Python's": saying(b"HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n0123456789"),
    "has a length with a sign": saying(b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx"),
    "has an unknown transfer coding": saying(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
    ),
    "has chunks twice": saying(CHUNKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "has a chunk size of letters": saying(CHUNKED + b"xyz\r\n"),
    "has a negative chunk size": saying(CHUNKED + b"-1\r\n" + b"x" * 1000),
    "has an empty chunk size": saying(CHUNKED + b"\r\n"),
    "has an endless chunk size": saying(CHUNKED + b"0" * 100_000),
    "has a chunk longer than said": saying(CHUNKED + b"1\r\nxyz\r\n0\r\n\r\n"),
    "cuts a chunk": saying(CHUNKED + b"ff\r\nabc"),
    "cuts between chunks": saying(CHUNKED + b"3\r\nabc\r\n"),
    "sends what is no gzip": saying(_gzipped(b"not gzip")),
    "cuts the gzip, not the body": saying(_gzipped(PACKED[:-9])),
    "damages the gzip": saying(_gzipped(PACKED[:30] + b"\0\0\0" + PACKED[33:])),
    "lies about the gzip's sum": saying(_gzipped(PACKED[:-8] + b"\0" * 4 + PACKED[-4:])),
    "sends zlib as gzip": saying(_gzipped(zlib.compress(b"x"))),
}

ODD: dict[str, tuple[bytes, bytes]] = {
    "folds the first line": (b"HTTP/1.1 200 OK\r\n X: y\r\n\r\n", b""),
    "has a header without a colon": (b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", b""),
    "has a space before the colon": (b"HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nx", b"x"),
    "has a header without a name": (b"HTTP/1.1 200 OK\r\n: 1\r\n\r\n", b""),
    "has a chunk size with a prefix": (CHUNKED + b"0x1\r\nx\r\n0\r\n\r\n", b"x"),
    "cuts the trailers": (CHUNKED + b"3\r\nabc\r\n0\r\n", b"abc"),
    "sends many gzip members": (_gzipped(gzip.compress(b"") * 100), b""),
}
"""What http.client reads in its way; the content is all there, or it is an error."""


@pytest.mark.parametrize("behaviour", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
def test_a_broken_answer_is_a_lost_connection(
    connect: Connect, serve: Serve, behaviour: Behaviour, request_: Request
) -> None:
    server = serve(behaviour)
    with connect(server.url, timeout=Timeout(total=10)) as transport:
        error = error_of(transport(request_))
        assert isinstance(error, ConnectionLost), error
        assert error.may_have_acted
        assert error.request == request_
        assert len(str(error)) < 500
        assert str(error).isprintable()
    assert server.connections == 1  # on a fresh link nothing is tried twice


@pytest.mark.parametrize(("answer", "body"), ODD.values(), ids=ODD.keys())
def test_an_odd_answer_is_read_whole_or_is_a_lost_connection(
    connect: Connect, serve: Serve, answer: bytes, body: bytes
) -> None:
    server = serve(saying(answer))
    with connect(server.url, timeout=Timeout(total=10)) as transport:
        match transport(POST):
            case Success(response):
                assert (response.status, response.body) == (200, body)
            case Failure(error):
                assert isinstance(error, ConnectionLost)
                assert error.may_have_acted
    assert server.connections == 1


def test_what_is_no_answer_is_not_waited_for(connect: Connect, serve: Serve) -> None:
    server = serve(doing(Peer.request, lambda peer: peer.send(b"SSH-2.0-X\r\n"), Peer.linger))
    with connect(server.url, timeout=Timeout(total=10)) as transport:
        assert isinstance(error_of(transport(GET)), ConnectionLost)


@pytest.mark.parametrize(
    "sent", [b"", b"HTT", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"]
)
def test_a_reset_at_any_byte_is_a_lost_connection(
    connect: Connect, serve: Serve, sent: bytes
) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(sent)
        peer.reset()

    with connect(serve(behaviour).url) as transport:
        error = error_of(transport(GET))
    assert isinstance(error, ConnectionLost)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    "framed",
    [
        b"Transfer-Encoding: chunked\r\n\r\n4000000000000\r\nx",
        b"Transfer-Encoding: chunked\r\n\r\nnonsense",
        b"Transfer-Encoding: gzip\r\n\r\nx",
        b"Content-Length: 7\r\n\r\n",
        b"Content-Length: ten\r\n\r\n",
    ],
)
def test_an_answer_without_content_has_none_whatever_it_says(
    connect: Connect, serve: Serve, framed: bytes, streamed: bool
) -> None:
    """A chunk of a 204 was read, as large as it said to be, and `call` raised `MemoryError`."""
    server = serve(always(b"HTTP/1.1 204 No Content\r\n" + framed))
    with connect(server.url, timeout=Timeout(total=10)) as transport:
        for count in (1, 2):
            response = value_of(transport(Request("DELETE", "/", streamed=streamed)))
            assert (response.status, response.body) == (204, b"")
            if response.stream is not None:
                assert list(response.stream) == []
            assert server.connections == count  # nobody knows what comes next on such a link


def test_nobody_listening_is_a_failed_connection(connect: Connect) -> None:
    with Server(silent) as server:
        url = server.url
    with connect(url) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, ConnectFailed)
    assert not error.may_have_acted
    assert error.reason == f"{url[7:]}: Connection refused"


def test_an_unknown_name_is_a_failed_connection(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with connect("http://cvat.invalid") as transport:
        error = error_of(transport(POST))
    assert isinstance(error, ConnectFailed)
    assert error.reason == "cvat.invalid: Name or service not known"


def test_a_name_that_no_resolver_takes_is_a_failed_connection(connect: Connect) -> None:
    with connect(f"http://{'a' * 70}.example") as transport:
        error = error_of(transport(POST))
    assert isinstance(error, ConnectFailed)


def test_the_next_address_is_tried_when_one_refuses(
    connect: Connect, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(always(ok(b"x")))
    with Server(silent) as closed:
        pass
    stream = (socket.AF_INET, socket.SOCK_STREAM, 0, "")

    def resolved(*_: object, **__: object) -> object:
        return [(*stream, ("127.0.0.1", closed.port)), (*stream, ("127.0.0.1", server.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with connect(f"http://cvat.invalid:{server.port}") as transport:
        assert value_of(transport(GET)).body == b"x"


LIMIT = 1_000_000

LARGE: dict[str, bytes] = {
    "by its length": b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n",
    "by far": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
    "without a length": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LIMIT + 1),
    "in one chunk": CHUNKED + b"f4241\r\n" + b"x" * (LIMIT + 1),
    "in many chunks": CHUNKED + (b"fff\r\n" + b"x" * 4095 + b"\r\n") * 245,
    "as a bomb": _gzipped(gzip.compress(b"\0" * (LIMIT + 1))),
    "as a bomb in two members": _gzipped(gzip.compress(b"\0" * (LIMIT // 2 + 1)) * 2),
    "packed, already larger": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    b"Content-Length: 1100000\r\n\r\n",
}


@pytest.mark.parametrize("answer", LARGE.values(), ids=LARGE.keys())
def test_a_body_beyond_the_limit_is_refused_and_its_link_dropped(
    connect: Connect, serve: Serve, answer: bytes
) -> None:
    server = serve(answering(answer, ok(b"next")))
    with connect(server.url, max_body=LIMIT) as transport:
        error = error_of(transport(GET))
        assert error == TooLarge(GET, LIMIT)
        assert error.may_have_acted
        assert value_of(transport(GET)).body == b"next"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "limit"),
    [
        (_gzipped(gzip.compress(bytes(100 * LIMIT))), 20 * LIMIT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nabc", 200 * LIMIT),
    ],
    ids=["bomb", "claim"],
)
def test_memory_is_taken_for_what_comes_and_not_for_what_is_claimed(
    connect: Connect, serve: Serve, answer: bytes, limit: int
) -> None:
    with connect(serve(saying(answer)).url, max_body=limit) as transport:
        transport(GET)
        tracemalloc.start()
        try:
            error = error_of(transport(GET))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(error, TooLarge | ConnectionLost)
    assert peak < 30 * LIMIT


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"x" * LIMIT),
        _gzipped(gzip.compress(b"\0" * LIMIT)),
        _gzipped(gzip.compress(os.urandom(LIMIT))),
        _gzipped(gzip.compress(b"\0" * (LIMIT // 2)) * 2 + b"\0" * 100),
        CHUNKED + b"f4240\r\n" + b"x" * LIMIT + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * LIMIT,
    ],
    ids=["length", "zeros", "noise", "members-and-padding", "chunk", "until-close"],
)
def test_a_body_of_the_limit_is_accepted(connect: Connect, serve: Serve, answer: bytes) -> None:
    with connect(serve(saying(answer)).url, max_body=LIMIT) as transport:
        assert len(value_of(transport(GET)).body) == LIMIT


def test_a_server_may_refuse_a_body_before_it_has_read_it(connect: Connect, serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.head()
        peer.send(ok(b"too much", status="413 Payload Too Large"))
        peer.linger()

    with connect(serve(behaviour).url) as transport:
        response = value_of(transport(Request("POST", "/data", body=bytes(5_000_000))))
    assert (response.status, response.body) == (413, b"too much")


def _once_then_hang_up(second: bytes) -> Callable[[Peer], None]:
    """Answer a link's first request; hang up on its second, having said so much."""

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(ok(b"first"))
        if peer.request() is not None:
            peer.send(second)

    return behaviour


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_stale_link_costs_safe_requests_nothing(
    connect: Connect, serve: Serve, method: str
) -> None:
    server = serve(_once_then_hang_up(b""))
    with connect(server.url) as transport:
        value_of(transport(GET))
        value_of(transport(Request(method, "/")))
    assert server.connections == 2
    assert len(server.requests) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_on_a_stale_link_nothing_else_is_sent_twice(
    connect: Connect, serve: Serve, method: str
) -> None:
    server = serve(_once_then_hang_up(b""))
    with connect(server.url) as transport:
        value_of(transport(GET))
        error = error_of(transport(Request(method, "/")))
    assert isinstance(error, ConnectionLost)
    assert error.may_have_acted
    assert len(server.requests) == 2


def test_once_an_answer_has_begun_nothing_is_sent_twice(connect: Connect, serve: Serve) -> None:
    server = serve(_once_then_hang_up(b"HTTP/1.1 200"))
    with connect(server.url) as transport:
        value_of(transport(GET))
        assert isinstance(error_of(transport(GET)), ConnectionLost)
    assert len(server.requests) == 2


def test_a_link_that_the_server_has_closed_is_not_used(connect: Connect, serve: Serve) -> None:
    server = serve(answering(ok(b"first", "Keep-Alive: timeout=0")))
    with connect(server.url) as transport:
        value_of(transport(GET))
        transport(POST)
        error = error_of(transport(POST))
    assert isinstance(error, ConnectionLost | ConnectFailed)


@pytest.mark.parametrize(
    "odd", [b"no field\r\n", b"X : y\r\n", b" X: y\r\n", b"X: y\r\r", b"X: y\r\nFrom z\r\n"]
)
def test_a_line_that_is_no_field_does_not_make_frames_content_or_get_into_a_log(
    connect: Connect, serve: Serve, caplog: pytest.LogCaptureFixture, odd: bytes
) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + odd + b"Set-Cookie: sessionid=s3cret\r\n"
    server = serve(saying(head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    with connect(server.url) as transport:
        error = error_of(transport(Request("GET", "/", (("token", "s3cret"),))))
    assert isinstance(error, ConnectionLost)
    assert "no header field" in error.reason
    assert "s3cret" not in f"{error!r}{caplog.text}"


@pytest.mark.parametrize(
    "fields",
    [
        ["Content-Type: multipart/mixed"],
        ["Content-Type: multipart/form-data; boundary=x", "Content-Transfer-Encoding: base64"],
    ],
)
def test_a_multipart_that_email_would_not_read_is_a_body_like_any_other(
    connect: Connect, serve: Serve, caplog: pytest.LogCaptureFixture, fields: list[str]
) -> None:
    with connect(serve(saying(ok(b"abc", *fields))).url) as transport:
        assert value_of(transport(Request("GET", "/", (("token", "s3cret"),)))).body == b"abc"
    assert "s3cret" not in caplog.text


def test_a_large_body_without_secrets_costs_an_error_nothing(connect: Connect) -> None:
    with Server(silent) as closed:
        pass
    large = Request("PUT", "/", body=b"[%s0]" % (b"0," * 5_000_000))
    with connect(closed.url) as transport:
        tracemalloc.start()
        try:
            error = error_of(transport(large))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert error.request.body is large.body
    assert peak < 1_000_000


def test_errors_carry_no_secret_of_the_request(connect: Connect, serve: Serve) -> None:
    secret = Request(
        "POST",
        "/api/auth/login",
        headers={"Authorization": "Bearer s3cret", "Content-Type": "application/json"},
        body=b'{"username": "ada", "password": "s3cret"}',
    )
    with connect(serve(saying(b"")).url) as transport:
        error = error_of(transport(secret))
    assert "s3cret" not in f"{error!r}{error}{error.request.headers.pairs}{error.request.body!r}"
    assert error.request.body == b'{"username":"ada","password":"***"}'


def test_a_server_that_is_none_does_not_get_the_login_told(connect: Connect, serve: Serve) -> None:
    server = serve(saying(b"HTTP/1.1 hunter2-token\r\n\r\n"))
    with connect(server.url, auth=AccessToken("hunter2-token")) as transport:
        error = error_of(transport(GET))
    assert isinstance(error, ConnectionLost)
    assert "BadStatusLine" in str(error) or "illegal status line" in str(error)
    assert "hunter2" not in repr(error)


def test_a_connection_outlives_all_faults_under_many_threads(
    connect: Connect, serve: Serve
) -> None:
    chance = random.Random(0)  # noqa: S311 - no secret depends on it
    faults = [*BROKEN.values(), always(ok(b"fine"))]

    def behaviour(peer: Peer) -> None:
        while chance.random() < 0.6:
            if peer.request() is None:
                return
            peer.send(ok(b"fine"))
        chance.choice(faults)(peer)

    server = serve(behaviour)
    outcomes: Counter[str] = Counter()
    with connect(server.url, timeout=Timeout(total=30)) as transport, ThreadPoolExecutor(8) as pool:
        for outcome in pool.map(transport, [GET, POST] * 300):
            match outcome:
                case Success(response):
                    assert response.body == b"fine"
                    outcomes["answered"] += 1
                case Failure(error):
                    outcomes[type(error).__name__] += 1
    assert outcomes.keys() == {"answered", "ConnectionLost"}
    assert outcomes.total() == 600


def test_faults_leave_no_socket_behind(connect: Connect, serve: Serve, stack: ExitStack) -> None:
    folder = Path("/proc/self/fd")

    def descriptors() -> int:
        return sum(1 for _ in folder.iterdir())

    if not folder.is_dir():
        pytest.skip("no /proc here")
    servers = [serve(behaviour) for behaviour in BROKEN.values()]
    transports = [stack.enter_context(connect(server.url)) for server in servers]
    before = descriptors()
    errors: list[TransportError] = [error_of(transport(GET)) for transport in transports]
    assert len(errors) == len(BROKEN)
    assert descriptors() <= before + sum(server.connections for server in servers)

"""Reading answers: whole ones come back as they were, and half of one is none."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn.errors import ConnectionLost, TimedOut, TooLarge, TransportError
from cvatfn.messages import Headers, Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from tests.transport.conftest import Connect
from tests.transport.wire import Peer, Server, error_of, value_of

NAMES = st.text("abcXYZ-_.!~09", min_size=1, max_size=12).map(lambda name: f"X{name}")
VALUES = st.text(st.characters(max_codepoint=255), max_size=20).map(
    lambda value: "".join(c for c in value if c not in "\r\n\0\v\f").strip()
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8, unique_by=lambda pair: pair[0].lower()).map(
    tuple
)
STATUSES = st.integers(200, 999).filter(lambda status: status not in (204, 304))
BODIES = st.binary(max_size=300)
LIMIT = 10_000


class Wire:
    """A server that says what it is told to, hangs up, and is asked once more."""

    def __init__(self, connect: Connect) -> None:
        self.connect = connect
        self.data = b""
        self.server = Server(self._answer)

    def _answer(self, peer: Peer) -> None:
        peer.request()
        peer.send(self.data)

    def read(self, data: bytes, limit: int = LIMIT) -> Outcome[Response, TransportError]:
        self.data = data
        with self.connect(self.server.url, max_body=limit, timeout=Timeout(total=10)) as transport:
            return transport(Request("GET", "/"))


@pytest.fixture(scope="module")
def wire(connect: Connect) -> Iterator[Wire]:
    log = logging.getLogger("urllib3")  # it tells of each odd head
    level, log.level = log.level, logging.CRITICAL
    opened = Wire(connect)
    with opened.server:
        yield opened
    log.level = level


def _head(status: int, fields: tuple[tuple[str, str], ...]) -> bytes:
    lines = "".join(f"{name}:{value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status} \xe9\r\n{lines}\r\n".encode("latin-1")


def _chunked(body: bytes, sizes: list[int]) -> bytes:
    pieces: list[bytes] = []
    for size in sizes:
        pieces, body = [*pieces, body[:size]], body[size:]
    chunks = (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, body] if piece)
    return b"".join(chunks) + b"0\r\n\r\n"


@given(status=STATUSES, fields=FIELDS, body=BODIES)
def test_an_answer_with_a_length_is_read_as_it_was_written(
    wire: Wire, status: int, fields: tuple[tuple[str, str], ...], body: bytes
) -> None:
    fields = (*fields, ("content-length", str(len(body))))
    read = value_of(wire.read(_head(status, fields) + body))
    assert read == Response(status, Headers(fields), body)


@given(status=STATUSES, fields=FIELDS, body=BODIES, sizes=st.lists(st.integers(1, 50), max_size=9))
def test_however_a_body_is_cut_into_chunks_it_is_one_body(
    wire: Wire, status: int, fields: tuple[tuple[str, str], ...], body: bytes, sizes: list[int]
) -> None:
    fields = (*fields, ("Transfer-Encoding", "chunked"))
    read = value_of(wire.read(_head(status, fields) + _chunked(body, sizes)))
    assert read == Response(status, Headers(fields), body)


@given(body=BODIES, limit=st.integers(0, 400))
def test_a_body_is_accepted_up_to_its_limit_and_not_beyond(
    wire: Wire, body: bytes, limit: int
) -> None:
    squeezed = gzip.compress(body)
    answers = (
        _head(200, (("Content-Length", str(len(body))),)) + body,
        _head(200, (("Transfer-Encoding", "chunked"),)) + _chunked(body, [7, 7]),
        _head(200, ()) + body,
        _head(200, (("Content-Encoding", "gzip"), ("Content-Length", str(len(squeezed)))))
        + squeezed,
    )
    for data in answers:
        if len(body) <= limit:
            assert value_of(wire.read(data, limit)).body == body
        else:
            assert isinstance(error_of(wire.read(data, limit)), TooLarge)


@given(
    status=STATUSES,
    fields=FIELDS,
    body=BODIES,
    framing=st.sampled_from(["length", "chunks", "gzip"]),
    data=st.data(),
)
def test_an_answer_cut_anywhere_is_no_answer(
    wire: Wire,
    status: int,
    fields: tuple[tuple[str, str], ...],
    body: bytes,
    framing: str,
    data: st.DataObject,
) -> None:
    match framing:
        case "length":
            whole = _head(status, (*fields, ("Content-Length", str(len(body))))) + body
        case "chunks":
            chunks = _chunked(body, [9]).removesuffix(b"\r\n\r\n")  # what follows says nothing
            whole = _head(status, (*fields, ("Transfer-Encoding", "chunked"))) + chunks
        case _:  # until the connection ends: only the content itself tells that it is whole
            squeezed = gzip.compress(body)
            head = _head(status, (*fields, ("Content-Encoding", "gzip")))
            cut = data.draw(st.integers(1, len(squeezed) - 1))
            assert isinstance(error_of(wire.read(head + squeezed[:cut])), ConnectionLost)
            whole = head
    cut = data.draw(st.integers(0, len(whole) - 1))
    error = error_of(wire.read(whole[:cut]))
    assert isinstance(error, ConnectionLost)
    assert error.may_have_acted


@given(start=st.binary(max_size=200), rest=st.binary(max_size=200))
@example(b"", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc")
@example(b"X: a\r\n  b\r\nContent-Length: 0\r\n\r\n", b"")
@example(b"X: a\0b\r\nContent-Length: 0\r\n\r\n", b"")
@example(b"X: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n", b"")
def test_any_bytes_are_a_response_or_an_error(wire: Wire, start: bytes, rest: bytes) -> None:
    for prefix in (
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
    ):
        match wire.read(prefix + start + rest, 100):
            case Success(response):
                assert len(response.body) <= 100
                assert not any(c in value for _, value in response.headers for c in "\r\n\0")
            case Failure(error):
                assert isinstance(error, ConnectionLost | TooLarge)
                assert str(error).isprintable()


@given(body=BODIES, members=st.integers(1, 5), padding=st.integers(0, 9))
def test_gzip_members_are_joined_and_padding_is_passed_over(
    wire: Wire, body: bytes, members: int, padding: int
) -> None:
    content = gzip.compress(body) * members + b"\0" * padding
    data = _head(200, (("content-encoding", "GZIP"),)) + content
    assert value_of(wire.read(data)) == Response(200, (), body * members)


@given(body=st.binary(min_size=1, max_size=300), data=st.data())
def test_damaged_gzip_is_never_taken_for_whole(
    wire: Wire, body: bytes, data: st.DataObject
) -> None:
    content = bytearray(gzip.compress(body, mtime=0))
    where = data.draw(st.integers(10, len(content) - 1))  # after the header
    content[where] ^= data.draw(st.integers(1, 255))
    match wire.read(_head(200, (("Content-Encoding", "gzip"),)) + content):
        case Success(response):
            assert response.body == body  # a bit that means nothing
        case Failure(error):
            assert isinstance(error, ConnectionLost | TooLarge)


def test_folded_lines_are_joined_by_a_space(wire: Wire) -> None:
    data = b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\n\tc: d\r\nContent-Length: 0\r\n\r\n"
    assert value_of(wire.read(data)).headers.get("x") == "a b c: d"


def test_zeros_in_values_become_spaces_and_edges_are_cut(wire: Wire) -> None:
    data = b"HTTP/1.1 200 OK\r\nX: \t b\0c \t\r\nContent-Length: 0\r\n\r\n"
    assert value_of(wire.read(data)).headers.get("x") == "b c"


@pytest.mark.parametrize("control", ["\v", "\f"])
def test_control_characters_in_values_are_kept_or_become_spaces(wire: Wire, control: str) -> None:
    """RFC 9110, section 5.5; h11 would refuse them."""
    data = f"HTTP/1.1 200 OK\r\nX: b{control}c\r\nContent-Length: 0\r\n\r\n".encode()
    assert value_of(wire.read(data)).headers.get("x") in (f"b{control}c", "b c")


@pytest.mark.parametrize("said", ["Content-Length: 2, 2", "Content-Length: 2\r\ncontent-length: 2"])
def test_equal_lengths_told_twice_are_one_length(wire: Wire, said: str) -> None:
    assert value_of(wire.read(f"HTTP/1.1 200 OK\r\n{said}\r\n\r\nhi".encode())).body == b"hi"


def test_a_switch_of_protocols_ends_the_conversation(connect: Connect, wire: Wire) -> None:
    """Nobody asked for one: h11 does not believe it at all."""
    before = wire.server.connections
    wire.data = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81\x05"
    with connect(wire.server.url) as transport:
        for _ in range(2):
            match transport(Request("GET", "/")):
                case Success(response):
                    assert (response.status, response.body) == (101, b"")
                case Failure(error):
                    assert isinstance(error, ConnectionLost)
    assert wire.server.connections == before + 2


ENDLESS = {
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 4000),
    "other interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 4000),
    "trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
        b"X: y\r\n" * 20_000,
    ),
    "a chunk of less than nothing": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"x" * 100_000,
    ),
    "empty members of gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        gzip.compress(b"") * 5000,
    ),
    "padding of gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x"),
        b"\0" * 100_000,
    ),
}


@pytest.mark.parametrize(("start", "more"), ENDLESS.values(), ids=ENDLESS.keys())
def test_what_has_no_end_is_given_up(connect: Connect, start: bytes, more: bytes) -> None:
    """By its amount where it comes fast; by the time for the whole where reading it is slow."""

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(start)
        while peer.quiet_for(0.001):
            peer.send(more)

    with (
        Server(behaviour) as server,
        connect(server.url, max_body=100, timeout=Timeout(total=0.5)) as transport,
    ):
        error = error_of(transport(Request("GET", "/")))
    assert isinstance(error, TooLarge | TimedOut | ConnectionLost)
    assert error.may_have_acted

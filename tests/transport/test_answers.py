"""Reading answers: whole ones come back as they were, and nothing else gets past."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn.transport.answers import (
    Answer,
    BadAnswer,
    ClosedEarly,
    TooMuch,
    gunzipped,
    read_answer,
)

NAMES = st.text("abcXYZ-_.!~09", min_size=1, max_size=12).map(lambda name: f"X{name}")
VALUES = st.text(st.characters(max_codepoint=255), max_size=20).map(
    lambda value: "".join(c for c in value if c not in "\r\n\0").strip(" \t")
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8).map(tuple)
STATUSES = st.integers(200, 999).filter(lambda status: status not in (204, 304))
BODIES = st.binary(max_size=300)


def _head(status: int, fields: tuple[tuple[str, str], ...]) -> bytes:
    lines = "".join(f"{name}:{value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status} \xe9\r\n{lines}\r\n".encode("latin-1")


def _chunked(body: bytes, sizes: list[int]) -> bytes:
    pieces: list[bytes] = []
    for size in sizes:
        pieces, body = [*pieces, body[:size]], body[size:]
    chunks = (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, body] if piece)
    return b"".join(chunks) + b"0\r\n\r\n"


def _read(data: bytes, limit: int = 10_000) -> Answer:
    stream = BytesIO(data)
    answer = read_answer(stream, "GET", limit)
    assert not stream.read() or not answer.reusable
    return answer


@given(STATUSES, FIELDS, BODIES)
def test_an_answer_with_a_length_is_read_as_it_was_written(
    status: int, fields: tuple[tuple[str, str], ...], body: bytes
) -> None:
    fields = (*fields, ("content-length", str(len(body))))
    assert _read(_head(status, fields) + body) == Answer(status, fields, body, True)


@given(STATUSES, FIELDS, BODIES, st.lists(st.integers(1, 50), max_size=9))
def test_however_a_body_is_cut_into_chunks_it_is_one_body(
    status: int, fields: tuple[tuple[str, str], ...], body: bytes, sizes: list[int]
) -> None:
    fields = (*fields, ("Transfer-Encoding", "chunked"))
    data = _head(status, fields) + _chunked(body, sizes)
    assert _read(data) == Answer(status, fields, body, True)


@given(BODIES, st.integers(0, 400))
def test_a_body_is_accepted_up_to_its_limit_and_not_beyond(body: bytes, limit: int) -> None:
    packed = gzip.compress(body)
    answers = (
        _head(200, (("Content-Length", str(len(body))),)) + body,
        _head(200, (("Transfer-Encoding", "chunked"),)) + _chunked(body, [7, 7]),
        _head(200, ()) + body,
        _head(200, (("Content-Encoding", "gzip"), ("Content-Length", str(len(packed))))) + packed,
    )
    for data in answers:
        if len(body) <= limit:
            assert _read(data, limit).body == body
        else:
            with pytest.raises(TooMuch):
                _read(data, limit)


@given(STATUSES, FIELDS, BODIES, st.booleans(), st.data())
def test_an_answer_cut_anywhere_is_no_answer(
    status: int,
    fields: tuple[tuple[str, str], ...],
    body: bytes,
    chunked: bool,
    data: st.DataObject,
) -> None:
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body)))
    whole = _head(status, (*fields, framing)) + (_chunked(body, [9]) if chunked else body)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(BadAnswer if cut else ClosedEarly):
        _read(whole[:cut])


@given(st.binary(max_size=200), st.binary(max_size=200))
@example(b"", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc")
def test_any_bytes_are_an_answer_or_are_refused(start: bytes, rest: bytes) -> None:
    for prefix in (
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ):
        try:
            answer = read_answer(BytesIO(prefix + start + rest), "GET", 100)
        except (BadAnswer, TooMuch):
            continue
        assert len(answer.body) <= 100
        assert not any(c in value for _, value in answer.fields for c in "\r\n\0")


@given(BODIES, st.integers(1, 5), st.binary(max_size=9))
def test_gzip_members_are_joined_and_padding_is_passed_over(
    body: bytes, members: int, padding: bytes
) -> None:
    padding = padding if not padding.startswith(b"\x1f\x8b") else b""
    packed = gzip.compress(body) * members + padding
    assert gunzipped(packed, len(body) * members) == body * members


@given(st.binary(min_size=1, max_size=300), st.data())
def test_damaged_gzip_is_never_taken_for_whole(body: bytes, data: st.DataObject) -> None:
    packed = bytearray(gzip.compress(body, mtime=0))
    where = data.draw(st.integers(10, len(packed) - 1))  # after the header
    packed[where] ^= data.draw(st.integers(1, 255))
    try:
        out = gunzipped(bytes(packed), 10_000)
    except (BadAnswer, TooMuch):
        return
    assert out == body  # a bit that means nothing


def test_folded_lines_are_joined_by_a_space() -> None:
    data = b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\n\tc: d\r\nContent-Length: 0\r\n\r\n"
    assert _read(data).fields[0] == ("X", "a b c: d")


def test_bare_returns_and_zeros_in_values_become_spaces() -> None:
    data = b"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\0c\r\nContent-Length: 0\r\n\r\n"
    assert _read(data).fields[0] == ("X", "a Set-Cookie: b c")


def test_lines_may_end_without_a_return() -> None:
    assert _read(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi").body == b"hi"


def test_equal_lengths_told_twice_are_one_length() -> None:
    head = _head(200, (("Content-Length", "2, 2"), ("content-length", "2")))
    assert _read(head + b"hi").body == b"hi"


def test_a_switch_of_protocols_ends_the_conversation() -> None:
    answer = _read(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81\x05")
    assert (answer.status, answer.body, answer.reusable) == (101, b"", False)

"""Strategies for what targets read: any bytes, good bytes that were damaged, and what reaches deep.

Rule: bytes alone seldom get past the first gate. So seeds are cut, doubled, spliced and strewn with
the target's own tokens; and where a grammar leads further, what is drawn follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from hypothesis import strategies as st

from cvatfn.codecs import native
from cvatfn.codecs.json import dumps
from cvatfn.endpoints import Endpoint
from cvatfn.filters import Tasks
from cvatfn.testing.strategies import filters, hostile_answers, values
from tests.fuzzing.target import Target
from tests.fuzzing.targets.answers import FIELDS, STATUSES, endpoints
from tests.fuzzing.targets.codecs import kinds

__all__ = ["DEEP", "bytes_for", "damaged"]

Bytes: TypeAlias = st.SearchStrategy[bytes]
_Edit: TypeAlias = Callable[[st.DrawFn, bytes, Target], bytes]


def bytes_for(target: Target) -> Bytes:
    """Draw what a target reads.

    :param target: the target.
    """
    seeds = target.seeds()
    drawn: list[Bytes] = [st.binary(max_size=200)]
    if seeds:
        drawn.append(damaged(target, st.sampled_from(seeds)))
    if target.name in DEEP:
        deep = DEEP[target.name]()
        drawn += [deep, damaged(target, deep)]
    return st.one_of(drawn)


@st.composite
def damaged(draw: st.DrawFn, target: Target, good: Bytes) -> bytes:
    """Draw good bytes, and change them in up to four ways.

    :param target: whose tokens are strewn in.
    :param good: what to change.
    """
    data = draw(good)
    for edit in draw(st.lists(st.sampled_from(_EDITS), max_size=4)):
        data = edit(draw, data, target)
    return data


def _token(draw: st.DrawFn, data: bytes, target: Target) -> bytes:
    at = draw(st.integers(0, len(data)))
    over = draw(st.integers(0, 8))
    return data[:at] + draw(st.sampled_from((*target.tokens, b"\0"))) + data[at + over :]


def _noise(draw: st.DrawFn, data: bytes, _: Target) -> bytes:
    at = draw(st.integers(0, len(data)))
    return (
        data[:at] + draw(st.binary(min_size=1, max_size=6)) + data[at + draw(st.integers(0, 6)) :]
    )


def _cut(draw: st.DrawFn, data: bytes, _: Target) -> bytes:
    begin, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    return data[:begin] + data[end:]


def _doubled(draw: st.DrawFn, data: bytes, _: Target) -> bytes:
    begin, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    times = draw(st.sampled_from((2, 50)))
    return data[:end] + data[begin:end] * times + data[end:] if end - begin < 1000 else data


def _spliced(draw: st.DrawFn, data: bytes, target: Target) -> bytes:
    other = draw(st.sampled_from(tuple(target.seeds()) or (b"",)))
    return data[: draw(st.integers(0, len(data)))] + other[draw(st.integers(0, len(other))) :]


def _nested(draw: st.DrawFn, data: bytes, _: Target) -> bytes:
    at = draw(st.integers(0, len(data)))
    depth = draw(st.sampled_from((50, 900, 20_000)))
    opened, closed = draw(st.sampled_from(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]"))))
    return data[:at] + opened * depth + b"0" + closed * depth + data[at:]


_EDITS: Final[tuple[_Edit, ...]] = (_token, _noise, _cut, _doubled, _spliced, _nested)


@st.composite
def _json_of_models(draw: st.DrawFn) -> bytes:
    """A value of any type, as JSON, after the bytes that choose the type."""
    index = draw(st.integers(0, len(kinds()) - 1))
    value = draw(values(cast("type[object]", kinds()[index])))  # any type form will do
    try:
        return index.to_bytes(2, "big") + dumps(value)
    except native.REFUSALS:  # bytes, which are no JSON
        return index.to_bytes(2, "big")


@st.composite
def _hostile(draw: st.DrawFn) -> bytes:
    """A broken answer of any endpoint, in the form that the target takes apart again."""
    index = draw(st.integers(0, len(endpoints()) - 1))
    endpoint: Endpoint[..., object] = endpoints()[index]
    response = draw(hostile_answers(endpoint))
    fields = [(name, value) for name, value in response.headers if name in FIELDS][:3]
    status = STATUSES.index(response.status) if response.status in STATUSES else 0
    head = bytes((index, draw(st.integers(0, 5)), draw(st.integers(0, 1)), status, len(fields)))
    said = [(FIELDS.index(name), value.replace("\n", " ")) for name, value in fields]
    lines = b"".join(bytes([at]) + text.encode("latin-1", "replace") + b"\n" for at, text in said)
    return head + lines + response.body


def _filter_texts() -> Bytes:
    return filters(Tasks).map(lambda found: found.text.encode())


@st.composite
def _heads(draw: st.DrawFn) -> bytes:
    """A whole answer over the wire: status line, fields, framing, content."""
    content = draw(st.binary(max_size=60))
    framing = draw(
        st.sampled_from(("length", "chunked", "close", "both", "short", "long", "negative"))
    )
    status = draw(st.sampled_from(_LINES))
    field = st.tuples(st.sampled_from(_NAMES), st.binary(max_size=20))
    lines = [b"%b: %b" % each for each in draw(st.lists(field, max_size=3))]
    sizes = {"length": 0, "both": 0, "short": -1, "long": 1, "negative": -len(content) - 1}
    if framing in sizes:
        lines.append(b"Content-Length: %d" % (len(content) + sizes[framing]))
    if framing in ("chunked", "both"):
        lines.append(b"Transfer-Encoding: chunked")
        content = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content) if content else b"0\r\n\r\n"
    answer = b"\r\n".join((b"HTTP/1.1 " + status, *lines, b"", content))
    method = draw(st.sampled_from((0, 1, 3)))
    return bytes((method, *draw(_FLAGS))) + answer * draw(st.integers(1, 2))


_LINES: Final = (b"200 OK", b"204 No", b"100 Go on", b"302 There", b"404 No", b"9")
_NAMES: Final = (b"X", b"Location", b"Content-Type", b"Connection", b"Trailer", b"Set-Cookie")
_FLAGS: Final = st.tuples(st.integers(0, 1), st.integers(0, 1))


@st.composite
def _parts(draw: st.DrawFn) -> bytes:
    """Names, texts and files, as the target that writes forms takes them."""
    pieces = draw(st.lists(st.tuples(_TEXTS, st.sampled_from((b"\0", b"\1")), _LINE), max_size=4))
    parts = (b"%b\n%b%b\n\0name\n" % (name.encode(), kind, line) for name, kind, line in pieces)
    return bytes([len(pieces)]) + b"".join(parts)


_TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(
    lambda text: text.replace("\n", " ")
)
_LINE: Final = st.binary(max_size=20).map(lambda some: some.replace(b"\n", b"\r"))

DEEP: Final[Mapping[str, Callable[[], Bytes]]] = {
    "filters": _filter_texts,
    "interpret": _hostile,
    "models": _json_of_models,
    "wire": _heads,
    "written-forms": _parts,
}
"""By the target's name, what a grammar draws for it."""

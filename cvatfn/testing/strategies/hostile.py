"""Answers broken in every way one can think of: what no server should say, and one day one does.

Rule: a hostile answer is a good one that was damaged, in ways that are listed here by name. It is
a `Response` like any other; whoever reads it must come to a value. A damage may be harmless: then
the answer is read.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, cast

from attrs import evolve
from hypothesis import strategies as st

from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.endpoints import Endpoint
from cvatfn.messages import Headers, Response
from cvatfn.testing.strategies.answering import HTML, answers, page_of
from cvatfn.testing.strategies.oddities import (
    BYTES,
    CONTENT_TYPES,
    COUNTS,
    FIELDS,
    KEYS,
    ODD,
    STATUSES,
    TOKENS,
    URLS,
)
from cvatfn.testing.strategies.plain import TEXT

__all__ = ["WAYS", "hostile_answers"]

AnyEndpoint: TypeAlias = Endpoint[..., object]
Way: TypeAlias = Callable[[st.DrawFn, Response], Response]
Path: TypeAlias = tuple[str | int, ...]


@st.composite
def hostile_answers(draw: st.DrawFn, endpoint: AnyEndpoint, /) -> Response:
    """Draw responses that are broken: in body, status or header fields, or in several of them.

    Whatever is drawn, `interpret` makes an outcome of it: this is for programs that read responses
    themselves, and for transports that are to hand them on.

    :param endpoint: any endpoint.

    >>> from hypothesis import find
    >>> from cvatfn import interpret
    >>> from cvatfn.api import server
    >>> def is_unread(response: Response) -> bool:
    ...     return "does not fit" in repr(interpret(server.retrieve_about, response))
    >>> find(hostile_answers(server.retrieve_about), is_unread).body
    b'null'
    """
    good = answers(endpoint, range(200, 300))
    response = draw(good | answers(endpoint))
    for way in draw(st.lists(st.sampled_from([*WAYS]), min_size=1, max_size=2)):
        response = WAYS[way](draw, response)
    return response


__test__: Final[dict[str, object]] = {"hostile_answers": hostile_answers}
"""The decorator hides its examples from doctest."""


def _another_value(draw: st.DrawFn, response: Response) -> Response:
    """Some value of the JSON is another one: of a wrong type, out of range, or no JSON at all."""
    said = _read(response)
    path = draw(st.sampled_from([*_paths(said)]))
    return evolve(response, body=_with(said, path, draw(st.sampled_from(TOKENS))))


def _no_member(draw: st.DrawFn, response: Response) -> Response:
    said = _read(response)
    members = [path for path in _paths(said) if path and isinstance(path[-1], str)]
    if not members:
        return evolve(response, body=b"{}")
    return evolve(response, body=_with(said, draw(st.sampled_from(members)), None))


def _another_member(draw: st.DrawFn, response: Response) -> Response:
    """An object has one more member: an unknown one, or one that it has already."""
    said = _read(response)
    objects = [path for path in _paths(said) if is_mapping(_at(said, path))]
    if not objects:
        return evolve(response, body=b'{"a":1,"a":2}')
    path = draw(st.sampled_from(objects))
    held = _at(said, path)
    known = [str(key) for key in held] if is_mapping(held) else []
    key = draw(st.sampled_from([*known, *KEYS]))
    more = f"{json.dumps(key)}:{draw(st.sampled_from(TOKENS))}"
    text = json.dumps(held)[:-1] + ("," if known else "") + more + "}"
    return evolve(response, body=_with(said, path, text))


def _wrong_page(draw: st.DrawFn, response: Response) -> Response:
    """A page of a listing that does not go together: its count, its links, its items."""
    said = _read(response)
    if not is_mapping(said) or "results" not in said:
        return _another_value(draw, response)
    name = draw(st.sampled_from(["count", "next", "previous", "results"]))
    tokens = {"count": COUNTS, "results": TOKENS}.get(name, [*map(json.dumps, URLS), *TOKENS])
    return evolve(response, body=_with(said, (name,), draw(st.sampled_from(tokens))))


def _cut_short(draw: st.DrawFn, response: Response) -> Response:
    kept = draw(st.integers(0, max(0, len(response.body) - 1)))
    return evolve(response, body=response.body[:kept])


def _other_bytes(draw: st.DrawFn, response: Response) -> Response:
    """Bytes stand in it that do not belong there: no UTF-8, control characters, another end."""
    at = draw(st.integers(0, len(response.body)))
    over = draw(st.integers(0, 1))
    other = draw(st.sampled_from(BYTES) | st.binary(min_size=1, max_size=4))
    return evolve(response, body=response.body[:at] + other + response.body[at + over :])


def _noise(draw: st.DrawFn, response: Response) -> Response:
    return evolve(response, body=draw(st.binary(max_size=100)))


def _another_coding(draw: st.DrawFn, response: Response) -> Response:
    text = response.body.decode("utf-8", "replace")
    coding = draw(st.sampled_from(["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-7", "cp037"]))
    return evolve(response, body=text.encode(coding, "replace"))


def _packed(draw: st.DrawFn, response: Response) -> Response:
    """It says that it is packed and is not, or the other way round."""
    body = gzip.compress(response.body, mtime=0)
    lie = (("Content-Encoding", draw(st.sampled_from(["gzip", "br", "deflate", "gzip, gzip"]))),)
    lied = evolve(response, headers=Headers((*response.headers.pairs, *lie)))
    return draw(st.sampled_from([lied, evolve(response, body=body), evolve(lied, body=body[:-4])]))


def _nested(draw: st.DrawFn, response: Response) -> Response:
    """It is nested more deeply than any reader bears, closed or left open."""
    depth = draw(st.sampled_from([3, 900, 20_000]))
    opened, closed = draw(
        st.sampled_from([("[", "]"), ('{"detail":', "}"), ('[{"results":', "}]")])
    )
    end = draw(st.sampled_from(["0" + closed * depth, "", closed]))
    return evolve(response, body=(opened * depth + end).encode())


def _no_body(_: st.DrawFn, response: Response) -> Response:
    return evolve(response, body=b"")


def _a_page(_: st.DrawFn, response: Response) -> Response:
    """A proxy's page in place of the answer, as it is when a login has run out."""
    headers = response.headers.replaced({"Content-Type": HTML})
    return evolve(response, headers=headers, body=page_of(response.status))


def _another_type(draw: st.DrawFn, response: Response) -> Response:
    kind = draw(st.sampled_from(CONTENT_TYPES))
    return evolve(response, headers=response.headers.replaced({"Content-Type": kind}))


def _another_status(draw: st.DrawFn, response: Response) -> Response:
    return evolve(response, status=draw(st.sampled_from(STATUSES) | st.integers(100, 599)))


def _redirected(draw: st.DrawFn, response: Response) -> Response:
    status = draw(st.sampled_from([302, 300, 301, 303, 304, 305, 307, 308]))
    led = {"Location": draw(st.sampled_from(URLS))}
    return evolve(response, status=status, headers=response.headers.replaced(led))


def _other_fields(draw: st.DrawFn, response: Response) -> Response:
    """Header fields hold what they should not, or come twice."""
    names = draw(st.lists(st.sampled_from([*FIELDS]), min_size=1, max_size=2))
    wrong = tuple((name, draw(st.sampled_from([*FIELDS[name], *ODD]) | TEXT)) for name in names)
    if draw(st.booleans()):
        return evolve(response, headers=Headers((*response.headers.pairs, *wrong)))
    return evolve(response, headers=response.headers.replaced(wrong))


def _read(response: Response) -> object:
    """What the body says; what says nothing in JSON is taken for a text."""
    try:
        return cast("object", json.loads(response.body))
    except (ValueError, RecursionError):
        return response.body.decode("latin-1")


def _paths(said: object) -> Iterator[Path]:
    """Where values are, from the whole to its parts; few enough to choose from."""
    waiting: list[Path] = [()]
    for path in waiting:
        yield path
        held = _at(said, path)
        if len(waiting) < MOST_PATHS:
            waiting += [(*path, step) for step in _steps(held)]


def _steps(held: object) -> Sequence[str | int]:
    if is_mapping(held):
        return [str(key) for key in held]
    return range(len(held)) if is_array(held) else ()


def _at(said: object, path: Path) -> object:
    for step in path:
        if is_mapping(said):
            said = said[step]
        elif is_array(said):
            said = said[int(step)]
    return said


def _with(said: object, path: Path, token: str | None) -> bytes:
    """The JSON with a text in the place of a value, whatever the text is; `None` takes it out."""
    text = json.dumps(_put(said, path, token is None))
    return text.replace(json.dumps(PLACE), token or "", 1).encode("utf-8", "surrogatepass")


def _put(said: object, path: Path, gone: bool) -> object:
    if not path:
        return PLACE
    step, *rest = path
    if is_mapping(said):
        kept = {key: held for key, held in said.items() if not (gone and not rest and key == step)}
        return {
            key: _put(held, tuple(rest), gone) if key == step else held
            for key, held in kept.items()
        }
    if is_array(said):
        return [
            _put(held, tuple(rest), gone) if index == step else held
            for index, held in enumerate(said)
        ]
    return said


PLACE: Final = "\0the value that is replaced\0"
MOST_PATHS: Final = 200

WAYS: Final[Mapping[str, Way]] = {
    "another value": _another_value,
    "no member": _no_member,
    "another member": _another_member,
    "wrong page": _wrong_page,
    "no body": _no_body,
    "a page": _a_page,
    "cut short": _cut_short,
    "other bytes": _other_bytes,
    "noise": _noise,
    "another coding": _another_coding,
    "packed": _packed,
    "nested": _nested,
    "another type": _another_type,
    "another status": _another_status,
    "redirected": _redirected,
    "other fields": _other_fields,
}
"""Each way to break an answer, the simplest first."""

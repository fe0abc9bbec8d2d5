"""What a server may say to an endpoint, by status.

Rule: every answer is one that a CVAT, or a proxy before it, could give; `interpret` reads a 2xx as
the endpoint's answer and all the rest as `Rejected`. The forms of the error bodies and the fields
that come with a status are those of a running server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from types import NoneType
from typing import Final, TypeAlias, get_args
from urllib.parse import quote

import attrs
from attrs import evolve
from hypothesis import strategies as st

from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import field_types
from cvatfn.codecs.json import dumps
from cvatfn.endpoints import CVAT_JSON, Answer, Endpoint
from cvatfn.messages import Headers, Response
from cvatfn.testing.strategies.fitting import fitting
from cvatfn.testing.strategies.plain import NAME, TEXT
from cvatfn.testing.strategies.showing import built

__all__ = ["HTML", "answers", "page_of"]

AnyEndpoint: TypeAlias = Endpoint[..., object]
Fields: TypeAlias = tuple[tuple[str, str], ...]
# Not a `Collection`, which a text is for some checkers, whatever is in it.
Statuses: TypeAlias = int | Sequence[int] | AbstractSet[int]

HTML: Final = "text/html; charset=utf-8"


@st.composite
def answers(draw: st.DrawFn, endpoint: AnyEndpoint, /, status: Statuses | None = None) -> Response:
    """Draw responses that a server could give: answers, refusals, and the pages of proxies.

    :param endpoint: any endpoint.
    :param status: of which status, or of one of which: `200`, `range(200, 300)`, `{429, 503}`. Any
        that a server could give unless given.
    :raises ValueError: the endpoint has no answer of such a status.

    >>> from hypothesis import find
    >>> from cvatfn.api import tasks
    >>> find(answers(tasks.create_dataset_export, 202), lambda response: True).body
    b'{"rq_id":""}'
    >>> find(answers(tasks.retrieve), lambda response: response.status == 401)
    ... # doctest: +NORMALIZE_WHITESPACE
    Response(status=401, headers=Headers(Content-Type: application/vnd.cvat+json,
    WWW-Authenticate: Token), body=<58 bytes>)
    >>> answers(tasks.list, range(400, 500))
    answers(tasks.list, status=range(400, 500))
    """
    good, bad = _statuses(endpoint, status)
    chosen = draw(st.one_of([st.sampled_from(some) for some in (good, bad) if some]))
    told = draw(SIGNATURES)
    declared = [answer for answer in endpoint.answers if answer.status == chosen]
    if 200 <= chosen < 300:
        response = draw(st.sampled_from(declared).flatmap(_granted))
    else:
        typed = [answer for answer in declared if answer.type is not None]
        response = draw(_granted(typed[0]) if typed else _refused(endpoint, chosen))
    return evolve(response, headers=Headers((*response.headers.pairs, *told)))


__test__: Final[dict[str, object]] = {"answers": answers}
"""The decorator hides its examples from doctest."""


def page_of(status: int) -> bytes:
    """The page with which a proxy refuses.

    :param status: the status code.

    >>> page_of(502)
    b'<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>'
    """
    said = f"{status} {_phrase(status)}"
    return f"<html><head><title>{said}</title></head><body>{said}</body></html>".encode()


def _statuses(endpoint: AnyEndpoint, status: Statuses | None) -> tuple[list[int], list[int]]:
    """Those that may be drawn: the answers and the refusals."""
    wanted = (status,) if isinstance(status, int) else status
    known = list(dict.fromkeys([*(answer.status for answer in endpoint.answers), *REFUSALS]))
    chosen = [each for each in known if wanted is None or each in wanted]
    chosen = chosen or [each for each in wanted or () if 400 <= each < 600]
    if not chosen:
        raise ValueError(f"{endpoint.name} has no answer of status {status}")
    good = [each for each in chosen if each < 300]
    return good, [each for each in chosen if each >= 300]


def _granted(answer: Answer) -> st.SearchStrategy[Response]:
    """An answer of a declared type; a body that may be absent often is."""
    if answer.status == 204 or answer.type is None:
        return st.just(Response(answer.status))
    may_be_absent = NoneType in get_args(answer.type)
    values = fitting(answer.type)
    if answer.type is bytes:
        kinds = [*KINDS, *(kind for kind in answer.content_types if "*" not in kind)]
        drawn = st.tuples(values, st.sampled_from(kinds), FILES)
        return built(drawn, lambda file: _file(answer.status, *file))
    return built(values, lambda value: _said(answer.status, value, absent=may_be_absent))


def _file(status: int, content: object, kind: str, told: Fields) -> Response:
    body = content if isinstance(content, bytes) else b""
    part = (("Content-Range", f"bytes 0-{len(body)}/{len(body) + 1}"),) if status == 206 else ()
    return Response(status, (("Content-Type", kind), *told, *part), body)


def _said(status: int, value: object, *, absent: bool) -> Response:
    if value is None and absent:
        return Response(status)
    if isinstance(value, bytes):
        return Response(status, {"Content-Type": "application/octet-stream"}, value)
    return Response(status, {"Content-Type": CVAT_JSON}, dumps(value))


def _refused(endpoint: AnyEndpoint, status: int) -> st.SearchStrategy[Response]:
    forms = REFUSALS.get(status, ANY_FORM)
    bodies = st.one_of([_form(endpoint, status, form) for form in forms])
    told = TOLD.get(status, st.just(()))
    return built(
        st.tuples(bodies, told),
        lambda parts: Response(status, (*parts[0][0], *parts[1]), parts[0][1]),
    )


def _form(endpoint: AnyEndpoint, status: int, form: str) -> st.SearchStrategy[tuple[Fields, bytes]]:
    """One of the forms of an error body: the fields that go with it, and its bytes."""
    sentence = st.sampled_from([SENTENCES.get(status, _phrase(status))]) | TEXT
    labelled = (("Content-Type", HTML),)
    match form:
        case "detail":
            return _json(built(sentence, lambda said: {"detail": said}))
        case "fields":
            return _json(_by_fields(_names(endpoint), sentence))
        case "texts":
            return _json(st.lists(sentence, min_size=1, max_size=2))
        case "text":
            return _json(sentence)
        case "words":  # CVAT labels them HTML, too
            return built(sentence, lambda said: (labelled, said.encode()))
        case "page":
            return st.just((labelled, page_of(status)))
        case _:
            return st.just(((), b""))


def _json(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[Fields, bytes]]:
    return built(values, lambda value: ((("Content-Type", CVAT_JSON),), dumps(value)))


def _by_fields(
    names: tuple[str, ...], sentence: st.SearchStrategy[str]
) -> st.SearchStrategy[object]:
    """What is wrong with single fields, nested as the request was."""
    said = st.lists(sentence, min_size=1, max_size=2)

    def under(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        several = st.dictionaries(st.sampled_from(names), inner, min_size=1, max_size=2)
        return several | st.lists(several, min_size=1, max_size=2)

    inner: st.SearchStrategy[object] = st.recursive(said, under, max_leaves=3)
    return st.dictionaries(st.sampled_from(names), inner, min_size=1, max_size=2)


def _names(endpoint: AnyEndpoint) -> tuple[str, ...]:
    """What a refusal may speak of: the body's fields, or else the parameters."""
    kind = None if endpoint.body is None else sent_kind(endpoint.body.type)
    if isinstance(kind, type) and attrs.has(kind):
        return ("non_field_errors", *field_types(kind))
    return ("non_field_errors", *(each.wire_name for each in endpoint.parameters))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


ANY_FORM: Final = ("detail", "fields", "texts", "text", "words", "page", "nothing")
REFUSALS: Final[Mapping[int, tuple[str, ...]]] = {
    400: ANY_FORM,
    401: ("detail",),
    403: ("detail", "page"),
    404: ("detail", "text", "words", "page", "nothing"),
    405: ("detail", "page"),
    406: ("detail",),
    409: ("detail", "texts", "nothing"),
    410: ("detail", "texts", "nothing"),
    413: ("page", "nothing"),
    415: ("detail",),
    429: ("detail",),
    500: ("page", "words", "texts"),
    502: ("page", "nothing"),
    503: ("page", "detail", "nothing"),
    504: ("page", "nothing"),
}
"""The refusals that are customary, and the forms that each is seen in."""
SENTENCES: Final[Mapping[int, str]] = {
    401: "Authentication credentials were not provided.",
    403: "You do not have permission to perform this action.",
    404: "Not found.",
    406: "Could not satisfy the request Accept header.",
    429: "Request was throttled.",
}
"""What CVAT says with a status; for others it is their phrase."""
_WAIT: Final = built(st.integers(0, 3600), lambda seconds: (("Retry-After", str(seconds)),))
TOLD: Final[Mapping[int, st.SearchStrategy[Fields]]] = {
    401: st.just((("WWW-Authenticate", "Token"),)),
    405: st.just((("Allow", "GET, HEAD, OPTIONS"),)),
    429: _WAIT,
    503: st.just(()) | _WAIT,
}
"""The fields that come with a status."""
SIGNATURES: Final[st.SearchStrategy[Fields]] = st.just(()) | built(
    st.uuids(), lambda number: (("X-Request-Id", str(number)), ("Vary", "Accept, Origin, Cookie"))
)
"""The fields that come from CVAT itself, and not from a proxy."""
KINDS: Final = ("image/jpeg", "image/png", "application/zip", "application/octet-stream")
FILES: Final[st.SearchStrategy[Fields]] = st.just(()) | built(
    NAME,
    lambda name: (
        ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}"),
        ("ETag", f'"{len(name)}"'),
        ("Accept-Ranges", "bytes"),
    ),
)
"""The fields that come with a file."""

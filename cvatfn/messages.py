"""HTTP messages as values: what is sent, what came back.

Rule: a message is plain data. It is frozen, compares by value, pickles, and shows no secrets in its
`repr`. It stands below the transport, because errors carry messages and errors know no transport.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeAlias, cast
from urllib.parse import parse_qsl, urlencode

from attrs import evolve, field, frozen
from typing_extensions import override

from cvatfn.codecs.files import Content
from cvatfn.codecs.masking import (
    cleared_text,
    sent_secrets,
    whole_words,
    without_fields,
    without_query,
    without_values,
)
from cvatfn.codecs.secrets import MASK, signs

if TYPE_CHECKING:
    from types import TracebackType

    from cvatfn.errors import TransportError
    from cvatfn.outcome import Outcome

__all__ = [
    "Headers",
    "HeadersLike",
    "Request",
    "Response",
    "Stream",
    "Timeout",
    "cleared_headers",
    "is_secret_header",
    "masked_request",
    "masked_response",
    "masked_target",
    "secrets_of",
]

SECRET_HEADERS: Final = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-csrftoken"}
)
"""Header fields whose values are never shown: these, and all whose names say so."""

_SAY_SO: Final = ("api-key", "apikey", "jwt", "password", "secret", "token")
_USERINFO: Final = re.compile(r"//.*@", re.DOTALL)

LEAST_SECRET: Final = 4
"""What is shorter guards nothing, and stands in every answer by chance."""

HeadersLike: TypeAlias = "Headers | Mapping[str, str] | Iterable[tuple[str, str]]"


@frozen(repr=False)
class Headers:
    """Header fields in order; names are compared without regard to case (RFC 9110, section 5.1).

    :param pairs: names and values as they were sent; a name may come more than once.

    >>> headers = Headers.of({"Content-Type": "image/png", "Authorization": "Bearer s3cret"})
    >>> headers.get("content-type")
    'image/png'
    >>> headers
    Headers(Content-Type: image/png, Authorization: ***)
    """

    pairs: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(headers: HeadersLike) -> Headers:
        """Read headers from a mapping or from pairs.

        :param headers: names and values; an instance is returned as it is.
        """
        if isinstance(headers, Headers):
            return headers
        if isinstance(headers, Mapping):
            named = cast("Mapping[str, str]", headers)  # as `HeadersLike` says
            return Headers(tuple(named.items()))
        return Headers(tuple(headers))

    def get(self, name: str) -> str | None:
        """The first value under a name, or `None`.

        :param name: the field's name, in any case.
        """
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value under a name, in order.

        :param name: the field's name, in any case.
        """
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    def replaced(self, other: HeadersLike) -> Headers:
        """These headers with other ones in the place of those of the same names.

        :param other: what to set.

        >>> Headers.of({"A": "1", "B": "2"}).replaced({"a": "3"})
        Headers(B: 2, a: 3)
        """
        added = Headers.of(other).pairs
        names = {name.lower() for name, _ in added}
        return Headers(tuple(pair for pair in self.pairs if pair[0].lower() not in names) + added)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    @override
    def __repr__(self) -> str:
        return f"Headers({', '.join(f'{name}: {value}' for name, value in _masked(self))})"


def _headers(headers: HeadersLike) -> Headers:
    return Headers.of(headers)


@frozen
class Timeout:
    """How long to wait, in seconds; each part may be unlimited by `None`.

    :param connect: until a connection stands.
    :param read: for each silence of the server.
    :param total: for the whole exchange.

    >>> Timeout(total=5.0)
    Timeout(connect=None, read=None, total=5.0)
    """

    connect: float | None = None
    read: float | None = None
    total: float | None = None


def _size(body: bytes | Content | None) -> str:
    return f"<{len(body)} bytes>" if isinstance(body, bytes) else repr(body)


@frozen
class Request:
    """What is to be sent.

    :param method: the HTTP method, in upper case.
    :param path: the path, percent-encoded, beginning with `/`.
    :param query: names and values, not yet encoded, in order.
    :param headers: header fields; credentials are no part of them, the connection adds those.
    :param body: the content: bytes, or what is to be read while it is sent; or `None` for a request
        without any.
    :param origin: `scheme://host:port` when the request is meant for one server only.
    :param timeout: in place of the connection's own.
    :param streamed: whether the content of a 2xx answer may come as a `Stream`; a transport that
        does not know how gives it whole.
    :param once: whether whoever asks tries again itself, so that nobody else has to (`retrying`
        does not). It says nothing of what is asked: two requests that differ in it are equal.
    :param max_body: how much content a 2xx answer may have, in bytes once decoded; `None` leaves it
        to the transport, whose own limit holds in any case. A larger one is `TooLarge`.

    >>> Request("GET", "/api/tasks", (("search", "a b"),)).target
    '/api/tasks?search=a+b'
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Headers = field(default=Headers(), converter=_headers)
    body: bytes | Content | None = field(default=None, repr=_size)
    origin: str | None = None
    timeout: Timeout | None = None
    streamed: bool = False
    once: bool = field(default=False, eq=False)
    max_body: int | None = None

    @property
    def content(self) -> bytes:
        """The body where it is in memory; empty where there is none or it is still to be read."""
        return self.body if isinstance(self.body, bytes) else b""

    @property
    def target(self) -> str:
        """The request target in origin form (RFC 9112, section 3.2.1)."""
        return (
            f"{self.path}?{urlencode(self.query, errors='surrogateescape')}"
            if self.query
            else self.path
        )


class Stream(Protocol):
    """Content that is still to come, in pieces; it closes itself at its end and when dropped."""

    def __iter__(self) -> Iterator[Outcome[bytes, TransportError]]:
        """The pieces; a failure is the last one."""
        ...

    def __next__(self) -> Outcome[bytes, TransportError]:
        """The next piece."""
        ...

    def close(self) -> None:
        """Give the rest up."""
        ...

    def __enter__(self) -> Self:
        """Close it when the block ends."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Close it."""
        ...


@frozen
class Response:
    """What came back, whole; or its head, and the content as a stream if that was asked for.

    :param status: the status code.
    :param headers: header fields.
    :param body: the content, with any content coding undone.
    :param stream: the content in place of `body`, where the request was `streamed`.
    :param cut: whether `body` is the beginning only: of a refusal that was too large, nothing more
        was read.

    >>> Response(404, {"X-Request-Id": "7f"}).request_id
    '7f'
    """

    status: int
    headers: Headers = field(default=Headers(), converter=_headers)
    body: bytes = field(default=b"", repr=_size)
    stream: Stream | None = field(default=None, eq=False, repr=False)
    cut: bool = field(default=False, repr=False)

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty where none was sent."""
        return (self.headers.get("content-type") or "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str | None:
        """The id under which CVAT's administrators find this request in their logs."""
        return self.headers.get("x-request-id")


def masked_request(request: Request, secrets: frozenset[str]) -> Request:
    """A request that may be kept and shown: no credentials, no secret fields.

    :param request: the request as sent.
    :param secrets: names of fields, of the body or the query, that are secret.
    """
    content_type = request.headers.get("content-type")
    body = request.body
    return evolve(
        request,
        path=without_query(request.path, secrets),
        query=tuple(
            (name, MASK if name in secrets or signs(name) else value)
            for name, value in request.query
        ),
        headers=_masked(request.headers),
        # What was read while it was sent is not read again, and its sources do not pickle.
        body=without_fields(body, content_type, secrets) if isinstance(body, bytes) else None,
        origin=request.origin and _USERINFO.sub(f"//{MASK}@", request.origin),
        once=False,  # an error's request may be sent again, by whatever rule
    )


def masked_response(
    response: Response, request: Request | None, sent: frozenset[str], answered: frozenset[str]
) -> Response:
    """A response that may be kept and shown: no cookies, no secret that was sent or answered.

    :param response: the response as received.
    :param request: the request as sent, whose secrets a server may repeat.
    :param sent: names of the request's fields that are secret.
    :param answered: names of the answer's fields that are secret.
    """
    values = set[str]() if request is None else secrets_of(request, sent)
    body, headers = response.body, cleared_headers(_masked(response.headers), values)
    if 200 <= response.status < 300:
        body = without_fields(body, response.headers.get("content-type"), answered)
    if body and response.cut:
        body = whole_words(body, values)
    if body and (values or sent or answered):
        body = without_values(body, values, sent | answered)
    return evolve(response, headers=headers, body=body)


def cleared_headers(headers: Headers, values: set[str]) -> Headers:
    """Header fields in which none of the values is left, be it in a name.

    :param headers: the fields.
    :param values: the texts to mask, however they are escaped.

    >>> cleared_headers(Headers.of({"Location": "/a?q=s3cret"}), {"s3cret"})
    Headers(Location: /a?q=***)
    """
    return Headers(
        tuple((cleared_text(name, values), cleared_text(value, values)) for name, value in headers)
    )


def masked_target(request: Request, secrets: frozenset[str]) -> str:
    """A request's target that may be kept and shown.

    :param request: the request as sent.
    :param secrets: names of query values that are secret.

    >>> masked_target(Request("GET", "/api/x", (("token", "s3cret"),)), frozenset({"token"}))
    '/api/x?token=***'
    """
    try:
        target = request.target
    except UnicodeError:  # half a character: it cannot be sent, but it can be told
        target = f"{request.path}?{urlencode(request.query, errors='backslashreplace')}"
    return without_query(target, secrets).encode("utf-8", "backslashreplace").decode()


def secrets_of(request: Request, secrets: frozenset[str]) -> set[str]:
    """The secret texts that a request holds, which a server may repeat.

    :param request: the request as sent.
    :param secrets: names of fields, of the body or the query, that are secret.

    >>> logged_in = Request("GET", "/", headers={"Authorization": "Bearer s3cret"})
    >>> secrets_of(logged_in, frozenset())
    {'s3cret'}
    """
    content_type = request.headers.get("content-type")
    values = [*sent_secrets(_in_memory(request), content_type, secrets)]
    values += [value for name, value in _asked(request) if name in secrets or signs(name)]
    for name, value in request.headers:
        match name.lower():
            case "cookie":
                values += [pair.partition("=")[2].strip(' "') for pair in value.split(";")]
            case "authorization" | "proxy-authorization":
                values += _login_in(value)
            case _ if is_secret_header(name):
                values.append(value)
            case _:
                pass
    return {value for value in values if len(value) >= LEAST_SECRET}


def is_secret_header(name: str) -> bool:
    """Whether a header field's value is never shown.

    :param name: its name, in any case.

    >>> is_secret_header("Cookie"), is_secret_header("X-Api-Key"), is_secret_header("Accept")
    (True, True, False)
    """
    lower = name.lower()
    return lower in SECRET_HEADERS or any(word in lower for word in _SAY_SO)


def _asked(request: Request) -> Iterator[tuple[str, str]]:
    """The query, also where a path brings one."""
    yield from request.query
    yield from parse_qsl(request.path.partition("?")[2], errors="surrogateescape")


def _login_in(value: str) -> Iterator[str]:
    """The secrets of an `Authorization`: what stands for a login, and the password in it."""
    scheme, _, login = value.partition(" ")
    yield login.strip() or scheme
    if scheme.lower() == "basic":
        try:
            yield b64decode(login).decode().partition(":")[2]
        except ValueError:  # it is no Basic login; what it is was told
            return


def _in_memory(request: Request) -> bytes | None:
    """What of a request's body is in memory: all that a form says in words."""
    body = request.body
    if isinstance(body, Content):
        return b"".join(part for part in body.parts if isinstance(part, bytes))
    return body


def _masked(headers: Headers) -> Headers:
    if not any(is_secret_header(name) for name, _ in headers):
        return headers
    return Headers(
        tuple((name, MASK if is_secret_header(name) else value) for name, value in headers)
    )

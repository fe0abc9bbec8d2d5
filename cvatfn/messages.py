"""HTTP messages as values: what is sent, what came back.

Rule: a message is plain data. It is frozen, compares by value, pickles, and shows no secrets in its
`repr`. It stands below the transport, because errors carry messages and errors know no transport.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeAlias, cast
from urllib.parse import parse_qsl, urlencode

from attrs import evolve, field, frozen
from typing_extensions import override

from cvatfn.codecs.clearing import cleared_of, cleared_text, secrets_in_urls, sought_of
from cvatfn.codecs.files import Content
from cvatfn.codecs.masking import (
    sent_secrets,
    whole_words,
    without_fields,
    without_query,
    without_values,
)
from cvatfn.codecs.secrets import MASK, SECRET_NAMES, Printer, Unshown, secret_names_at, signs

if TYPE_CHECKING:
    from types import TracebackType

    from cvatfn.errors import TransportError
    from cvatfn.outcome import Outcome

__all__ = [
    "AsyncStream",
    "Headers",
    "HeadersLike",
    "Request",
    "Response",
    "Stream",
    "Timeout",
    "cleared_headers",
    "cookies_set",
    "is_secret_header",
    "known_secrets",
    "masked_request",
    "masked_response",
    "masked_target",
    "quoted",
    "secrets_of",
]

SECRET_HEADERS: Final = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-csrftoken"}
)
"""Header fields whose values are never shown: these, and all whose names say so."""

_SAY_SO: Final = ("api-key", "apikey", "jwt", "password", "secret", "token")
_USERINFO: Final = re.compile(r"//.*@", re.DOTALL)
_NOTHING: Final = Unshown()

HeadersLike: TypeAlias = "Headers | Mapping[str, str] | Iterable[tuple[str, str]]"
"""Where header fields are taken: pairs, in order, or a mapping, where no name comes twice."""


def _shown(headers: Headers) -> Headers:
    """Header fields as they are shown."""
    return cleared_headers(_masked(headers), set())


def _shown_pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return repr(_shown(Headers(pairs)).pairs)


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

    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=_shown_pairs)

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
        return f"Headers({', '.join(f'{name}: {value}' for name, value in _shown(self))})"

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        """What IPython and Hypothesis print: code, but for secrets (see `repr_pretty`)."""
        del cycle
        printer.text(f"Headers(pairs={_shown_pairs(self.pairs)})" if self.pairs else "Headers()")


def _headers(headers: HeadersLike) -> Headers:
    return Headers.of(headers)


@frozen
class Timeout:
    """How long to wait, in seconds; each part may be unlimited by `None`.

    :param connect: until a connection stands.
    :param read: for each silence of the server.
    :param total: for the whole exchange.
    :param answer: from the end of the request until its answer is there: all of it, or its head
        where the content is streamed.
    :param rate: the least that content may make, in bytes a second of waiting, sent or received:
        who is slower over twice the time of `read` (of 60 s where that has no limit) is given up.

    >>> Timeout(total=5.0)
    Timeout(connect=None, read=None, total=5.0, answer=None, rate=None)
    """

    connect: float | None = None
    read: float | None = None
    total: float | None = None
    answer: float | None = None
    rate: float | None = None


def _size(body: bytes | Content | None) -> str:
    return f"<{len(body)} bytes>" if isinstance(body, bytes) else repr(body)


def _path(path: str) -> str:
    return repr(cleared_text(path, set()))


def _query(query: tuple[tuple[str, str], ...]) -> str:
    return repr(_cleared_query(query, SECRET_NAMES, set()))


def _origin(origin: str | None) -> str:
    return repr(origin and _USERINFO.sub(f"//{MASK}@", origin))


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
    path: str = field(repr=_path)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=_query)
    headers: Headers = field(default=Headers(), converter=_headers)
    body: bytes | Content | None = field(default=None, repr=_size)
    origin: str | None = field(default=None, repr=_origin)
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


class AsyncStream(Protocol):
    """What `Stream` is for asynchronous transports; close it at the end."""

    def __aiter__(self) -> AsyncIterator[Outcome[bytes, TransportError]]:
        """The pieces; a failure is the last one."""
        ...

    async def __anext__(self) -> Outcome[bytes, TransportError]:
        """The next piece."""
        ...

    async def aclose(self) -> None:
        """Give the rest up."""
        ...


@frozen
class Response:
    """What came back, whole; or its head, and the content as a stream if that was asked for.

    :param status: the status code.
    :param headers: header fields.
    :param body: the content, with any content coding undone.
    :param stream: the content in place of `body`, where the request was `streamed`.
    :param astream: the same, of an asynchronous transport.
    :param cut: whether `body` is the beginning only: of a refusal that was too large, nothing more
        was read.
    :param unshown: secrets that were sent to get it, and that it may repeat: the login's. An error,
        a recording or a log record that is made of it goes without them.

    >>> Response(404, {"X-Request-Id": "7f"}).request_id
    '7f'
    """

    status: int
    headers: Headers = field(default=Headers(), converter=_headers)
    body: bytes = field(default=b"", repr=_size)
    stream: Stream | None = field(default=None, eq=False, repr=False)
    astream: AsyncStream | None = field(default=None, eq=False, repr=False)
    cut: bool = field(default=False, repr=False)
    unshown: Unshown = field(default=_NOTHING, eq=False, repr=False)

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty where none was sent."""
        return (self.headers.get("content-type") or "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str | None:
        """The id under which CVAT's administrators find this request in their logs."""
        return self.headers.get("x-request-id")


def masked_request(request: Request, secrets: frozenset[str] = frozenset()) -> Request:
    """A request that may be kept and shown: no credentials, no secret fields.

    :param request: the request as sent.
    :param secrets: names of fields, of the body or the query, that are secret, beside those that
        are at its path.

    >>> masked_request(Request("GET", "/api/x", (("token", "s3cret"), ("a", "s3cret!")))).query
    (('token', '***'), ('a', '***!'))
    """
    secrets = secrets | secret_names_at(request.path)
    content_type = request.headers.get("content-type")
    body, values = request.body, secrets_of(request, secrets)
    return evolve(
        request,
        path=cleared_text(without_query(request.path, secrets), values),
        query=_cleared_query(request.query, secrets, values),
        headers=cleared_headers(_masked(request.headers), values),
        # What was read while it was sent is not read again, and its sources do not pickle.
        body=without_fields(body, content_type, secrets) if isinstance(body, bytes) else None,
        origin=request.origin and _USERINFO.sub(f"//{MASK}@", request.origin),
        once=False,  # an error's request may be sent again, by whatever rule
    )


def masked_response(
    response: Response,
    request: Request | None,
    sent: frozenset[str] = frozenset(),
    answered: frozenset[str] = frozenset(),
) -> Response:
    """A response that may be kept and shown: no cookies, no secret that was sent or answered.

    :param response: the response as received.
    :param request: the request as sent, whose secrets a server may repeat.
    :param sent: names of the request's fields that are secret, beside those that are at its path.
    :param answered: names of the answer's fields that are secret.
    """
    names = sent | answered | (SECRET_NAMES if request is None else secret_names_at(request.path))
    values = known_secrets(response, request, sent, answered)
    body = response.body
    if 200 <= response.status < 300:
        body = without_fields(body, response.headers.get("content-type"), answered)
    if body and response.cut:
        body = whole_words(body, values)
    return evolve(
        response,
        headers=cleared_headers(_masked(response.headers), values),
        body=without_values(body, values, names) if body else body,
        unshown=_NOTHING,
    )


def known_secrets(
    response: Response,
    request: Request | None,
    sent: frozenset[str] = frozenset(),
    answered: frozenset[str] = frozenset(),
) -> set[str]:
    """The secret texts that a response may repeat; the parameters are those of `masked_response`.

    :param response: the response as received.
    :param request: the request as sent.
    :param sent: names of the request's fields that are secret, beside those that are at its path.
    :param answered: names of the answer's fields that are secret.
    """
    values = {*response.unshown.texts, *cookies_set(response.headers)}
    if request is not None:
        values |= secrets_of(request, sent | secret_names_at(request.path))
    if 200 <= response.status < 300:
        values |= sent_secrets(response.body, response.headers.get("content-type"), answered)
    return values


def cookies_set(headers: Headers) -> Iterator[str]:
    """The values of the cookies that an answer sets.

    :param headers: its fields.
    """
    for field_ in headers.all("set-cookie"):
        value = field_.partition(";")[0].partition("=")[2].strip().strip('"')
        if value:
            yield value


def quoted(response: Response, name: str, longest: int = 80) -> str:
    """What a header field says, as it may be quoted in an error: without the login, and cut.

    :param response: what came back.
    :param name: the field's name; one that is not there is quoted as empty.
    :param longest: how many characters are told.

    >>> quoted(Response(200, {"X-A": "s3cret"}, unshown=Unshown(["s3cret"])), "x-a")
    "'***'"
    """
    said = response.headers.get(name) or ""
    return repr(cleared_text(said, {*response.unshown.texts})[:longest])


def cleared_headers(headers: Headers, values: set[str]) -> Headers:
    """Header fields in which none of the values is left, be it in a name.

    :param headers: the fields.
    :param values: the texts to mask, however they are escaped.

    >>> cleared_headers(Headers.of({"Location": "/a?q=s3cret"}), {"s3cret"})
    Headers(Location: /a?q=***)
    """
    sought = sought_of(values)
    return Headers(
        tuple((cleared_of(name, sought), cleared_of(value, sought)) for name, value in headers)
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
    body = _in_memory(request)
    values = [*sent_secrets(body, content_type, secrets)]
    for text in (body, request.path, request.origin, *_values(request)):
        values += secrets_in_urls(text or "")
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
    return {value for value in values if value}


def is_secret_header(name: str) -> bool:
    """Whether a header field's value is never shown.

    :param name: its name, in any case.

    >>> is_secret_header("Cookie"), is_secret_header("X-Api-Key"), is_secret_header("Accept")
    (True, True, False)
    """
    lower = name.lower()
    return lower in SECRET_HEADERS or any(word in lower for word in _SAY_SO)


def _cleared_query(
    query: tuple[tuple[str, str], ...], secrets: frozenset[str], values: set[str]
) -> tuple[tuple[str, str], ...]:
    sought = sought_of(values)
    return tuple(
        (name, MASK if name in secrets or signs(name) else cleared_of(value, sought))
        for name, value in query
    )


def _values(request: Request) -> Iterator[str]:
    """What a request says beside its names: the values of its query and its header fields."""
    yield from (value for _, value in request.query)
    yield from (value for _, value in request.headers)


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

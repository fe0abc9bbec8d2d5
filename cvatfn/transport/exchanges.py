"""An exchange as a line of JSON that a person can read, and back: the format of recordings.

An exchange is what was asked and what came back. Its line has the fields of `Exchange`; a body is
`null`, `{"json": ...}`, `{"text": ...}`, `{"base64": ...}` or `{"omitted": bytes}`, and in place of
a response there may be the transport's failure: `{"kind": "TimedOut", "reason": ...}`.

Rule: no secret gets into a line. What is secret is known by its name, at this path; what of it is
repeated elsewhere is found by its value; what cannot be looked through is left out. All here is
pure, but for a look at the sizes of files that are sent.
"""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from codecs import BOM_UTF8
from typing import Final, Literal, TypeAlias, assert_never
from urllib.parse import parse_qsl

import msgspec
from attrs import asdict, evolve, frozen

from cvatfn.codecs import native
from cvatfn.codecs.clearing import Sought, cleared_of, cleared_text, sought_of
from cvatfn.codecs.files import Content
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.masking import names_any, says_json, sent_secrets, without_fields, without_values
from cvatfn.codecs.secrets import MASK, secret_names_at
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    TimedOut,
    TlsFailed,
    TooLarge,
    TransportError,
    Unsendable,
)
from cvatfn.messages import (
    Headers,
    Request,
    Response,
    cookies_set,
    is_secret_header,
    masked_request,
    masked_target,
    secrets_of,
)
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.contents import Unreadable, length_of

__all__ = [
    "Body",
    "Exchange",
    "Fault",
    "Key",
    "exchange_of",
    "is_torn",
    "key_of",
    "keys_of",
    "line_of",
    "outcome_of",
    "read_line",
]

Pairs: TypeAlias = tuple[tuple[str, str], ...]

Kind: TypeAlias = Literal[
    "ConnectFailed",
    "ConnectionLost",
    "ForeignOrigin",
    "TimedOut",
    "TlsFailed",
    "TooLarge",
    "Unsendable",
]
"""The names of the classes of `TransportError`."""

_OF_THE_BYTES: Final = frozenset(
    {"content-digest", "content-length", "content-md5", "digest", "repr-digest"}
)
"""Fields that speak of a body's bytes: left out where other bytes say the same, or less."""


@frozen(kw_only=True)
class Body:
    """A body's content: one of these, or what is known of a content that is not kept.

    :param json: what the JSON says.
    :param text: a text in UTF-8.
    :param base64: other bytes.
    :param omitted: how many bytes were left out; `None` where that was not known before.
    """

    json: object = UNSET
    text: str | Unset = UNSET
    base64: str | Unset = UNSET
    omitted: int | Unset | None = UNSET


@frozen(kw_only=True)
class Fault:
    """Why no response came: a `TransportError` without its request.

    :param kind: the name of its class.
    :param reason: its reason.
    :param may_have_acted: whether the server may have acted on the request.
    :param limit: of `TooLarge`: bytes.
    :param origin: of `ForeignOrigin`: whom the transport spoke to.
    """

    kind: Kind
    reason: str = ""
    may_have_acted: bool = True
    limit: int | Unset = UNSET
    origin: str | Unset = UNSET


@frozen(kw_only=True)
class Exchange:
    """What was asked and what came back, without secrets.

    :param operation: the OpenAPI document's name of the operation, where it is known.
    :param method: the request's method.
    :param target: its path and query.
    :param request_headers: names and values.
    :param request_body: what was sent.
    :param status: the response's status.
    :param response_headers: names and values.
    :param response_body: what came back.
    :param failure: why no response came.
    """

    operation: str | Unset | None = UNSET
    method: str
    target: str
    request_headers: Pairs = ()
    request_body: Body | None = None
    status: int | Unset = UNSET
    response_headers: Pairs = ()
    response_body: Body | None = None
    failure: Fault | Unset = UNSET


Key: TypeAlias = tuple[str, str, Pairs, Pairs, bytes]
"""What of a request is compared: method, path, query, the upload's fields, and what stands for the
body."""


def exchange_of(
    request: Request, outcome: Outcome[Response, TransportError], most: int
) -> Exchange:
    """An exchange without its secrets.

    :param request: what was asked.
    :param outcome: what it came to.
    :param most: the largest body that is kept, in bytes.

    >>> asked = Request("POST", "/api/auth/login", body=b'{"username":"ada","password":"s3cret"}')
    >>> print(line_of(exchange_of(asked, Success(Response(400)), 99)).decode())
    ... # doctest: +NORMALIZE_WHITESPACE, +ELLIPSIS
    {"method":"POST","target":"/api/auth/login","request_headers":[],"request_body":{"json":{"username":"ada","password":"***"}},"status":400,...
    """
    asked = _asked(request, most)
    values = secrets_of(request, secret_names_at(request.path))
    match outcome:
        case Success(response):
            return _answered(asked, response, secret_names_at(request.path), values, most)
        case Failure(error):
            return evolve(asked, failure=_fault(error, values))


def outcome_of(exchange: Exchange, request: Request) -> Outcome[Response, TransportError]:
    """What a request came to when the exchange was recorded.

    :param exchange: the exchange.
    :param request: the request that is asked again.
    :returns: the response or the failure; `Unsendable` where the answer's content was left out.
    """
    asked = masked_request(request)
    if exchange.failure is not UNSET:
        return Failure(_error(exchange.failure, asked))
    body = _content(exchange.response_body)
    if exchange.status is UNSET or body is None:
        left_out = "the recording left out what this was answered with: see its `max_body`"
        return Failure(Unsendable(asked, left_out))
    return Success(Response(exchange.status, Headers(exchange.response_headers), body))


def line_of(exchange: Exchange) -> bytes:
    """The exchange as a line of JSON, with its end.

    :param exchange: the exchange.
    """
    left_out = () if exchange.failure is UNSET else ("response_headers", "response_body")
    held = {
        name: value
        for name, value in asdict(exchange, recurse=False).items()
        if value is not UNSET and name not in left_out
    }
    return dumps(held) + b"\n"


def read_line(line: bytes) -> Outcome[Exchange, str]:
    """A line's exchange; or what is wrong with the line.

    :param line: the line, an editor's mark of UTF-8 before it or not; fields that are not known are
        passed over.

    >>> read_line(b'{"method": "GET", "target": "/api/tasks"}')
    <Failure: it has to have either a `status` or a `failure`>
    """
    match loads(Exchange, line.removeprefix(BOM_UTF8)):
        case Failure(error):
            return Failure("; ".join(map(str, error.problems)))
        case Success(exchange):
            pass
    if (exchange.status is UNSET) == (exchange.failure is UNSET):
        return Failure("it has to have either a `status` or a `failure`")
    for name, body in (
        ("request_body", exchange.request_body),
        ("response_body", exchange.response_body),
    ):
        wrong = None if body is None else _wrong(body)
        if wrong is not None:
            return Failure(f"$.{name}: {wrong}")
    return Success(exchange)


def is_torn(line: bytes) -> bool:
    """Whether a line is the beginning of an exchange: it was being written when all ended.

    :param line: the line.

    >>> is_torn(b'{"method": "GE'), is_torn(b'{"method": "GET"}'), is_torn(b"# Notes")
    (True, False, False)
    """
    if not line.startswith(b"{"):
        return False
    try:
        native.read_json(line)
    except native.REFUSALS:
        return True
    return False


def key_of(exchange: Exchange) -> Key:
    """What a request must be to be answered with this exchange.

    :param exchange: the exchange; another hand may have masked less of it.
    """
    path, query = _split(exchange.target)
    body, content = exchange.request_body, _content(exchange.request_body)
    kept = content if body is not None and body.json is not UNSET else None
    fields = exchange.request_headers
    asked = _asked(Request(exchange.method, path, query, fields, kept), sys.maxsize)
    return _key(asked if kept else evolve(asked, request_body=body))


def keys_of(request: Request) -> tuple[Key, ...]:
    """The keys under which a request's exchange may be found: JSON as data, the rest by its size.

    :param request: the request.

    >>> asked = Request("POST", "/api/x", (("token", "s3cret"),), body=b'{"b": 1, "a": 2}')
    >>> keys_of(asked)[0]
    ('POST', '/api/x', (('token', '***'),), (), b'{"a":2,"b":1}')
    """
    asked = _asked(request, sys.maxsize)
    keys = [_key(asked)]
    if isinstance(request.body, bytes) and request.body:
        # JSON that was too large for the recording is there with its size.
        keys.append(_key(evolve(asked, request_body=Body(omitted=len(request.body)))))
    return tuple(dict.fromkeys(keys))


def _key(asked: Exchange) -> Key:
    named = ((name.lower(), value) for name, value in asked.request_headers)
    upload = tuple(sorted(field for field in named if field[0].startswith("upload-")))
    return asked.method, *_split(asked.target), upload, _stand_in(asked.request_body)


def _split(target: str) -> tuple[str, Pairs]:
    path, _, query = target.partition("?")
    return path, tuple(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))


def _asked(request: Request, most: int) -> Exchange:
    names = secret_names_at(request.path)
    values = secrets_of(request, names)
    return Exchange(
        method=_sound(request.method),
        target=cleared_text(masked_target(request, names), values),
        request_headers=_fields(request.headers, values),
        request_body=_sent(request, names, values, most),
    )


def _answered(
    asked: Exchange, response: Response, names: frozenset[str], values: set[str], most: int
) -> Exchange:
    well = 200 <= response.status < 300
    told = {
        *cookies_set(response.headers),
        *(sent_secrets(response.body, None, names) if well else ()),
    }
    if len(told) > _MOST_TOLD:  # to look for each of them everywhere would take ages
        left_out = Body(omitted=len(response.body))
        return evolve(asked, status=response.status, response_body=left_out)
    values = values.union(response.unshown.texts, told)
    body = _received(response, names, values, most)
    fields = _fields(response.headers, values)
    if _content(body) != response.body:
        fields = tuple(field for field in fields if field[0].lower() not in _OF_THE_BYTES)
    return evolve(asked, status=response.status, response_headers=fields, response_body=body)


def _sent(request: Request, names: frozenset[str], values: set[str], most: int) -> Body | None:
    """A request's body: JSON is kept; what forms and uploads hold is known by its size alone."""
    body = request.body
    if isinstance(body, Content):
        return Body(omitted=_length(body))
    if not body:
        return None
    if len(body) <= most and says_json(request.headers.get("content-type")):
        kept = _json(without_values(without_fields(body, None, names), values, _NONE))
        if kept is not None:
            return kept
    return Body(omitted=len(body))


def _received(
    response: Response, names: frozenset[str], values: set[str], most: int
) -> Body | None:
    body, content_type = response.body, response.headers.get("content-type")
    if response.stream is not None:  # unasked; there is no telling what it will bring
        return Body(omitted=None)
    if response.headers.get("content-encoding") not in (None, "identity"):
        return Body(omitted=len(body))
    if not body:
        return None
    if len(body) > most:
        return Body(omitted=len(body))
    bare = content_type is None and body[:1] not in (b"{", b"[")
    if bare or not says_json(content_type):
        return _plain(body, content_type, names, values)
    if 200 <= response.status < 300:
        kept = _json(without_values(without_fields(body, None, names), values, _NONE))
    else:  # under a secret's name a refusal says what is wrong with it
        kept = _json(without_values(body, values, names))
    if kept is None and any(hidden in body for hidden in _ESCAPES):
        return Body(omitted=len(body))
    return kept or _plain(body, content_type, names, values)


def _json(body: bytes) -> Body | None:
    try:
        kept = Body(json=native.read_json(body))
        native.encode(kept)
    except native.REFUSALS:
        return None
    return kept


def _plain(body: bytes, content_type: str | None, names: frozenset[str], values: set[str]) -> Body:
    """What is no JSON: a text that so much as names a secret is left out, a file is kept."""
    kept = without_values(body, values, _NONE)
    try:
        held = Body(text=kept.decode())
    except UnicodeDecodeError:
        held = Body(base64=b64encode(kept).decode())
    is_text = held.text is not UNSET or (content_type or "").lower().startswith("text/")
    if is_text and names_any(body.replace(b"\0", b"").lower(), names):  # UTF-16 is mostly zeros
        return Body(omitted=len(body))
    return held


def _content(body: Body | None) -> bytes | None:
    """The bytes of a body; `None` where they were left out."""
    if body is None:
        return b""
    if body.text is not UNSET:
        return body.text.encode()
    if body.base64 is not UNSET:
        return b64decode(body.base64, validate=True)
    return None if body.json is UNSET else native.encode(body.json)


def _wrong(body: Body) -> str | None:
    held = (body.json, body.text, body.base64, body.omitted)
    if sum(each is not UNSET for each in held) != 1:
        return "it has to have one of `json`, `text`, `base64` and `omitted`"
    try:
        _content(body)
    except native.REFUSALS as refusal:
        return str(refusal)
    return None


def _stand_in(body: Body | None) -> bytes:
    if body is None:
        return b""
    if body.json is not UNSET:
        return _SORTED.encode(body.json)
    content = _content(body)
    return b"of %r bytes" % (body.omitted if content is None else len(content))


def _length(content: Content) -> int | None:
    try:
        return length_of(content)
    except Unreadable:
        return None


def _fields(headers: Headers, values: set[str]) -> Pairs:
    sought = sought_of(values)
    return tuple(
        (_sound(cleared_of(name, sought)), _field(name.lower(), value, sought))
        for name, value in headers
    )


def _field(name: str, value: str, sought: Sought) -> str:
    if name == "set-cookie" and "=" in value.partition(";")[0]:
        cookie, _, attributes = value.partition(";")
        about = f";{attributes}" if attributes else ""
        bare = cleared_of(cookie.partition("=")[0], sought)
        return f"{_sound(bare)}={MASK}{_sound(cleared_of(about, sought))}"
    return MASK if is_secret_header(name) else _sound(cleared_of(value, sought))


def _sound(text: str) -> str:
    """A text that JSON can say: half a character is escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def _fault(error: TransportError, values: set[str]) -> Fault:
    def fault(kind: Kind, reason: str = "") -> Fault:
        shown = _sound(cleared_text(reason, values))
        return Fault(kind=kind, reason=shown, may_have_acted=error.may_have_acted)

    match error:
        case ConnectFailed(reason=reason):
            return fault("ConnectFailed", reason)
        case ConnectionLost(reason=reason):
            return fault("ConnectionLost", reason)
        case ForeignOrigin(origin=origin):
            return evolve(fault("ForeignOrigin"), origin=_sound(origin))
        case TimedOut(reason=reason):
            return fault("TimedOut", reason)
        case TlsFailed(reason=reason):
            return fault("TlsFailed", reason)
        case TooLarge(limit=limit):
            return evolve(fault("TooLarge"), limit=limit)
        case Unsendable(reason=reason):
            return fault("Unsendable", reason)
        case _:
            assert_never(error)


def _error(fault: Fault, asked: Request) -> TransportError:
    match fault.kind:
        case "ConnectFailed":
            return ConnectFailed(asked, fault.reason)
        case "ConnectionLost":
            return ConnectionLost(asked, fault.reason, fault.may_have_acted)
        case "ForeignOrigin":
            return ForeignOrigin(asked, fault.origin or "")
        case "TimedOut":
            return TimedOut(asked, fault.reason, fault.may_have_acted)
        case "TlsFailed":
            return TlsFailed(asked, fault.reason)
        case "TooLarge":
            return TooLarge(asked, fault.limit or 0)
        case "Unsendable":
            return Unsendable(asked, fault.reason)
        case _:
            assert_never(fault.kind)


_MOST_TOLD: Final = 100
"""How many secrets an answer may tell, to be kept without them."""
_NONE: Final = frozenset[str]()
_ESCAPES: Final = (b"\\u", b"\0")
_SORTED: Final = msgspec.json.Encoder(order="sorted")

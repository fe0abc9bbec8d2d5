"""The way of a call: `prepare` (pure), the transport, `interpret` (pure); `call` is the three.

Rule: whatever parameters, servers and networks do comes back as a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Final, ParamSpec, TypeVar, Union, cast, get_args, get_origin
from urllib.parse import parse_qsl, urlsplit

from attrs import evolve, frozen

from cvatfn.codecs.bodies import EncodedBody, encode_body, sent_kind
from cvatfn.codecs.json import guesses, loads
from cvatfn.codecs.params import ParamCodec, header_text, param_codec, path_segment, text_as_given
from cvatfn.codecs.problems import Problem, at_key
from cvatfn.codecs.rejections import read_refusal, read_retry_after
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.secrets import SECRET_NAMES, secret_names
from cvatfn.codecs.unset import UNSET
from cvatfn.endpoints import Declaration, Endpoint, Parameter, Reading, RequestBody, WithResponse
from cvatfn.errors import (
    CallError,
    InvalidParams,
    Rejected,
    TransportError,
    Undecodable,
    UnexpectedStatus,
)
from cvatfn.messages import Headers, Request, Response, masked_request, masked_response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport.types import Transport

__all__ = ["call", "follow", "interpret", "prepare", "request"]

P = ParamSpec("P")
T = TypeVar("T")


def call(
    transport: Transport, endpoint: Endpoint[P, T], /, *args: P.args, **params: P.kwargs
) -> Outcome[T, CallError]:
    """Ask an endpoint.

    :param transport: what sends: a connection, a wrapped one, or any function of that type.
    :param endpoint: which operation.
    :param args: the endpoint's parameters, as its signature has them.
    :param params: the same, by name.
    :returns: the answer in the endpoint's type; any error as a value.

    >>> from cvatfn import Response, in_memory
    >>> from cvatfn.api import server
    >>> about = b'{"name":"CVAT","description":"","version":"2.80.0","logo_url":"","subtitle":""}'
    >>> transport = in_memory(lambda request: Response(200, body=about))
    >>> call(transport, server.retrieve_about).unwrap().version
    '2.80.0'
    """
    match prepare(endpoint, *args, **params):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    match transport(request):
        case Failure(error):
            return Failure(_told(error, endpoint.name, _plan(endpoint.declaration).sent_secrets))
        case Success(response):
            return interpret(endpoint, response, request)


def prepare(
    endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs
) -> Outcome[Request, InvalidParams]:
    """Turn parameters into a request; pure, and all another HTTP library needs to send it.

    :param endpoint: which operation.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the request without credentials, or all that is wrong with the parameters.

    >>> from cvatfn.api import tasks
    >>> prepare(tasks.list, page_size=10).unwrap().target
    '/api/tasks?page_size=10'
    """
    plan, reading = _plan(endpoint.declaration), endpoint.reading
    problems: list[Problem] = []
    values = _bound(plan, args, params, problems)
    path = _path(plan, values, reading, problems)
    query = _texts(plan.query, values, reading, problems)
    headers = _accept(reading.accept or plan.accept, problems)
    headers += _headers(plan, values, reading, problems)
    content: bytes | None = None
    if plan.body is not None and values.get(plan.body.name, UNSET) is not UNSET:
        match _body(plan.body, values[plan.body.name], reading):
            case Success(encoded):
                content = encoded.content
                headers.append(("Content-Type", encoded.content_type))
            case Failure(wrong):
                problems.extend(wrong)
    if problems:
        return Failure(InvalidParams(endpoint.name, tuple(problems)))
    return Success(Request(plan.method, path, tuple(query), Headers(tuple(headers)), content))


def interpret(
    endpoint: Endpoint[P, T], response: Response, request: Request | None = None
) -> Outcome[T, CallError]:
    """Read a response as the endpoint's answer; pure.

    :param endpoint: which operation was asked.
    :param response: what came back.
    :param request: what was sent; errors keep it with its secrets masked.
    :returns: the answer, or `Rejected`, `UnexpectedStatus` or `Undecodable`.

    >>> from cvatfn.api import tasks
    >>> from cvatfn.messages import Response
    >>> interpret(tasks.destroy, Response(204))
    <Success: None>
    >>> interpret(tasks.destroy, Response(404, body=b'{"detail":"Not found."}')).failure().detail
    'Not found.'
    """
    reading = endpoint.reading
    if reading.form == "unchecked":
        return Success(cast("T", _paired(response, response, reading)))  # as `unchecked` says
    if not 200 <= response.status < 300:
        return Failure(_refused(endpoint, response, request))
    match _read(endpoint, response, reading):
        case Success(value):
            # The types of the endpoint functions and of the decoder both say that this is a `T`.
            return Success(cast("T", _paired(value, response, reading)))
        case Failure(problems):
            sent, got = _masked(endpoint, response, request)
            return Failure(Undecodable(endpoint.name, sent, got, problems))


def request(transport: Transport, asked: Request, /) -> Outcome[Response, CallError]:
    """Send a request of one's own; the connection adds its credentials, the status is checked.

    :param transport: what sends.
    :param asked: the request; an `origin` in it must be the connection's own.
    :returns: the response, or any error as a value.
    """
    match transport(asked):
        case Failure(error):
            return Failure(_told(error, "", SECRET_NAMES))
        case Success(response):
            pass
    if 200 <= response.status < 300:
        return Success(response)
    sent = masked_request(asked, SECRET_NAMES)
    got = masked_response(response, asked, SECRET_NAMES, SECRET_NAMES)
    return Failure(_not_answered("", sent, got))


def follow(transport: Transport, url: str, /) -> Outcome[Response, CallError]:
    """Get what a URL from the server names, such as a `result_url`, with the same credentials.

    :param transport: a connection to the URL's own origin; credentials never go to another one.
    :param url: an absolute URL, or a path with its query.
    :returns: the response, or any error as a value; `ForeignOrigin` if the URL leads elsewhere.
    """
    match request_of(url):
        case Success(asked):
            return request(transport, asked)
        case Failure() as refused:
            return refused


def request_of(url: str, method: str = "GET") -> Outcome[Request, InvalidParams]:
    """The request that a URL stands for; pure.

    :param url: an absolute URL, or a path with its query.
    :param method: the HTTP method.

    >>> request_of("http://localhost:8080/api/tasks?page=2").unwrap().origin
    'http://localhost:8080'
    """
    try:
        parts = urlsplit(url)
        absolute = bool(parts.scheme or parts.netloc)
        usable = not absolute or (parts.scheme in ("http", "https") and bool(parts.hostname))
        url.encode()
        # Bytes that are no UTF-8 are kept as surrogates, and written back as the bytes they were.
        query = tuple(parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape"))
        named = parts.username is not None
    except ValueError as error:
        return Failure(InvalidParams("follow", (Problem("url", f"is no URL: {error}"),)))
    if not usable or named or not (parts.path.startswith("/") or absolute):
        wrong = Problem("url", "is no http or https URL without credentials, nor an absolute path")
        return Failure(InvalidParams("follow", (wrong,)))
    origin = f"{parts.scheme}://{parts.netloc}" if absolute else None
    return Success(Request(method, parts.path or "/", query, origin=origin))


@frozen
class _Slot:
    """One parameter, ready to be written."""

    parameter: Parameter
    codec: ParamCodec
    nullable: bool


@frozen
class _Plan:
    """All that `prepare` and `interpret` need of a declaration, looked up once."""

    method: str
    path: tuple[str | _Slot, ...]
    accept: str
    positional: tuple[str, ...]
    required: tuple[str, ...]
    defaults: Mapping[str, object]
    query: tuple[_Slot, ...]
    headers: tuple[_Slot, ...]
    body: RequestBody | None
    known: frozenset[str]
    sent_secrets: frozenset[str]
    answered_secrets: frozenset[str]
    may_be_empty: bool
    bytes_among: bool
    text_among: bool
    returns: object
    json_returns: object


@remembered
def _plan(declaration: Declaration) -> _Plan:
    facts, signature = declaration.facts, declaration.signature
    slots = {
        parameter.name: _Slot(parameter, param_codec(parameter.type), _takes_none(parameter))
        for parameter in signature.parameters
    }
    in_path = {
        f"{{{slot.parameter.wire_name}}}": slot
        for slot in slots.values()
        if slot.parameter.place == "path"
    }
    body, returns = signature.body, signature.returns
    parts: tuple[object, ...] = get_args(returns) if _is_union(returns) else ()
    rest: list[object] = [part for part in parts if part is not bytes]
    return _Plan(
        method=facts.method,
        path=tuple(in_path.get(piece, piece) for piece in _BRACES.split(facts.path)),
        accept="*/*" if returns is bytes else facts.produces[0],
        positional=signature.positional,
        required=tuple(
            [name for name, slot in slots.items() if slot.parameter.required]
            + ([body.name] if body is not None and body.required else [])
        ),
        defaults={
            name: slot.parameter.default
            for name, slot in slots.items()
            if slot.parameter.default is not UNSET
        },
        query=tuple(slot for slot in slots.values() if slot.parameter.place == "query"),
        headers=tuple(slot for slot in slots.values() if slot.parameter.place == "header"),
        body=body,
        known=frozenset([*slots, *([] if body is None else [body.name])]),
        sent_secrets=frozenset() if body is None else secret_names(sent_kind(body.type)),
        answered_secrets=secret_names(returns),
        may_be_empty=returns is NoneType or NoneType in parts,
        bytes_among=bytes in parts,
        text_among=returns is str or str in parts,
        returns=returns,
        json_returns=rest[0] if bytes in parts and len(rest) == 1 else returns,
    )


_BRACES: Final = re.compile(r"({\w+})")


def _takes_none(parameter: Parameter) -> bool:
    """Whether `None` may be given for it; a path has no place for what is absent."""
    return parameter.place != "path" and NoneType in get_args(parameter.type)


def _is_union(kind: object) -> bool:
    return get_origin(kind) in (Union, UnionType)


def _bound(
    plan: _Plan,
    args: tuple[object, ...],
    params: Mapping[str, object],
    problems: list[Problem],
) -> dict[str, object]:
    values: dict[str, object] = {**plan.defaults}
    values.update(zip(plan.positional, args, strict=False))
    given = {*plan.positional[: len(args)]}
    if len(args) > len(plan.positional):
        taken = len(plan.positional)
        problems.append(Problem("args", f"only {taken} may be positional, {len(args)} were given"))
    for name, value in params.items():
        if name not in plan.known:
            near = get_close_matches(name, plan.known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            problems.append(Problem(name, f"is no parameter{hint}"))
        elif name in given:
            problems.append(Problem(name, "is given twice"))
        else:
            values[name] = value
    for name in plan.required:
        if values.get(name, UNSET) is UNSET:
            problems.append(Problem(name, "is missing"))
            values.pop(name, None)
    return values


def _path(
    plan: _Plan, values: Mapping[str, object], reading: Reading, problems: list[Problem]
) -> str:
    pieces: list[str] = []
    for piece in plan.path:
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        for _, text in _texts((piece,), values, reading, problems):
            match path_segment(text):
                case Success(segment):
                    pieces.append(segment)
                case Failure(wrong):
                    problems.append(Problem(piece.parameter.name, wrong))
    return "".join(pieces)


def _texts(
    slots: tuple[_Slot, ...],
    values: Mapping[str, object],
    reading: Reading,
    problems: list[Problem],
) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    if not values:
        return texts
    for slot in slots:
        value = values.get(slot.parameter.name, UNSET)
        if value is UNSET or (value is None and slot.nullable):
            continue  # no text says null: where a declaration takes `None`, it means absent
        match slot.codec.encode(value) if reading.validated else text_as_given(value):
            case Success(encoded):
                texts += [(slot.parameter.wire_name, text) for text in encoded]
            case Failure(wrong):
                problems.append(Problem(slot.parameter.name, wrong))
    return texts


def _accept(content_type: str, problems: list[Problem]) -> list[tuple[str, str]]:
    match header_text(content_type):
        case Success(fit):
            return [("Accept", fit)]
        case Failure(wrong):
            problems.append(Problem("Accept", wrong))
            return []


def _headers(
    plan: _Plan, values: Mapping[str, object], reading: Reading, problems: list[Problem]
) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    # A flag such as `Upload-Start` counts for CVAT by being there, so `False` is not sent.
    said = {name: value for name, value in values.items() if value is not False}
    for slot in plan.headers:
        for name, text in _texts((slot,), said, reading, problems):
            match header_text(text):
                case Success(fit):
                    fields.append((name, fit))
                case Failure(wrong):
                    problems.append(Problem(slot.parameter.name, wrong))
    return fields


def _body(
    body: RequestBody, value: object, reading: Reading
) -> Outcome[EncodedBody, tuple[Problem, ...]]:
    chosen = body.content_types if reading.content_type is None else (reading.content_type,)
    if not set(chosen) <= set(body.content_types):
        wrong = (
            f"cannot be sent as {reading.content_type!r}, only as {' or '.join(body.content_types)}"
        )
        return Failure((Problem(at_key("$", body.name), wrong),))
    match encode_body(body.type, chosen, value, validated=reading.validated):
        case Success() as encoded:
            return encoded
        case Failure(problems):
            named = (
                evolve(problem, path=at_key("$", body.name) + problem.path[1:])
                for problem in problems
            )
            return Failure(tuple(named))


def _read(
    endpoint: Endpoint[P, object], response: Response, reading: Reading
) -> Outcome[object, tuple[Problem, ...]]:
    plan = _plan(endpoint.declaration)
    if reading.form == "response":
        return Success(response)
    if reading.form == "bytes" or plan.returns is bytes:
        return Success(response.body)
    if plan.may_be_empty and (not response.body or plan.returns is NoneType):
        return Success(None)
    if plan.bytes_among and (not response.body or "json" not in response.content_type):
        return Success(response.body)
    if plan.text_among and response.content_type.startswith("text/"):
        return Success(response.body.decode("utf-8", "replace"))
    if not response.body:
        return Failure((Problem("$", "the body is empty"),))
    match loads(cast("type[object]", plan.json_returns), response.body):  # any type form will do
        case Success() as decoded:
            return decoded
        case Failure(error):
            if reading.lenient:
                return Success(guesses(plan.json_returns, response.body))
            return Failure(_hinted(error.problems, response))


def _hinted(problems: tuple[Problem, ...], response: Response) -> tuple[Problem, ...]:
    if not response.content_type or "json" in response.content_type:
        return problems
    said = f"the body is {response.content_type}, not JSON: is this a CVAT server?"
    return (Problem("$", said), *problems)


def _paired(value: object, response: Response, reading: Reading) -> object:
    for _ in range(reading.pairs):
        value = WithResponse(value, response)
    return value


def _masked(
    endpoint: Endpoint[P, object], response: Response, request: Request | None
) -> tuple[Request | None, Response]:
    plan = _plan(endpoint.declaration)
    sent = None if request is None else masked_request(request, plan.sent_secrets)
    return sent, masked_response(response, request, plan.sent_secrets, plan.answered_secrets)


def _refused(
    endpoint: Endpoint[P, object], response: Response, request: Request | None
) -> Rejected | UnexpectedStatus:
    return _not_answered(endpoint.name, *_masked(endpoint, response, request))


def _not_answered(
    name: str, sent: Request | None, response: Response
) -> Rejected | UnexpectedStatus:
    if not 400 <= response.status < 600:
        return UnexpectedStatus(name, sent, response)
    refusal = read_refusal(response.status, response.content_type, response.body)
    wait = read_retry_after(response.headers.get("retry-after"), response.headers.get("date"))
    return Rejected(name, sent, response, refusal.detail, refusal.fields, wait)


def _told(error: TransportError, name: str, secrets: frozenset[str]) -> TransportError:
    return evolve(error, endpoint=name, request=masked_request(error.request, secrets))

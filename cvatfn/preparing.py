"""From parameters to a request: `prepare`, pure.

Rule: every problem is found before any is told. Nothing that a caller gives makes it raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ParamSpec

from attrs import evolve

from cvatfn.codecs.bodies import EncodedBody, encode_body
from cvatfn.codecs.files import Content
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.params import header_text, path_segment, text_as_given
from cvatfn.codecs.problems import Problem, at_key
from cvatfn.codecs.unset import UNSET
from cvatfn.endpoints import Endpoint, Reading, RequestBody
from cvatfn.errors import InvalidParams
from cvatfn.messages import Headers, Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.plans import Plan, Slot, plan_of

__all__ = ["prepare"]

P = ParamSpec("P")


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
    plan, reading = plan_of(endpoint.declaration), endpoint.reading
    problems: list[Problem] = []
    values = _bound(plan, args, params, problems)
    path = _path(plan, values, reading, problems)
    query = _texts(plan.query, values, reading, problems)
    headers = [("Accept", plan.accept)]
    if reading.accept is not None:
        headers = _accept(reading.accept, problems)
    if plan.headers:
        headers += _headers(plan, values, reading, problems)
    content: bytes | Content | None = None
    if plan.body is not None and values.get(plan.body.name, UNSET) is not UNSET:
        match _body(plan.body, values[plan.body.name], reading):
            case Success(encoded):
                content = encoded.content
                headers.append(("Content-Type", encoded.content_type))
            case Failure(wrong):
                problems.extend(wrong)
    if problems:
        return Failure(InvalidParams(endpoint.name, tuple(problems)))
    most = plan.max_body if reading.max_body is None else reading.max_body
    fields = Headers(tuple(headers))
    return Success(Request(plan.method, path, tuple(query), fields, content, max_body=most))


def _bound(
    plan: Plan,
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
            problems.append(Problem(name, f"is no parameter{did_you_mean(name, plan.known)}"))
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
    plan: Plan, values: Mapping[str, object], reading: Reading, problems: list[Problem]
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
    slots: tuple[Slot, ...],
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
    plan: Plan, values: Mapping[str, object], reading: Reading, problems: list[Problem]
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

"""Asking an endpoint over a transport that only takes notes, and reading back what was sent.

Rule: what was sent is read by the standard library and by python-multipart, never by ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from hypothesis import settings

from cvatfn import (
    Endpoint,
    Failure,
    Request,
    Response,
    Success,
    call,
    catalogue,
)
from cvatfn.codecs.bodies import sent_kind
from cvatfn.errors import InvalidParams
from tests.codecs.test_forms import parsed, sent
from tests.inputs.document import OPERATIONS, Operation, Schema, is_list, is_object
from tests.inputs.judging import target

__all__ = [
    "ENDPOINTS",
    "asked",
    "body_of",
    "form_of",
    "least_of",
    "model_of",
    "normal",
    "operation_of",
    "refused",
    "share",
]

AnyEndpoint = Endpoint[..., object]

ENDPOINTS: Final = list(catalogue())


def share(part: int) -> settings:
    """As many examples as the profile asks for, shared by so many cases.

    :param part: one in how many of the profile's.
    """
    return settings(max_examples=max(1, settings().max_examples // part))


def operation_of(endpoint: AnyEndpoint) -> Operation:
    """What the document says of an endpoint."""
    return OPERATIONS[endpoint.name]


def asked(endpoint: AnyEndpoint, /, *args: object, **params: object) -> Request | InvalidParams:
    """What `call` makes of parameters.

    :returns: the request that was sent, or why nothing was.
    """
    notes: list[Request] = []

    def transport(request: Request) -> Success[Response]:
        notes.append(request)
        return Success(Response(500))

    match call(transport, endpoint, *args, **params):
        case Failure(InvalidParams() as refusal):
            assert notes == []
            return refusal
        case _:
            (request,) = notes
            return request


def refused(outcome: Request | InvalidParams) -> frozenset[str]:
    """The places that were refused, each with a reason; none where a request was sent."""
    if isinstance(outcome, Request):
        return frozenset()
    assert outcome.problems
    for problem in outcome.problems:
        assert problem.message.isprintable()
        assert any(map(str.isalpha, problem.message))
        assert len(problem.message) < 1500
    return frozenset(problem.path for problem in outcome.problems)


def model_of(endpoint: AnyEndpoint) -> Any:
    """The class of an endpoint's body."""
    assert endpoint.body is not None
    return sent_kind(endpoint.body.type)


def least_of(endpoint: AnyEndpoint) -> dict[str, Any]:
    """The least that an endpoint takes beside its body: its required parameters, by Python name."""
    given = {each.wire_name: each.name for each in endpoint.parameters}
    return {
        given[each.name]: _least(each.schema)
        for each in operation_of(endpoint).parameters
        if each.required
    }


def _least(schema: Schema) -> object:
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "uuid":
        return UUID(int=1)
    return {"integer": 1, "boolean": True}.get(schema["type"], "1")


def body_of(request: Request) -> Any:
    """The JSON that a request carries."""
    assert request.headers.get("Content-Type") == "application/json"
    return json.loads(sent(request.body))


def form_of(request: Request) -> tuple[list[tuple[str, str]], list[tuple[str, str, bytes]]]:
    """The texts and the files of a form that a request carries."""
    return parsed(request.headers.get("Content-Type") or "", sent(request.body))


def normal(schema: Schema, value: Any) -> Any:
    """A value as it may be compared: a moment may be written in more ways than one."""
    said = target(schema)
    if is_object(value):
        named: Mapping[str, Schema] = said.get("properties", {})
        others: Schema = said.get("additionalProperties") or {}
        return {name: normal(named.get(name, others), held) for name, held in value.items()}
    if is_list(value):
        return [normal(said.get("items", {}), held) for held in value]
    if isinstance(value, str) and said.get("format", "").startswith("date-time") and value:
        return datetime.fromisoformat(value).astimezone(UTC).isoformat()
    return value

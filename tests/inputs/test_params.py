"""Parameters of path, query and headers: refused or sent as the document's schema has it.

Each endpoint's parameters are held against an independent validator, and what was sent is read back
as OpenAPI says: one text for each, `simple` in paths and headers, `form` in the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import UNSET, Failure, Request, Success, prepare
from cvatfn.api import tasks
from tests.inputs.asking import (
    ENDPOINTS,
    AnyEndpoint,
    asked,
    body_of,
    least_of,
    operation_of,
    refused,
    share,
)
from tests.inputs.breaking import breaks
from tests.inputs.document import Asked, Operation
from tests.inputs.drawing import TEXT, allowed
from tests.inputs.judging import target, wrong

ALL: Final = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)

ROOM: Final[Mapping[str, Callable[[str], bool]]] = {
    "path": lambda text: text not in ("", ".", ".."),
    "header": lambda text: text == text.strip() and re.search(r"[^\t -~\x80-\xff]", text) is None,
}
"""What no schema says: texts that a place has no room for, though they are texts.

An empty segment or dots would lead to another path; a header holds what is printable in Latin-1,
and no blanks around it (RFC 9110, section 5.5). `test_auth` and `transport` try injections.
"""


def names_of(endpoint: AnyEndpoint) -> Mapping[tuple[str, str], str]:
    """Python's names of parameters, by place and name on the wire."""
    return {(each.place, each.wire_name): each.name for each in endpoint.parameters}


def is_wrong(parameter: Asked, value: object) -> bool:
    if wrong(parameter.schema, value):
        return True
    has_room = ROOM.get(parameter.place)
    return isinstance(value, str) and has_room is not None and not has_room(value)


def values_of(parameter: Asked) -> st.SearchStrategy[Any]:
    """Values that a parameter allows, and others next to them."""
    fitting = allowed(parameter.schema)
    if parameter.schema.get("type") == "string" and parameter.schema.keys() == {"type"}:
        fitting = st.text(TEXT, min_size=1, max_size=9)
    near = breaks(target(parameter.schema))
    return fitting | st.tuples(fitting, st.sampled_from(near)).map(lambda drawn: drawn[1](drawn[0]))


@ALL
@share(8)
@given(data=st.data())
def test_parameters_are_sent_or_refused_as_the_schema_says(
    endpoint: AnyEndpoint, data: st.DataObject
) -> None:
    operation, names = operation_of(endpoint), names_of(endpoint)
    given_ones: dict[str, Any] = {}
    meant: set[str] = set()
    sent: list[tuple[Asked, Any]] = []
    for parameter in operation.parameters:
        name = names[parameter.place, parameter.name]
        if data.draw(st.integers(0, 5), "left out") >= (1 if parameter.required else 3):
            value = data.draw(values_of(parameter), name)
            given_ones[name] = value
            if is_wrong(parameter, value):
                meant.add(name)
            else:
                sent.append((parameter, value))
        elif parameter.required:
            meant.add(name)
    unknown = data.draw(st.sets(st.sampled_from(["nowhere", "a b", "self", "ids"])), "unknown")
    body = body_for(endpoint, data)
    whole = {**given_ones, **body, **dict.fromkeys(unknown)}
    outcome = asked(endpoint, **whole)
    match prepare(endpoint, **whole):
        case Success(prepared) | Failure(prepared):
            assert outcome == prepared
    assert refused(outcome) == meant | unknown | wrong_body(endpoint, operation, body)
    if isinstance(outcome, Request):
        assert_carries(outcome, operation, sent)


def body_for(endpoint: AnyEndpoint, data: st.DataObject) -> dict[str, Any]:
    """No body, or one that has nothing, or one that has a key too many."""
    if endpoint.body is None:
        return {}
    body: dict[str, Any] | None = data.draw(st.sampled_from([None, {}, {"nowhere": 1}]), "body")
    return {} if body is None else {endpoint.body.name: body}


def wrong_body(
    endpoint: AnyEndpoint, operation: Operation, given_ones: Mapping[str, Any]
) -> set[str]:
    if endpoint.body is None:
        return set()
    name = endpoint.body.name
    if name not in given_ones:
        return {name} if operation.body_required else set()
    schema = next(iter(operation.bodies.values()))
    return {f"$.{name}{place[1:]}" for place in wrong(schema, given_ones[name])}


def assert_carries(request: Request, operation: Operation, sent: list[tuple[Asked, Any]]) -> None:
    """What was sent is what was given, and nothing else."""
    url = urlsplit(request.target)
    query = parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
    texts = {("query", name): text for name, text in query}
    assert len(texts) == len(query)
    texts |= {("path", name): text for name, text in path_texts(operation.path, url.path)}
    texts |= {
        ("header", name): text
        for name, text in request.headers.pairs
        if name not in ("Accept", "Content-Type")
    }
    # A flag such as `Upload-Start` counts by being there: what is not meant is not sent.
    meant = {
        (each.place, each.name): (each, value) for each, value in sent if not is_off(each, value)
    }
    assert texts.keys() == meant.keys()
    for at, (parameter, value) in meant.items():
        assert read(parameter, texts[at]) == comparable(parameter, value)


def is_off(parameter: Asked, value: object) -> bool:
    return parameter.place == "header" and value is False


def path_texts(template: str, path: str) -> Iterator[tuple[str, str]]:
    pieces, given_ones = template.split("/"), path.split("/")
    for piece, text in zip(pieces, given_ones, strict=True):
        if piece.startswith("{"):
            yield piece.strip("{}"), unquote(text, errors="strict")
        else:
            assert piece == text


def read(parameter: Asked, text: str) -> object:
    """A text, read as the schema has it."""
    said = parameter.schema["anyOf"][0] if "anyOf" in parameter.schema else parameter.schema
    match said:
        case {"type": "integer"} if re.fullmatch("-?[0-9]+", text):
            return int(text)
        case {"type": "boolean"}:
            return {"true": True, "false": False}[text]
        case {"format": "date-time"}:
            return datetime.fromisoformat(text)
        case _:
            return text


def comparable(parameter: Asked, value: Any) -> object:
    is_time = parameter.schema.get("format", "").startswith("date-time")
    return datetime.fromisoformat(value) if is_time else value


# What callers without types do


UNCHECKED: Final[Any] = tasks.retrieve
"""An endpoint to those who do not look at its type."""


@pytest.mark.parametrize(
    ("args", "params", "said"),
    [
        ((), {}, "id: is missing"),
        ((UNSET,), {}, "id: is missing"),
        ((None,), {}, "id: expected int, got None"),
        ((1, 2), {}, "args: only 1 may be positional, 2 were given"),
        ((1,), {"id": 1}, "id: is given twice"),
        ((1,), {"idd": 1}, "idd: is no parameter; did you mean 'id'?"),
        ((1,), {"transport": 1}, "transport: is no parameter"),
        ((1,), {"endpoint": 1}, "endpoint: is no parameter"),
        ((True,), {}, "id: expected int, got True"),
        ((1.0,), {}, "id: expected int, got 1.0"),
        (("1",), {}, "id: expected int, got '1'"),
        ((10**5000,), {}, "id: expected int, got <int>"),
    ],
)
def test_what_is_no_parameter_comes_back_as_a_value(
    args: tuple[object, ...], params: dict[str, object], said: str
) -> None:
    outcome = asked(UNCHECKED, *args, **params)
    assert not isinstance(outcome, Request)
    assert [str(problem) for problem in outcome.problems] == [said]


def test_all_that_is_wrong_with_a_call_is_told_at_once() -> None:
    endpoint: Any = tasks.create_data
    outcome = asked(
        endpoint,
        "x",
        data_request={"image_quality": 101, "chunk_size": -1, "nowhere": 1},
        upload_start=5,
        upload_finnish=True,
    )
    assert refused(outcome) == {
        "id",
        "upload_start",
        "upload_finnish",
        "$.data_request.image_quality",
        "$.data_request.chunk_size",
        "$.data_request.nowhere",
    }
    assert not isinstance(outcome, Request)
    assert len(str(outcome).splitlines()) == 7


@pytest.mark.parametrize("place", ["path", "query", "header"])
def test_what_a_place_has_no_room_for_is_refused(place: str) -> None:
    tried = {"path": ("", ".", ".."), "header": (" a", "a\n", "a\x00", "\u20ac"), "query": ()}[
        place
    ]
    found = [
        (endpoint, name)
        for endpoint in ENDPOINTS
        for (where, wire), name in names_of(endpoint).items()
        for each in operation_of(endpoint).parameters
        if (each.place, each.name) == (where, wire) and where == place
        if each.schema == {"type": "string"}
    ]
    assert found
    for endpoint, name in found:
        for text in (*tried, "half \ud800"):
            assert name in refused(asked(endpoint, **{name: text}))


def test_moments_and_ids_are_taken_as_their_texts_too() -> None:
    number = UUID("ba8f4d2e-0000-4000-8000-000000000000")
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    taking = {
        (type_of, endpoint.name): (endpoint, names_of(endpoint)[each.place, each.name], value)
        for endpoint in ENDPOINTS
        for each in operation_of(endpoint).parameters
        for type_of, value in (("uuid", number), ("date-time", moment))
        if each.schema.get("format", "").startswith(type_of)
    }
    assert len(taking) >= 4
    for endpoint, name, value in taking.values():
        text = str(value) if isinstance(value, UUID) else value.isoformat()
        least = least_of(endpoint)
        if endpoint.body is not None:
            least[endpoint.body.name] = {}
        whole = asked(endpoint, **{**least, name: value})
        assert isinstance(whole, Request)
        assert whole == asked(endpoint, **{**least, name: text})
        for wrong_one in ("", "x", f"{text}x", datetime(2026, 1, 1), 5, None):
            assert name in refused(asked(endpoint, **{**least, name: wrong_one}))


def test_a_body_stands_beside_the_parameters_it_came_with() -> None:
    outcome = asked(tasks.partial_update, 7, {"name": "cats"})
    assert isinstance(outcome, Request)
    assert (outcome.target, body_of(outcome)) == ("/api/tasks/7", {"name": "cats"})

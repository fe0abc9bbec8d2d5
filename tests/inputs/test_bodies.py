"""Bodies: what the document's schema forbids is refused, all of it and before anything is sent.

Each endpoint's body is held against an independent validator, in every media type it may come in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File, Request, sending, unvalidated
from cvatfn.errors import InvalidParams
from tests.inputs.asking import (
    ENDPOINTS,
    AnyEndpoint,
    asked,
    body_of,
    form_of,
    least_of,
    model_of,
    normal,
    operation_of,
    refused,
    share,
)
from tests.inputs.breaking import Break, breaks, broken, places
from tests.inputs.document import Schema, is_list, is_object
from tests.inputs.drawing import allowed
from tests.inputs.judging import Place, path_of, wrong

JSON: Final = "application/json"


@frozen
class Case:
    """An endpoint whose body goes in one of its media types."""

    endpoint: AnyEndpoint
    media: str
    schema: Schema

    @property
    def name(self) -> str:
        return f"{self.endpoint.name} {self.media.rpartition('/')[2]}"

    def ask(self, body: object) -> Request | InvalidParams:
        """What comes of a body, the other parameters being the least that is taken."""
        assert self.endpoint.body is not None
        least = least_of(self.endpoint)
        return asked(sending(self.endpoint, self.media), **least, **{self.endpoint.body.name: body})

    def refused(self, body: object) -> frozenset[str]:
        """Where a body is refused, as places of the body itself."""
        assert self.endpoint.body is not None
        here = f"$.{self.endpoint.body.name}"
        said = refused(self.ask(body))
        assert all(path.startswith(here) for path in said)
        return frozenset(f"${path.removeprefix(here)}" for path in said)

    def wrong(self, body: Any) -> frozenset[str]:
        """Where a body is wrong: by its schema; or if it fits that, by what its media type carries.

        A form has texts and files and arrays of them, and JSON has no files. That is told of what
        fits: what does not may be anything.
        """
        return wrong(self.schema, body) or frozenset(map(path_of, self._stranded(body)))

    def _stranded(self, body: Any) -> Iterator[Place]:
        if self.media == JSON:
            yield from (at for at, held in _leaves(body) if isinstance(held, File))
        else:
            yield from ((name,) for name, held in body.items() if _is_nested(held))


def _leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    if is_object(value):
        for name, held in value.items():
            yield from _leaves(held, (*place, name))
    elif is_list(value):
        for index, held in enumerate(value):
            yield from _leaves(held, (*place, index))
    else:
        yield place, value


def _is_nested(held: object) -> bool:
    if is_list(held):
        return any(each is None or is_object(each) or is_list(each) for each in held)
    return is_object(held)


CASES: Final = [
    Case(endpoint, media, schema)
    for endpoint in ENDPOINTS
    for media, schema in operation_of(endpoint).bodies.items()
]
EACH_SCHEMA: Final = list({str(case.schema): case for case in reversed(CASES)}.values())
EACH: Final = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))


def test_every_body_in_every_media_type_is_a_case() -> None:
    stated = {
        (endpoint.name, media)
        for endpoint in ENDPOINTS
        if endpoint.body is not None
        for media in endpoint.body.content_types
    }
    assert {(case.endpoint.name, case.media) for case in CASES} == stated
    assert len(CASES) == 70


@EACH
@share(10)
@given(data=st.data())
def test_what_the_schema_allows_is_sent_as_it_was_given(case: Case, data: st.DataObject) -> None:
    body = data.draw(allowed(case.schema), "body")
    assert not wrong(case.schema, body)
    request = case.ask(body)
    if case.wrong(body):  # of files and what is nested, each media type carries one alone
        assert case.refused(body) == case.wrong(body)
    else:
        assert isinstance(request, Request), request
        assert_carries(request, case, body)
        assert case.ask(model_of(case.endpoint)(**body)) == request


def assert_carries(request: Request, case: Case, body: Any) -> None:
    if case.media == JSON:
        said, meant = normal(case.schema, body_of(request)), normal(case.schema, body)
        assert json.dumps(said, sort_keys=True) == json.dumps(meant, sort_keys=True)
        return
    texts, files = form_of(request)
    meant = dict(chain.from_iterable(_form(name, held) for name, held in body.items()))
    assert dict(texts) == {at: _text(held) for at, held in meant.items() if not _is_file(held)}
    assert {at: (name, content) for at, name, content in files} == {
        at: (held.name, held.content) for at, held in meant.items() if _is_file(held)
    }
    assert len(texts) + len(files) == len(meant)


def _form(name: str, held: Any) -> Iterator[tuple[str, Any]]:
    """What a form has for a field: nothing for null, and for an array its elements by number."""
    if is_list(held):
        yield from ((f"{name}[{index}]", each) for index, each in enumerate(held))
    elif held is not None:
        yield name, held


def _is_file(held: object) -> bool:
    return isinstance(held, File)


def _text(held: Any) -> str:
    return held if isinstance(held, str) else json.dumps(held)


@EACH
@share(10)
@given(data=st.data())
def test_what_the_schema_forbids_is_refused_all_at_once(case: Case, data: st.DataObject) -> None:
    body = data.draw(allowed(case.schema), "body")
    found = dict(places(case.schema, body))
    chosen = data.draw(
        st.lists(st.sampled_from([*found]), min_size=1, max_size=4, unique=True), "places"
    )
    done = {place: data.draw(st.sampled_from(breaks(found[place])), "break") for place in chosen}
    assert_agrees(case, broken(body, done))


def assert_agrees(case: Case, body: Any) -> None:
    """Judge and library forbid the same, whether it is a dict or a model that is asked with."""
    meant = case.wrong(body)
    assert case.refused(body) == meant
    try:
        model = model_of(case.endpoint)(**body)
    except TypeError:
        return  # no dict, a key that no constructor takes, or one that it must have
    assert case.refused(model) == meant


@pytest.mark.parametrize("case", EACH_SCHEMA, ids=lambda case: str(case.name))
@share(40)
@given(data=st.data())
def test_each_field_is_tried_on_either_side_of_each_limit(case: Case, data: st.DataObject) -> None:
    body = data.draw(allowed(case.schema, whole=True), "body")
    found = dict(places(case.schema, body))
    for done in _sweeps(found):
        assert_agrees(case, broken(body, done))


def _sweeps(found: Mapping[Place, Schema]) -> Iterator[dict[Place, Break]]:
    """All leaves at once, each in its next way, until each had all; then containers, by depth."""
    ways = {place: breaks(schema) for place, schema in found.items()}
    floors: dict[int, list[Place]] = {}
    for at, schema in found.items():
        is_leaf = schema.get("type") not in ("object", "array")
        floors.setdefault(-1 if is_leaf else len(at), []).append(at)
    for floor in floors.values():
        for step in range(max(len(ways[at]) for at in floor)):
            yield {at: ways[at][step % len(ways[at])] for at in floor}


def test_an_unvalidated_body_goes_as_it_is() -> None:
    body = {"name": 5, "nowhere": [None]}
    (case,) = (each for each in CASES if each.name == "tasks.create json")
    assert case.refused(body) == {"$.name", "$.nowhere"}
    request = asked(unvalidated(case.endpoint), task_write_request=body)
    assert isinstance(request, Request)
    assert body_of(request) == body

"""Answers of any supported release are read: the ledger says what each of them had.

A body is a drawn answer of the newest release, without the fields that an older one did not have
yet, and with those that it has lost since.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import UNSET, Endpoint, Response, Success, catalogue, dumps, interpret, models
from cvatfn.api import webhooks
from cvatfn.codecs.building import field_types, members, reached
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.endpoints import CVAT_JSON
from cvatfn.testing.strategies import values
from cvatfn.versions import BASELINE

LEDGER = json.loads(
    Path(__file__).parent.parent.joinpath("schema", "ledger.json").read_text(encoding="utf-8")
)
ALL: list[str] = LEDGER["versions"]
SUPPORTED = ALL[ALL.index(str(BASELINE)) :]
FIELDS: dict[str, list[str]] = {}
for owner, _, field in (place.partition(".") for place in LEDGER["fields"]):
    FIELDS.setdefault(owner, []).append(field)
READS = [
    endpoint
    for endpoint in catalogue()
    if endpoint.method == "GET" and endpoint.answers[0].type not in (None, bytes)
]


def lived(table: str, row: str, release: str) -> bool:
    """Whether something was in a release, by the ledger's own order of releases."""
    lives = LEDGER[table].get(row, {})
    first, last = lives.get("since", ALL[0]), lives.get("until", ALL[-1])
    return ALL.index(first) <= ALL.index(release) <= ALL.index(last)


def had(model: type, field: str, release: str) -> bool:
    return lived("fields", f"{model.__name__}.{field}", release)


def lost(model: type, release: str) -> list[str]:
    """The fields that a release had and the newest one has not."""
    now = field_types(model)
    return [
        name
        for name in FIELDS.get(model.__name__, ())
        if name not in now and had(model, name, release)
    ]


def sent(value: object, release: str) -> object:
    """A value as a release would have sent it, in JSON, with more in it than is known today."""
    if attrs.has(type(value)):
        model = type(value)
        return {name: [{"cats": 1}] for name in ("invented", *lost(model, release))} | {
            name: sent(held, release)
            for name, held in members(value)
            if held is not UNSET and had(model, name, release)
        }
    if is_array(value):
        return [sent(element, release) for element in value if existed(element, release)]
    if is_mapping(value):
        return {key: sent(held, release) for key, held in value.items()}
    return value


def known(value: object, release: str) -> object:
    """What is to be read of it: the value without what the release did not have."""
    if attrs.has(type(value)):
        model: Callable[..., object] = type(value)
        there = {name: had(type(value), name, release) for name, _ in members(value)}
        return model(
            **{
                name: known(held, release) if there[name] else UNSET
                for name, held in members(value)
            }
        )
    if is_array(value):
        kept = [known(element, release) for element in value if existed(element, release)]
        return tuple(kept) if isinstance(value, tuple) else kept
    if is_mapping(value):
        return {key: known(held, release) for key, held in value.items()}
    return value


def existed(element: object, release: str) -> bool:
    """Whether a release had an element's model: one of which it had no field came later."""
    model = type(element)
    return not attrs.has(model) or any(had(model, name, release) for name in field_types(model))


@cache
def shapes(endpoint: Endpoint[..., object]) -> tuple[str, ...]:
    """One release for each form that an endpoint's answers have had."""
    held = [kind for kind in reached(endpoint.answers[0].type) if isinstance(kind, type)]
    answered = [kind for kind in held if attrs.has(kind)]
    found: dict[object, str] = {}
    for release in SUPPORTED:
        if lived("operations", f"{endpoint.method} {endpoint.path}", release):
            form = [
                ([name for name in field_types(kind) if had(kind, name, release)], kind, more)
                for kind in answered
                for more in [lost(kind, release)]
            ]
            found.setdefault(str(form), release)
    return tuple(found.values())


@pytest.mark.parametrize("endpoint", READS, ids=lambda endpoint: endpoint.name)
@settings(max_examples=5)
@given(data=st.data())
def test_answers_of_every_supported_release_are_read(
    endpoint: Endpoint[..., object], data: st.DataObject
) -> None:
    kind: Any = endpoint.answers[0].type
    value = data.draw(values(kind))
    for release in shapes(endpoint):
        response = Response(200, {"Content-Type": CVAT_JSON}, dumps(sent(value, release)))
        assert interpret(endpoint, response) == Success(known(value, release)), release


def test_answers_have_had_many_forms() -> None:
    """Or else the test above proves nothing."""
    assert sum(len(shapes(endpoint)) for endpoint in READS) > 100


def test_events_of_webhooks_were_texts_before_they_were_objects() -> None:
    old = b'{"webhook_type":"project","events":["create:task","create:backup"]}'
    new = b'{"webhook_type":"project","events":[{"key":"x","group":{"display_name":"Task"}}]}'
    first = interpret(webhooks.retrieve_events, Response(200, {}, old)).unwrap()
    assert first.events == (models.EventsEnum.CREATE_TASK, models.EventsEnum("create:backup"))
    second = interpret(webhooks.retrieve_events, Response(200, {}, new)).unwrap()
    assert isinstance(second.events[0], models.WebhooksEvent)

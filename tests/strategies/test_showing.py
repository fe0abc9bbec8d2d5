"""What a failing test prints is code, and means what was drawn."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import cvatfn
from cvatfn import (
    UNSET,
    Endpoint,
    accepting,
    api,
    catalogue,
    filters,
    in_pages_of,
    lenient,
    limited,
    models,
    prefetching,
    raw,
    sending,
    unchecked,
    unvalidated,
    with_response,
)
from cvatfn.api import tasks
from cvatfn.messages import Headers
from cvatfn.testing.strategies import Call, answers, calls, hostile_answers, values
from cvatfn.testing.strategies.showing import code

NAMES: dict[str, Any] = {
    **{name: getattr(models, name) for name in dir(models)},
    **{name: getattr(filters, name) for name in dir(filters)},
    **{name: getattr(cvatfn, name) for name in dir(cvatfn)},
    "UNSET": UNSET,
    "UUID": UUID,
    "Headers": Headers,
    "datetime": datetime,
}
"""All that printed code may name, as a test would import it."""


def _meant(text: str) -> object:
    return eval(text, {**NAMES, "Request": cvatfn.Request})  # noqa: S307 - that is the test


@given(st.data())
def test_models_are_shown_as_code(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([models.TaskRead, models.JobRead, models.TaskWriteRequest]))
    drawn = data.draw(values(kind))
    assert _meant(code(drawn)) == drawn


@given(st.data())
def test_responses_are_shown_as_code(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(list(catalogue())))
    drawn = data.draw(answers(endpoint) | hostile_answers(endpoint))
    assert _meant(code(drawn)) == drawn


@given(calls())
def test_calls_are_shown_as_code(asked: Call[object]) -> None:
    tags = {tag: __import__(f"cvatfn.api.{tag}", fromlist=["x"]) for tag in api.TAGS}
    name, _, rest = repr(asked).partition("(")
    tag, _, function = name.partition(".")
    assert getattr(tags[tag], function) == asked.endpoint
    given = eval(f"dict({rest}", {**NAMES, "Request": models.Request})  # noqa: S307 - as above
    assert given == asked.params


ENDPOINTS: list[tuple[Endpoint[..., object], str]] = [
    (tasks.list, "tasks.list"),
    (raw(tasks.list), "raw(tasks.list)"),
    (unchecked(tasks.list), "unchecked(tasks.list)"),
    (with_response(lenient(tasks.list)), "with_response(lenient(tasks.list))"),
    (with_response(with_response(tasks.list)), "with_response(with_response(tasks.list))"),
    (unvalidated(tasks.create), "unvalidated(tasks.create)"),
    (sending(tasks.create, "multipart/x"), "sending(tasks.create, 'multipart/x')"),
    (accepting(tasks.list, "text/csv"), "accepting(tasks.list, 'text/csv')"),
    (prefetching(tasks.list, 3), "prefetching(tasks.list, 3)"),
    (limited(in_pages_of(tasks.list, 5), 9), "limited(in_pages_of(tasks.list, 5), 9)"),
]


@pytest.mark.parametrize(("endpoint", "text"), ENDPOINTS, ids=lambda case: str(case)[:60])
def test_endpoints_are_shown_as_code(endpoint: Endpoint[..., object], text: str) -> None:
    assert code(endpoint) == text
    assert eval(text, {**NAMES, "tasks": tasks}) == endpoint  # noqa: S307 - as above


def test_a_failing_test_prints_what_can_be_pasted() -> None:
    @settings(database=None, max_examples=100, phases=[Phase.generate, Phase.shrink])
    @given(values(models.Label))
    def fails(label: models.Label) -> None:
        assert label.type != "mask", label

    with pytest.raises(AssertionError) as failed:
        fails()
    printed = next(note for note in failed.value.__notes__ if "label=" in note)
    shown = printed.partition("label=")[2].rpartition(",\n)")[0]
    label = _meant(shown)
    assert isinstance(label, models.Label)
    assert label.type is models.LabelType.MASK

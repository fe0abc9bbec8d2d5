"""A sandbox of an older version answers as a server of that version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final, cast
from urllib.parse import parse_qsl

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Headers, Request, Response, Transport, call, raw
from cvatfn.api import quality, server
from cvatfn.auth import Basic
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.finding import catalogue
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.areas.handlers import HANDLERS
from cvatfn.testing.sandbox.gates.earlier import EARLIER
from cvatfn.testing.sandbox.gates.releases import as_of, served
from cvatfn.testing.sandbox.gates.routing import match_path
from cvatfn.transport import authenticated
from cvatfn.versions import supports
from tests.sandbox.judged import judged_task, report_on

OLD: Final = "2.73.0"
LAST: Final = "2.80.0"
NEWER: Final = ("requirements", "groups", "completed", "attribute_names", "dice")
"""Fields of quality that came after the old version."""

values: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=10,
)


def _admin(sandbox: Sandbox) -> Transport:
    return authenticated(sandbox, Basic("admin", "s3cret"), sandbox.world.origin)


@pytest.fixture
def old() -> Sandbox:
    """A sandbox of the old version, with a superuser."""
    return Sandbox(evolve(World.with_user("admin", "s3cret"), version=OLD))


def _asked(cvat: Transport, method: str, target: str) -> Response:
    path, _, query = target.partition("?")
    pairs = tuple(parse_qsl(query))
    sent = [("Accept", "application/vnd.cvat+json"), ("Content-Type", "application/json")]
    return cvat(Request(method, path, pairs, Headers(tuple(sent)), b"{}")).unwrap()


def _names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, held in cast("dict[str, object]", value).items():  # JSON
            yield name
            yield from _names(held)
    elif isinstance(value, list):
        for held in cast("list[object]", value):  # JSON
            yield from _names(held)


@pytest.mark.parametrize("version", [OLD, "2.48.0", LAST, "develop"])
def test_what_a_version_has_at_a_path_is_what_the_catalogue_says(version: str) -> None:
    for endpoint in catalogue():
        found = served(match_path(endpoint.path), version)
        known = found is not None and endpoint.method in found.endpoints
        assert known == (version == "develop" or supports(endpoint, version))


def test_an_operation_that_came_later_is_not_there(old: Sandbox) -> None:
    cvat = _admin(old)
    gone = _asked(cvat, "GET", "/api/quality/settings/requirements")
    assert (gone.status, gone.content_type) == (404, "text/html")
    task, _, _ = judged_task(old, cvat)
    (settings,) = call(cvat, quality.list_settings, task_id=task).unwrap().results
    refused = _asked(cvat, "PUT", f"/api/quality/settings/{settings.id}")
    assert refused.status == 405
    assert refused.headers.get("allow") == "GET, PATCH, HEAD, OPTIONS"
    assert call(cvat, server.retrieve_about).unwrap().version == OLD


def _all_of_quality(cvat: Transport, task: int) -> Sequence[object]:
    """Everything that quality says of a task, as JSON."""
    report = report_on(cvat, task_id=task).id
    return [
        json.loads(response.body)
        for response in (
            call(cvat, raw(quality.list_settings), task_id=task).unwrap(),
            call(cvat, raw(quality.list_reports), task_id=task).unwrap(),
            call(cvat, raw(quality.list_conflicts), report_id=report).unwrap(),
            call(cvat, raw(quality.retrieve_report_data), report).unwrap(),
        )
    ]


def test_quality_says_less_in_an_older_version_and_otherwise_the_same(old: Sandbox) -> None:
    new = Sandbox(World.with_user("admin", "s3cret"))
    told: list[Sequence[object]] = []
    for sandbox in (old, new):
        cvat = _admin(sandbox)
        task, _, _ = judged_task(sandbox, cvat)
        told.append(_all_of_quality(cvat, task))
    before, after = told
    assert not {*NEWER} & {*_names(before)}
    assert {*NEWER} <= {*_names(after)}
    assert {*_names(before)} < {*_names(after)}


def test_a_report_could_be_had_as_a_table(old: Sandbox) -> None:
    cvat = _admin(old)
    task, _, _ = judged_task(old, cvat)
    path = f"/api/quality/reports/{report_on(cvat, task_id=task).id}/data"
    table = _asked(cvat, "GET", f"{path}?format=csv")
    assert (table.status, table.content_type) == (200, "text/csv")
    head, first, *_ = table.body.decode().splitlines()
    assert head == "DS (row) \\ GT (col) label,cat,dog,unmatched,precision"
    assert first == "cat,1,1,0,0.5"
    plain = _asked(cvat, "GET", path)
    assert plain.body == _asked(cvat, "GET", f"{path}?format=json").body
    assert plain.content_type == "application/json"
    old.world = evolve(old.world, version=LAST)
    assert _asked(cvat, "GET", f"{path}?format=csv").status == 400


def test_earlier_forms_stand_for_endpoints_that_there_are_and_are_answered() -> None:
    ours = {endpoint.name: endpoint for endpoint in catalogue()}
    for name, earlier in EARLIER.items():
        assert (earlier.method, earlier.path) == (ours[name].method, ours[name].path)
        assert earlier.until is not None
        assert earlier.name in HANDLERS


@given(values)
def test_nothing_is_left_out_of_what_a_version_has(value: JSON) -> None:
    assert as_of(value, LAST, {"a": "2.74.1"}) is value
    assert as_of(value, "unknown", {"a": "2.74.1"}) is value
    left = as_of(value, OLD, {"a": "2.74.1", "b": "2.37.0"})
    assert [name for name in _names(left) if name != "a"] == [*_names(left)]
    assert as_of(left, OLD, {"a": "2.74.1"}) == left

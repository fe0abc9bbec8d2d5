"""The sandbox is as true to the recordings as it was, and what says so can say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.codecs.jsonvalue import JSON
from cvatfn.messages import Headers, Response
from tests.fidelity import __main__ as command
from tests.fidelity.comparing import compared
from tests.fidelity.floors import below, raised, read_floor, tally, written
from tests.fidelity.recorded import Recorded
from tests.fidelity.replaying import Verdict, verdicts
from tests.fidelity.shapes import differences, shape_of, worded

json_values: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def replayed(recordings: Sequence[Recorded]) -> Sequence[Verdict]:
    """All recorded exchanges, asked of the sandbox."""
    return verdicts(recordings)


def test_no_area_falls_below_its_floor(replayed: Sequence[Verdict]) -> None:
    assert not below(tally(replayed), read_floor())


def test_the_floor_is_where_the_sandbox_stands(replayed: Sequence[Verdict]) -> None:
    """Otherwise what was won could be lost unseen; `make fidelity RAISE=1` writes it down."""
    assert read_floor() == tally(replayed)


def test_the_report_tells_each_disagreement_and_every_share(replayed: Sequence[Verdict]) -> None:
    told = "\n".join(command.report(replayed))
    for verdict in replayed:
        assert (f"{verdict.recorded.name} " in told) is not verdict.agrees
    assert f"{sum(verdict.agrees for verdict in replayed)} of  {len(replayed)}" in told


def test_an_exchange_agrees_with_itself(recordings: Sequence[Recorded]) -> None:
    whole = [recorded for recorded in recordings if recorded.left_out[1] is None]
    assert not [each.name for each in whole if compared(each, each.response)]


def test_other_answers_disagree(recordings: Sequence[Recorded]) -> None:
    """An answer 501, another status, an answer without fields: none of them passes."""
    for recorded in recordings:
        answer = recorded.response
        assert compared(recorded, Response(501, answer.headers, answer.body))
        if answer.body and "json" in answer.content_type:
            assert compared(recorded, Response(recorded.status, answer.headers, b"{}"))
        if answer.headers.get("allow") is not None:
            assert compared(recorded, Response(recorded.status, Headers(()), answer.body))


def test_without_recordings_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--recordings", str(tmp_path / "none")]) == 2
    assert "no recordings" in capsys.readouterr().err


@given(json_values)
def test_a_value_has_the_shape_of_itself(value: JSON) -> None:
    assert not list(differences(shape_of(value), shape_of(value)))


@given(json_values, json_values)
def test_what_differs_differs_from_both_sides(one: JSON, other: JSON) -> None:
    there = {found.place for found in differences(shape_of(one), shape_of(other))}
    back = {found.place for found in differences(shape_of(other), shape_of(one))}
    assert there == back


@given(st.dictionaries(st.text("abc", min_size=1), json_values, min_size=1), st.data())
def test_a_field_that_is_missing_is_named(value: dict[str, JSON], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(value)))
    less = {name: held for name, held in value.items() if name != gone}
    assert f"$.{gone}" in {found.place for found in differences(shape_of(value), shape_of(less))}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"a": None}, {"a": 1}),
        ({"a": "x"}, {"a": 1}),
        ({"a": "2026-01-01T09:00:00Z"}, {"a": "yesterday"}),
        ({"a": "http://localhost/api"}, {"a": "/api"}),
        ({"a": []}, {"a": [1]}),
        ([{"a": 1}], [{"a": "x"}]),
        ([{"a": 1}], [{"b": 1}]),
        ({"7": 1}, {"8": "x"}),
    ],
)
def test_shapes_that_differ(theirs: JSON, ours: JSON) -> None:
    assert list(differences(shape_of(theirs), shape_of(ours)))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"a": 1}, {"a": 2.5}),
        ([{"a": 1}, {"a": None}], [{"a": 2}]),
        ([1], [1, 2]),
        ({"7": {"a": 1}}, {"8": {"a": 2}, "9": {"a": 3}}),
    ],
)
def test_shapes_that_agree(theirs: JSON, ours: JSON) -> None:
    assert not list(differences(shape_of(theirs), shape_of(ours)))


@given(st.integers(min_value=0), st.text("abc", min_size=1))
def test_numbers_and_quoted_names_are_chance(number: int, name: str) -> None:
    assert worded(f"No {number} of '{name}'") == worded("No 1 of 'x'")
    assert worded(f"No {number} of {name}") != worded(f"Not {number} of {name}")


counts = st.dictionaries(st.sampled_from(["tasks", "jobs", "other"]), st.integers(0, 9))


@given(counts, counts)
def test_the_floor_only_goes_up(now: dict[str, int], before: dict[str, int]) -> None:
    after = raised(now, before)
    assert all(after[area] >= least for area, least in before.items())
    assert not below(after, before)
    assert raised(after, before) == after


def test_a_floor_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text(written({"jobs": 7, "tasks": 0}))
    assert read_floor(path) == {"jobs": 7, "tasks": 0}

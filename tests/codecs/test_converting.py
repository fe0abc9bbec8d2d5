"""What was read can be written: fields carry over, the rest is dropped, nothing is invented."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from cvatfn import UNSET, Failure, File, Success, Unset, convert, models
from cvatfn.codecs.building import field_types
from cvatfn.codecs.problems import Problem
from cvatfn.testing.strategies import values

PAIRS = [
    (getattr(models, name.removesuffix("Request")), getattr(models, name))
    for name in dir(models)
    if name.endswith("Request")
    and name != "Request"
    and name.removesuffix("Request") in dir(models)
    and attrs.has(getattr(models, name))
]


@pytest.mark.parametrize(("read", "write"), PAIRS, ids=lambda model: str(model.__name__))
@given(data=st.data())
def test_twins_carry_every_common_field(
    read: type[Any], write: type[Any], data: st.DataObject
) -> None:
    value = data.draw(values(read))
    match convert(value, write):
        case Success(converted):
            for name in field_types(write).keys() & field_types(read).keys():
                was: object = getattr(value, name)
                now: object = getattr(converted, name)
                if now is not UNSET and not attrs.has(type(now)) and not isinstance(now, tuple):
                    assert now == was
        case Failure(error):
            assert all(problem.path.startswith("$") for problem in error.problems)


def test_annotations_that_were_read_can_be_written() -> None:
    shape = models.LabeledShape(
        type=models.ShapeType("hexagon"),
        occluded=False,
        outside=False,
        z_order=0,
        rotation=0.0,
        points=(1.0, 2.0),
        id=7,
        label_id=3,
        group=0,
        source="manual",
        frame=5,
        attributes=(models.AttributeVal(spec_id=1, value="red"),),
        elements=(),
    )
    read = models.LabeledData(version=2, tags=(), shapes=(shape,), tracks=())
    written = convert(read, models.LabeledDataRequest).unwrap()
    assert isinstance(written, models.LabeledDataRequest)
    assert written.shapes is not UNSET
    (carried,) = written.shapes
    assert isinstance(carried, models.LabeledShapeRequest)
    assert str(carried.type) == "hexagon"
    assert carried.attributes == (models.AttributeValRequest(spec_id=1, value="red"),)


def test_what_has_no_form_in_the_target_is_dropped() -> None:
    project = models.ProjectRead(
        url="u",
        id=1,
        name="cats",
        owner=None,
        assignee=None,
        guide_id=None,
        bug_tracker="",
        task_subsets=(),
        created_date=datetime(2026, 1, 1, tzinfo=UTC),
        updated_date=datetime(2026, 1, 1, tzinfo=UTC),
        status=models.JobStatus.COMPLETED,
        dimension=None,
        organization=None,
        organization_id=4,
        target_storage=None,
        source_storage=None,
        tasks=models.TasksSummary(count=0, url="u"),
        labels=models.LabelsSummary(url="u"),
        assignee_updated_date=None,
    )
    patch = convert(project, models.PatchedProjectWriteRequest).unwrap()
    # A summary of labels is no list of labels, and null is no storage: neither can be written.
    assert patch == models.PatchedProjectWriteRequest(
        name="cats", bug_tracker="", organization_id=4
    )


def test_a_required_field_that_is_missing_is_named() -> None:
    error = convert(models.LabelsSummary(url="u"), models.TaskWriteRequest).failure()
    assert [problem.path for problem in error.problems] == ["$.name"]


def test_plain_values_convert_to_plain_types() -> None:
    assert convert(3, int) == Success(3)
    assert isinstance(convert("3", int), Failure)
    assert convert((1, 2), tuple[int, ...]) == Success((1, 2))
    assert convert({"a": 1}, dict[str, int]) == Success({"a": 1})
    assert convert(models.JobStage.ANNOTATION, models.JobStage) == Success(
        models.JobStage.ANNOTATION
    )


MISFIT = "has no form in what is to be written"


@pytest.mark.parametrize(
    ("value", "kind", "problems"),
    [
        ({"a": "x", "b c": 1, "d": None}, dict[str, int], [("$.a", MISFIT), ("$.d", MISFIT)]),
        ({"b c": ("x",)}, dict[str, tuple[int, ...]], [("$['b c'][0]", MISFIT)]),
        ([[1], ["x"]], list[list[int]], [("$[1][0]", MISFIT)]),
        (["x", 1, None], list[int], [("$[0]", MISFIT), ("$[2]", MISFIT)]),
        (5, dict[str, int], [("$", f"has no form as {dict[str, int]}")]),
        (5, tuple[int, ...], [("$", f"has no form as {tuple[int, ...]}")]),
    ],
)
def test_what_has_no_form_is_named_with_its_place(
    value: object, kind: type[object], problems: list[tuple[str, str]]
) -> None:
    error = convert(value, kind).failure()
    assert [(problem.path, problem.message) for problem in error.problems] == problems
    assert error.data is value


def test_the_values_of_an_object_are_converted_each() -> None:
    # A summary has no native form as a list, so that the long way is taken.
    read = {"a": models.AttributeVal(spec_id=1, value="x"), "b c": {"spec_id": 2, "value": "y"}}
    kind = dict[str, models.AttributeValRequest | list[int]]
    assert convert(read, kind) == Success(
        {
            "a": models.AttributeValRequest(spec_id=1, value="x"),
            "b c": models.AttributeValRequest(spec_id=2, value="y"),
        }
    )


class Colour(Enum):
    RED = "red"


class Stage(str, Enum):
    ANNOTATION = "annotation"


NO_FORM = object()
TAG = models.AttributeValRequest(spec_id=1, value="x")
NAMED: dict[str, object] = {"spec_id": 1, "value": "x"}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Annotated[int, Meta(ge=1)], 3, 3),
        (Literal["a", 1], "a", "a"),
        (Literal["a", 1], "b", NO_FORM),
        (int, 3, 3),
        (int, True, NO_FORM),
        (int, 3.0, NO_FORM),
        (float, 3, 3),
        (float, 0.5, 0.5),
        (float, True, NO_FORM),
        (float, "x", NO_FORM),
        (str, "x", "x"),
        (str, 3, NO_FORM),
        (bool, True, True),
        (bool, 1, NO_FORM),
        (object, 1j, 1j),
        (Any, 1j, 1j),
        (models.JobStage, "annotation", models.JobStage.ANNOTATION),
        (models.JobStage, Stage.ANNOTATION, models.JobStage.ANNOTATION),
        (models.JobStage, 3, NO_FORM),
        (Colour, "red", Colour.RED),
        (Colour, "green", NO_FORM),
        (int | None, None, None),
        (int | None, "x", NO_FORM),
        (int, None, NO_FORM),
        (int | Unset, UNSET, UNSET),
        (int | str, "x", "x"),
        (int | str | Unset, None, NO_FORM),
        (tuple[int, ...], [1, 2], (1, 2)),
        (tuple[int, ...], {1: 2}, NO_FORM),
        (tuple[int, str], (1, "a"), NO_FORM),
        (list[int], (1, 2), [1, 2]),
        (list[int], 5, NO_FORM),
        (dict[str, int], {"a": 1}, {"a": 1}),
        (dict[str, int], 5, NO_FORM),
        (File, File("a", b""), File("a", b"")),
        (File, b"x", NO_FORM),
        (models.AttributeValRequest, NAMED, TAG),
        (models.AttributeValRequest, models.AttributeVal(spec_id=1, value="x"), TAG),
        (models.AttributeValRequest, 5, NO_FORM),
        (models.AttributeValRequestDict, NAMED, NO_FORM),
        (tuple[int, ...] | models.AttributeValRequest, NAMED, TAG),
    ],
)
def test_the_long_way_is_as_exact(kind: type[object], value: object, expected: object) -> None:
    held = {1j: value}  # JSON has no such key: the native way is closed
    objects: type[dict[str, object]] = dict[str, kind]  # type: ignore[valid-type]  # made here
    match convert(held, objects):
        case Success(converted):
            assert converted == {"1j": expected}
            assert type(converted["1j"]) is type(expected)
        case Failure(error):
            assert expected is NO_FORM
            assert error.problems == (Problem("$['1j']", MISFIT),)


def test_a_place_is_told_through_limits() -> None:
    kind = dict[str, Annotated[tuple[int, ...], Meta(max_length=3)]]
    assert convert({"a": (1, "x")}, kind).failure().problems == (Problem("$.a[1]", MISFIT),)


def test_of_models_that_all_lack_something_the_first_tells_what() -> None:
    kind = dict[str, models.AttributeValRequest | models.RqId | int]
    lacking = "is required, and the value has nothing that fits"
    assert convert({"a": {"value": "x"}}, kind).failure().problems == (
        Problem("$.a.spec_id", lacking),
    )
    assert convert({"a": {"rq_id": "x"}}, kind) == Success({"a": models.RqId(rq_id="x")})

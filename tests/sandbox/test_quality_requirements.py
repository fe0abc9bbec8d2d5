"""Quality requirements: trees that inherit, and what they may say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from cvatfn import Request, Transport, call, models, unstructure
from cvatfn.api import quality, tasks
from tests.sandbox.kit import make_task, status_of

RECTANGLE = 2
"""The id of the base requirement of rectangles in the first settings."""


@pytest.fixture(autouse=True)
def task(admin: Transport) -> models.TaskRead:
    """A task, whose settings have the id 1 and whose base requirements 1 to 9."""
    return make_task(admin)


def _made(cvat: Transport, **sent: Any) -> models.QualityRequirement:
    body: Any = {"settings_id": 1, "parent_requirement": RECTANGLE, "name": "cats", **sent}
    return call(cvat, quality.create_settings_requirements, body).unwrap()


def test_what_is_left_open_is_inherited(admin: Transport) -> None:
    child = _made(admin, iou_threshold=0.9)
    grandchild = _made(admin, name="small cats", parent_requirement=child.id, required_score=1.0)
    assert grandchild.iou_threshold is None
    assert grandchild.annotation_type is None
    assert grandchild.effective["iou_threshold"] == 0.9
    assert grandchild.effective["required_score"] == 1.0
    assert grandchild.effective["annotation_type"] == "rectangle"
    assert grandchild.effective["line_thickness"] == 0.01
    call(
        admin, quality.partial_update_settings_requirements, RECTANGLE, {"line_thickness": 0.5}
    ).unwrap()
    seen = call(admin, quality.retrieve_settings_requirements, grandchild.id).unwrap()
    assert seen.effective["line_thickness"] == 0.5
    assert seen.effective["iou_threshold"] == 0.9


def test_a_tree_is_made_at_once_or_not_at_all(admin: Transport) -> None:
    node: models.QualityRequirementBulkCreateNodeRequestDict = {
        "name": "cats",
        "parent_requirement": RECTANGLE,
        "children": [{"name": "small", "children": [{"name": "tiny"}]}, {"name": "big"}],
    }
    many = quality.create_settings_requirements_bulk
    made = call(admin, many, {"settings_id": 1, "requirements": [node]}).unwrap()
    assert [each.name for each in made] == ["cats", "small", "tiny", "big"]
    parents = {each.id: each.parent_requirement for each in made}
    cats, small, tiny, big = (each.id for each in made)
    assert parents == {cats: RECTANGLE, small: cats, tiny: small, big: cats}
    other: models.QualityRequirementBulkCreateNodeRequestDict = {
        "name": "dogs",
        "parent_requirement": RECTANGLE,
        "children": [{"name": "tiny"}],
    }
    twice = call(admin, many, {"settings_id": 1, "requirements": [other]})
    assert status_of(twice.failure()) == 400
    assert "already exists" in str(twice.failure())
    names = {each.name for each in call(admin, quality.list_settings_requirements).unwrap().results}
    assert "dogs" not in names


def test_a_requirement_goes_with_those_that_narrow_it(admin: Transport) -> None:
    child = _made(admin)
    grandchild = _made(admin, name="small cats", parent_requirement=child.id)
    call(admin, quality.destroy_settings_requirements, child.id).unwrap()
    gone = call(admin, quality.retrieve_settings_requirements, grandchild.id)
    assert status_of(gone.failure()) == 404
    kept = call(admin, quality.destroy_settings_requirements, RECTANGLE)
    assert "cannot be deleted" in str(kept.failure())


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"parent_requirement": None}, "parent_requirement"),
        ({"parent_requirement": 99}, "parent_requirement"),
        ({"name": "Base rectangle"}, "name"),
        ({"annotation_type": "mask"}, "annotation_type"),
        ({"filter": '{"==":[{"var":"shape.colour"},1]}'}, "filter"),
        ({"filter": '{"==":[{"var":"shape.skeleton.label"},"x"]}'}, "filter"),
        ({"filter": "["}, "filter"),
        ({"attribute_comparison": {"rules": [{"spec_id": 9, "enabled": True}]}}, "attribute"),
        ({"settings_id": 99}, "QualitySettings"),
    ],
)
def test_what_a_requirement_cannot_be_is_refused(
    admin: Transport, sent: dict[str, Any], field: str
) -> None:
    body: Any = {"settings_id": 1, "parent_requirement": RECTANGLE, "name": "cats", **sent}
    refused = call(admin, quality.create_settings_requirements, body).failure()
    assert status_of(refused) in (400, 404)
    assert field in str(refused)
    assert call(admin, quality.list_settings_requirements).unwrap().count == 9


def test_fields_that_are_needed_are_asked_for(admin: Transport) -> None:
    make = quality.create_settings_requirements
    assert "settings_id" in str(call(admin, make, {"name": "x"}).failure())
    assert "name" in str(call(admin, make, {"settings_id": 1}).failure())


def test_parents_are_in_the_same_settings_and_make_no_circle(admin: Transport) -> None:
    change = quality.partial_update_settings_requirements
    child = _made(admin)
    grandchild = _made(admin, name="small cats", parent_requirement=child.id)
    circle = call(admin, change, child.id, {"parent_requirement": grandchild.id})
    assert "itself" in str(circle.failure())
    call(admin, tasks.create, {"name": "other"}).unwrap()
    call(admin, quality.list_settings).unwrap()
    foreign = max(
        each.id
        for each in call(admin, quality.list_settings_requirements, page_size="all")
        .unwrap()
        .results
    )
    assert "same quality settings" in str(
        call(admin, change, child.id, {"parent_requirement": foreign}).failure()
    )
    moved = call(admin, change, grandchild.id, {"parent_requirement": 3, "name": "moved"}).unwrap()
    assert moved.effective["annotation_type"] == "skeleton"


def test_base_requirements_are_changed_within_limits(admin: Transport) -> None:
    change = quality.partial_update_settings_requirements
    changed = call(admin, change, RECTANGLE, {"name": "Boxes", "enabled": True}).unwrap()
    assert (changed.name, changed.enabled, changed.is_base) == ("Boxes", True, True)
    whole = call(admin, quality.update_settings_requirements, RECTANGLE, {"name": "Box"}).unwrap()
    assert (whole.name, whole.enabled) == ("Box", True)
    wrong: list[Any] = [
        {"parent_requirement": 1},
        {"annotation_type": "mask"},
        {"iou_threshold": None},
    ]
    for sent in wrong:
        refused = call(admin, change, RECTANGLE, sent).failure()
        assert next(iter(sent)) in str(refused)


def test_requirements_are_listed_by_what_they_belong_to(
    admin: Transport, task: models.TaskRead
) -> None:
    _made(admin)
    listing = quality.list_settings_requirements
    assert call(admin, listing, settings_id=1).unwrap().count == 10
    assert call(admin, listing, task_id=task.id).unwrap().count == 10
    assert call(admin, listing, annotation_type="mask").unwrap().count == 1
    assert [each.name for each in call(admin, listing, enabled=True).unwrap().results] == ["cats"]
    assert status_of(call(admin, listing, settings_id=99).failure()) == 404


def _with_set(cvat: Transport, rows: list[dict[str, object]]) -> tuple[int, dict[str, Any]]:
    """Put a whole set of requirements, with the ids that the schema has no place for."""
    sent = json.dumps({"requirements": rows}).encode()
    headers = {"Content-Type": "application/json"}
    answer = cvat(Request("PATCH", "/api/quality/settings/1", (), headers, sent)).unwrap()
    plain: dict[str, Any] = json.loads(answer.body)
    return answer.status, plain


def test_a_set_of_requirements_takes_the_place_of_all(admin: Transport) -> None:
    _made(admin, name="old")
    settings = call(admin, quality.retrieve_settings, 1).unwrap()
    assert isinstance(settings.requirements, tuple)
    rows = [unstructure(each) for each in settings.requirements if each.is_base]
    rows[1] = {**rows[1], "enabled": True}
    rows.append({"name": "new", "parent_requirement": RECTANGLE})
    status, body = _with_set(admin, rows)
    assert status == 200
    names = {each["name"]: each["enabled"] for each in body["requirements"]}
    assert "old" not in names
    assert names["Base rectangle"] is True
    assert names["new"] is True


Rows = list[dict[str, object]]
BROKEN: Final[list[tuple[Callable[[Rows], Rows], str]]] = [
    (lambda _: [], "At least one"),
    (lambda rows: rows[1:], "cannot be deleted"),
    (lambda rows: [*rows, rows[0]], "unique"),
    (lambda rows: [*rows, {"id": 99, "name": "x"}], "does not belong"),
    (lambda rows: [*rows, {"name": "x", "parent_requirement": 99}], "must be included"),
    (lambda rows: [*rows, {"name": "x"}], "custom requirements"),
]


@pytest.mark.parametrize(("broken", "why"), BROKEN)
def test_a_set_that_is_not_whole_is_refused(
    admin: Transport, broken: Callable[[Rows], Rows], why: str
) -> None:
    settings = call(admin, quality.retrieve_settings, 1).unwrap()
    assert isinstance(settings.requirements, tuple)
    rows = [unstructure(each) for each in settings.requirements]
    status, body = _with_set(admin, broken(rows))
    assert status == 400
    assert why in json.dumps(body)
    assert call(admin, quality.retrieve_settings, 1).unwrap() == settings

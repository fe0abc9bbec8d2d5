"""Quality settings: everything has some; both generations of clients read and change them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cvatfn import Request, Transport, call, models, raw
from cvatfn.api import projects, quality, tasks
from tests.sandbox.kit import make_task, status_of


def _flat(cvat: Transport, settings: int) -> dict[str, Any]:
    """Settings as an older client reads them."""
    plain: dict[str, Any] = json.loads(
        call(cvat, raw(quality.retrieve_settings), settings).unwrap().body
    )
    return plain


def _patched(cvat: Transport, settings: int, body: dict[str, object]) -> tuple[int, dict[str, Any]]:
    """What an older client gets for a change."""
    sent = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/vnd.cvat+json"}
    path = f"/api/quality/settings/{settings}"
    answer = cvat(Request("PATCH", path, (), headers, sent)).unwrap()
    plain: dict[str, Any] = json.loads(answer.body)
    return answer.status, plain


def test_every_task_and_project_has_settings_with_base_requirements(admin: Transport) -> None:
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    task = make_task(admin)
    listed = call(admin, quality.list_settings).unwrap().results
    assert [(each.task_id, each.project_id) for each in listed] == [
        (None, project.id),
        (task.id, None),
    ]
    for settings in listed:
        assert isinstance(settings.requirements, tuple)
        kinds = [each.annotation_type for each in settings.requirements]
        assert kinds == list(models.AnnotationTypeEnum)
        assert all(each.is_base and not each.enabled for each in settings.requirements)
    again = call(admin, quality.list_settings).unwrap().results
    assert again == listed


def test_settings_go_with_what_they_belong_to(admin: Transport) -> None:
    task = make_task(admin)
    (settings,) = call(admin, quality.list_settings).unwrap().results
    call(admin, tasks.destroy, task.id).unwrap()
    assert status_of(call(admin, quality.retrieve_settings, settings.id).failure()) == 404
    assert call(admin, quality.list_settings_requirements).unwrap().count == 0


def test_settings_of_a_project_are_listed_with_those_of_its_tasks(admin: Transport) -> None:
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    task = call(admin, tasks.create, {"name": "cats", "project_id": project.id}).unwrap()
    make_task(admin)

    def owners(**params: Any) -> list[tuple[int | None, int | None]]:
        page = call(admin, quality.list_settings, **params).unwrap()
        return [(each.task_id, each.project_id) for each in page.results]

    both = [(None, project.id), (task.id, None)]
    assert owners(project_id=project.id) == both
    assert owners(project_id=project.id, parent_type="task") == [(task.id, None)]
    assert owners(parent_type="project") == [(None, project.id)]
    assert owners(task_id=task.id) == [(task.id, None)]
    assert owners(filter='{"==":[{"var":"project_id"},1]}') == [(None, project.id)]


def test_settings_are_changed(admin: Transport) -> None:
    make_task(admin)
    changed = call(
        admin,
        quality.partial_update_settings,
        1,
        {"inherit": False, "job_filter": "", "max_validations_per_job": 3},
    ).unwrap()
    assert (changed.inherit, changed.job_filter, changed.max_validations_per_job) == (False, "", 3)
    assert changed.updated_date > changed.created_date
    call(admin, quality.update_settings, 1, {"inherit": True}).unwrap()
    assert call(admin, quality.retrieve_settings, 1).unwrap().inherit
    assert call(admin, quality.list_settings, inherit=True).unwrap().count == 1
    assert call(admin, quality.list_settings, inherit=False).unwrap().count == 0


@pytest.mark.parametrize("text", ["{", '{"==":[{"var":"colour"},1]}'])
def test_a_job_filter_that_asks_for_nothing_there_is_is_refused(
    admin: Transport, text: str
) -> None:
    make_task(admin)
    refused = call(admin, quality.partial_update_settings, 1, {"job_filter": text})
    assert "job_filter" in str(refused.failure())


def test_older_clients_read_flat_values_and_change_them(admin: Transport) -> None:
    make_task(admin)
    before = _flat(admin, 1)
    assert before["iou_threshold"] == 0.4
    assert before["oks_sigma"] == 0.09
    assert before["empty_is_annotated"] is False
    sent = {"iou_threshold": 0.6, "empty_is_annotated": True, "point_size_base": "image_size"}
    status, after = _patched(admin, 1, {**sent, "id": 1.0, "task_id": 1.0})
    assert status == 200
    assert {name: after[name] for name in sent} == sent
    assert _flat(admin, 1) == after
    assert {name for name in before if before[name] != after[name]} == {*sent, "updated_date"}


@pytest.mark.parametrize(
    ("field", "value"), [("iou_threshold", 1.5), ("point_size_base", "x"), ("oks_sigma", "y")]
)
def test_flat_values_have_limits(admin: Transport, field: str, value: object) -> None:
    make_task(admin)
    status, body = _patched(admin, 1, {field: value})
    assert status == 400
    assert list(body) == [field]


def test_others_see_no_settings(admin: Transport, worker: Transport) -> None:
    task = make_task(admin)
    for refused in (
        call(worker, quality.list_settings, task_id=task.id),
        call(worker, quality.retrieve_settings, 1),
        call(worker, quality.partial_update_settings, 1, {"inherit": False}),
        call(worker, quality.list_settings_requirements, settings_id=1),
        call(worker, quality.retrieve_settings_requirements, 1),
        call(worker, quality.create_settings_requirements, {"settings_id": 1, "name": "x"}),
    ):
        assert status_of(refused.failure()) == 403
    assert call(worker, quality.list_settings).unwrap().count == 0
    assert call(worker, quality.list_settings_requirements).unwrap().count == 0
    assert status_of(call(worker, quality.list_settings, task_id=99).failure()) == 404
    assert status_of(call(worker, quality.list_settings, project_id=99).failure()) == 404
    call(admin, tasks.partial_update, task.id, {"assignee_id": 2}).unwrap()
    assert call(worker, quality.retrieve_settings, 1).unwrap().task_id == task.id

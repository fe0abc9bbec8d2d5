"""Quality reports: computed in the background, on jobs, tasks and projects."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from attrs import evolve

from cvatfn import Request, Transport, call, models, raw
from cvatfn.api import jobs, labels, projects, quality, requests, tasks
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.sandbox.state.world import put
from tests.sandbox.judged import (
    accept,
    add_job,
    box,
    draw,
    judged_task,
    label_ids,
    report_on,
    task_in_project,
)
from tests.sandbox.kit import make_task, settle, status_of

RECTANGLE = 2
"""The id of the base requirement of rectangles in the first settings."""


def _data(cvat: Transport, report: int) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(call(cvat, quality.retrieve_report_data, report).unwrap())
    return plain


def _brief(cvat: Transport, report: int) -> dict[str, Any]:
    """A report's summary as an older client reads it."""
    plain = json.loads(call(cvat, raw(quality.retrieve_report), report).unwrap().body)
    summary: dict[str, Any] = plain["summary"]
    return summary


def _conflicts(cvat: Transport, **params: Any) -> list[str]:
    page = call(cvat, quality.list_conflicts, sort="id", page_size="all", **params).unwrap()
    return [conflict.type.value for conflict in page.results]


def test_a_report_on_a_task_has_one_on_each_job(sandbox: Sandbox, admin: Transport) -> None:
    task, job, truth = judged_task(sandbox, admin)
    report = report_on(admin, task_id=task)
    assert (report.target, report.task_id, report.job_id) == ("task", task, None)
    assert report.parent_id is None
    assert report.gt_last_updated == call(admin, jobs.retrieve, truth).unwrap().updated_date
    (child,) = call(admin, quality.list_reports, parent_id=report.id).unwrap().results
    assert (child.target, child.job_id, child.parent_id) == ("job", job, report.id)
    for each in (report, child):
        assert each.summary.total_frames == 3
        assert each.summary.validation_frames == 2
        assert each.summary.conflicts_by_type == {"low_overlap": 1, "mismatching_label": 1}
        assert (each.summary.conflict_count, each.summary.error_count) == (2, 1)
    assert report.summary.jobs == models.QualityReportJobsSummary(
        total=1, excluded=0, not_checkable=0, included=1, completed=0
    )


def test_work_on_a_report_is_told_as_cvat_tells_it(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)
    begun = call(admin, quality.create_report, {"task_id": task}).unwrap()
    assert begun.rq_id == f"action=calculate&target=task&target_id={task}&subresource=quality"
    again = call(admin, quality.create_report, {"task_id": task})
    assert status_of(again.failure()) == 409
    ended = settle(admin, begun.rq_id)
    assert (ended.operation.type, ended.operation.target) == ("calculate:quality", "task")
    assert ended.operation.task_id == task
    assert ended.result_url is None
    assert ended.finished_date is not None
    assert ended.expiry_date == ended.finished_date + timedelta(minutes=2)
    found = call(admin, requests.list, action="calculate", subresource="quality").unwrap()
    assert [each.id for each in found.results] == [begun.rq_id]


def test_older_clients_read_counts_and_shares(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)
    summary = _brief(admin, report_on(admin, task_id=task).id)
    counts = {name: summary[f"{name}_count"] for name in ("valid", "ds", "gt", "total", "warning")}
    assert counts == {"valid": 1, "ds": 2, "gt": 2, "total": 2, "warning": 1}
    assert (summary["accuracy"], summary["precision"], summary["recall"]) == (0.5, 0.5, 0.5)
    assert summary["frame_share"] == pytest.approx(2 / 3)


def test_conflicts_name_what_is_there(sandbox: Sandbox, admin: Transport) -> None:
    task, job, truth = judged_task(sandbox, admin)
    report = report_on(admin, task_id=task)
    page = call(admin, quality.list_conflicts, report_id=report.id, sort="id").unwrap()
    low, mismatching = page.results
    assert (low.frame, low.severity.value) == (0, "warning")
    assert (mismatching.frame, mismatching.severity.value) == (1, "error")
    held = {
        number: call(admin, jobs.retrieve_annotations, number).unwrap() for number in (job, truth)
    }
    for conflict in page.results:
        assert [each.job_id for each in conflict.annotation_ids] == [job, truth]
        for each in conflict.annotation_ids:
            assert each.obj_id in {shape.id for shape in held[each.job_id].shapes}
    assert _conflicts(admin, severity="error") == ["mismatching_label"]
    assert _conflicts(admin, task_id=task, frame=0) == ["low_overlap"]
    assert _conflicts(admin, job_id=truth) == []
    assert status_of(call(admin, quality.list_conflicts, report_id=99).failure()) == 404


def test_the_data_of_a_report_say_what_its_summary_says(sandbox: Sandbox, admin: Transport) -> None:
    task, job, truth = judged_task(sandbox, admin)
    report = report_on(admin, task_id=task)
    data = _data(admin, report.id)
    summary = data["comparison_summary"]
    assert summary["frames"] == [0, 1]
    assert summary["annotations"]["confusion_matrix"]["rows"] == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert summary["annotation_components"]["shape"]["valid_count"] == 2
    assert summary["annotation_components"]["label"]["invalid_count"] == 1
    assert list(data["frame_results"]) == ["0", "1"]
    assert data["frame_results"]["0"]["annotation_components"]["shape"]["mean_iou"] == 0.75
    (conflict,) = data["frame_results"]["1"]["conflicts"]
    links = [each["url"].partition("/tasks/")[2] for each in conflict["annotation_ids"]]
    assert links[0].startswith(f"{task}/jobs/{job}?frame=1&type=shape&serverID=")
    assert links[1].startswith(f"{task}/jobs/{truth}?frame=1&type=shape&serverID=")
    assert len(data["conflicts"]) == summary["conflict_count"] == 2
    (child,) = call(admin, quality.list_reports, target="job").unwrap().results
    part = _data(admin, child.id)
    assert (part["job_id"], part["parent_id"]) == (job, report.id)
    assert part["comparison_summary"]["annotation_components"]["shape"]["mean_iou"] == 0.875


@pytest.mark.parametrize("changed", [{"stage": "annotation"}, {"state": "new"}])
def test_ground_truth_counts_while_it_is_accepted(
    sandbox: Sandbox, admin: Transport, changed: models.PatchedJobWriteRequestDict
) -> None:
    task, _, truth = judged_task(sandbox, admin)
    begun = call(admin, quality.create_report, {"task_id": task}).unwrap()
    call(admin, jobs.partial_update, truth, changed).unwrap()
    ended = settle(admin, begun.rq_id)
    assert ended.status is models.RequestStatus.FINISHED
    assert ended.result_id is None
    refused = call(admin, quality.create_report, {"task_id": task})
    assert "require a Ground Truth job" in str(refused.failure())


def test_a_task_that_goes_in_the_meantime_fails_its_report(
    sandbox: Sandbox, admin: Transport
) -> None:
    task, _, _ = judged_task(sandbox, admin)
    begun = call(admin, quality.create_report, {"task_id": task}).unwrap()
    call(admin, tasks.destroy, task).unwrap()
    assert settle(admin, begun.rq_id).status is models.RequestStatus.FAILED
    assert call(admin, quality.list_reports).unwrap().count == 0


def test_reports_stay_as_they_were(sandbox: Sandbox, admin: Transport) -> None:
    task, job, truth = judged_task(sandbox, admin)
    before = report_on(admin, task_id=task)
    call(admin, jobs.destroy_annotations, job).unwrap()
    after = report_on(admin, task_id=task)
    assert after.summary.conflicts_by_type == {"missing_annotation": 2}
    assert call(admin, quality.retrieve_report, before.id).unwrap() == before
    assert after.id > before.id
    assert _conflicts(admin, report_id=before.id) == ["low_overlap", "mismatching_label"]
    ids = [each.id for each in call(admin, quality.list_conflicts, sort="id").unwrap().results]
    assert ids == [1, 2, 3, 4]
    assert call(admin, jobs.retrieve, truth).unwrap().id == truth


def test_flat_settings_decide_what_is_compared(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)

    def with_flat(**flat: Any) -> models.QualityReportSummary:
        headers = {"Content-Type": "application/json"}
        path = "/api/quality/settings/1"
        admin(Request("PATCH", path, (), headers, json.dumps(flat).encode())).unwrap()
        return report_on(admin, task_id=task).summary

    assert with_flat(low_overlap_threshold=0.5).conflicts_by_type == {"mismatching_label": 1}
    strict = with_flat(iou_threshold=0.8).conflicts_by_type
    assert strict == {"missing_annotation": 1, "extra_annotation": 1, "mismatching_label": 1}
    jobs_left = with_flat(iou_threshold=0.4, target_metric_threshold=0.5).jobs
    assert isinstance(jobs_left, models.QualityReportJobsSummary)
    assert jobs_left.completed == 1


def test_enabled_requirements_compare_their_own_kind(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)
    change = quality.partial_update_settings_requirements
    call(admin, quality.list_settings).unwrap()
    call(admin, change, RECTANGLE, {"enabled": True, "required_score": 0.6}).unwrap()
    call(admin, change, 1, {"enabled": True}).unwrap()
    body: models.QualityRequirementRequestDict = {
        "settings_id": 1,
        "parent_requirement": RECTANGLE,
        "name": "cats",
        "filter": '{"==":[{"var":"shape.label"},"cat"]}',
        "metric": "precision",
    }
    call(admin, quality.create_settings_requirements, body).unwrap()
    report = report_on(admin, task_id=task)
    told = report.summary.requirements
    assert isinstance(told, models.QualityReportRequirementsSummary)
    assert (told.total, told.enabled, told.completed, told.not_computed) == (10, 3, 1, 1)
    by_name = {each.name: each for each in told.items}
    assert by_name["Base rectangle"].score == 0.5
    assert by_name["cats"].score == 0.5
    assert by_name["cats"].threshold == 0.6
    assert by_name["Base tag"].score is None
    assert by_name["Base tag"].calculation.reason is models.ReasonEnum.NO_ANNOTATIONS
    # what is not very alike is no conflict any more, and the cat that is a dog is one too many
    assert report.summary.conflicts_by_type == {"mismatching_label": 1, "extra_annotation": 1}
    assert report.summary.error_count == report.summary.conflict_count


def test_a_child_looks_at_what_its_parents_let_through(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)
    call(admin, quality.list_settings).unwrap()
    dogs: models.PatchedQualityRequirementRequestDict = {
        "filter": '{"==":[{"var":"shape.label"},"dog"]}'
    }
    call(admin, quality.partial_update_settings_requirements, RECTANGLE, dogs).unwrap()
    body: models.QualityRequirementRequestDict = {
        "settings_id": 1,
        "parent_requirement": RECTANGLE,
        "name": "cats that are dogs",
        "filter": '{"==":[{"var":"shape.label"},"cat"]}',
    }
    call(admin, quality.create_settings_requirements, body).unwrap()
    told = report_on(admin, task_id=task).summary.requirements
    assert isinstance(told, models.QualityReportRequirementsSummary)
    assert [each.calculation.reason for each in told.items] == [models.ReasonEnum.FILTER_NO_MATCHES]


def test_filters_and_attributes_say_why_there_is_no_score(
    sandbox: Sandbox, admin: Transport
) -> None:
    task, job, truth = judged_task(sandbox, admin)
    (cat, _) = call(admin, labels.list, task_id=task).unwrap().results
    spec: models.AttributeRequestDict = {
        "name": "colour",
        "mutable": True,
        "input_type": "text",
        "default_value": "",
        "values": [],
    }
    call(admin, labels.partial_update, cat.id, {"attributes": [spec]}).unwrap()
    (colour,) = call(admin, labels.retrieve, cat.id).unwrap().attributes
    base: models.QualityRequirementRequestDict = {"settings_id": 1, "parent_requirement": RECTANGLE}
    call(admin, quality.list_settings).unwrap()
    make = quality.create_settings_requirements
    none = '{">":[{"var":"shape.area"},100000]}'
    call(admin, make, {**base, "name": "huge", "filter": none}).unwrap()
    rules: models.AttributeComparisonRequestDict = {
        "rules": [{"spec_id": colour.id, "enabled": True, "comparator": "exact"}]
    }
    call(admin, make, {**base, "name": "coloured", "attribute_comparison": rules}).unwrap()
    told = report_on(admin, task_id=task).summary.requirements
    assert isinstance(told, models.QualityReportRequirementsSummary)
    reasons = {each.name: each.calculation.reason for each in told.items}
    assert reasons == {
        "huge": models.ReasonEnum.FILTER_NO_MATCHES,
        "coloured": models.ReasonEnum.REQUIRED_ATTRIBUTES_MISSING,
    }
    for number, value in ((job, "red"), (truth, "blue")):
        shape = box(0, cat.id, 0, 0, 20, 20)
        shape["attributes"] = [{"spec_id": colour.id, "value": value}]
        draw(admin, number, shape)
    report = report_on(admin, task_id=task)
    assert report.summary.conflicts_by_type == {"missing_annotation": 1, "extra_annotation": 1}


def test_matrices_are_fetched_as_json_table_and_archive(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)
    call(admin, quality.list_settings).unwrap()
    change = quality.partial_update_settings_requirements
    call(admin, change, RECTANGLE, {"enabled": True, "metric": "mean_recall"}).unwrap()
    report = report_on(admin, task_id=task)
    fetch = quality.retrieve_report_requirement_confusion
    matrix = call(admin, fetch, report.id, requirement=RECTANGLE).unwrap()
    assert matrix.labels == ("cat", "dog", "unmatched")
    assert matrix.rows == ((1, 1, 0), (0, 0, 0), (0, 0, 0))
    assert matrix.recall == (1.0, 0.0, 0.0)
    summed = matrix.target_metric_summary
    assert isinstance(summed, models.QualityReportTargetMetricSummary)
    assert (summed.metric.value, summed.aggregation.value) == ("recall", "mean")
    assert (summed.values.micro, summed.values.mean, summed.values.label) == (0.5, 0.5, 0.0)
    assert summed.worst_labels == ("dog",)
    table = call(admin, raw(fetch), report.id, requirement=RECTANGLE, format="csv").unwrap()
    assert table.content_type == "text/csv"
    rows = list(csv.reader(StringIO(table.body.decode())))
    assert rows[:4] == [
        ["DS (row) \\ GT (col) label", "cat", "dog", "unmatched", "precision"],
        ["cat", "1", "1", "0", "0.5"],
        ["dog", "0", "0", "0", "0.0"],
        ["unmatched", "0", "0", "0", "0.0"],
    ]
    archive = ZipFile(BytesIO(call(admin, quality.retrieve_report_confusion, report.id).unwrap()))
    assert rows[5] == ["dice coefficient", str(2 / 3), "nan", "nan"]
    assert archive.namelist() == ["groups/base-rectangle.csv", "manifest.json"]
    assert archive.read("groups/base-rectangle.csv") == table.body
    assert status_of(call(admin, fetch, report.id, requirement=99).failure()) == 404


def test_a_report_on_a_project_weighs_its_tasks(sandbox: Sandbox, admin: Transport) -> None:
    body: models.ProjectWriteRequestDict = {"name": "pets", "labels": [{"name": "cat"}]}
    project = call(admin, projects.create, body).unwrap()
    one, _ = task_in_project(sandbox, admin, project.id, "one")
    two, _ = task_in_project(sandbox, admin, project.id, "two")
    own, _ = task_in_project(sandbox, admin, project.id, "own")
    bare = call(admin, tasks.create, {"name": "bare", "project_id": project.id}).unwrap()
    (settings,) = call(admin, quality.list_settings, task_id=own).unwrap().results
    call(admin, quality.partial_update_settings, settings.id, {"inherit": False}).unwrap()
    early = report_on(admin, task_id=one)
    report = report_on(admin, project_id=project.id)
    assert report.summary.tasks == models.QualityReportTasksSummary(
        total=4, custom=1, not_configured=1, excluded=0, included=2, completed=0
    )
    assert report.summary.jobs == models.QualityReportJobsSummary(
        total=2, excluded=0, not_checkable=0, included=2, completed=0
    )
    assert (report.summary.total_frames, report.summary.validation_frames) == (6, 4)
    assert report.gt_last_updated is None
    assert _brief(admin, report.id)["gt_count"] == 4  # one and a half each, rounded up
    children = call(admin, quality.list_reports, parent_id=report.id, target="task").unwrap()
    assert {each.task_id for each in children.results} == {one, two, own}
    assert early.id in {each.id for each in children.results}
    data = _data(admin, report.id)
    assert data["comparison_summary"]["tasks"]["not_configured"] == [bare.id]
    assert data["conflicts"] == []
    assert "frame_results" not in data
    assert _conflicts(admin, report_id=report.id) == ["missing_annotation"] * 3
    assert call(admin, quality.list_reports, project_id=project.id).unwrap().count == 7
    again = report_on(admin, project_id=project.id)
    kept = call(admin, quality.list_reports, parent_id=again.id, target="task").unwrap()
    assert kept.results == children.results
    call(admin, tasks.partial_update, one, {"name": "other"}).unwrap()
    later = report_on(admin, project_id=project.id)
    fresh = call(admin, quality.list_reports, parent_id=later.id, target="task").unwrap()
    assert {each.id for each in fresh.results} - {each.id for each in kept.results}


def test_an_empty_project_has_a_report_of_nothing(admin: Transport) -> None:
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    report = report_on(admin, project_id=project.id)
    assert report.summary.total_frames == 0
    assert _brief(admin, report.id)["accuracy"] == 0.0
    assert _data(admin, report.id)["comparison_summary"]["jobs"]["all"] == []


def test_jobs_are_chosen_by_the_filter_of_the_settings(sandbox: Sandbox, admin: Transport) -> None:
    task = make_task(admin, segment_size=2)
    one, two = (each.id for each in call(admin, jobs.list, sort="id").unwrap().results)
    truth = add_job(sandbox, task.id)
    accept(admin, truth)
    add_job(sandbox, task.id, models.JobType.REPLICA, parent=one)
    report = report_on(admin, task_id=task.id)
    assert report.summary.jobs == models.QualityReportJobsSummary(
        total=3, excluded=1, not_checkable=1, included=2, completed=0
    )
    text = json.dumps({"==": [{"var": "id"}, two]})
    call(admin, quality.partial_update_settings, 1, {"job_filter": text}).unwrap()
    data = _data(admin, report_on(admin, task_id=task.id).id)
    assert data["comparison_summary"]["jobs"]["excluded"] == [one, truth + 1]
    assert data["comparison_summary"]["jobs"]["not_checkable"] == [two]


def test_deleted_frames_and_tracks_are_compared_as_they_are_seen(
    sandbox: Sandbox, admin: Transport
) -> None:
    task = make_task(admin)
    (job,) = call(admin, jobs.list, task_id=task.id).unwrap().results
    truth = add_job(sandbox, task.id, frames=(0, 2))
    cat = label_ids(admin, task.id)["cat"]
    draw(admin, truth, *(box(frame, cat, frame, 0, frame + 9, 9) for frame in range(3)))
    accept(admin, truth)
    keys: list[models.TrackedShapeRequestDict] = [
        {"type": "rectangle", "frame": 0, "points": [0, 0, 9, 9]},
        {"type": "rectangle", "frame": 2, "points": [2, 0, 11, 9], "outside": True},
    ]
    track: models.LabeledTrackRequestDict = {"frame": 0, "label_id": cat, "shapes": keys}
    made = call(admin, jobs.update_annotations, job.id, {"tracks": [track]}).unwrap()
    assert report_on(admin, task_id=task.id).summary.conflicts_by_type == {"missing_annotation": 1}
    call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [2]}).unwrap()
    right = report_on(admin, task_id=task.id)
    assert right.summary.conflict_count == 0
    assert (right.summary.total_frames, right.summary.validation_frames) == (2, 2)
    call(admin, jobs.destroy_annotations, truth).unwrap()
    call(admin, jobs.partial_update, truth, {"state": "completed"}).unwrap()
    wrong = report_on(admin, task_id=task.id)
    page = call(admin, quality.list_conflicts, report_id=wrong.id).unwrap()
    named = {each for conflict in page.results for each in conflict.annotation_ids}
    assert {(each.obj_id, each.type.value) for each in named} == {(made.tracks[0].id, "track")}


def test_others_see_no_reports(sandbox: Sandbox, admin: Transport, worker: Transport) -> None:
    task, job, _ = judged_task(sandbox, admin)
    report = report_on(admin, task_id=task)
    for refused in (
        call(worker, quality.retrieve_report, report.id),
        call(worker, quality.retrieve_report_data, report.id),
        call(worker, quality.retrieve_report_confusion, report.id),
        call(worker, quality.create_report, {"task_id": task}),
        call(worker, quality.list_reports, task_id=task),
        call(worker, quality.list_reports, job_id=job),
        call(worker, quality.list_conflicts, report_id=report.id),
    ):
        assert status_of(refused.failure()) == 403
    assert call(worker, quality.list_reports).unwrap().count == 0
    assert call(worker, quality.list_reports, parent_id=report.id).unwrap().count == 0
    assert call(worker, quality.list_conflicts).unwrap().count == 0
    call(admin, tasks.partial_update, task, {"assignee_id": 2}).unwrap()
    assert call(worker, quality.list_reports).unwrap().count == 2
    later = report_on(worker, task_id=task)
    assert later.assignee is not None
    assert later.assignee.username == "worker"
    assert _data(worker, later.id)["assignee"]["username"] == "worker"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"task_id": 1, "project_id": 1}, 400),
        ({"task_id": 9}, 404),
        ({"project_id": 9}, 404),
    ],
)
def test_a_report_is_on_one_thing(
    admin: Transport, sent: models.QualityReportCreateRequestDict, status: int
) -> None:
    assert status_of(call(admin, quality.create_report, sent).failure()) == status


def test_old_clients_ask_the_same_place_for_progress(
    sandbox: Sandbox, admin: Transport, worker: Transport
) -> None:
    task, _, _ = judged_task(sandbox, admin)
    begun = call(admin, quality.create_report, {"task_id": task}).unwrap().rq_id
    ask = raw(quality.create_report)
    assert status_of(call(worker, quality.create_report, rq_id=begun).failure()) == 404
    first = call(admin, ask, rq_id=begun).unwrap()
    assert first.status == 202
    assert first.headers.get("deprecation") == "@1742169600"
    settle(admin, begun)
    last = call(admin, ask, rq_id=begun).unwrap()
    assert last.status == 201
    assert json.loads(last.body)["task_id"] == task
    assert status_of(call(admin, quality.create_report, rq_id=begun).failure()) == 404


def test_organizations_part_reports(sandbox: Sandbox, admin: Transport) -> None:
    task, _, _ = judged_task(sandbox, admin)
    report_on(admin, task_id=task)
    world = sandbox.world
    moved = evolve(world.tasks[task], organization=7)
    sandbox.world = evolve(world, tasks=put(world.tasks, task, moved))
    assert call(admin, quality.list_reports).unwrap().count == 2
    assert call(admin, quality.list_reports, org="").unwrap().count == 0
    assert call(admin, quality.list_conflicts, org="").unwrap().count == 0
    assert call(admin, quality.list_settings, org="").unwrap().count == 0

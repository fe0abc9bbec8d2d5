"""Quality and consensus from end to end: ground truth, honeypots and replicas made by asking."""

from __future__ import annotations

import json

from cvatfn import Transport, call, models
from cvatfn.api import consensus, jobs, labels, quality, tasks
from tests.sandbox.films import told
from tests.sandbox.judged import accept, box, draw, label_ids, report_on
from tests.sandbox.kit import fetched, make_task, settle
from tests.sandbox.test_validation import pictures, pooled, rows_of

KINDS = models.JobType


def test_a_ground_truth_job_with_gaps_judges_only_its_own_frames(admin: Transport) -> None:
    task = make_task(admin, pictures(6), segment_size=3)
    cat, dog = label_ids(admin, task.id).values()
    first, second = rows_of(admin, task.id)
    truth = call(
        admin,
        jobs.create,
        {
            "task_id": task.id,
            "type": "ground_truth",
            "frame_selection_method": "manual",
            "frames": [0, 2, 5],
        },
    ).unwrap()
    draw(admin, truth.id, *(box(frame, cat, 0, 0, 10, 10) for frame in (0, 2, 5)))
    draw(admin, first.id, box(0, cat, 0, 0, 10, 10), box(1, dog, 0, 0, 9, 9))
    draw(admin, second.id, box(3, dog, 0, 0, 9, 9), box(5, dog, 0, 0, 10, 10))
    held = call(admin, jobs.retrieve_annotations, truth.id).unwrap()
    assert sorted(shape.frame for shape in held.shapes) == [0, 2, 5]
    accept(admin, truth.id)

    report = report_on(admin, task_id=task.id)
    data = json.loads(call(admin, quality.retrieve_report_data, report.id).unwrap())
    conflicts = call(admin, quality.list_conflicts, report_id=report.id).unwrap().results
    assert {conflict.frame for conflict in conflicts} == {2, 5}
    assert {conflict.type.value for conflict in conflicts} == {
        "missing_annotation",
        "mismatching_label",
    }
    assert sorted(map(int, data["frame_results"])) == [0, 2, 5]
    summary = report.summary
    assert (summary.validation_frames, summary.total_frames) == (3, 6)


def test_honeypots_are_judged_by_the_frames_that_they_repeat(admin: Transport) -> None:
    task, _ = pooled(admin, 10, pool=3, per_job=2, length=4)
    (cat,) = call(admin, labels.list, task_id=task.id).unwrap().results
    *annotation, truth = rows_of(admin, task.id)
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    reals = dict(zip(told(layout.honeypot_frames), told(layout.honeypot_real_frames), strict=True))
    draw(
        admin,
        truth.id,
        *(box(real, cat.id, 0, 0, 10, 10) for real in told(layout.validation_frames)),
    )
    accept(admin, truth.id)
    seen: list[int] = []
    for job in annotation:
        mine = [pot for pot in reals if job.start_frame <= pot <= job.stop_frame]
        seen.extend(mine[1:])
        draw(admin, job.id, *(box(pot, cat.id, 0, 0, 10, 10) for pot in mine[1:]))

    report = report_on(admin, task_id=task.id)
    conflicts = call(admin, quality.list_conflicts, report_id=report.id, page_size="all").unwrap()
    missed = {conflict.frame for conflict in conflicts.results}
    assert missed == reals.keys() - set(seen)
    assert report.summary.validation_frames == len(reals)
    assert report.summary.conflict_count == len(missed)


def test_disabled_frames_judge_nobody(admin: Transport) -> None:
    task, _ = pooled(admin, 10, pool=3, per_job=2, length=4)
    (cat,) = call(admin, labels.list, task_id=task.id).unwrap().results
    truth = rows_of(admin, task.id)[-1]
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    frames = told(layout.validation_frames)
    draw(admin, truth.id, *(box(real, cat.id, 0, 0, 10, 10) for real in frames))
    accept(admin, truth.id)
    call(
        admin, tasks.partial_update_validation_layout, task.id, {"disabled_frames": frames[:1]}
    ).unwrap()
    report = report_on(admin, task_id=task.id)
    counted = [real for real in told(layout.honeypot_real_frames) if real != frames[0]]
    assert report.summary.validation_frames == len(counted)


def test_replicas_of_a_new_task_are_merged_into_their_jobs(admin: Transport) -> None:
    task = make_task(admin, pictures(4), replicas=2, segment_size=2)
    cat, _ = label_ids(admin, task.id).values()
    rows = rows_of(admin, task.id)
    for row in rows:
        if row.type is KINDS.REPLICA:
            draw(admin, row.id, box(row.start_frame, cat, 0, 0, 10, 10))
            call(admin, jobs.partial_update, row.id, {"state": "completed"}).unwrap()
    begun = call(admin, consensus.create_merge, {"task_id": task.id}).unwrap()
    assert settle(admin, begun.rq_id).status is models.RequestStatus.FINISHED

    merged = call(admin, tasks.retrieve_annotations, task.id).unwrap()
    assert [shape.frame for shape in merged.shapes] == [0, 2]
    exported = call(
        admin, tasks.create_dataset_export, task.id, format="COCO 1.0", save_images=False
    ).unwrap()
    assert fetched(admin, exported.rq_id)

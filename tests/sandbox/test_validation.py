"""Ground truth jobs, honeypots and replicas: which frames they have, and what is drawn on them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File, Transport, call, models
from cvatfn.api import jobs, labels, tasks
from cvatfn.testing.sandbox.files.selecting import spread
from tests.sandbox.films import anew, bytes_of, created, film, number_of, told
from tests.sandbox.kit import packed, picture, status_of

KINDS = models.JobType


def pictures(count: int) -> list[File]:
    """So many pictures, of different widths."""
    return [picture(f"{index:02d}.png", (20 + index, 20)) for index in range(count)]


def rows_of(cvat: Transport, task: int) -> list[models.JobRead]:
    """The jobs of a task, in the order in which they were made."""
    page = call(cvat, jobs.list, task_id=task, sort="id", page_size="all").unwrap()
    return list(page.results)


def pooled(
    cvat: Transport, count: int = 10, *, pool: int = 3, per_job: int = 2, length: int = 4
) -> tuple[models.TaskRead, models.Request]:
    """A task with honeypots."""
    return created(
        cvat,
        pictures(count),
        {
            "sorting_method": "random",
            "validation_params": {
                "mode": "gt_pool",
                "frame_selection_method": "random_uniform",
                "frame_count": pool,
                "frames_per_job_count": per_job,
                "random_seed": 7,
            },
        },
        {"name": "pots", "segment_size": length, "labels": [{"name": "cat"}]},
    )


def drawn(label: int, *frames: int) -> models.LabeledDataRequestDict:
    """A box on each of some frames."""
    return {
        "shapes": [
            {"type": "rectangle", "frame": frame, "label_id": label, "points": [1, 1, 2, 2]}
            for frame in frames
        ]
    }


def frames_drawn(data: models.LabeledData) -> list[int]:
    """The frames that something is drawn on."""
    return sorted(shape.frame for shape in data.shapes)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"frame_selection_method": "manual", "frames": [8, 1, 5]}, 3),
        ({"frame_selection_method": "random_uniform", "frame_count": 4, "random_seed": 1}, 4),
        ({"frame_selection_method": "random_uniform", "frame_share": 0.25}, 3),
        ({"frame_selection_method": "random_per_job", "frames_per_job_count": 2}, 6),
        ({"frame_selection_method": "random_per_job", "frames_per_job_share": 0.25}, 3),
    ],
)
def test_a_ground_truth_job_has_the_frames_that_were_wanted(
    admin: Transport, wanted: models.JobWriteRequestDict, count: int
) -> None:
    task, _ = created(admin, pictures(12), task={"name": "x", "segment_size": 4})
    made = call(admin, jobs.create, {**wanted, "type": "ground_truth", "task_id": task.id}).unwrap()
    assert (made.type, made.frame_count, made.start_frame, made.stop_frame) == (
        KINDS.GROUND_TRUTH,
        count,
        0,
        11,
    )
    meta = call(admin, jobs.retrieve_data_meta, made.id).unwrap()
    assert (meta.size, len(meta.included_frames or ())) == (count, count)
    named = [frame.name for frame in meta.frames or ()]
    assert [n for n, name in enumerate(named) if name != "placeholder.jpg"] == [
        *(meta.included_frames or ())
    ]
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    assert (layout.mode, layout.validation_frames) == (
        models.ValidationMode.GT,
        meta.included_frames,
    )
    assert call(admin, tasks.retrieve, task.id).unwrap().validation_mode == "gt"
    hidden = next(n for n in range(12) if n not in (meta.included_frames or ()))
    refused = call(admin, jobs.retrieve_data, made.id, type="frame", number=hidden)
    assert status_of(refused.failure()) == 400
    again = call(admin, jobs.create, {**wanted, "type": "ground_truth", "task_id": task.id})
    assert "cannot have more than 1 GT job" in str(again.failure())


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"frame_selection_method": "manual"}, "named"),
        ({"frame_selection_method": "manual", "frames": [12]}, "0 to 11"),
        ({"frame_selection_method": "manual", "frames": [1, 1]}, "twice"),
        ({"frame_selection_method": "random_uniform"}, "frame_count"),
        ({"frame_selection_method": "random_uniform", "frame_count": 13}, "13"),
        ({"frame_selection_method": "random_uniform", "frame_share": 1.5}, "share"),
        (
            {"frame_selection_method": "random_uniform", "frame_count": 1, "frame_share": 0.5},
            "not both",
        ),
        ({"frame_selection_method": "random_per_job", "frames_per_job_count": 9}, "9"),
        (
            {"frame_selection_method": "random_uniform", "frame_count": 1, "frames": [1]},
            "manually",
        ),
    ],
)
def test_a_selection_that_cannot_be_is_refused(
    admin: Transport, wanted: models.JobWriteRequestDict, said: str
) -> None:
    task, _ = created(admin, pictures(12), task={"name": "x", "segment_size": 4})
    refused = call(admin, jobs.create, {**wanted, "type": "ground_truth", "task_id": task.id})
    assert status_of(refused.failure()) == 400
    assert said in str(refused.failure())
    assert len(rows_of(admin, task.id)) == 3


def test_who_does_not_see_a_task_makes_no_job_for_it(admin: Transport, worker: Transport) -> None:
    task, _ = created(admin, pictures(3))
    wanted: models.JobWriteRequestDict = {
        "type": "ground_truth",
        "task_id": task.id,
        "frame_selection_method": "manual",
        "frames": [0],
    }
    assert status_of(call(worker, jobs.create, wanted).failure()) == 403
    made = call(admin, jobs.create, {**wanted, "assignee": 1}).unwrap()
    assert made.assignee is not None
    assert made.assignee_updated_date is not None
    assert status_of(call(worker, jobs.destroy, made.id).failure()) == 403
    others: list[models.JobWriteRequestDict] = [
        {**wanted, "task_id": 99},
        {**wanted, "assignee": 99},
    ]
    for other in others:
        assert status_of(call(admin, jobs.create, other).failure()) == 400
    annotation: models.JobWriteRequestDict = {**wanted, "type": "annotation"}
    assert status_of(call(admin, jobs.create, annotation).failure()) == 400


def test_the_truth_is_told_apart_from_what_was_annotated(admin: Transport) -> None:
    task, _ = created(admin, pictures(4))
    (job,) = rows_of(admin, task.id)
    truth = call(
        admin,
        jobs.create,
        {
            "type": "ground_truth",
            "task_id": task.id,
            "frame_selection_method": "manual",
            "frames": [1, 3],
        },
    ).unwrap()
    (cat,) = call(admin, labels.list, task_id=task.id).unwrap().results
    call(admin, tasks.update_annotations, task.id, drawn(cat.id, 0, 1)).unwrap()
    call(admin, jobs.update_annotations, truth.id, drawn(cat.id, 3)).unwrap()
    assert frames_drawn(call(admin, tasks.retrieve_annotations, task.id).unwrap()) == [0, 1]
    assert frames_drawn(call(admin, jobs.retrieve_annotations, job.id).unwrap()) == [0, 1]
    assert frames_drawn(call(admin, jobs.retrieve_annotations, truth.id).unwrap()) == [3]
    outside = call(admin, jobs.update_annotations, truth.id, drawn(cat.id, 2))
    assert status_of(outside.failure()) == 400
    call(admin, tasks.destroy_annotations, task.id).unwrap()
    assert frames_drawn(call(admin, jobs.retrieve_annotations, truth.id).unwrap()) == [3]
    listed = call(admin, jobs.list, type="ground_truth").unwrap().results
    assert [row.id for row in listed] == [truth.id]

    refused = call(admin, jobs.destroy, job.id).failure()
    assert "Only ground truth jobs can be removed" in str(refused)
    call(admin, jobs.destroy, truth.id).unwrap()
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    assert layout.mode is None
    assert call(admin, tasks.retrieve, task.id).unwrap().validation_mode is None


def test_frames_that_the_truth_deletes_do_not_count(admin: Transport) -> None:
    wanted: models.DataRequestDict = {
        "start_frame": 2,
        "frame_filter": "step=3",
        "validation_params": {
            "mode": "gt",
            "frame_selection_method": "random_uniform",
            "frame_count": 3,
        },
    }
    task, _ = created(admin, [film(20)], wanted)
    annotation, truth = rows_of(admin, task.id)
    meta = call(admin, jobs.retrieve_data_meta, truth.id).unwrap()
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    frames = told(layout.validation_frames)
    # included frames are those of the video, all others those of the task
    assert meta.included_frames == tuple(2 + frame * 3 for frame in frames)
    assert (meta.start_frame, meta.stop_frame, meta.size) == (2, 17, 3)
    for frame in frames:
        shown = call(admin, jobs.retrieve_data, truth.id, type="frame", number=frame).unwrap()
        assert number_of(shown) == 2 + frame * 3

    first = frames[0]
    gone = call(admin, jobs.partial_update_data_meta, truth.id, {"deleted_frames": [first]})
    assert gone.unwrap().deleted_frames == (first,)
    for job in (annotation.id, task.id):
        asked = jobs.retrieve_data_meta if job == annotation.id else tasks.retrieve_data_meta
        assert call(admin, asked, job).unwrap().deleted_frames == ()
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    assert layout.disabled_frames == (first,)
    call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [*frames]}).unwrap()
    restored = call(admin, jobs.partial_update_data_meta, truth.id, {"deleted_frames": []})
    assert restored.unwrap().deleted_frames == frames
    other = next(frame for frame in range(6) if frame not in frames)
    foreign = call(admin, jobs.partial_update_data_meta, truth.id, {"deleted_frames": [other]})
    assert status_of(foreign.failure()) == 400


def test_validation_frames_may_be_named_with_the_data(admin: Transport) -> None:
    wanted: models.DataRequestDict = {
        "validation_params": {
            "mode": "gt",
            "frame_selection_method": "manual",
            "frames": ["02.png", "00.png"],
        },
    }
    task, _ = created(admin, pictures(4), wanted)
    assert [row.type for row in rows_of(admin, task.id)] == [KINDS.ANNOTATION, KINDS.GROUND_TRUTH]
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    assert layout.validation_frames == (0, 2)
    unknown: models.DataRequestDict = {
        "validation_params": {
            "mode": "gt",
            "frame_selection_method": "manual",
            "frames": ["9.png"],
        },
    }
    _, ended = created(admin, pictures(4), unknown)
    assert "9.png" in ended.message


@given(st.integers(2, 14), st.integers(1, 6), st.integers(1, 4), st.integers(0, 6))
def test_jobs_cover_all_frames_and_honeypots_repeat_the_pool(
    count: int, pool: int, per_job: int, length: int
) -> None:
    cvat = anew()
    task, ended = pooled(cvat, count, pool=pool, per_job=per_job, length=length)
    if pool >= count or per_job > pool:
        assert ended.status is models.RequestStatus.FAILED
        return
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    *annotation, truth = rows_of(cvat, task.id)
    layout = call(cvat, tasks.retrieve_validation_layout, task.id).unwrap()
    meta = call(cvat, tasks.retrieve_data_meta, task.id).unwrap()
    names = [frame.name for frame in meta.frames or ()]
    reals = dict(zip(layout.honeypot_frames or (), layout.honeypot_real_frames or (), strict=True))
    spans = [range(row.start_frame, row.stop_frame + 1) for row in annotation]
    # the jobs lie side by side, and the pool after them
    assert [n for span in spans for n in span] == list(range(truth.start_frame))
    assert layout.validation_frames == tuple(range(truth.start_frame, task.size or 0))
    assert truth.frame_count == pool
    # everything that is in no pool is annotated once
    annotated = [names[n] for span in spans for n in span if n not in reals]
    assert sorted([*annotated, *names[truth.start_frame :]]) == [
        f"{index:02d}.png" for index in range(count)
    ]
    for span, row in zip(spans, annotation, strict=True):
        own = [n for n in span if n in reals]
        assert len({reals[n] for n in own}) == len(own) == per_job
        assert all(names[n] == names[reals[n]] for n in own)
        own_layout = call(cvat, jobs.retrieve_validation_layout, row.id).unwrap()
        assert (own_layout.honeypot_count, own_layout.honeypot_frames) == (per_job, tuple(own))
    assert task.size == count + per_job * len(annotation)
    used = Counter(reals.values())
    assert max(used.values()) - min(used.get(n, 0) for n in layout.validation_frames or ()) <= 1


def test_the_truth_of_a_pool_is_part_of_the_task(admin: Transport) -> None:
    task, _ = pooled(admin)
    *_, truth = rows_of(admin, task.id)
    (cat,) = call(admin, labels.list, task_id=task.id).unwrap().results
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    real = told(layout.validation_frames)[0]
    pots = [
        pot
        for pot, repeated in zip(
            layout.honeypot_frames or (), layout.honeypot_real_frames or (), strict=True
        )
        if repeated == real
    ]
    call(admin, tasks.update_annotations, task.id, drawn(cat.id, real)).unwrap()
    assert frames_drawn(call(admin, tasks.retrieve_annotations, task.id).unwrap()) == [*pots, real]
    assert frames_drawn(call(admin, jobs.retrieve_annotations, truth.id).unwrap()) == [real]
    refused = call(
        admin, tasks.partial_update_annotations, task.id, drawn(cat.id, real), action="update"
    )
    assert "can only be edited via task import or the GT job" in str(refused.failure())
    shown: models.TrackedShapeRequestDict = {
        "frame": 0,
        "type": "rectangle",
        "points": [1, 1, 5, 5],
    }
    tracks: models.LabeledDataRequestDict = {
        "tracks": [{"frame": 0, "label_id": cat.id, "shapes": [shown]}]
    }
    assert status_of(call(admin, tasks.update_annotations, task.id, tracks).failure()) == 400
    assert status_of(call(admin, jobs.destroy, truth.id).failure()) == 400
    extra: models.JobWriteRequestDict = {
        "type": "ground_truth",
        "task_id": task.id,
        "frame_selection_method": "random_uniform",
        "frame_count": 1,
    }
    assert '"gt_pool" cannot have more than 1 GT job' in str(
        call(admin, jobs.create, extra).failure()
    )


def test_honeypots_are_exchanged(admin: Transport) -> None:
    task, _ = pooled(admin)
    first, second, truth = rows_of(admin, task.id)
    (cat,) = call(admin, labels.list, task_id=task.id).unwrap().results
    before = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    pool = told(before.validation_frames)
    mine = call(admin, jobs.retrieve_validation_layout, first.id).unwrap()
    pot = told(mine.honeypot_frames)[0]
    other = next(frame for frame in pool if frame != told(mine.honeypot_real_frames)[0])
    call(admin, jobs.update_annotations, first.id, drawn(cat.id, pot, first.start_frame)).unwrap()
    call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [pot]}).unwrap()

    asked: models.PatchedJobValidationLayoutWriteRequestDict = {
        "frame_selection_method": "manual",
        "honeypot_real_frames": [other, other],
    }
    changed = call(admin, jobs.partial_update_validation_layout, first.id, asked).unwrap()
    assert changed.honeypot_real_frames == (other, other)
    kept = frames_drawn(call(admin, jobs.retrieve_annotations, first.id).unwrap())
    assert pot not in kept
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    named = [frame.name for frame in meta.frames or ()]
    assert (named[pot], meta.deleted_frames) == (named[other], ())
    dates = [
        call(admin, jobs.retrieve_data_meta, job.id).unwrap().chunks_updated_date
        for job in (first, second)
    ]
    assert dates[0] > dates[1]

    off: models.PatchedTaskValidationLayoutWriteRequestDict = {"disabled_frames": [other]}
    layout = call(admin, tasks.partial_update_validation_layout, task.id, off).unwrap()
    assert layout.disabled_frames == (other,)
    gone = call(admin, tasks.retrieve_data_meta, task.id).unwrap().deleted_frames
    assert set(gone) >= {other, *(mine.honeypot_frames or ())}
    anyhow: models.PatchedTaskValidationLayoutWriteRequestDict = {
        "frame_selection_method": "random_uniform"
    }
    after = call(admin, tasks.partial_update_validation_layout, task.id, anyhow).unwrap()
    assert other not in (after.honeypot_real_frames or ())
    assert len(after.honeypot_real_frames or ()) == len(before.honeypot_frames or ())
    wrong: list[tuple[int, models.PatchedJobValidationLayoutWriteRequestDict]] = [
        (truth.id, asked),
        (first.id, {**asked, "honeypot_real_frames": [0, 0]}),
        (first.id, {**asked, "honeypot_real_frames": [other, other]}),  # it is disabled
        (first.id, {**asked, "honeypot_real_frames": [pool[0]]}),
        (first.id, {"honeypot_real_frames": [pool[0]] * 2}),
        (first.id, {"frame_selection_method": "random_per_job"}),
    ]
    for job, body in wrong:
        refused = call(admin, jobs.partial_update_validation_layout, job, body)
        assert status_of(refused.failure()) == 400, body


def test_frames_of_a_pool_are_deleted_by_the_truth_alone(admin: Transport) -> None:
    task, _ = pooled(admin)
    *_, truth = rows_of(admin, task.id)
    frame = truth.start_frame
    refused = call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [frame]})
    assert "GT job's api/jobs/{id}/data/meta endpoint" in str(refused.failure())
    gone = call(admin, jobs.partial_update_data_meta, truth.id, {"deleted_frames": [frame]})
    assert gone.unwrap().deleted_frames == (frame,)
    same = call(admin, tasks.retrieve_data_meta, task.id).unwrap().deleted_frames
    assert frame in same
    call(admin, tasks.partial_update_data_meta, task.id, {"deleted_frames": [*same]}).unwrap()


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"mode": "gt"}, "validation_params.frame_selection_method"),
        ({"mode": "gt", "frame_selection_method": "random_uniform"}, "frame_count"),
        (
            {"mode": "gt_pool", "frame_selection_method": "random_uniform", "frame_count": 1},
            "frames_per_job_count",
        ),
        (
            {
                "mode": "gt_pool",
                "frame_selection_method": "random_per_job",
                "frames_per_job_count": 1,
            },
            "not selected by job",
        ),
        (
            {"mode": "gt", "frame_selection_method": "manual", "frames": ["a", "a"]},
            "named twice",
        ),
    ],
)
def test_validation_that_cannot_be_is_refused_at_once(
    admin: Transport, wanted: models.ValidationParamsRequestDict, field: str
) -> None:
    task = call(admin, tasks.create, {"name": "x"}).unwrap()
    refused = call(admin, tasks.create_data, task.id, {"validation_params": wanted}).failure()
    assert status_of(refused) == 400
    assert field in str(refused)


def test_honeypots_need_pictures_in_no_order(admin: Transport) -> None:
    wanted: models.ValidationParamsRequestDict = {
        "mode": "gt_pool",
        "frame_selection_method": "random_uniform",
        "frame_count": 1,
        "frames_per_job_count": 1,
    }
    for files, method, said in (
        (pictures(3), "natural", "random"),
        ([film(3)], "random", "images"),
    ):
        settings: models.DataRequestDict = {
            "validation_params": wanted,
            "sorting_method": models.SortingMethod(method),
        }
        _, ended = created(admin, files, settings)
        assert said in ended.message


@pytest.mark.parametrize("field", ["initial_replicas", "consensus_replicas"])
def test_each_job_has_its_replicas(admin: Transport, field: str) -> None:
    body: models.TaskWriteRequestDict = {
        "name": "x",
        "segment_size": 2,
        "labels": [{"name": "cat"}],
        "initial_replicas": 2,
    }
    if field == "consensus_replicas":
        body = {**body, "initial_replicas": 0, "consensus_replicas": 2}
    task, _ = created(admin, pictures(4), task=body)
    assert task.initial_replicas == 2
    rows = rows_of(admin, task.id)
    shown = [(row.type, row.parent_job_id, row.replicas_count, row.start_frame) for row in rows]
    first, second = rows[0].id, rows[3].id
    assert shown == [
        (KINDS.ANNOTATION, None, 2, 0),
        (KINDS.REPLICA, first, 0, 0),
        (KINDS.REPLICA, first, 0, 0),
        (KINDS.ANNOTATION, None, 2, 2),
        (KINDS.REPLICA, second, 0, 2),
        (KINDS.REPLICA, second, 0, 2),
    ]
    children = call(admin, jobs.list, parent_job_id=first).unwrap()
    assert {row.id for row in children.results} == {rows[1].id, rows[2].id}
    (cat,) = call(admin, labels.list, task_id=task.id).unwrap().results
    call(admin, jobs.update_annotations, rows[1].id, drawn(cat.id, 1)).unwrap()
    assert call(admin, tasks.retrieve_annotations, task.id).unwrap().shapes == ()
    call(admin, tasks.update_annotations, task.id, drawn(cat.id, 0, 3)).unwrap()
    assert frames_drawn(call(admin, jobs.retrieve_annotations, rows[1].id).unwrap()) == [1]
    assert frames_drawn(call(admin, tasks.retrieve_annotations, task.id).unwrap()) == [0, 3]


@pytest.mark.parametrize("count", [1, 11])
def test_one_replica_is_none(admin: Transport, count: int) -> None:
    refused = call(admin, tasks.create, {"name": "x", "consensus_replicas": count}).failure()
    assert status_of(refused) == 400
    assert "consensus_replicas" in str(refused)


@given(st.integers(1, 9), st.lists(st.integers(0, 9), max_size=9), st.text(max_size=3))
def test_a_pool_is_dealt_out_evenly(size: int, wanted: list[int], seed: str) -> None:
    wanted = [min(count, size) for count in wanted]
    dealt = list(spread(range(size), wanted, seed))
    assert [len(set(each)) for each in dealt] == wanted
    used = Counter(item for each in dealt for item in each)
    counts = [used.get(item, 0) for item in range(size)]
    assert max(counts) - min(counts) <= 1


def test_context_goes_with_a_honeypot(admin: Transport) -> None:
    beside = File("related_images/00_png/side.png", bytes_of(picture("side.png", (5, 5))))
    settings: models.DataRequestDict = {
        "sorting_method": "random",
        "validation_params": {
            "mode": "gt_pool",
            "frame_selection_method": "manual",
            "frames": ["00.png"],
            "frames_per_job_count": 1,
        },
    }
    task, ended = created(admin, [packed([*pictures(3), beside])], settings)
    assert ended.status is models.RequestStatus.FINISHED, ended.message
    layout = call(admin, tasks.retrieve_validation_layout, task.id).unwrap()
    frames = call(admin, tasks.retrieve_data_meta, task.id).unwrap().frames or ()
    with_context = {number for number, frame in enumerate(frames) if frame.related_files}
    assert with_context == {*(layout.honeypot_frames or ()), *(layout.validation_frames or ())}

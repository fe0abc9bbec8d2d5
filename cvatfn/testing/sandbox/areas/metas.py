"""What is said of the frames of tasks and jobs, and which of them are deleted.

Rule: frames that are deleted stay where they are. What a ground truth job deletes does not count
for validation; in a task with honeypots these frames are its own, and the honeypots that repeat
them go with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of
from cvatfn.testing.sandbox.areas.frames import NO_DATA, changed
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.permitting import may_see_storage
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.media import Frame, Media
from cvatfn.testing.sandbox.state.world import World, put, storages_of

__all__ = ["disabled", "job_meta", "patch_job_meta", "patch_task_meta", "task_meta"]

HIDDEN: Final = "placeholder.jpg"
"""What a frame is called in a job that does not have it."""


def task_meta(world: World, _: Asked, task: Task) -> Done:
    """The frames of a task."""
    if task.media is None:
        return invalid(NO_DATA)
    return done(world, _of_task(world, task, task.media))


def job_meta(world: World, _: Asked, job: Job) -> Done:
    """The frames of a job."""
    media = world.tasks[job.task].media
    return invalid(NO_DATA) if media is None else done(world, _of_job(media, job))


def patch_task_meta(world: World, asked: Asked, task: Task) -> Done:
    """Delete and restore frames of a task, or say anew which cloud storage they are in."""
    media = task.media
    if media is None:
        return invalid(NO_DATA)
    kind = models.PatchedDataMetaWriteRequest
    sent = asked.given("patched_data_meta_write_request", kind) or kind()
    if not isinstance(sent.deleted_frames, Unset):
        match _wrong_frames(media, sent.deleted_frames):
            case Failure() as refusal:
                return refusal
            case Success():
                media = evolve(media, deleted=tuple(sorted(sent.deleted_frames)))
    if not isinstance(sent.cloud_storage_id, Unset):
        match _wrong_storage(world, asked, sent.cloud_storage_id):
            case Failure() as refusal:
                return refusal
            case Success():
                media = evolve(media, cloud=sent.cloud_storage_id)
    task = evolve(task, media=media, updated=world.now)
    world = evolve(world, tasks=put(world.tasks, task.id, task))
    return done(world, _of_task(world, task, media))


def patch_job_meta(world: World, asked: Asked, job: Job) -> Done:
    """Delete and restore frames of a job."""
    task = world.tasks[job.task]
    media = task.media
    if media is None:
        return invalid(NO_DATA)
    kind = models.PatchedJobDataMetaWriteRequest
    sent = asked.given("patched_job_data_meta_write_request", kind) or kind()
    frames = sent.deleted_frames
    if isinstance(frames, Unset):
        return done(world, _of_job(media, job))
    foreign = [frame for frame in frames if not job.has(frame)]
    if foreign:
        return invalid(f"the job does not have the frames {', '.join(map(str, foreign[:20]))}")
    media = disabled(media, frames) if job.is_ground_truth else _deleted(media, job, frames)
    task = evolve(task, media=media, updated=world.now)
    return done(evolve(world, tasks=put(world.tasks, task.id, task)), _of_job(media, job))


def disabled(media: Media, frames: Sequence[int]) -> Media:
    """Data in which some frames do not count for validation, and all others do.

    :param media: before.
    :param frames: the numbers of these frames.
    """
    validation = media.validation
    if validation is None:
        return media
    media = evolve(media, validation=evolve(validation, disabled=tuple(sorted(set(frames)))))
    if not validation.is_pool:
        return media
    pots = {number: frame.real for number, frame in enumerate(media.frames)}
    own = [number for number, real in pots.items() if real is not None]
    others = set(media.deleted).difference(own, validation.frames)
    gone = [number for number in own if pots[number] in frames]
    return evolve(media, deleted=tuple(sorted({*others, *frames, *gone})))


def _deleted(media: Media, job: Job, frames: Sequence[int]) -> Media:
    others = [frame for frame in media.deleted if not job.has(frame)]
    return evolve(media, deleted=tuple(sorted({*others, *frames})))


def _wrong_frames(media: Media, frames: Sequence[int]) -> Outcome[None, Refusal]:
    if len(set(frames)) < len(frames):
        return invalid(deleted_frames="a frame is named twice")
    if not all(frame < media.size for frame in frames):
        return invalid(deleted_frames=f"frames go from 0 to {media.size - 1}")
    validation = media.validation
    pooled = validation.frames if validation is not None and validation.is_pool else ()
    if not set(pooled).isdisjoint(set(frames).difference(media.deleted)):
        return invalid(deleted_frames=IN_POOL)
    return Success(None)


IN_POOL: Final = (
    "When task validation mode is gt_pool, GT frames can only be deleted and restored "
    "via the GT job's api/jobs/{id}/data/meta endpoint"
)
"""What CVAT answers to it."""


def _wrong_storage(world: World, asked: Asked, number: int | None) -> Outcome[None, Refusal]:
    if number is None:
        return Success(None)
    storage = storages_of(world).get(number)
    if storage is None:
        return invalid(cloud_storage_id=f"there is no cloud storage {number}")
    return Success(None) if may_see_storage(world, asked.account, storage) else forbidden()


def _of_task(world: World, task: Task, media: Media) -> models.DataMetaRead:
    dates = [changed(media, job) for job in jobs_of(world, task.id)]
    whole = range(media.size)
    return _meta(media, whole, whole, max(dates, default=media.created), media.deleted)


def _of_job(media: Media, job: Job) -> models.DataMetaRead:
    validation = media.validation
    beside = validation.disabled if job.is_ground_truth and validation is not None else ()
    gone = tuple(frame for frame in sorted({*media.deleted, *beside}) if job.has(frame))
    return _meta(media, range(job.start, job.stop + 1), job.numbers, changed(media, job), gone)


def _meta(
    media: Media, span: range, included: Sequence[int], updated: datetime, gone: tuple[int, ...]
) -> models.DataMetaRead:
    """The frames of a span, of which some are included, and some gone."""
    sound = media.kind == "audio"
    partly = len(included) < len(span)
    return models.DataMetaRead(
        chapters=media.chapters if media.kind == "video" else None,
        chunks_updated_date=updated,
        chunk_size=media.chunk_size,
        size=len(included),
        image_quality=UNSET if sound else media.image_quality,
        start_frame=media.absolute(span.start),
        stop_frame=media.absolute(span.stop - 1),
        frame_filter=media.frame_filter,
        frames=tuple(_frames(media, span, included)),
        deleted_frames=gone,
        included_frames=tuple(map(media.absolute, included)) if partly else None,
        storage=media.storage,
        cloud_storage_id=media.cloud,
    )


def _frames(media: Media, span: range, included: Sequence[int]) -> Iterator[models.FrameMeta]:
    """One entry for each frame; a video or a sound has one for the whole of it."""
    source = media.source
    if source is None:
        shown = included if isinstance(included, range) else frozenset(included)
        for number in span:
            frame = media.frames[number]
            yield _frame(frame, frame.name if number in shown else HIDDEN)
    elif media.frames:
        yield _frame(media.frames[0], source.name)
    else:
        yield models.FrameMeta(name=source.name, related_files=0, has_related_context=False)


def _frame(frame: Frame, name: str) -> models.FrameMeta:
    return models.FrameMeta(
        width=frame.width,
        height=frame.height,
        name=name,
        related_files=len(frame.related),
        has_related_context=bool(frame.related),
    )

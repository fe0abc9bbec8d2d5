"""Validation: ground truth jobs, and the honeypots that are dealt among the other jobs.

Rule: a task has one ground truth job at most; `Media.validation` says which frames are its own, and
goes with it. A honeypot repeats a frame of the pool: which one, its `Frame.real` says. When it is
given another, it is another picture: what was drawn on it is gone, and it is no longer deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of, without_frames
from cvatfn.testing.sandbox.areas.creating import with_truth
from cvatfn.testing.sandbox.areas.frames import NO_DATA
from cvatfn.testing.sandbox.areas.jobs import shown
from cvatfn.testing.sandbox.areas.metas import disabled
from cvatfn.testing.sandbox.files.selecting import (
    selected,
    selection_of,
    spread,
    wrong_selection,
)
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.permitting import may_see_task
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.media import Media, Validation
from cvatfn.testing.sandbox.state.world import World, dropped, put, secret

__all__ = [
    "create_job",
    "destroy_job",
    "job_layout",
    "patch_job_layout",
    "patch_task_layout",
    "task_layout",
]

Sent: TypeAlias = (
    models.PatchedTaskValidationLayoutWriteRequest | models.PatchedJobValidationLayoutWriteRequest
)
Pots: TypeAlias = Mapping[int, int]
"""By the numbers of honeypots, the frames of the pool that they repeat."""

MANUAL: Final = models.FrameSelectionMethod.MANUAL


def create_job(world: World, asked: Asked) -> Done:
    """Make the ground truth job of a task."""
    sent = asked.needed("job_write_request", models.JobWriteRequest)
    task = world.tasks.get(sent.task_id)
    if task is None:
        return invalid(task_id=f'Invalid pk "{sent.task_id}" - object does not exist.')
    if not may_see_task(world, asked.account, task):
        return forbidden()
    if isinstance(sent.assignee, int) and sent.assignee not in world.accounts:
        return invalid(assignee=f'Invalid pk "{sent.assignee}" - object does not exist.')
    if sent.type is not models.JobType.GROUND_TRUTH:
        return invalid("only ground truth jobs can be made; the others come with the data")
    wrong = wrong_selection(selection_of(sent))
    if wrong is not None:
        return invalid(non_field_errors=wrong)
    world, seed = secret(world, "frames", 16)
    match _truth(world, task, sent, seed):
        case Failure() as refusal:
            return refusal
        case Success(validation):
            world, number = with_truth(world, task, validation)
    job = world.jobs[number]
    assignee = sent.assignee if isinstance(sent.assignee, int) else None
    job = evolve(
        job,
        assignee=assignee,
        assigned=None if assignee is None else world.now,
        stage=sent.stage or job.stage,
        state=sent.state or job.state,
    )
    world = evolve(world, jobs=put(world.jobs, number, job))
    made = shown(world, asked, job)
    return done(world, made, 201, ("Location", asked.url(f"/api/jobs/{number}")))


def destroy_job(world: World, asked: Asked, job: Job) -> Done:
    """Remove a ground truth job; the frames for validation are all frames like others again."""
    task = world.tasks[job.task]
    if not may_see_task(world, asked.account, task):
        return forbidden()
    if not job.is_ground_truth:
        return invalid("Only ground truth jobs can be removed")
    media = task.media
    if media is not None and media.validation is not None:
        if media.validation.is_pool:
            return invalid("the ground truth job of a task with honeypots stays")
        task = evolve(task, media=evolve(media, validation=None), updated=world.now)
    tasks = put(world.tasks, task.id, task)
    return done(evolve(world, jobs=dropped(world.jobs, job.id), tasks=tasks), None, 204)


def task_layout(world: World, _: Asked, task: Task) -> Done:
    """The frames for validation of a task."""
    return invalid(NO_DATA) if task.media is None else done(world, _layout(task.media))


def job_layout(world: World, _: Asked, job: Job) -> Done:
    """The honeypots of a job."""
    media = world.tasks[job.task].media
    return invalid(NO_DATA) if media is None else done(world, _job_layout(media, job))


def patch_task_layout(world: World, asked: Asked, task: Task) -> Done:
    """Leave frames out of validation, or give all honeypots other ones."""
    kind = models.PatchedTaskValidationLayoutWriteRequest
    sent = asked.given("patched_task_validation_layout_write_request", kind) or kind()
    match _ready(task.media, sent):
        case Failure() as refusal:
            return refusal
        case Success((media, validation)):
            pass
    if not isinstance(sent.disabled_frames, Unset):
        unknown = sorted(set(sent.disabled_frames).difference(validation.frames))
        if unknown:
            return invalid(f"not for validation: {', '.join(map(str, unknown[:20]))}")
        media = disabled(media, sent.disabled_frames)
        task = evolve(task, media=media, updated=world.now)
        world = evolve(world, tasks=put(world.tasks, task.id, task))
    if isinstance(sent.frame_selection_method, Unset):
        return done(world, _layout(media))
    jobs = [job for job in jobs_of(world, task.id) if job.type is models.JobType.ANNOTATION]
    match _dealt(world, media, jobs, sent):
        case Failure() as refusal:
            return refusal
        case Success((world, pots)):
            world = _laid(world, task, media, pots)
    after = world.tasks[task.id].media or media
    return done(world, _layout(after))


def patch_job_layout(world: World, asked: Asked, job: Job) -> Done:
    """Give the honeypots of a job other frames of the pool."""
    kind = models.PatchedJobValidationLayoutWriteRequest
    sent = asked.given("patched_job_validation_layout_write_request", kind) or kind()
    if isinstance(sent.frame_selection_method, Unset):
        return invalid(frame_selection_method="This field is required.")
    task = world.tasks[job.task]
    match _ready(task.media, sent):
        case Failure() as refusal:
            return refusal
        case Success((media, _)):
            pass
    if job.is_ground_truth:
        return invalid("a ground truth job has no honeypots")
    match _dealt(world, media, [job], sent):
        case Failure() as refusal:
            return refusal
        case Success((world, pots)):
            world = _laid(world, task, media, pots)
    after = world.tasks[task.id].media or media
    return done(world, _job_layout(after, job))


def _truth(
    world: World, task: Task, sent: models.JobWriteRequest, seed: str
) -> Outcome[Validation, Refusal]:
    """The frames of a new ground truth job."""
    media = task.media
    if media is None:
        return invalid(NO_DATA)
    if media.kind == "point_cloud":
        return invalid("point clouds have no ground truth job")
    mode = models.ValidationMode.GT
    if media.validation is not None:
        named = media.validation.mode.value
        return invalid(f'Task with validation mode "{named}" cannot have more than 1 GT job')
    if sent.frame_selection_method is MANUAL:
        frames = tuple(sorted(sent.frames or ()))
        if len(set(frames)) < len(frames):
            return invalid("a frame is named twice")
        if not frames or frames[-1] >= media.size:
            return invalid(f"frames go from 0 to {media.size - 1}")
        return Success(Validation(mode=mode, frames=frames))
    jobs = [job.numbers for job in jobs_of(world, task.id) if job.parent is None]
    match selected(selection_of(sent), media.size, jobs, seed):
        case Failure(why):
            return invalid(why)
        case Success(frames):
            return Success(Validation(mode=mode, frames=frames))


def _ready(media: Media | None, sent: Sent) -> Outcome[tuple[Media, Validation], Refusal]:
    """Data with frames for validation, to which a request fits."""
    if media is None:
        return invalid(NO_DATA)
    if media.validation is None:
        return invalid("the task has no frames for validation")
    method = sent.frame_selection_method
    named = not isinstance(sent.honeypot_real_frames, Unset)
    if method is MANUAL and not named:
        return invalid(non_field_errors="honeypot_real_frames says which frames")
    if named and method is not MANUAL:
        return invalid(non_field_errors="honeypot_real_frames goes with manual selection only")
    if method is models.FrameSelectionMethod.RANDOM_PER_JOB:
        return invalid(frame_selection_method='"random_per_job" is not a valid choice.')
    if not isinstance(method, Unset) and not media.validation.is_pool:
        return invalid("only tasks with the validation mode gt_pool have honeypots")
    return Success((media, media.validation))


def _dealt(
    world: World, media: Media, jobs: Sequence[Job], sent: Sent
) -> Outcome[tuple[World, Pots], Refusal]:
    """Frames of the pool for the honeypots of some jobs: those that are named, or others."""
    pots = [list(_pots(media, job.numbers)) for job in jobs]
    validation = media.validation
    active = () if validation is None else validation.active
    if sent.frame_selection_method is MANUAL:
        flat = [number for job in pots for number in job]
        named = sent.honeypot_real_frames or ()
        if len(named) != len(flat):
            return invalid(f"there are {len(flat)} honeypots, not {len(named)}")
        odd = sorted(set(named).difference(active))
        if odd:
            return invalid(f"not in the pool, or disabled: {', '.join(map(str, odd[:20]))}")
        return Success((world, dict(zip(flat, named, strict=True))))
    most = max(map(len, pots), default=0)
    if len(active) < most:
        return invalid(f"a job has {most} honeypots, and the pool {len(active)} frames that count")
    world, seed = secret(world, "frames", 16)
    dealt = spread(active, list(map(len, pots)), seed)
    return Success(
        (
            world,
            {
                number: real
                for job, reals in zip(pots, dealt, strict=True)
                for number, real in zip(job, reals, strict=True)
            },
        )
    )


def _laid(world: World, task: Task, media: Media, pots: Pots) -> World:
    """The world in which honeypots repeat other frames."""
    moved = {number: real for number, real in pots.items() if media.frames[number].real != real}
    frames = list(media.frames)
    for number, real in moved.items():
        frames[number] = evolve(media.frames[real], real=real)
    kept = tuple(frame for frame in media.deleted if frame not in moved)
    media = evolve(media, frames=tuple(frames), deleted=kept)
    task = evolve(task, media=media, updated=world.now)
    world = evolve(world, tasks=put(world.tasks, task.id, task))
    touched = {
        job.id: evolve(job, updated=world.now, changed=world.now)
        for job in jobs_of(world, task.id)
        if not moved.keys().isdisjoint(job.numbers)
    }
    return without_frames(evolve(world, jobs={**world.jobs, **touched}), task.id, moved)


def _pots(media: Media, numbers: Sequence[int]) -> Pots:
    reals = {number: media.frames[number].real for number in numbers if number < len(media.frames)}
    return {number: real for number, real in reals.items() if real is not None}


def _layout(media: Media) -> models.TaskValidationLayoutRead:
    validation = media.validation
    if validation is None:
        return models.TaskValidationLayoutRead(mode=None, frames_per_job_count=None)
    read = models.TaskValidationLayoutRead(
        mode=validation.mode,
        frames_per_job_count=validation.per_job,
        validation_frames=validation.frames,
        disabled_frames=validation.disabled,
    )
    if not validation.is_pool:
        return read
    pots = _pots(media, range(media.size))
    return evolve(
        read,
        honeypot_count=len(pots),
        honeypot_frames=tuple(pots),
        honeypot_real_frames=tuple(pots.values()),
    )


def _job_layout(media: Media, job: Job) -> models.JobValidationLayoutRead:
    if media.validation is None or not media.validation.is_pool:
        return models.JobValidationLayoutRead()
    pots = _pots(media, job.numbers)
    return models.JobValidationLayoutRead(
        honeypot_count=len(pots),
        honeypot_frames=tuple(pots),
        honeypot_real_frames=tuple(pots.values()),
    )

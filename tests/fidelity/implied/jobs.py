"""What an exchange implies of jobs before it: ground truth, and the frames they have."""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.implied.reading import json_sent, named_in_path, numbers_in
from tests.fidelity.rebuilding.annotated import (
    with_images,
)
from tests.fidelity.recorded import Recorded

__all__ = [
    "with_frames_of_annotations",
    "with_ground_truth_that_was_deleted",
    "without_ground_truth_before",
]


def without_ground_truth_before(world: World, recorded: Recorded) -> World:
    """A ground truth job that was made was its task's first one."""
    match recorded.answer:
        case models.JobRead(type=models.JobType.GROUND_TRUTH) as made if recorded.status == 201:
            jobs = {
                number: job
                for number, job in world.jobs.items()
                if job.task != made.task_id or not job.is_ground_truth
            }
            task = world.tasks[made.task_id]
            if task.media is not None:
                task = evolve(task, media=evolve(task.media, validation=None))
            return evolve(world, jobs=jobs, tasks=put(world.tasks, task.id, task))
        case _:
            return world


def with_ground_truth_that_was_deleted(world: World, recorded: Recorded) -> World:
    """A job that could be deleted was a ground truth job."""
    collection, number = next(named_in_path(recorded), ("", 0))
    deleted = (collection, recorded.request.method, recorded.status) == ("jobs", "DELETE", 204)
    if not deleted:
        return world
    job = evolve(world.jobs[number], type=models.JobType.GROUND_TRUTH)
    return evolve(world, jobs=put(world.jobs, number, job))


def with_frames_of_annotations(world: World, recorded: Recorded) -> World:
    """A job whose annotations were granted has the frames that they are on, which are images."""
    collection, number = next(named_in_path(recorded), ("", 0))
    sent = json_sent(recorded)
    named = {frame for name, frame in numbers_in(sent) if name == "frame"}
    if collection != "jobs" or recorded.status >= 400 or not named:
        return world
    job = world.jobs[number]
    job = evolve(job, stop=max(job.stop, *named))
    if job.frames is not None:
        job = evolve(job, frames=tuple(sorted({*job.frames, *named})))
    world = evolve(world, jobs=put(world.jobs, number, job))
    return with_images(world, job.task)

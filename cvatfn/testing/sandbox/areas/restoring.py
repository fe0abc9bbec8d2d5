"""Tasks and projects made anew from their backups.

Rule: what is restored is new: it has new ids, and who restores it owns it. Where annotations name
labels by the old ids, these are exchanged for the new ones. A backup is as little trusted as any
other file that was uploaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import written
from cvatfn.testing.sandbox.areas.backups import (
    PROJECT,
    TASK,
    SavedJob,
    SavedMedia,
    SavedProject,
    SavedTask,
)
from cvatfn.testing.sandbox.areas.moving import Ids, copied, translated
from cvatfn.testing.sandbox.files.exports.archives import read_zip
from cvatfn.testing.sandbox.files.images import frames_of
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.media import Media, Received
from cvatfn.testing.sandbox.state.works import Background, ImportBackup
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["make_restored"]

M = TypeVar("M")

Restored: TypeAlias = Outcome[tuple[World, int], str]
"""The world with what was restored, and its id; or why not."""


def make_restored(world: World, background: Background, work: ImportBackup) -> Outcome[World, str]:
    """Make a task or project anew.

    :param world: before.
    :param background: the work; who asked for it will own what is made.
    :param work: the backup.
    :returns: the world with it, its id told by the work; or why not.
    """
    match read_zip(work.file.content):
        case Failure() as unread:
            return unread
        case Success(entries):
            files = dict(entries)
    anew = _new_task if work.target == "task" else _new_project
    match anew(world, background, files):
        case Failure() as failure:
            return failure
        case Success((after, number)):
            told = evolve(background, result_id=number)
            return Success(evolve(after, backgrounds=put(after.backgrounds, told.id, told)))


def _read(files: Mapping[str, bytes], name: str, kind: type[M]) -> Outcome[M, str]:
    if name not in files:
        return Failure(f"there is no {name} in it")
    match loads(kind, files[name]):
        case Failure(error):
            return Failure(f"{name}: {error}")
        case Success() as saved:
            return saved


def _new_project(world: World, background: Background, files: Mapping[str, bytes]) -> Restored:
    match _read(files, PROJECT, SavedProject):
        case Failure() as failure:
            return failure
        case Success(saved):
            pass
    world, number = world.numbered("project")
    project = Project(
        id=number,
        name=saved.name,
        owner=background.user,
        organization=background.organization,
        bug_tracker=saved.bug_tracker,
        created=world.now,
        updated=world.now,
    )
    world = evolve(world, projects=put(world.projects, number, project))
    world, ids = copied(world, saved.labels, None, number)
    for each in saved.tasks:
        match _filled(world, background, each, files, number, ids):
            case Failure() as failure:
                return failure
            case Success((after, _)):
                world = after
    return Success((world, number))


def _new_task(world: World, background: Background, files: Mapping[str, bytes]) -> Restored:
    match _read(files, TASK, SavedTask):
        case Failure() as failure:
            return failure
        case Success(saved):
            pass
    _, number = world.numbered("task")  # the very number that `_filled` gives
    world, ids = copied(world, saved.labels, number, None)
    return _filled(world, background, saved, files, None, ids)


def _filled(
    world: World,
    background: Background,
    saved: SavedTask,
    files: Mapping[str, bytes],
    project: int | None,
    ids: Ids,
) -> Restored:
    """The world with a task, its images, jobs and annotations."""
    world, number = world.numbered("task")
    match _media(world, saved.media, files):
        case Failure() as failure:
            return failure
        case Success((after, media)):
            world = after
    task = Task(
        id=number,
        name=saved.name,
        owner=background.user,
        organization=background.organization,
        project=project,
        bug_tracker=saved.bug_tracker,
        subset=saved.subset,
        segment_size=saved.segment_size,
        overlap=saved.overlap,
        created=world.now,
        updated=world.now,
        media=media,
    )
    world = evolve(world, tasks=put(world.tasks, number, task))
    for each in saved.jobs:
        match _with_job(world, task, each, ids):
            case Failure() as failure:
                return failure
            case Success(with_job):
                world = with_job
    return Success((world, number))


def _media(
    world: World, saved: SavedMedia | None, files: Mapping[str, bytes]
) -> Outcome[tuple[World, Media | None], str]:
    if saved is None:
        return Success((world, None))
    missing = [name for name in saved.frames if name not in files]
    if missing or not saved.frames:
        return Failure(f"images are missing: {', '.join(missing[:3])}")
    received = [Received(name.partition("/")[2], files[name]) for name in saved.frames]
    match frames_of(received):
        case Failure() as failure:
            return failure
        case Success(frames):
            world, number = world.numbered("data")
    media = Media(
        id=number,
        frames=frames,
        image_quality=saved.image_quality,
        chunk_size=saved.chunk_size,
        start_frame=saved.start_frame,
        stop_frame=saved.stop_frame,
        frame_filter=saved.frame_filter,
        created=world.now,
        deleted=saved.deleted,
    )
    return Success((world, media))


def _with_job(world: World, task: Task, saved: SavedJob, ids: Ids) -> Outcome[World, str]:
    size = 0 if task.media is None else len(task.media.frames)
    if not 0 <= saved.start <= saved.stop < size:
        return Failure("a job has frames that are not there")
    plain = loads(JSON, dumps(saved.annotations)).unwrap()  # our own bytes
    match loads(models.LabeledDataRequest, dumps(translated(plain, ids))):
        case Failure(error):
            return Failure(f"annotations: {error}")
        case Success(sent):
            world, number = world.numbered("job")
    job = Job(
        id=number,
        task=task.id,
        start=saved.start,
        stop=saved.stop,
        created=world.now,
        updated=world.now,
        stage=saved.stage,
        state=saved.state,
    )
    world = evolve(world, jobs=put(world.jobs, number, job))
    match written(world, sent, "put", (job,)):
        case Failure(refusal):
            return Failure(str(refusal.body))
        case Success(outgoing):
            return Success(outgoing.world)

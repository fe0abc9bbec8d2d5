"""Tasks and projects made anew from their backups.

Rule: what is restored is new: it has new ids, and who restores it owns it. Where annotations name
labels by the old ids, these are exchanged for the new ones. A backup is as little trusted as any
other file that was uploaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import written
from cvatfn.testing.sandbox.areas.backups import (
    PROJECT,
    TASK,
    SavedJob,
    SavedProject,
    SavedTask,
)
from cvatfn.testing.sandbox.areas.remaking import remade
from cvatfn.testing.sandbox.files.exports.archives import read_zip
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
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


@frozen
class _Ids:
    """New ids of labels and of their attributes, by the old ones."""

    labels: Mapping[int, int]
    specs: Mapping[int, int]


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
        bug_tracker=saved.bug_tracker,
        created=world.now,
        updated=world.now,
    )
    world = evolve(world, projects=put(world.projects, number, project))
    world, ids = _relabeled(world, saved.labels, None, number)
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
    world, ids = _relabeled(world, saved.labels, number, None)
    return _filled(world, background, saved, files, None, ids)


def _relabeled(
    world: World, saved: Sequence[StoredLabel], task: int | None, project: int | None
) -> tuple[World, _Ids]:
    """The world with the labels, and which of their ids became which."""
    labels: dict[int, int] = {}
    specs: dict[int, int] = {}
    for label in sorted(saved, key=lambda label: label.parent is not None):  # parents come first
        world, labels[label.id] = world.numbered("label")
        for spec in label.attributes:
            world, specs[spec.id] = world.numbered("attribute")
        new = evolve(
            label,
            id=labels[label.id],
            task=task,
            project=project,
            parent=None if label.parent is None else labels.get(label.parent),
            attributes=tuple(evolve(spec, id=specs[spec.id]) for spec in label.attributes),
        )
        world = evolve(world, labels=put(world.labels, new.id, new))
    return world, _Ids(labels, specs)


def _filled(
    world: World,
    background: Background,
    saved: SavedTask,
    files: Mapping[str, bytes],
    project: int | None,
    ids: _Ids,
) -> Restored:
    """The world with a task, its images, jobs and annotations."""
    world, number = world.numbered("task")
    match remade(world, saved.media, files):
        case Failure() as failure:
            return failure
        case Success((after, media)):
            world = after
    task = Task(
        id=number,
        name=saved.name,
        owner=background.user,
        project=project,
        bug_tracker=saved.bug_tracker,
        subset=saved.subset,
        segment_size=saved.segment_size,
        overlap=saved.overlap,
        replicas=saved.replicas,
        created=world.now,
        updated=world.now,
        media=media,
    )
    world = evolve(world, tasks=put(world.tasks, number, task))
    made: list[int] = []
    for each in saved.jobs:
        match _with_job(world, task, each, ids, made):
            case Failure() as failure:
                return failure
            case Success(with_job):
                world = with_job
                made.append(world.ids["job"])
    return Success((world, number))


def _with_job(
    world: World, task: Task, saved: SavedJob, ids: _Ids, made: Sequence[int]
) -> Outcome[World, str]:
    """The world with one more job.

    :param made: the ids of those before it.
    """
    size = 0 if task.media is None else task.media.size
    if not 0 <= saved.start <= saved.stop < size or not _is_apart(saved):
        return Failure("a job has frames that are not there")
    if saved.parent is not None and saved.parent >= len(made):
        return Failure("a job repeats one that is not there")
    plain = loads(JSON, dumps(saved.annotations)).unwrap()  # our own bytes
    match loads(models.LabeledDataRequest, dumps(_translated(plain, ids))):
        case Failure(error):
            return Failure(f"annotations: {error}")
        case Success(sent):
            world, number = world.numbered("job")
    job = Job(
        id=number,
        task=task.id,
        start=saved.start,
        stop=saved.stop,
        type=saved.type,
        parent=None if saved.parent is None else made[saved.parent],
        frames=saved.frames,
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


def _is_apart(saved: SavedJob) -> bool:
    """Whether the frames of a job are its own, each once and in order."""
    frames = saved.frames
    if frames is None:
        return True
    within = all(saved.start <= frame <= saved.stop for frame in frames)
    return bool(frames) and within and tuple(sorted(set(frames))) == frames


def _translated(value: JSON, ids: _Ids) -> JSON:
    """Annotations with the new ids in the place of the old; 0, which nothing has, for others."""
    if isinstance(value, list):
        return [_translated(each, ids) for each in value]
    if not isinstance(value, dict):
        return value
    known = {"label_id": ids.labels, "spec_id": ids.specs}
    return {
        name: (
            known[name].get(held, 0)
            if name in known and isinstance(held, int)
            else _translated(held, ids)
        )
        for name, held in value.items()
    }

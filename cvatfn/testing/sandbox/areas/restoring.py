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
    ANNOTATIONS,
    DATA,
    PROJECT,
    TASK,
    SavedJob,
    SavedMedia,
    SavedProject,
    SavedTask,
)
from cvatfn.testing.sandbox.areas.moving import Ids, copied, translated
from cvatfn.testing.sandbox.areas.remaking import remade
from cvatfn.testing.sandbox.files.exports.archives import read_zip
from cvatfn.testing.sandbox.gates.permitting import may_see_storage
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.works import Background, ImportBackup
from cvatfn.testing.sandbox.state.world import World, put, storages_of

__all__ = ["make_restored"]

M = TypeVar("M")

Files: TypeAlias = Mapping[str, bytes]

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


def _read(files: Files, name: str, kind: type[M]) -> Outcome[M, str]:
    if name not in files:
        return Failure(f"there is no {name} in it")
    match loads(kind, files[name]):
        case Failure(error):
            return Failure(f"{name}: {error}")
        case Success() as saved:
            return saved


@frozen
class _Folder:
    """Where in an archive a task is."""

    name: str
    files: Files

    @property
    def own(self) -> Files:
        """Its files by their names."""
        start = self.name + DATA
        return {
            path.removeprefix(start): content
            for path, content in self.files.items()
            if path.startswith(start)
        }


def _new_project(world: World, background: Background, files: Files) -> Restored:
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
    for folder in dict.fromkeys(saved.tasks):
        match _read(files, folder + TASK, SavedTask):
            case Failure() as failure:
                return failure
            case Success(task):
                pass
        match _filled(world, background, task, _Folder(folder, files), number, ids):
            case Failure() as failure:
                return failure
            case Success((after, _)):
                world = after
    return Success((world, number))


def _new_task(world: World, background: Background, files: Files) -> Restored:
    match _read(files, TASK, SavedTask):
        case Failure() as failure:
            return failure
        case Success(saved):
            pass
    _, number = world.numbered("task")  # the very number that `_filled` gives
    world, ids = copied(world, saved.labels, number, None)
    return _filled(world, background, saved, _Folder("", files), None, ids)


def _filled(
    world: World,
    background: Background,
    saved: SavedTask,
    folder: _Folder,
    project: int | None,
    ids: Ids,
) -> Restored:
    """The world with a task, its images, jobs and annotations."""
    world, number = world.numbered("task")
    match remade(world, saved.media, folder.own, _store(world, background, saved.media)):
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
        replicas=saved.replicas,
        created=world.now,
        updated=world.now,
        media=media,
    )
    world = evolve(world, tasks=put(world.tasks, number, task))
    match _read(folder.files, folder.name + ANNOTATIONS, tuple[models.LabeledData, ...]):
        case Failure() as failure:
            return failure
        case Success(annotations) if len(annotations) != len(saved.jobs):
            return Failure(f"{folder.name}{ANNOTATIONS}: there are {len(saved.jobs)} jobs")
        case Success(annotations):
            pass
    made: list[int] = []
    for job, data in zip(saved.jobs, annotations, strict=True):
        match _with_job(world, task, job, translated(_plain(data), ids), made):
            case Failure() as failure:
                return failure
            case Success(with_job):
                world = with_job
                made.append(world.ids["job"])
    return Success((world, number))


def _store(world: World, background: Background, saved: SavedMedia | None) -> Files:
    """The files of the cloud storage that a backup speaks of, if it is open to who restores it."""
    cloud = None if saved is None else saved.cloud
    storage = None if cloud is None else storages_of(world).get(cloud)
    account = world.accounts[background.user]
    if storage is None or not may_see_storage(world, account, storage):
        return {}
    return world.clouds[storage.id]


def _with_job(
    world: World, task: Task, saved: SavedJob, data: JSON, made: Sequence[int]
) -> Outcome[World, str]:
    """The world with one more job.

    :param data: its annotations.
    :param made: the ids of those before it.
    """
    size = 0 if task.media is None else task.media.size
    if not 0 <= saved.start <= saved.stop < size or not _is_apart(saved):
        return Failure("a job has frames that are not there")
    if saved.parent is not None and saved.parent >= len(made):
        return Failure("a job repeats one that is not there")
    match loads(models.LabeledDataRequest, dumps(data)):
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


def _plain(data: models.LabeledData) -> JSON:
    return loads(JSON, dumps(data)).unwrap()  # our own bytes


def _is_apart(saved: SavedJob) -> bool:
    """Whether the frames of a job are its own, each once and in order."""
    frames = saved.frames
    if frames is None:
        return True
    within = all(saved.start <= frame <= saved.stop for frame in frames)
    return bool(frames) and within and tuple(sorted(set(frames))) == frames

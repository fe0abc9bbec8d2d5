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
from cvatfn.testing.sandbox.files.contexts import split_contexts
from cvatfn.testing.sandbox.files.exports.archives import read_zip
from cvatfn.testing.sandbox.files.images import frames_of
from cvatfn.testing.sandbox.gates.permitting import may_see_storage
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.media import Media, Received
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

    def path(self, name: str) -> str:
        return f"{self.name}{DATA}{name}"


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
    match _media(world, background, saved.media, folder):
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
    match _read(folder.files, folder.name + ANNOTATIONS, tuple[models.LabeledData, ...]):
        case Failure() as failure:
            return failure
        case Success(annotations) if len(annotations) != len(saved.jobs):
            return Failure(f"{folder.name}{ANNOTATIONS}: there are {len(saved.jobs)} jobs")
        case Success(annotations):
            pass
    for job, data in zip(saved.jobs, annotations, strict=True):
        match _with_job(world, task, job, translated(_plain(data), ids)):
            case Failure() as failure:
                return failure
            case Success(with_job):
                world = with_job
    return Success((world, number))


def _media(
    world: World, background: Background, saved: SavedMedia | None, folder: _Folder
) -> Outcome[tuple[World, Media | None], str]:
    if saved is None:
        return Success((world, None))
    store = _store(world, background, saved.cloud)
    images = _found(saved.frames, folder, store)
    related = _found(saved.related, folder, store)
    known = {file.name for file in (*images, *related)}
    wanted = (*saved.frames, *saved.related)
    missing = [folder.path(name) for name in wanted if name not in known]
    if missing or not images:
        return Failure(f"images are missing: {', '.join(missing[:3])}")
    if len(known) < len(images) + len(related):
        return Failure("two images have the same name")
    match frames_of(images, split_contexts(related)[1]):
        case Failure() as failure:
            return failure
        case Success(frames):
            world, number = world.numbered("data")
    light = any(folder.path(name) not in folder.files for name in saved.frames)
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
        storage=models.StorageType.CLOUD_STORAGE if light else models.StorageType.LOCAL,
        cloud=saved.cloud if light else None,
    )
    return Success((world, media))


def _store(world: World, background: Background, cloud: int | None) -> Files:
    """The files of the cloud storage that a backup speaks of, if it is open to who restores it."""
    storage = None if cloud is None else storages_of(world).get(cloud)
    account = world.accounts[background.user]
    if storage is None or not may_see_storage(world, account, storage):
        return {}
    return world.clouds[storage.id]


def _found(names: Sequence[str], folder: _Folder, store: Files) -> tuple[Received, ...]:
    """The files that are there, each from the archive or else from the cloud storage."""
    found = ((name, folder.files.get(folder.path(name), store.get(name))) for name in names)
    return tuple(Received(name, content) for name, content in found if content is not None)


def _with_job(world: World, task: Task, saved: SavedJob, data: JSON) -> Outcome[World, str]:
    size = 0 if task.media is None else len(task.media.frames)
    if not 0 <= saved.start <= saved.stop < size:
        return Failure("a job has frames that are not there")
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

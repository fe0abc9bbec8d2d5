"""Backups of tasks and projects: what is in them, and how they are asked for.

Rule: a backup is laid out as CVAT's (`task.json`, `annotations.json` and `data/`; or `project.json`
and such a folder for each task), and what the JSON files say is the sandbox's own. Labels are saved
with their ids, by which annotations name them. People are no part of it: who restores it may have
none of them. A lightweight backup leaves in a cloud storage what lies there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal, TypeAlias

from attrs import frozen
from msgspec import Meta

from cvatfn import models
from cvatfn.codecs.json import dumps
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of
from cvatfn.testing.sandbox.areas.background import begun
from cvatfn.testing.sandbox.areas.delivering import delivered, delivery_of, moment
from cvatfn.testing.sandbox.areas.importing import brought
from cvatfn.testing.sandbox.areas.moving import tasks_of
from cvatfn.testing.sandbox.files.exports.archives import Entry, written_zip
from cvatfn.testing.sandbox.gates.asking import Asked, Done
from cvatfn.testing.sandbox.gates.permitting import may_create
from cvatfn.testing.sandbox.gates.replies import forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import Media, MediaKind, Received, Validation
from cvatfn.testing.sandbox.state.works import Background, ExportBackup, ImportBackup, Result
from cvatfn.testing.sandbox.state.world import World, labels_of, unique

__all__ = [
    "ANNOTATIONS",
    "DATA",
    "PROJECT",
    "TASK",
    "SavedJob",
    "SavedMedia",
    "SavedProject",
    "SavedTask",
    "back_up_project",
    "back_up_task",
    "make_backup",
    "restore_project",
    "restore_task",
]

Target: TypeAlias = Literal["project", "task"]
Clouds: TypeAlias = Mapping[int, Mapping[str, bytes]]
"""The files of cloud storages that stay there."""

LARGEST: Final = (1 << 31) - 1
Count: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST)]

TASK: Final = "task.json"
ANNOTATIONS: Final = "annotations.json"
PROJECT: Final = "project.json"
DATA: Final = "data/"


@frozen(kw_only=True)
class SavedJob:
    """A job; what was annotated in it is in a file of its own.

    :param parent: of a replica, the place of the job it repeats among those that were saved.
    """

    start: Count
    stop: Count
    stage: models.JobStage
    state: models.OperationStatus
    type: models.JobType = models.JobType.ANNOTATION
    parent: Count | None = None
    frames: tuple[Count, ...] | None = None


@frozen(kw_only=True)
class SavedMedia:
    """How data are treated, and the names of the files in the archive's `data/`, in order.

    :param source: the name of the video or sound.
    :param related: for each frame, the names of its context.
    :param reals: for each frame, of which one it is a honeypot.
    :param cloud: the id of the cloud storage that has what is not in the archive.
    """

    frames: tuple[str, ...]
    cloud: int | None = None
    image_quality: Annotated[int, Meta(ge=0, le=100)]
    chunk_size: Annotated[int, Meta(ge=1, le=LARGEST)]
    start_frame: Count
    stop_frame: Count
    frame_filter: str
    deleted: tuple[Count, ...]
    kind: MediaKind = "image"
    length: Count | None = None
    source: str | None = None
    chapters: tuple[models.Chapter, ...] = ()
    zipped: bool = False
    related: tuple[tuple[str, ...], ...] = ()
    reals: tuple[Count | None, ...] = ()
    validation: Validation | None = None


@frozen(kw_only=True)
class SavedTask:
    """A task; its labels are those of the project where it is saved with one."""

    name: str
    bug_tracker: str
    subset: str
    segment_size: Count
    overlap: Count | None
    replicas: Count = 0
    labels: tuple[StoredLabel, ...]
    media: SavedMedia | None
    jobs: tuple[SavedJob, ...]


@frozen(kw_only=True)
class SavedProject:
    """A project; each of its tasks has a folder.

    :param tasks: the folders, in order, with a slash at the end.
    """

    name: str
    bug_tracker: str
    labels: tuple[StoredLabel, ...]
    tasks: tuple[str, ...]


def back_up_task(world: World, asked: Asked, task: Task) -> Done:
    """Begin to back up a task."""
    if task.media is None:
        return invalid("Backup of a task without data is not allowed")
    return _export(world, asked, "task", task)


def back_up_project(world: World, asked: Asked, project: Project) -> Done:
    """Begin to back up a project."""
    return _export(world, asked, "project", project)


def restore_task(world: World, asked: Asked, file: Received | None) -> Done:
    """Begin to make a task from a backup.

    :param file: what was uploaded.
    """
    return _import(world, asked, "task", file)


def restore_project(world: World, asked: Asked, file: Received | None) -> Done:
    """Begin to make a project from a backup.

    :param file: what was uploaded.
    """
    return _import(world, asked, "project", file)


def make_backup(world: World, background: Background, work: ExportBackup) -> Outcome[World, str]:
    """Write a backup.

    :param world: before.
    :param background: the work that waits for it.
    :param work: what is wanted.
    :returns: the world with the file, or why not.
    """
    kept: Clouds = world.clouds if work.lightweight else {}
    if work.target == "task" and (task := world.tasks.get(work.id)) is not None:
        name, updated = task.name, task.updated
        labels = labels_of(world, task).values()
        entries = tuple(_task_entries(world, task, labels, "", kept))
    elif work.target == "project" and (project := world.projects.get(work.id)) is not None:
        tasks = tasks_of(world, project.id)
        name, updated = project.name, max([project.updated, *(task.updated for task in tasks)])
        entries = tuple(_project_entries(world, project, tasks, kept))
    else:
        return Failure(f"the {work.target} is gone")
    content = written_zip(entries, world.now)
    result = Result(f"{work.target}_{name}_backup_{moment(updated)}.zip", content, world.now)
    return delivered(world, background, work.delivery, result)


def _export(world: World, asked: Asked, target: Target, subject: Task | Project) -> Done:
    number = subject.id
    match delivery_of(world, asked, subject.organization, subject.target_storage):
        case Failure() as refusal:
            return refusal
        case Success(delivery):
            pass
    user = asked.account.id
    rq_id = f"action=export&target={target}&target_id={number}&user_id={user}&subresource=backup"
    wanted = asked.params.get("lightweight") is not False
    work = ExportBackup(
        target=target,
        id=number,
        lightweight=wanted and _is_in_clouds(world, target, number),
        delivery=delivery,
    )
    return begun(world, asked, rq_id, work)


def _is_in_clouds(world: World, target: Target, number: int) -> bool:
    """Whether some of the images lie in a cloud storage."""
    tasks = tasks_of(world, number) if target == "project" else [world.tasks[number]]
    return any(task.media is not None and task.media.cloud is not None for task in tasks)


def _import(world: World, asked: Asked, target: Target, file: Received | None) -> Done:
    if not may_create(world, asked.account, asked.organization_id):
        return forbidden()
    match brought(world, asked, file, asked.organization_id):
        case Failure() as refusal:
            return refusal
        case Success(found):
            world, number = unique(world, "backup")
    rq_id = f"action=import&target={target}&id={number}&subresource=backup"
    return begun(world, asked, rq_id, ImportBackup(target=target, file=found))


def _task_entries(
    world: World, task: Task, labels: Iterable[StoredLabel], folder: str, kept: Clouds
) -> Iterator[Entry]:
    jobs = jobs_of(world, task.id)
    yield folder + TASK, dumps(_saved(task, jobs, labels))
    yield folder + ANNOTATIONS, dumps(tuple(job.annotations for job in jobs))
    if task.media is not None:
        store = kept.get(task.media.cloud or 0, {})
        for name, content in _files(task.media).items():
            if store.get(name) != content:
                yield f"{folder}{DATA}{name}", content


def _project_entries(
    world: World, project: Project, tasks: Sequence[Task], kept: Clouds
) -> Iterator[Entry]:
    folders = tuple(f"task_{place}/" for place, _ in enumerate(tasks))
    labels = tuple(each for each in world.labels.values() if each.project == project.id)
    saved = SavedProject(
        name=project.name, bug_tracker=project.bug_tracker, labels=labels, tasks=folders
    )
    yield PROJECT, dumps(saved)
    for task, folder in zip(tasks, folders, strict=True):
        yield from _task_entries(world, task, (), folder, kept)


def _files(media: Media) -> Mapping[str, bytes]:
    """The files of a task, its context too; what a honeypot repeats is there once."""
    related = [file for frame in media.frames for file in frame.related]
    files = [*media.frames, *related, *(() if media.source is None else (media.source,))]
    return {file.name: file.content for file in files}


def _saved(task: Task, jobs: Sequence[Job], labels: Iterable[StoredLabel]) -> SavedTask:
    return SavedTask(
        name=task.name,
        bug_tracker=task.bug_tracker,
        subset=task.subset,
        segment_size=task.segment_size,
        overlap=task.overlap,
        replicas=task.replicas,
        labels=tuple(labels),
        media=None if task.media is None else _saved_media(task.media),
        jobs=tuple(_saved_jobs(jobs)),
    )


def _saved_media(media: Media) -> SavedMedia:
    return SavedMedia(
        frames=tuple(frame.name for frame in media.frames),
        cloud=media.cloud,
        image_quality=media.image_quality,
        chunk_size=media.chunk_size,
        start_frame=media.start_frame,
        stop_frame=media.stop_frame,
        frame_filter=media.frame_filter,
        deleted=media.deleted,
        kind=media.kind,
        length=media.length,
        source=None if media.source is None else media.source.name,
        chapters=media.chapters,
        zipped=media.zipped,
        related=tuple(tuple(file.name for file in frame.related) for frame in media.frames),
        reals=tuple(frame.real for frame in media.frames),
        validation=media.validation,
    )


def _saved_jobs(jobs: Sequence[Job]) -> Iterator[SavedJob]:
    places = {job.id: place for place, job in enumerate(jobs)}
    for job in jobs:
        yield SavedJob(
            start=job.start,
            stop=job.stop,
            stage=job.stage,
            state=job.state,
            type=job.type,
            parent=None if job.parent is None else places.get(job.parent),
            frames=job.frames,
        )

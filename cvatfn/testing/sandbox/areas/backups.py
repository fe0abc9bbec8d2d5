"""Backups of tasks and projects: what is in them, and how they are asked for.

Rule: a backup is an archive of the sandbox's own making: `task.json` or `project.json`, and for
each task a folder with its images. Labels are saved with their ids, by which annotations name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from cvatfn.testing.sandbox.areas.projects import tasks_of
from cvatfn.testing.sandbox.files.exports.archives import Entry, written_zip
from cvatfn.testing.sandbox.gates.asking import Asked, Done
from cvatfn.testing.sandbox.gates.replies import invalid
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import Media, MediaKind, Received, Validation
from cvatfn.testing.sandbox.state.works import Background, ExportBackup, ImportBackup, Result
from cvatfn.testing.sandbox.state.world import World, labels_of, unique

__all__ = [
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

LARGEST: Final = (1 << 31) - 1
Count: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST)]

TASK: Final = "task.json"
PROJECT: Final = "project.json"


@frozen(kw_only=True)
class SavedJob:
    """A job, and what was annotated in it.

    :param parent: of a replica, the place of the job it repeats among those that were saved.
    """

    start: Count
    stop: Count
    stage: models.JobStage
    state: models.OperationStatus
    annotations: models.LabeledData
    type: models.JobType = models.JobType.ANNOTATION
    parent: Count | None = None
    frames: tuple[Count, ...] | None = None


@frozen(kw_only=True)
class SavedMedia:
    """How images are treated, and their names in the archive, in order.

    :param source: the name of the video or sound.
    :param related: for each frame, the names of its context.
    :param reals: for each frame, of which one it is a honeypot.
    """

    frames: tuple[str, ...]
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
    """A project with its tasks."""

    name: str
    bug_tracker: str
    labels: tuple[StoredLabel, ...]
    tasks: tuple[SavedTask, ...]


def back_up_task(world: World, asked: Asked, task: Task) -> Done:
    """Begin to back up a task."""
    if task.media is None:
        return invalid("Backup of a task without data is not allowed")
    return _export(world, asked, "task", task.id)


def back_up_project(world: World, asked: Asked, project: Project) -> Done:
    """Begin to back up a project."""
    return _export(world, asked, "project", project.id)


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
    if work.target == "task" and (task := world.tasks.get(work.id)) is not None:
        name, entries = task.name, tuple(_task_entries(world, task))
    elif work.target == "project" and (project := world.projects.get(work.id)) is not None:
        name, entries = project.name, tuple(_project_entries(world, project))
    else:
        return Failure(f"the {work.target} is gone")
    content = written_zip(entries, world.now)
    result = Result(f"{work.target}_{name}_backup_{moment(world)}.zip", content, world.now)
    return delivered(world, background, work.delivery, result)


def _export(world: World, asked: Asked, target: Target, number: int) -> Done:
    match delivery_of(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(delivery):
            pass
    user = asked.account.id
    rq_id = f"action=export&target={target}&target_id={number}&user_id={user}&subresource=backup"
    return begun(world, asked, rq_id, ExportBackup(target=target, id=number, delivery=delivery))


def _import(world: World, asked: Asked, target: Target, file: Received | None) -> Done:
    match brought(world, asked, file):
        case Failure() as refusal:
            return refusal
        case Success(found):
            world, number = unique(world, "backup")
    rq_id = f"action=import&target={target}&id={number}&subresource=backup"
    return begun(world, asked, rq_id, ImportBackup(target=target, file=found))


def _task_entries(world: World, task: Task) -> Iterator[Entry]:
    yield TASK, dumps(_saved(world, task, labels_of(world, task).values(), "data"))
    yield from _images(task, "data")


def _project_entries(world: World, project: Project) -> Iterator[Entry]:
    tasks = tasks_of(world, project.id)
    folders = [f"task_{place}" for place in range(len(tasks))]
    saved = SavedProject(
        name=project.name,
        bug_tracker=project.bug_tracker,
        labels=tuple(each for each in world.labels.values() if each.project == project.id),
        tasks=tuple(
            _saved(world, task, (), folder) for task, folder in zip(tasks, folders, strict=True)
        ),
    )
    yield PROJECT, dumps(saved)
    for task, folder in zip(tasks, folders, strict=True):
        yield from _images(task, folder)


def _images(task: Task, folder: str) -> Iterable[Entry]:
    """The files of a task; what a honeypot repeats is there once."""
    if task.media is None:
        return ()
    frames, source = task.media.frames, task.media.source
    related = [file for frame in frames for file in frame.related]
    files = [*frames, *related, *(() if source is None else (source,))]
    return {f"{folder}/{file.name}": file.content for file in files}.items()


def _saved(world: World, task: Task, labels: Iterable[StoredLabel], folder: str) -> SavedTask:
    return SavedTask(
        name=task.name,
        bug_tracker=task.bug_tracker,
        subset=task.subset,
        segment_size=task.segment_size,
        overlap=task.overlap,
        replicas=task.replicas,
        labels=tuple(labels),
        media=None if task.media is None else _saved_media(task.media, folder),
        jobs=tuple(_saved_jobs(jobs_of(world, task.id))),
    )


def _saved_media(media: Media, folder: str) -> SavedMedia:
    return SavedMedia(
        frames=tuple(f"{folder}/{frame.name}" for frame in media.frames),
        image_quality=media.image_quality,
        chunk_size=media.chunk_size,
        start_frame=media.start_frame,
        stop_frame=media.stop_frame,
        frame_filter=media.frame_filter,
        deleted=media.deleted,
        kind=media.kind,
        length=media.length,
        source=None if media.source is None else f"{folder}/{media.source.name}",
        chapters=media.chapters,
        zipped=media.zipped,
        related=tuple(
            tuple(f"{folder}/{file.name}" for file in frame.related) for frame in media.frames
        ),
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
            annotations=job.annotations,
            type=job.type,
            parent=None if job.parent is None else places.get(job.parent),
            frames=job.frames,
        )

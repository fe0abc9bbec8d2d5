"""Exports of datasets, which have images, and of annotations alone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import begun
from cvatfn.testing.sandbox.areas.delivering import delivered, delivery_of, moment
from cvatfn.testing.sandbox.areas.frames import NO_DATA
from cvatfn.testing.sandbox.areas.operations import subresource
from cvatfn.testing.sandbox.files.exports import FORMATS
from cvatfn.testing.sandbox.files.exports.archives import written_zip
from cvatfn.testing.sandbox.files.exports.subjects import Subject, subject_of
from cvatfn.testing.sandbox.gates.asking import Asked, Done
from cvatfn.testing.sandbox.gates.replies import invalid
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.works import Background, ExportDataset, Result
from cvatfn.testing.sandbox.state.world import World

__all__ = ["export_job", "export_project", "export_task", "make_export"]


def export_project(world: World, asked: Asked, project: Project) -> Done:
    """Begin to export a project."""
    return _export(world, asked, "project", project.id, project)


def export_task(world: World, asked: Asked, task: Task) -> Done:
    """Begin to export a task."""
    if task.media is None:
        return invalid(NO_DATA)
    return _export(world, asked, "task", task.id, task)


def export_job(world: World, asked: Asked, job: Job) -> Done:
    """Begin to export a job."""
    return _export(world, asked, "job", job.id, world.tasks[job.task])


def make_export(world: World, background: Background, work: ExportDataset) -> Outcome[World, str]:
    """Write the file of an export.

    :param world: before.
    :param background: the work that waits for it.
    :param work: what is wanted.
    :returns: the world with the file, or why not.
    """
    subject = subject_of(world, work)
    if subject is None:
        return Failure(f"the {work.target} is gone or has no data")
    content = written_zip(FORMATS[work.format](subject), world.now)
    what = f"{work.target}_{work.id}_{subresource(work)}"
    name = f"{what}_{moment(_updated(subject))}_{work.format.lower()}.zip"
    return delivered(world, background, work.delivery, Result(name, content, world.now))


def _updated(subject: Subject) -> datetime:
    """When what is exported was changed last."""
    if subject.job is not None:
        return subject.job.updated
    times = [task.updated for task in subject.tasks]
    return max(times if subject.project is None else [subject.project.updated, *times])


def _export(
    world: World,
    asked: Asked,
    target: Literal["project", "task", "job"],
    number: int,
    owned: Project | Task,
) -> Done:
    format = asked.needed("format", str)
    if format not in FORMATS:
        return invalid(f"{format!r} is not a format that can be exported: {', '.join(FORMATS)}")
    match delivery_of(world, asked, owned.organization, owned.target_storage):
        case Failure() as refusal:
            return refusal
        case Success(delivery):
            pass
    work = ExportDataset(
        target=target,
        id=number,
        format=format,
        save_images=asked.params.get("save_images") is True,
        delivery=delivery,
    )
    return begun(world, asked, _id(work, asked.account.id), work)


def _id(work: ExportDataset, user: int) -> str:
    """CVAT's id of an export; blanks and points of the format are written as `_` and `~`."""
    format = work.format.replace(" ", "_").replace(".", "~")
    return (
        f"action=export&target={work.target}&target_id={work.id}&user_id={user}"
        f"&format={format}&subresource={subresource(work)}"
    )

"""What an export is about: the frames, labels and annotations of a project, a task or a job.

Rule: a format writer sees a subject and nothing else of the world. Deleted frames are no part of
it. Tracks are there twice: drawn frame by frame among the shapes, and as they are, for formats that
have tracks. No two pictures of a subset have the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.areas.annotating import working_jobs
from cvatfn.testing.sandbox.files.numbering import numbers_of
from cvatfn.testing.sandbox.files.tracks import drawn
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import Frame
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.works import ExportDataset
from cvatfn.testing.sandbox.state.world import World, labels_of

__all__ = ["DEFAULT", "Drawn", "Picture", "Subject", "Trail", "apart", "subject_of"]

DEFAULT: Final = "default"
"""The subset of what is in none."""


@frozen
class Drawn:
    """A shape on a picture.

    :param shape: as it is there.
    :param track: the id of the track that it is one frame of.
    :param is_key: whether it is a key frame of that track.
    """

    shape: models.LabeledShape
    track: int | None = None
    is_key: bool = False


@frozen
class Picture:
    """One frame with what is on it.

    :param number: its number in what was uploaded; of a project, its place in the subject.
    :param index: its number in its task.
    :param task: the id of its task.
    :param subset: the part of a project that it is in.
    """

    number: int
    index: int
    task: int
    subset: str
    frame: Frame
    tags: tuple[models.LabeledImage, ...]
    shapes: tuple[Drawn, ...]


@frozen
class Trail:
    """A track.

    :param task: the id of its task.
    :param subset: the part of a project that it is in.
    :param last: the last frame of its job.
    """

    task: int
    subset: str
    track: models.LabeledTrack
    last: int


@frozen
class Subject:
    """All that a format writer needs.

    :param project: the project, where a whole one is exported.
    :param tasks: the tasks, which have data; without a project it is one.
    :param job: the job, where only one is exported.
    :param jobs: the jobs that are exported, in order.
    :param people: the accounts by id, for owner and assignee.
    :param labels: the labels by id, elements of skeletons among them.
    :param pictures: the frames in order.
    :param trails: the tracks in order.
    :param save_images: whether the images go into the archive.
    :param origin: where the sandbox was asked.
    :param now: the time on the world's clock.
    """

    project: Project | None
    tasks: tuple[Task, ...]
    job: Job | None
    jobs: tuple[Job, ...]
    people: Mapping[int, Account]
    labels: Mapping[int, StoredLabel]
    pictures: tuple[Picture, ...]
    trails: tuple[Trail, ...]
    save_images: bool
    origin: str
    now: datetime

    @property
    def subsets(self) -> tuple[str, ...]:
        """The subsets that the pictures are in; one without a name of its own, if in none."""
        return tuple(sorted({picture.subset for picture in self.pictures})) or (DEFAULT,)

    def attributes(self, label: int) -> Mapping[int, models.Attribute]:
        """The attributes of a label by their ids.

        :param label: the label's id.
        """
        return {spec.id: spec for spec in self.labels[label].attributes}

    def numbers(self, task: int) -> range:
        """The numbers in what was uploaded of a task's frames, from the first to the last exported.

        :param task: the task's id.
        """
        jobs = [job for job in self.jobs if job.task == task]
        media = next(each.media for each in self.tasks if each.id == task)
        if media is None or not jobs:
            return range(0)
        return numbers_of(media)[min(job.start for job in jobs) : max(job.stop for job in jobs) + 1]


def subject_of(world: World, work: ExportDataset) -> Subject | None:
    """Gather what an export is about; `None` where it is gone or has no data.

    :param world: where it is.
    :param work: the export.
    """
    match work.target:
        case "project":
            return _of_project(world, work)
        case "task":
            return _of_task(world, work, world.tasks.get(work.id), None)
        case "job":
            job = world.jobs.get(work.id)
            return None if job is None else _of_task(world, work, world.tasks.get(job.task), job)


def apart(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """Pictures, each with a name that no other one of its subset has.

    :param pictures: in order; the first one of a name keeps it.
    """
    return tuple(_apart(pictures))


def _of_task(
    world: World, work: ExportDataset, task: Task | None, job: Job | None
) -> Subject | None:
    if task is None or task.media is None:
        return None
    jobs = working_jobs(world, task) if job is None else (job,)
    return Subject(
        project=None,
        tasks=(task,),
        job=job,
        jobs=jobs,
        people=world.accounts,
        labels=labels_of(world, task),
        pictures=tuple(_pictures(task, jobs, DEFAULT)),
        trails=tuple(_trails(task, jobs, DEFAULT)),
        save_images=work.save_images,
        origin=work.delivery.origin,
        now=world.now,
    )


def _of_project(world: World, work: ExportDataset) -> Subject | None:
    project = world.projects.get(work.id)
    if project is None:
        return None
    inside = [each for each in world.tasks.values() if each.project == project.id]
    tasks = tuple(task for task in inside if task.media is not None)
    held = [(task, working_jobs(world, task), task.subset or DEFAULT) for task in tasks]
    pictures = apart([picture for each in held for picture in _pictures(*each)])
    return Subject(
        project=project,
        tasks=tasks,
        job=None,
        jobs=tuple(job for _, jobs, _ in held for job in jobs),
        people=world.accounts,
        labels={key: each for key, each in world.labels.items() if each.project == project.id},
        pictures=tuple(evolve(each, number=number) for number, each in enumerate(pictures)),
        trails=tuple(trail for each in held for trail in _trails(*each)),
        save_images=work.save_images,
        origin=work.delivery.origin,
        now=world.now,
    )


def _apart(pictures: Sequence[Picture]) -> Iterator[Picture]:
    taken: set[tuple[str, str]] = set()
    for picture in pictures:
        path = PurePosixPath(picture.frame.name)
        name, copy = str(path), 0
        while (picture.subset, name) in taken:
            copy += 1
            name = str(path.with_name(f"{path.stem}_{copy}{path.suffix}"))
        taken.add((picture.subset, name))
        yield evolve(picture, frame=evolve(picture.frame, name=name))


def _pictures(task: Task, jobs: Sequence[Job], subset: str) -> Iterator[Picture]:
    if task.media is None or not task.media.frames:
        return
    frames, numbers = task.media.frames, numbers_of(task.media)
    shapes: dict[int, list[Drawn]] = {}
    tags: dict[int, list[models.LabeledImage]] = {}
    for job in jobs:
        for shape in job.annotations.shapes:
            shapes.setdefault(shape.frame, []).append(Drawn(shape))
        for tag in job.annotations.tags:
            tags.setdefault(tag.frame, []).append(tag)
    for trail in _trails(task, jobs, subset):
        for shape, is_key in drawn(trail.track, trail.last):
            shapes.setdefault(shape.frame, []).append(Drawn(shape, trail.track.id, is_key))
    inside = {number for job in jobs for number in job.numbers}.difference(task.media.deleted)
    if len(jobs) > 1:  # honeypots only repeat what the pool shows
        inside = {number for number in inside if frames[number].real is None}
    for index in sorted(inside):
        here = tuple(tags.get(index, ())), tuple(shapes.get(index, ()))
        yield Picture(numbers[index], index, task.id, subset, frames[index], *here)


def _trails(task: Task, jobs: Sequence[Job], subset: str) -> Iterator[Trail]:
    for job in jobs:
        for track in job.annotations.tracks:
            yield Trail(task.id, subset, track, job.stop)

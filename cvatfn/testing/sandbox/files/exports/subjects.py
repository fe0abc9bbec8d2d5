"""What an export is about: the frames, labels and annotations of a project, a task or a job.

Rule: a format writer sees a subject and nothing else of the world. Deleted frames are no part of
it, and tracks are already drawn frame by frame. No two pictures of a subset have the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.areas.annotating import annotations_of, working_jobs
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import Frame
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.works import ExportDataset
from cvatfn.testing.sandbox.state.world import World, labels_of

__all__ = ["DEFAULT", "Picture", "Subject", "subject_of"]

DEFAULT: Final = "default"
"""The subset of what is in none."""


@frozen
class Picture:
    """One frame with what is on it.

    :param number: its number in the subject.
    :param task: the id of its task.
    :param subset: the part of a project that it is in.
    """

    number: int
    task: int
    subset: str
    frame: Frame
    tags: tuple[models.LabeledImage, ...]
    shapes: tuple[models.LabeledShape, ...]


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
    save_images: bool
    origin: str
    now: datetime

    @property
    def subsets(self) -> tuple[str, ...]:
        """The subsets that the pictures are in; one without a name of its own, if in none."""
        return tuple(sorted({picture.subset for picture in self.pictures})) or (DEFAULT,)

    def attribute_names(self, label: int) -> Mapping[int, str]:
        """The names of a label's attributes by their ids.

        :param label: the label's id.
        """
        return {spec.id: spec.name for spec in self.labels[label].attributes}


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
    pictures = [
        picture
        for task in tasks
        for picture in _pictures(task, working_jobs(world, task), task.subset or DEFAULT)
    ]
    return Subject(
        project=project,
        tasks=tasks,
        job=None,
        jobs=tuple(job for task in tasks for job in working_jobs(world, task)),
        people=world.accounts,
        labels={key: each for key, each in world.labels.items() if each.project == project.id},
        pictures=tuple(_apart(pictures)),
        save_images=work.save_images,
        origin=work.delivery.origin,
        now=world.now,
    )


def _apart(pictures: Sequence[Picture]) -> Iterator[Picture]:
    """Pictures counted through, each with a name that no other one of its subset has."""
    taken: set[tuple[str, str]] = set()
    for number, picture in enumerate(pictures):
        path = PurePosixPath(picture.frame.name)
        name, copy = str(path), 0
        while (picture.subset, name) in taken:
            copy += 1
            name = str(path.with_name(f"{path.stem}_{copy}{path.suffix}"))
        taken.add((picture.subset, name))
        yield evolve(picture, number=number, frame=evolve(picture.frame, name=name))


def _pictures(task: Task, jobs: Sequence[Job], subset: str) -> Iterator[Picture]:
    if task.media is None or not task.media.frames or not jobs:
        return
    frames, data = task.media.frames, annotations_of(jobs)
    kept = {number for job in jobs for number in job.numbers}.difference(task.media.deleted)
    if len(jobs) > 1:  # honeypots only repeat what the pool shows
        kept = {number for number in kept if frames[number].real is None}
    shapes: dict[int, list[models.LabeledShape]] = {}
    for shape in data.shapes:
        shapes.setdefault(shape.frame, []).append(shape)
    for track in data.tracks:
        for drawn in _drawn(track, len(frames)):
            shapes.setdefault(drawn.frame, []).append(drawn)
    tags: dict[int, list[models.LabeledImage]] = {}
    for tag in data.tags:
        tags.setdefault(tag.frame, []).append(tag)
    for number in sorted(kept):
        here = tuple(tags.get(number, ())), tuple(shapes.get(number, ()))
        yield Picture(number, task.id, subset, frames[number], *here)


def _drawn(track: models.LabeledTrack, size: int) -> Iterator[models.LabeledShape]:
    """A track's shape on every frame where it is in sight; skeletons by their elements."""
    if track.elements:
        parts = [
            (element.label_id, {shape.frame: shape for shape in _in_between(element.shapes, size)})
            for element in track.elements
        ]
        for shape in _in_between(track.shapes, size):
            elements = tuple(
                _element(label, by_frame[shape.frame])
                for label, by_frame in parts
                if shape.frame in by_frame
            )
            yield evolve(_shape(track, shape), elements=elements)
        return
    for shape in _in_between(track.shapes, size):
        yield _shape(track, shape)


def _in_between(keys: Sequence[models.TrackedShape], size: int) -> Iterator[models.TrackedShape]:
    """Key frames and what lies between them: straight lines, where the points are as many."""
    ordered = sorted(keys, key=lambda key: key.frame)
    for index, key in enumerate(ordered):
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        end = size if following is None else following.frame
        if key.outside:
            continue
        for frame in range(key.frame, end):
            yield evolve(key, frame=frame, points=_points(key, following, frame))


def _points(
    key: models.TrackedShape, following: models.TrackedShape | None, frame: int
) -> tuple[float, ...]:
    if following is None or len(following.points) != len(key.points):
        return key.points
    share = (frame - key.frame) / (following.frame - key.frame)
    pairs = zip(key.points, following.points, strict=True)
    return tuple(before + share * (after - before) for before, after in pairs)


def _shape(track: models.LabeledTrack, key: models.TrackedShape) -> models.LabeledShape:
    return models.LabeledShape(
        type=key.type,
        occluded=key.occluded,
        outside=key.outside,
        z_order=key.z_order,
        rotation=key.rotation,
        points=key.points,
        id=track.id,
        label_id=track.label_id,
        group=track.group,
        source=track.source,
        frame=key.frame,
        attributes=(*track.attributes, *key.attributes),
        score=1.0,
        elements=(),
    )


def _element(label: int, key: models.TrackedShape) -> models.SubLabeledShape:
    return models.SubLabeledShape(
        type=key.type,
        occluded=key.occluded,
        outside=key.outside,
        z_order=key.z_order,
        rotation=key.rotation,
        points=key.points,
        id=key.id,
        label_id=label,
        group=0,
        source="manual",
        frame=key.frame,
        attributes=key.attributes,
        score=1.0,
    )

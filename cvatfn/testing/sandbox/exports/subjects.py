"""What an export is about: the frames, labels and annotations of a task or of one of its jobs.

Rule: a format writer sees a subject and nothing else of the world. Deleted frames are no part of
it, and tracks are already drawn frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.annotating import annotations_of, jobs_of
from cvatfn.testing.sandbox.world import (
    Account,
    ExportDataset,
    Frame,
    Job,
    StoredLabel,
    Task,
    World,
)

__all__ = ["Picture", "Subject", "subject_of"]


@frozen
class Picture:
    """One frame with what is on it."""

    number: int
    frame: Frame
    tags: tuple[models.LabeledImage, ...]
    shapes: tuple[models.LabeledShape, ...]


@frozen
class Subject:
    """All that a format writer needs.

    :param task: the task.
    :param job: the job, where only one is exported.
    :param jobs: the jobs that are exported, in order.
    :param people: the accounts by id, for owner and assignee.
    :param labels: the task's labels by id, elements of skeletons among them.
    :param pictures: the frames in order.
    :param save_images: whether the images go into the archive.
    :param origin: where the sandbox was asked.
    :param now: the time on the world's clock.
    """

    task: Task
    job: Job | None
    jobs: tuple[Job, ...]
    people: Mapping[int, Account]
    labels: Mapping[int, StoredLabel]
    pictures: tuple[Picture, ...]
    save_images: bool
    origin: str
    now: datetime

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
    job = world.jobs.get(work.id) if work.target == "job" else None
    number = work.id if work.target == "task" else None if job is None else job.task
    task = None if number is None else world.tasks.get(number)
    if task is None or task.media is None:
        return None
    jobs = jobs_of(world, task.id) if job is None else (job,)
    first, last = (0, len(task.media.frames) - 1) if job is None else (job.start, job.stop)
    kept = [frame for frame in range(first, last + 1) if frame not in task.media.deleted]
    return Subject(
        task=task,
        job=job,
        jobs=jobs,
        people=world.accounts,
        labels={key: label for key, label in world.labels.items() if label.task == task.id},
        pictures=_pictures(task.media.frames, kept, annotations_of(jobs)),
        save_images=work.save_images,
        origin=work.origin,
        now=world.now,
    )


def _pictures(
    frames: Sequence[Frame], kept: Sequence[int], data: models.LabeledData
) -> tuple[Picture, ...]:
    shapes: dict[int, list[models.LabeledShape]] = {}
    for shape in data.shapes:
        shapes.setdefault(shape.frame, []).append(shape)
    for track in data.tracks:
        for drawn in _drawn(track, len(frames)):
            shapes.setdefault(drawn.frame, []).append(drawn)
    tags: dict[int, list[models.LabeledImage]] = {}
    for tag in data.tags:
        tags.setdefault(tag.frame, []).append(tag)
    return tuple(
        Picture(number, frames[number], tuple(tags.get(number, ())), tuple(shapes.get(number, ())))
        for number in kept
    )


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

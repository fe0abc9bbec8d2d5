"""What is on the frames of a job, in the form in which it is compared.

Rule: a job has its frames but for those that were deleted, and a frame of the ground truth is
compared with the same frame of another job. What is out of sight is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.areas.annotating import jobs_of
from cvatfn.testing.sandbox.files.tracks import drawn
from cvatfn.testing.sandbox.measuring.annotations import Annotation
from cvatfn.testing.sandbox.measuring.results import Catalogue
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.world import World, labels_of

__all__ = ["catalogue_of", "frames_of", "ground_truth", "jobs_to_judge", "seen_on", "size_of"]

Kind: TypeAlias = models.AnnotationConflictAnnotationType


def ground_truth(world: World, task: int) -> Job | None:
    """The job that others are compared with, if it is accepted.

    :param task: the id of the task.
    """
    for job in jobs_of(world, task):
        done = (models.JobStage.ACCEPTANCE, models.OperationStatus.COMPLETED)
        if job.type is models.JobType.GROUND_TRUTH and (job.stage, job.state) == done:
            return job
    return None


def jobs_to_judge(world: World, task: int) -> tuple[Job, ...]:
    """The jobs of a task that are no ground truth.

    :param task: its id.
    """
    truth = models.JobType.GROUND_TRUTH
    return tuple(job for job in jobs_of(world, task) if job.type is not truth)


def frames_of(world: World, job: Job) -> frozenset[int]:
    """The numbers of the frames that a job has.

    :param job: the job.
    """
    media = world.tasks[job.task].media
    gone = () if media is None else media.deleted
    return frozenset(range(job.start, job.stop + 1)).difference(gone)


def size_of(task: Task, frame: int) -> tuple[int, int]:
    """The width and the height of a frame; that of nothing where a task has no data.

    :param frame: its number.
    """
    frames = () if task.media is None else task.media.frames
    if not 0 <= frame < len(frames):
        return 1, 1
    return frames[frame].width, frames[frame].height


def catalogue_of(
    world: World, task: Task, kind: models.AnnotationTypeEnum | None = None
) -> Catalogue:
    """The names of a task's labels and attributes.

    :param kind: of which annotations a confusion matrix is to be; of all, unless given.
    """
    labels = labels_of(world, task)
    names = {
        label.id: label.name
        if label.parent is None
        else f"{labels[label.parent].name}.{label.name}"
        for label in labels.values()
    }
    elements = kind is models.AnnotationTypeEnum.SKELETON_KEYPOINT
    fitting = (models.LabelType.ANY, None if kind is None else models.LabelType(kind.value))
    columns = [
        names[label.id]
        for label in labels.values()
        if (label.parent is not None) == elements
        and (kind is None or elements or label.type in fitting)
    ]
    attributes = {each.id: each.name for label in labels.values() for each in label.attributes}
    return Catalogue(labels=names, columns=tuple(columns), attributes=attributes)


def seen_on(job: Job, frames: Iterable[int]) -> Mapping[int, tuple[Annotation, ...]]:
    """What a job has on some frames, by frame.

    :param job: the job.
    :param frames: their numbers.
    """
    found: dict[int, list[Annotation]] = {frame: [] for frame in frames}
    for tag in job.annotations.tags:
        if tag.frame in found:
            found[tag.frame].append(_tag(job, tag))
    for shape in job.annotations.shapes:
        if shape.frame in found and _is_in_sight(one := _shape(job, shape, Kind.SHAPE)):
            found[shape.frame].append(one)
    for track in job.annotations.tracks:
        for shape, is_key in drawn(track, job.stop):
            if shape.frame in found and _is_in_sight(one := _shape(job, shape, Kind.TRACK)):
                found[shape.frame].append(evolve(one, is_key=is_key))
    return {frame: tuple(here) for frame, here in found.items()}


def _is_in_sight(one: Annotation) -> bool:
    return not one.outside and (one.shape is not models.ShapeType.SKELETON or bool(one.visible))


def _tag(job: Job, tag: models.LabeledImage) -> Annotation:
    return Annotation(
        id=tag.id or 0,
        job=job.id,
        type=Kind.TAG,
        label=tag.label_id,
        group=tag.group or 0,
        source=tag.source,
        attributes=tag.attributes,
    )


def _shape(job: Job, shape: models.LabeledShape | models.SubLabeledShape, kind: Kind) -> Annotation:
    parts: Sequence[models.SubLabeledShape] = (
        shape.elements if isinstance(shape, models.LabeledShape) else ()
    )
    return Annotation(
        id=shape.id or 0,
        job=job.id,
        type=kind,
        shape=shape.type,
        label=shape.label_id,
        points=shape.points,
        rotation=shape.rotation,
        z_order=shape.z_order,
        group=shape.group or 0,
        occluded=shape.occluded,
        outside=shape.outside,
        source=shape.source,
        attributes=shape.attributes,
        elements=tuple(_shape(job, part, kind) for part in parts),
    )

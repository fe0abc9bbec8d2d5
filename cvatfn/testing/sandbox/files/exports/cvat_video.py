"""The format "CVAT for video 1.1": `annotations.xml` and, if wanted, `images/`.

It carries tracks, and nothing else. So a shape goes out as a track that ends on the following
frame, and comes back as one (a mask as a mask); tags have no place in it, nor have z-order, group
and source of skeletons' elements, the score, and digits of points beyond the second. What a track
does on a deleted frame is told on the next one. Frames between two keys are written, too, and
marked as such.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.cvat_xml import (
    clean,
    cvat_entries,
    geometry,
    numbered,
    opened,
    valued,
)
from cvatfn.testing.sandbox.files.exports.subjects import Drawn, Picture, Subject, Trail
from cvatfn.testing.sandbox.files.tracks import Passing, passing

__all__ = ["cvat_video_entries"]


def cvat_video_entries(subject: Subject) -> tuple[Entry, ...]:
    """Write a subject in this format.

    :param subject: what is exported.
    """
    root = opened(subject)
    kept = {task.id: _kept(subject, task.id) for task in subject.tasks}
    trails = [*subject.trails, *_single(subject)]
    for number, trail in enumerate(trails):
        _tracked(root, subject, trail, _Place(number, kept[trail.task]))
    return cvat_entries(subject, root)


@frozen
class _Place:
    """The number of a track in its file, and the frames that are written, with their numbers."""

    number: int
    frames: Mapping[int, int]


def _kept(subject: Subject, task: int) -> Mapping[int, int]:
    """Numbers in what was uploaded of the frames of a task that are part of a subject."""
    numbers = subject.numbers(task)
    first = min((job.start for job in subject.jobs if job.task == task), default=0)
    shown = {picture.index for picture in subject.pictures if picture.task == task}
    return {index: number for index, number in enumerate(numbers, first) if index in shown}


def _single(subject: Subject) -> Iterator[Trail]:
    """Shapes as tracks that are over on the next frame."""
    for picture in subject.pictures:
        stop = max(job.stop for job in subject.jobs if job.task == picture.task)
        for drawn in picture.shapes:
            if drawn.track is None:
                yield _trail(picture, drawn, stop)


def _trail(picture: Picture, drawn: Drawn, stop: int) -> Trail:
    shape = drawn.shape
    end = () if shape.frame == stop else (shape.frame + 1,)
    track = models.LabeledTrack(
        id=shape.id,
        label_id=shape.label_id,
        group=shape.group,
        source=shape.source,
        frame=shape.frame,
        attributes=(),
        shapes=_keys(shape, end),
        elements=tuple(
            models.SubLabeledTrack(
                id=element.id,
                label_id=element.label_id,
                group=element.group,
                source=element.source,
                frame=element.frame,
                attributes=(),
                shapes=_keys(element, end),
            )
            for element in shape.elements
        ),
    )
    return Trail(picture.task, picture.subset, track, stop)


def _keys(
    shape: models.LabeledShape | models.SubLabeledShape, end: Iterable[int]
) -> tuple[models.TrackedShape, ...]:
    key = models.TrackedShape(
        type=shape.type,
        occluded=shape.occluded,
        outside=shape.outside,
        z_order=shape.z_order,
        rotation=shape.rotation,
        points=shape.points,
        attributes=shape.attributes,
        id=shape.id,
        frame=shape.frame,
    )
    return (key, *(evolve(key, frame=frame, outside=True) for frame in end))


def _tracked(root: Element, subject: Subject, trail: Trail, place: _Place) -> None:
    track = trail.track
    label = clean(subject.labels[track.label_id].name)
    node = SubElement(root, "track", id=str(place.number), label=label, source=track.source)
    if subject.project is not None:
        node.set("task_id", str(trail.task))
        node.set("subset", clean(trail.subset))
    if track.group:
        node.set("group_id", str(track.group))
    parts = [(part, _seen(part.shapes, trail.last, place.frames)) for part in track.elements]
    changed = {frame for _, seen in parts for frame, found in seen.items() if found.is_key}
    for frame, found in _seen(track.shapes, trail.last, place.frames).items():
        if not (found.is_key or found.is_shown or frame in changed):
            continue
        shape = _shaped(node, found, {"frame": str(place.frames[frame])})
        shape.set("z_order", str(found.shape.z_order))
        for part, seen in parts:
            if frame in seen:
                own = seen[frame]
                name = clean(subject.labels[part.label_id].name)
                element = _shaped(shape, own, {"label": name})
                valued(element, subject, part.label_id, (*part.attributes, *own.shape.attributes))
        valued(shape, subject, track.label_id, (*track.attributes, *found.shape.attributes))


def _seen(
    keys: Sequence[models.TrackedShape], last: int, frames: Container[int]
) -> Mapping[int, Passing]:
    """A track on frames that are written; what changed on one that is not is told on the next."""
    seen: dict[int, Passing] = {}
    changed = False
    for found in passing(keys, last):
        changed = changed or found.is_key
        if found.shape.frame in frames:
            seen[found.shape.frame] = evolve(found, is_key=changed)
            changed = False
    return seen


def _shaped(parent: Element, found: Passing, said: Mapping[str, str]) -> Element:
    shape = found.shape
    skeleton = shape.type is models.ShapeType.SKELETON
    nowhere: tuple[str, Mapping[str, str]] = ("skeleton", {})
    name, places = nowhere if skeleton else geometry(shape.type, shape.points)
    node = SubElement(parent, name, {**said, "keyframe": str(int(found.is_key))})
    for fact, held in (("outside", shape.outside), ("occluded", shape.occluded)):
        if held or not skeleton:  # CVAT reads them of skeletons, though it does not write them
            node.set(fact, str(int(held)))
    node.attrib.update(places)
    if shape.rotation:
        node.set("rotation", numbered(shape.rotation))
    return node

"""Annotations from the form in which they are sent to the one in which they are kept.

Rule: what was left out gets CVAT's defaults, ids are given, and what cannot be drawn or belongs
nowhere is told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.state.annotated import Job
from cvatfn.testing.sandbox.state.world import World, labels_of

__all__ = ["NO_IDS", "KnownIds", "Sent", "Stored", "ids_of", "misplaced", "stored"]

T = TypeVar("T")

Sent: TypeAlias = models.LabeledDataRequest | models.PatchedLabeledDataRequest


@frozen
class Stored:
    """Annotations that were sent, in their stored form, and what is wrong with them."""

    world: World
    data: models.LabeledData
    problems: tuple[str, ...]


@frozen
class KnownIds:
    """The ids in a set of annotations."""

    tags: frozenset[int] = frozenset()
    shapes: frozenset[int] = frozenset()
    tracks: frozenset[int] = frozenset()
    intervals: frozenset[int] = frozenset()

    def of(self, kind: str) -> frozenset[int]:
        """Those of one kind.

        :param kind: `tags`, `shapes`, `tracks` or `intervals`.
        """
        known = {"tags": self.tags, "shapes": self.shapes, "tracks": self.tracks}
        return known.get(kind, self.intervals)


NO_IDS: Final = KnownIds()
"""Where every id that is sent is a foreign one."""


def ids_of(data: models.LabeledData) -> KnownIds:
    """The ids in a set of annotations.

    :param data: the annotations.
    """
    return KnownIds(
        frozenset(tag.id for tag in data.tags if tag.id is not None),
        frozenset(shape.id for shape in data.shapes if shape.id is not None),
        frozenset(track.id for track in data.tracks if track.id is not None),
        frozenset(interval.id for interval in data.intervals or () if interval.id is not None),
    )


class _Numbers:
    """Ids handed out while one request is read; lives no longer than `stored`."""

    def __init__(self, world: World) -> None:
        kinds = ("tag", "shape", "track", "interval")
        self.next = {kind: world.ids.get(kind, 0) for kind in kinds}

    def take(self, kind: str, wanted: int | Unset | None, known: Collection[int]) -> int:
        if isinstance(wanted, int) and wanted in known:
            return wanted
        self.next[kind] += 1
        return self.next[kind]


def stored(world: World, sent: Sent, known: KnownIds) -> Stored:
    """Bring annotations that were sent into the form in which they are kept.

    :param world: which ids were given so far.
    :param sent: the annotations.
    :param known: the ids that may be kept; all others are replaced.
    :returns: them, the world that gave the ids, and what has not as many points as its type needs.
    """
    numbers = _Numbers(world)
    tags = tuple(_tag(tag, numbers, known.tags) for tag in sent.tags or ())
    shapes = tuple(_shape(shape, numbers, known.shapes) for shape in sent.shapes or ())
    tracks = tuple(_track(track, numbers, known.tracks) for track in sent.tracks or ())
    intervals = tuple(_interval(each, numbers, known.intervals) for each in sent.intervals or ())
    data = models.LabeledData(
        version=0, tags=tags, shapes=shapes, tracks=tracks, intervals=intervals
    )
    ids: dict[str, int] = {**world.ids, **numbers.next}
    return Stored(evolve(world, ids=ids), data, tuple(_misdrawn(data)))


def _or(value: T | Unset | None, default: T) -> T:
    return default if isinstance(value, Unset) or value is None else value


def _attributes(
    sent: Sequence[models.AttributeValRequest] | Unset,
) -> tuple[models.AttributeVal, ...]:
    return tuple(
        models.AttributeVal(spec_id=value.spec_id, value=value.value) for value in sent or ()
    )


def _tag(
    sent: models.LabeledImageRequest, numbers: _Numbers, known: Collection[int]
) -> models.LabeledImage:
    return models.LabeledImage(
        id=numbers.take("tag", sent.id, known),
        label_id=sent.label_id,
        group=_or(sent.group, 0),
        source=_or(sent.source, "manual"),
        frame=sent.frame,
        attributes=_attributes(sent.attributes),
    )


def _shape(
    sent: models.LabeledShapeRequest, numbers: _Numbers, known: Collection[int]
) -> models.LabeledShape:
    return models.LabeledShape(
        type=sent.type,
        occluded=_or(sent.occluded, default=False),
        outside=_or(sent.outside, default=False),
        z_order=_or(sent.z_order, 0),
        rotation=_or(sent.rotation, 0.0),
        points=_or(sent.points, ()),
        id=numbers.take("shape", sent.id, known),
        label_id=sent.label_id,
        group=_or(sent.group, 0),
        source=_or(sent.source, "manual"),
        frame=sent.frame,
        attributes=_attributes(sent.attributes),
        score=_or(sent.score, 1.0),
        elements=tuple(_element(element, numbers) for element in sent.elements or ()),
    )


def _element(sent: models.SubLabeledShapeRequest, numbers: _Numbers) -> models.SubLabeledShape:
    return models.SubLabeledShape(
        type=sent.type,
        occluded=_or(sent.occluded, default=False),
        outside=_or(sent.outside, default=False),
        z_order=_or(sent.z_order, 0),
        rotation=_or(sent.rotation, 0.0),
        points=_or(sent.points, ()),
        id=numbers.take("shape", None, ()),
        label_id=sent.label_id,
        group=_or(sent.group, 0),
        source=_or(sent.source, "manual"),
        frame=sent.frame,
        attributes=_attributes(sent.attributes),
        score=_or(sent.score, 1.0),
    )


def _track(
    sent: models.LabeledTrackRequest, numbers: _Numbers, known: Collection[int]
) -> models.LabeledTrack:
    return models.LabeledTrack(
        id=numbers.take("track", sent.id, known),
        label_id=sent.label_id,
        group=_or(sent.group, 0),
        source=_or(sent.source, "manual"),
        frame=sent.frame,
        attributes=_attributes(sent.attributes),
        shapes=tuple(_tracked(shape, numbers) for shape in sent.shapes),
        elements=tuple(_subtrack(element, numbers) for element in sent.elements or ()),
    )


def _subtrack(sent: models.SubLabeledTrackRequest, numbers: _Numbers) -> models.SubLabeledTrack:
    return models.SubLabeledTrack(
        id=numbers.take("track", None, ()),
        label_id=sent.label_id,
        group=_or(sent.group, 0),
        source=_or(sent.source, "manual"),
        frame=sent.frame,
        attributes=_attributes(sent.attributes),
        shapes=tuple(_tracked(shape, numbers) for shape in sent.shapes),
    )


def _interval(
    sent: models.LabeledIntervalRequest, numbers: _Numbers, known: Collection[int]
) -> models.LabeledInterval:
    return models.LabeledInterval(
        id=numbers.take("interval", sent.id, known),
        label_id=sent.label_id,
        group=_or(sent.group, 0),
        source=_or(sent.source, "manual"),
        attributes=_attributes(sent.attributes),
        score=_or(sent.score, 1.0),
        start=sent.start,
        stop=sent.stop,
    )


def _tracked(sent: models.TrackedShapeRequest, numbers: _Numbers) -> models.TrackedShape:
    return models.TrackedShape(
        type=sent.type,
        occluded=_or(sent.occluded, default=False),
        outside=_or(sent.outside, default=False),
        z_order=_or(sent.z_order, 0),
        rotation=_or(sent.rotation, 0.0),
        points=_or(sent.points, ()),
        attributes=_attributes(sent.attributes),
        id=numbers.take("shape", None, ()),
        frame=sent.frame,
    )


def misplaced(world: World, data: models.LabeledData, jobs: Sequence[Job]) -> Iterator[str]:
    """What names a label, an attribute or a frame that is not there.

    :param world: where the labels are.
    :param data: the annotations.
    :param jobs: whose frames may be named.
    """
    known = {
        label.id: label
        for task in {job.task for job in jobs}
        for label in labels_of(world, world.tasks[task]).values()
    }
    for number, parent, frame, attributes in _placements(data):
        label = known.get(number)
        if label is None or label.parent != parent:
            yield f"label_id `{number}` is invalid"
        elif not {value.spec_id for value in attributes} <= {each.id for each in label.attributes}:
            yield f"an attribute does not belong to label_id `{number}`"
        if not any(job.has(frame) for job in jobs):
            yield f"frame {frame} is out of range"
    for interval in data.intervals or ():
        end = interval.start if interval.stop is None else interval.stop
        # an interval ends where the next one begins: one past the last millisecond
        if end < interval.start or not any(end <= job.stop + 1 for job in jobs):
            yield f"there is nothing from {interval.start} to {end}"


Placement: TypeAlias = tuple[int, int | None, int, tuple[models.AttributeVal, ...]]
"""A label and the one that it has to be an element's of, a frame, and values of attributes."""


def _placements(data: models.LabeledData) -> Iterator[Placement]:
    for tag in data.tags:
        yield tag.label_id, None, tag.frame, tag.attributes
    for shape in data.shapes:
        yield shape.label_id, None, shape.frame, shape.attributes
        for element in shape.elements:
            yield element.label_id, shape.label_id, element.frame, element.attributes
    for interval in data.intervals or ():
        yield interval.label_id, None, interval.start, interval.attributes
    for track in data.tracks:
        yield track.label_id, None, track.frame, track.attributes
        for key in track.shapes:
            yield track.label_id, None, key.frame, key.attributes
        for part in track.elements:
            for key in part.shapes:
                yield part.label_id, track.label_id, key.frame, key.attributes


def _misdrawn(data: models.LabeledData) -> Iterator[str]:
    """What has not as many points as its type needs."""
    for shape in data.shapes:
        yield from _wrong_points(shape.type, shape.points)
        if shape.type is models.ShapeType.SKELETON and not shape.elements:
            yield "a skeleton has no elements"
        for element in shape.elements:
            yield from _wrong_element(element.type, element.points)
    for track in data.tracks:
        for key in track.shapes:
            yield from _wrong_points(key.type, key.points)
        for part in track.elements:
            for key in part.shapes:
                yield from _wrong_element(key.type, key.points)


def _wrong_element(kind: models.ShapeType, points: Sequence[float]) -> Iterator[str]:
    if kind is models.ShapeType.SKELETON:
        yield "a skeleton is in a skeleton"
    yield from _wrong_points(kind, points)


def _wrong_points(kind: models.ShapeType, points: Sequence[float]) -> Iterator[str]:
    need = _POINTS.get(kind)
    if need is None:
        yield f'"{kind.value}" is not a valid choice.'
    elif not need[0](len(points)):
        yield f"a {kind.value} has {need[1]}, not {len(points)} numbers"
    elif kind is models.ShapeType.MASK and not _mask_is_whole(points):
        yield "the runs of a mask do not fill its box"


def _mask_is_whole(points: Sequence[float]) -> bool:
    left, top, right, bottom = points[-4:]
    runs = points[:-4]
    filled = sum(runs) == (right - left + 1) * (bottom - top + 1)
    return filled and all(run >= 0 and run == int(run) for run in runs)


def _even_from(least: int) -> Callable[[int], bool]:
    return lambda count: count >= least and count % 2 == 0


def _exactly(wanted: int) -> Callable[[int], bool]:
    return lambda count: count == wanted


_POINTS: Final[Mapping[models.ShapeType, tuple[Callable[[int], bool], str]]] = {
    models.ShapeType.RECTANGLE: (_exactly(4), "two corners"),
    models.ShapeType.POLYGON: (_even_from(6), "three or more points"),
    models.ShapeType.POLYLINE: (_even_from(4), "two or more points"),
    models.ShapeType.POINTS: (_even_from(2), "one or more points"),
    models.ShapeType.ELLIPSE: (_exactly(4), "a center, a right and a top"),
    models.ShapeType.CUBOID: (_exactly(16), "eight points"),
    models.ShapeType.MASK: (lambda count: count >= 5, "runs and a box"),
    models.ShapeType.SKELETON: (_exactly(0), "elements and no points of its own"),
}

"""Tracks, frame by frame: what lies between key frames.

Rule: a track is on every frame from its first key to the last frame of its job, except where it is
outside. Between two keys, numbers go straight from the one to the other and rotation takes the
shorter way round; where the keys have not as many points, and for masks and several points, the
earlier key holds. All else is the earlier key's. (CVAT matches polygons point by point, so that
its own may lie a little differently in between.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve, frozen

from cvatfn import models

__all__ = ["Passing", "drawn", "passing"]

HOLDING: Final = (models.ShapeType.MASK, models.ShapeType.SKELETON)


@frozen
class Passing:
    """A track on one frame.

    :param shape: how it is there.
    :param is_key: whether somebody said so, or it lies in between.
    """

    shape: models.TrackedShape
    is_key: bool

    @property
    def is_shown(self) -> bool:
        """Whether it is in sight."""
        return not self.shape.outside


def passing(keys: Sequence[models.TrackedShape], last: int) -> Iterator[Passing]:
    """A track on each frame from its first key on, in order, out of sight as well.

    :param keys: its key frames.
    :param last: the last frame that is looked at.

    """
    ordered = sorted({key.frame: key for key in keys}.values(), key=lambda key: key.frame)
    for key, following in zip(ordered, [*ordered[1:], None], strict=False):
        end = last + 1 if following is None else min(following.frame, last + 1)
        for frame in range(key.frame, end):
            is_key = frame == key.frame
            yield Passing(key if is_key else _between(key, following, frame), is_key)


def drawn(track: models.LabeledTrack, last: int) -> Iterator[tuple[models.LabeledShape, bool]]:
    """A track as shapes: one for each frame on which it is in sight, and whether it is a key.

    :param track: the track; of a skeleton, each shape has the elements that have begun by then.
    :param last: the last frame that is looked at.
    """
    parts = [
        (part, {found.shape.frame: found.shape for found in passing(part.shapes, last)})
        for part in track.elements
    ]
    for found in passing(track.shapes, last):
        if found.is_shown:
            frame = found.shape.frame
            elements = [_element(part, seen[frame]) for part, seen in parts if frame in seen]
            yield _shape(track, found.shape, tuple(elements)), found.is_key


def _between(
    key: models.TrackedShape, following: models.TrackedShape | None, frame: int
) -> models.TrackedShape:
    if following is None or not _moves(key, following):
        return evolve(key, frame=frame)
    share = (frame - key.frame) / (following.frame - key.frame)
    pairs = zip(key.points, following.points, strict=True)
    turned = (following.rotation - key.rotation + 180) % 360 - 180
    return evolve(
        key,
        frame=frame,
        points=tuple(before + share * (after - before) for before, after in pairs),
        rotation=(key.rotation + share * turned) % 360 if turned else key.rotation,
    )


def _moves(key: models.TrackedShape, following: models.TrackedShape) -> bool:
    several = key.type is models.ShapeType.POINTS and len(key.points) > 2
    alike = key.type is following.type and len(key.points) == len(following.points)
    return alike and not several and key.type not in HOLDING and not key.outside


def _shape(
    track: models.LabeledTrack,
    key: models.TrackedShape,
    elements: tuple[models.SubLabeledShape, ...],
) -> models.LabeledShape:
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
        elements=elements,
    )


def _element(part: models.SubLabeledTrack, key: models.TrackedShape) -> models.SubLabeledShape:
    return models.SubLabeledShape(
        type=key.type,
        occluded=key.occluded,
        outside=key.outside,
        z_order=key.z_order,
        rotation=key.rotation,
        points=key.points,
        id=key.id,
        label_id=part.label_id,
        group=0,
        source=part.source,
        frame=key.frame,
        attributes=(*part.attributes, *key.attributes),
        score=1.0,
    )

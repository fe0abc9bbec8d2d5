"""What is compared: one annotation on one frame, wherever it was kept.

Rule: what is out of sight is not here, but for elements, and tracks are drawn frame by frame.
Numbers are no further from zero than `FURTHEST`, so that nothing overflows later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

from cvatfn import models

__all__ = ["FURTHEST", "Annotation", "Box", "Point", "box_of", "grouped", "keypoints"]

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

FURTHEST: Final = 1e12
"""How far from zero a number counts; further ones are brought here."""


def _near(points: Iterable[float]) -> tuple[float, ...]:
    return tuple(min(max(value, -FURTHEST), FURTHEST) for value in points)


@frozen(kw_only=True, cache_hash=True)
class Annotation:
    """One annotation on one frame.

    :param id: of the tag, the shape or the track.
    :param job: the job that it is in.
    :param type: whether it is a tag, a shape or a track.
    :param shape: what it is drawn as; `None` for a tag.
    :param is_key: whether it was drawn, and not put between key frames of a track.
    :param elements: the elements of a skeleton; those that are out of sight say so.
    :param skeleton: the skeleton that an element was taken from, to be compared by itself.
    """

    id: int
    job: int
    type: models.AnnotationConflictAnnotationType
    shape: models.ShapeType | None = None
    label: int
    points: tuple[float, ...] = field(default=(), converter=_near)
    rotation: float = 0.0
    z_order: int = 0
    group: int = 0
    occluded: bool = False
    outside: bool = False
    is_key: bool = True
    source: str = "manual"
    attributes: tuple[models.AttributeVal, ...] = ()
    elements: tuple[Annotation, ...] = ()
    skeleton: Annotation | None = None

    @property
    def kind(self) -> models.AnnotationTypeEnum | None:
        """Which requirements speak of it; `None` where none does."""
        if self.skeleton is not None:
            return models.AnnotationTypeEnum.SKELETON_KEYPOINT
        if self.shape is None:
            return models.AnnotationTypeEnum.TAG
        kind = models.AnnotationTypeEnum(self.shape.value)
        return kind if kind.is_known else None

    @property
    def corners(self) -> tuple[Point, ...]:
        """Its points in pairs."""
        return tuple(zip(self.points[::2], self.points[1::2], strict=False))

    @property
    def visible(self) -> tuple[Annotation, ...]:
        """The elements that are in sight."""
        return tuple(element for element in self.elements if not element.outside)

    @property
    def place(self) -> tuple[object, ...]:
        """All that says where it is: what has the same place is the same drawing."""
        parts = tuple((part.label, part.occluded, part.points) for part in self.visible)
        return self.shape, self.points, self.rotation, parts


def box_of(points: Sequence[Point]) -> Box:
    """The box around some points; of none, an empty one.

    >>> box_of([(3, 1), (1, 2)])
    (1, 1, 3, 2)
    """
    if not points:
        return 0.0, 0.0, 0.0, 0.0
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def grouped(annotations: Iterable[Annotation]) -> tuple[tuple[Annotation, ...], ...]:
    """Annotations by the groups that a person put them in; what is in none is a group of its own.

    :param annotations: those of one frame.
    """
    groups: dict[tuple[int, int], list[Annotation]] = {}
    for index, annotation in enumerate(annotations):
        # the index keeps those apart that are in no group
        key = (annotation.group, 0) if annotation.group else (0, index)
        groups.setdefault(key, []).append(annotation)
    return tuple(map(tuple, groups.values()))


def keypoints(annotations: Sequence[Annotation]) -> Iterator[Annotation]:
    """The elements of skeletons, as annotations; those of one skeleton are in one group.

    :param annotations: those of one frame.
    """
    free = 1 + max((annotation.group for annotation in annotations), default=0)
    for skeleton in annotations:
        if skeleton.shape is not models.ShapeType.SKELETON:
            continue
        group, free = (skeleton.group, free) if skeleton.group else (free, free + 1)
        for element in skeleton.visible:
            yield evolve(element, group=group, source=skeleton.source, skeleton=skeleton)

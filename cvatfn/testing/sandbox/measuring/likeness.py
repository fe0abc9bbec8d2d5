"""How alike two annotations of a frame are, each kind by its own measure.

Rule: rectangles of the same rotation by their corners, all other areas by their pixels, points and
skeletons by COCO's similarity, lines by how far apart they run, tags by their labels. What has the
same place is the same, however thin or hidden it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation, Box, Point, box_of, grouped
from cvatfn.testing.sandbox.measuring.lines import line_likeness
from cvatfn.testing.sandbox.measuring.measures import Measures
from cvatfn.testing.sandbox.measuring.points import (
    area,
    box_overlap,
    mean_box,
    points_likeness,
    skeleton_likeness,
)
from cvatfn.testing.sandbox.measuring.regions import canvas_around, overlap, region_of, visible

__all__ = [
    "AREAS",
    "Likeness",
    "Thing",
    "corners_of",
    "likeness_of",
    "likeness_of_things",
    "regions",
    "things",
]

Thing: TypeAlias = tuple[Annotation, ...]
"""What is compared as one: an annotation, or the polygons and masks of one group and label."""
Likeness: TypeAlias = Callable[[Annotation, Annotation], float]
Side: TypeAlias = Sequence[Annotation]

AREAS: Final = (
    models.ShapeType.RECTANGLE,
    models.ShapeType.ELLIPSE,
    models.ShapeType.POLYGON,
    models.ShapeType.MASK,
)
"""What covers pixels."""


def likeness_of(left: Side, right: Side, size: tuple[int, int], measures: Measures) -> Likeness:
    """A function that says how alike two annotations are that are no polygons and no masks.

    :param left: all annotations of the one side; groups are looked for in them.
    :param right: all of the other side.
    :param size: the width and the height of the image.
    :param measures: by what to compare.
    """
    boxes, other_boxes = _boxes(left), _boxes(right)
    region = regions((*left, *right))
    image = float(size[0] * size[1])

    def by_pixels(mine: Annotation, theirs: Annotation) -> float:
        return overlap(region(mine), region(theirs))

    def rectangles(mine: Annotation, theirs: Annotation) -> float:
        if mine.rotation != theirs.rotation:
            return by_pixels(mine, theirs)
        return box_overlap(box_of(mine.corners), box_of(theirs.corners))

    def points(mine: Annotation, theirs: Annotation) -> float:
        scale = _scale(boxes[mine], other_boxes[theirs], image, measures.point_size_base)
        if not scale:
            return 0.0
        corners, others, threshold = mine.corners, theirs.corners, measures.iou_threshold
        return points_likeness(corners, others, measures.point_size, scale, threshold)

    def skeletons(mine: Annotation, theirs: Annotation) -> float:
        box, other = boxes[mine], other_boxes[theirs]
        near = box_overlap(box, other) > 0
        scale = area(mean_box(box, other))
        return skeleton_likeness(mine, theirs, measures.point_size, scale) if near else 0.0

    def lines(mine: Annotation, theirs: Annotation) -> float:
        corners, others = mine.corners, theirs.corners
        return line_likeness(corners, others, measures.line_thickness, image, oriented=False)

    table: Mapping[models.ShapeType, Likeness] = {
        models.ShapeType.POINTS: points,
        models.ShapeType.POLYLINE: lines,
        models.ShapeType.RECTANGLE: rectangles,
        models.ShapeType.SKELETON: skeletons,
    }

    def likeness(mine: Annotation, theirs: Annotation) -> float:
        if mine.shape is None:
            return 1.0 if mine.label == theirs.label else 0.5
        if mine.place == theirs.place:
            return 1.0
        return table.get(mine.shape, by_pixels)(mine, theirs)

    return likeness


def things(annotations: Iterable[Annotation], *, by_group: bool) -> tuple[Thing, ...]:
    """Annotations as the things that are compared.

    :param annotations: those of one side and family.
    :param by_group: whether what is in one group and has one label is one thing.
    """
    if not by_group:
        return tuple((annotation,) for annotation in annotations)
    found: list[Thing] = []
    for group in grouped(annotations):
        labels: dict[int, list[Annotation]] = {}
        for annotation in group:
            labels.setdefault(annotation.label, []).append(annotation)
        found += map(tuple, labels.values())
    return tuple(found)


def likeness_of_things(
    left: Sequence[Thing], right: Sequence[Thing], *, panoptic: bool
) -> Callable[[Thing, Thing], float]:
    """A function that says how alike two things are that are made of polygons and masks.

    :param left: the things of the one side.
    :param right: those of the other side.
    :param panoptic: whether only what is to be seen of them counts; of what is wholly hidden all of
        it does.
    """
    region = regions(part for side in (left, right) for thing in side for part in thing)

    def whole(thing: Thing) -> int:
        joined = 0
        for part in thing:
            joined |= region(part)
        return joined

    def seen(side: Sequence[Thing]) -> Mapping[Thing, int]:
        owners = {part: thing for thing in side for part in thing}
        layers = [(part, region(part)) for part in owners]
        return visible(layers, lambda part: owners[part]) if panoptic else {}

    mine, theirs = seen(left), seen(right)

    def likeness(thing: Thing, other: Thing) -> float:
        if [part.place for part in thing] == [part.place for part in other]:
            return 1.0
        pair = mine.get(thing, 0), theirs.get(other, 0)
        return overlap(*pair) if any(pair) else overlap(whole(thing), whole(other))

    return likeness


def regions(annotations: Iterable[Annotation]) -> Callable[[Annotation], int]:
    """A function that gives the pixels of an annotation, drawn once and on a canvas of all.

    :param annotations: those that may be asked for, and others.
    """
    canvas = canvas_around(each for each in annotations if each.shape in AREAS)

    @cache
    def region(annotation: Annotation) -> int:
        return region_of(annotation, canvas)

    return region


def corners_of(annotation: Annotation) -> Iterable[Point]:
    """The points that say how large an annotation is; those of a skeleton are of its elements.

    :param annotation: any annotation.
    """
    if annotation.shape is models.ShapeType.MASK:
        return zip(annotation.points[-4::2], annotation.points[-3::2], strict=True)
    if annotation.shape is models.ShapeType.ELLIPSE and len(annotation.points) == 4:
        x, y, right, top = annotation.points
        return (2 * x - right, top), (right, 2 * y - top)
    return (corner for each in (annotation, *annotation.visible) for corner in each.corners)


def _boxes(side: Side) -> Mapping[Annotation, Box]:
    """The box around the group of each annotation, which says how large its object is."""
    return {
        annotation: box_of([corner for each in group for corner in corners_of(each)])
        for group in grouped(side)
        for annotation in group
    }


def _scale(box: Box, other: Box, image: float, base: models.QualityPointSizeBase) -> float:
    """How large the object of two groups of points is; 0 where they are too far from each other."""
    single = not area(box) and not area(other)
    if single or base is models.QualityPointSizeBase.IMAGE_SIZE:
        return image
    return area(mean_box(box, other)) if box_overlap(box, other) > 0 else 0.0

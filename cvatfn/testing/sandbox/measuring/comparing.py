"""One frame, compared: what of the ground truth was found, and what else there is.

Rule: annotations are matched with those of their own kind, polygons and masks with each other. The
order in which they are given says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation, keypoints
from cvatfn.testing.sandbox.measuring.assigning import paired
from cvatfn.testing.sandbox.measuring.attributes import differing
from cvatfn.testing.sandbox.measuring.likeness import (
    Thing,
    likeness_of,
    likeness_of_things,
    things,
)
from cvatfn.testing.sandbox.measuring.lines import line_likeness
from cvatfn.testing.sandbox.measuring.measures import Measures

__all__ = ["Matching", "Pair", "Sides", "compared", "sides_of", "turned_round"]

Kind: TypeAlias = models.AnnotationTypeEnum
Size: TypeAlias = tuple[int, int]

FAMILIES: Final = (
    (Kind.RECTANGLE,),
    (Kind.POINTS,),
    (Kind.MASK, Kind.POLYGON),
    (Kind.POLYLINE,),
    (Kind.SKELETON,),
    (Kind.TAG,),
    (Kind.ELLIPSE,),
    (Kind.SKELETON_KEYPOINT,),
)
"""What is matched with what, in CVAT's order."""


@frozen
class Pair:
    """An annotation and the one of the ground truth that it goes with."""

    truth: Annotation
    given: Annotation
    likeness: float


@frozen
class Matching:
    """What came of the comparison of a frame.

    :param matches: pairs of the same label.
    :param mismatches: pairs but for their labels.
    :param missing: what is in the ground truth alone.
    :param extra: what is not in the ground truth.
    :param nearest: how alike each missing or superfluous shape is to what comes nearest to it.
    """

    matches: tuple[Pair, ...] = ()
    mismatches: tuple[Pair, ...] = ()
    missing: tuple[Annotation, ...] = ()
    extra: tuple[Annotation, ...] = ()
    nearest: tuple[float, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All pairs, of the same label or not."""
        return self.matches + self.mismatches


@frozen
class Sides:
    """What is compared on a frame: the ground truth and what was given, both in order."""

    truth: tuple[Annotation, ...]
    given: tuple[Annotation, ...]


def sides_of(truth: Sequence[Annotation], given: Sequence[Annotation], measures: Measures) -> Sides:
    """The annotations of a frame that are of the kinds to be compared.

    :param truth: those of the ground truth.
    :param given: the others.
    :param measures: which kinds to compare.
    """
    return Sides(_chosen(truth, measures), _chosen(given, measures))


def compared(sides: Sides, size: Size, measures: Measures) -> Matching:
    """Compare what is on one frame.

    :param sides: the annotations.
    :param size: the width and the height of the image.
    :param measures: by what to compare.
    """
    found = [_family(sides, family, size, measures) for family in FAMILIES]
    return Matching(
        tuple(pair for each in found for pair in each.matches),
        tuple(pair for each in found for pair in each.mismatches),
        tuple(one for each in found for one in each.missing),
        tuple(one for each in found for one in each.extra),
        tuple(near for each in found for near in each.nearest),
    )


def turned_round(truth: Annotation, given: Annotation, size: Size, measures: Measures) -> bool:
    """Whether two lines run the same way, but in opposite directions.

    :param truth: that of the ground truth.
    :param given: the other one.
    :param size: the width and the height of the image.
    :param measures: whether and from when on that counts.
    """
    if not measures.match_orientation or truth.shape is not models.ShapeType.POLYLINE:
        return False
    either, same = (
        line_likeness(
            truth.corners,
            given.corners,
            measures.line_thickness,
            float(size[0] * size[1]),
            oriented=oriented,
        )
        for oriented in (False, True)
    )
    return either - same > measures.line_orientation_threshold


def _chosen(side: Sequence[Annotation], measures: Measures) -> tuple[Annotation, ...]:
    ordered = sorted(side, key=lambda each: (each.type.value, each.id, each.points))
    if Kind.SKELETON_KEYPOINT in measures.kinds:
        return tuple(keypoints(ordered))
    return tuple(each for each in ordered if each.kind in measures.kinds)


def _family(sides: Sides, family: Sequence[Kind], size: Size, measures: Measures) -> Matching:
    mine = [each for each in sides.truth if each.kind in family]
    theirs = [each for each in sides.given if each.kind in family]
    if not mine and not theirs:
        return Matching()
    segments = Kind.MASK in family
    left, right = things(mine, by_group=segments), things(theirs, by_group=segments)
    if segments:
        like = likeness_of_things(left, right, panoptic=measures.panoptic_comparison)
    else:
        single = likeness_of(sides.truth, sides.given, size, measures)
        like = _of_singles(single)
    memory: dict[tuple[Thing, Thing], float] = {}

    def likeness(truth: Thing, given: Thing) -> float:
        memory[truth, given] = like(truth, given)
        differ = measures.strict and _differ(truth, given, size, measures)
        return 0.0 if differ else memory[truth, given]

    threshold = 0.5 if Kind.TAG in family else measures.iou_threshold
    found = paired(left, right, likeness, _same_label, threshold, labels_first=measures.strict)
    tags = Kind.TAG in family
    nearest = [*_nearest(memory, found.left, 0), *_nearest(memory, found.right, 1)]
    return Matching(
        tuple(_pairs(found.matches, memory)),
        tuple(_pairs(found.mismatches, memory)),
        tuple(part for thing in found.left for part in thing),
        tuple(part for thing in found.right for part in thing),
        () if tags else tuple(nearest),
    )


def _same_label(one: Thing, other: Thing) -> bool:
    return one[0].label == other[0].label


def _of_singles(
    likeness: Callable[[Annotation, Annotation], float],
) -> Callable[[Thing, Thing], float]:
    return lambda truth, given: likeness(truth[0], given[0])


def _differ(truth: Thing, given: Thing, size: Size, measures: Measures) -> bool:
    return any(
        differing(mine, theirs, measures.attributes) or turned_round(mine, theirs, size, measures)
        for mine, theirs in product(truth, given)
    )


def _pairs(
    found: Sequence[tuple[Thing, Thing]], memory: Mapping[tuple[Thing, Thing], float]
) -> Iterator[Pair]:
    for truth, given in found:
        for mine, theirs in product(truth, given):
            yield Pair(mine, theirs, memory[truth, given])


def _nearest(
    memory: Mapping[tuple[Thing, Thing], float], left: Sequence[Thing], side: int
) -> Iterator[float]:
    best: dict[Thing, float] = {}
    for pair, like in memory.items():
        best[pair[side]] = max(like, best.get(pair[side], 0.0))
    for thing in left:
        yield from (best.get(thing, 0.0) for _ in thing)

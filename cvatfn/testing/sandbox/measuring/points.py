"""How alike points are: COCO's object keypoint similarity, for groups of points and for skeletons.

Rule: a distance counts in proportion to the size of the object, and the likeness falls with it as
a bell curve does. Which point of a group answers to which one of another is found out; the elements
of skeletons have labels for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf

from cvatfn.testing.sandbox.measuring.annotations import Annotation, Box, Point
from cvatfn.testing.sandbox.measuring.assigning import paired

__all__ = ["area", "box_overlap", "mean_box", "points_likeness", "skeleton_likeness"]


def points_likeness(
    left: Sequence[Point], right: Sequence[Point], size: float, scale: float, threshold: float
) -> float:
    """How alike two groups of points are.

    :param left: the one group.
    :param right: the other one.
    :param size: how large a point is, as a share of the object's side.
    :param scale: the object's area in pixels.
    :param threshold: how alike two points have to be to answer to each other.

    >>> points_likeness([(0, 0), (9, 9)], [(9, 9), (0, 0)], 0.1, 100.0, 0.5)
    1.0
    >>> points_likeness([(0, 0)], [(0, 0), (9, 9)], 0.1, 100.0, 0.5)
    0.5
    """
    places_left, places_right = range(len(left)), range(len(right))

    def likeness(a: int, b: int) -> float:
        return _likeness(left[a], right[b], size, scale)

    found = paired(places_left, places_right, likeness, lambda _a, _b: True, threshold)
    total = len(found.matches) + len(found.left) + len(found.right)
    return sum(likeness(a, b) for a, b in found.matches) / total if total else 0.0


def skeleton_likeness(left: Annotation, right: Annotation, size: float, scale: float) -> float:
    """How alike two skeletons are: over the elements that are to be seen in either of them.

    :param left: the one skeleton.
    :param right: the other one.
    :param size: how large an element is, as a share of the object's side.
    :param scale: the object's area in pixels.
    """
    seen_left, seen_right = _seen(left), _seen(right)
    total = len(seen_left.keys() | seen_right.keys())
    likenesses = [
        _likeness(seen_left[label], seen_right[label], size, scale)
        for label in sorted(seen_left.keys() & seen_right.keys())
    ]
    return sum(likenesses) / total if total else 0.0


def area(box: Box) -> float:
    """How large a box is.

    >>> area((0, 0, 3, 2))
    6
    """
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def box_overlap(left: Box, right: Box) -> float:
    """Intersection over union of two boxes.

    >>> box_overlap((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    common = area(
        (
            max(left[0], right[0]),
            max(left[1], right[1]),
            min(left[2], right[2]),
            min(left[3], right[3]),
        )
    )
    union = area(left) + area(right) - common
    return common / union if union > 0 else 0.0


def mean_box(left: Box, right: Box) -> Box:
    """The box halfway between two.

    >>> mean_box((0, 0, 2, 2), (2, 0, 4, 4))
    (1.0, 0.0, 3.0, 3.0)
    """
    return (
        (left[0] + right[0]) / 2,
        (left[1] + right[1]) / 2,
        (left[2] + right[2]) / 2,
        (left[3] + right[3]) / 2,
    )


def _seen(skeleton: Annotation) -> dict[int, Point]:
    return {
        element.label: element.corners[0]
        for element in skeleton.visible
        if element.corners and not element.occluded
    }


def _likeness(left: Point, right: Point, size: float, scale: float) -> float:
    x, y = left[0] - right[0], left[1] - right[1]
    distance = x * x + y * y
    if not distance:
        return 1.0
    spread = 2 * scale * (2 * size) * (2 * size)
    return exp(-(distance / spread if spread else inf))

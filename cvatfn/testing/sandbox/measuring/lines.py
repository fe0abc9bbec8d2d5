"""How alike polylines are: how far they run from each other, step by step.

Rule: both lines are walked at once, each at its own pace, from end to end, with a stop wherever one
of them has a corner. A distance counts in proportion to the image, and the likeness falls with it
as a bell curve does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import exp, hypot

from cvatfn.testing.sandbox.measuring.annotations import Point, box_of

__all__ = ["line_likeness"]


def line_likeness(
    left: Sequence[Point], right: Sequence[Point], thickness: float, scale: float, *, oriented: bool
) -> float:
    """How alike two lines are.

    :param left: the points of the one line.
    :param right: the points of the other one.
    :param thickness: how far apart they may run, as a share of the image's side.
    :param scale: the image's area in pixels.
    :param oriented: whether lines have a direction.

    >>> line_likeness([(0, 0), (9, 0)], [(9, 0), (0, 0)], 0.01, 1e4, oriented=False)
    1.0
    >>> line_likeness([(0, 0), (9, 0)], [(9, 0), (0, 0)], 0.01, 1e4, oriented=True) < 0.1
    True
    """
    if len(left) < 2 or len(right) < 2 or _apart(left, right, thickness, scale):
        return 0.0
    directions = (right,) if oriented else (right, right[::-1])
    return max(_along(left, other, thickness, scale) for other in directions)


def _apart(left: Sequence[Point], right: Sequence[Point], thickness: float, scale: float) -> bool:
    """Whether two lines are too far from each other for a closer look."""
    (x, y, reach), (other_x, other_y, other_reach) = _circle(left), _circle(right)
    far = 36 * thickness * thickness * scale
    across, down = x - other_x, y - other_y
    return across * across + down * down > reach + other_reach + far


def _circle(line: Sequence[Point]) -> tuple[float, float, float]:
    """The middle of a line's box, and half its diagonal, squared."""
    left, top, right, bottom = box_of(line)
    wide, high = right - left, bottom - top
    return (left + right) / 2, (top + bottom) / 2, (wide * wide + high * high) / 4


def _along(left: Sequence[Point], right: Sequence[Point], thickness: float, scale: float) -> float:
    paces, other_paces = _paces(left), _paces(right)
    stops = sorted((*paces[:-1], *other_paces[1:-1], 1.0))
    spread = 8 * thickness * thickness * scale
    total = 0.0
    for stop in stops:
        (x, y), (other_x, other_y) = _at(left, paces, stop), _at(right, other_paces, stop)
        across, down = x - other_x, y - other_y
        distance = across * across + down * down
        total += exp(-distance / spread) if spread else float(not distance)
    return total / len(stops)


def _paces(line: Sequence[Point]) -> list[float]:
    """How much of a line is behind one at each of its points, from 0 to 1."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    whole = sum(lengths)
    if not whole:
        return [0.0, *(index / len(lengths) for index in range(1, len(line)))]
    walked = list(accumulate(lengths))
    return [0.0, *(length / whole for length in walked[:-1]), 1.0]


def _at(line: Sequence[Point], paces: Sequence[float], stop: float) -> Point:
    """Where one is after a share of a line."""
    for (a, before), (b, after) in pairwise(zip(line, paces, strict=True)):
        if stop <= after:
            share = (stop - before) / (after - before) if after > before else 0.0
            return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
    return line[-1]

"""Areas as sets of pixels, held by whole numbers.

Rule: a region is an `int` in which every pixel of a canvas is a bit, so that what two regions have
in common is `&`, and its size a count of bits. A pixel is in a region if its middle is; what is
too thin to have the middle of a pixel in it has one pixel nevertheless, and is there. The canvas
lies around what is compared and not around the image, so that nothing is cut off, and has no more
than `SIDE` pixels a side, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from math import ceil, cos, pi, radians, sin
from typing import Final, TypeVar

from attrs import frozen

from cvatfn import models
from cvatfn.testing.sandbox.measuring.annotations import Annotation, Box, Point, box_of

__all__ = ["Canvas", "canvas_around", "overlap", "region_of", "size_of", "visible", "weight"]

T = TypeVar("T", bound=Hashable)

SIDE: Final = 1024
"""How many pixels a canvas is wide and high at most."""
FINEST: Final = 16.0
"""How many pixels of a canvas one pixel of the image comes to at most."""
CORNERS: Final = 90
"""How many corners an ellipse is drawn with."""


@frozen
class Canvas:
    """Where regions are drawn.

    :param left: where it begins, in the image's pixels.
    :param top: where it begins, in the image's pixels.
    :param scale: how many of its pixels one of the image comes to.
    """

    left: float
    top: float
    scale: float
    width: int
    height: int


def canvas_around(annotations: Iterable[Annotation]) -> Canvas:
    """A canvas that holds some annotations.

    :param annotations: what is to be drawn on it.
    """
    corners = [corner for annotation in annotations for corner in _outline(annotation)]
    left, top, right, bottom = box_of(corners)
    scale = min(FINEST, (SIDE - 1) / max(right - left, bottom - top, 1.0))
    lengths = right - left, bottom - top
    width, height = (min(ceil(length * scale) + 1, SIDE) for length in lengths)
    return Canvas(left, top, scale, width, height)


def region_of(annotation: Annotation, canvas: Canvas) -> int:
    """The pixels that an annotation covers.

    :param annotation: a rectangle, an ellipse, a polygon or a mask.
    :param canvas: where it is drawn.
    """
    rows = [0] * canvas.height
    if annotation.shape is models.ShapeType.MASK:
        for box in _stripes(annotation.points):
            _fill(rows, box, canvas)
    else:
        _surround(rows, [_on(corner, canvas) for corner in _outline(annotation)], canvas.width)
    width = (canvas.width + 7) // 8
    region = int.from_bytes(b"".join(row.to_bytes(width, "little") for row in rows), "little")
    return region or _one_pixel(annotation, canvas)


def overlap(left: int, right: int) -> float:
    """Intersection over union: from 0, nothing in common, to 1, the same.

    >>> overlap(0b0110, 0b0011)
    0.3333333333333333
    """
    union = (left | right).bit_count()
    return (left & right).bit_count() / union if union else 0.0


def weight(region: int) -> int:
    """How many pixels a region has.

    >>> weight(0b0110)
    2
    """
    return region.bit_count()


def size_of(annotation: Annotation) -> float:
    """How many pixels of the image an annotation covers.

    :param annotation: a rectangle, an ellipse, a polygon or a mask.
    """
    canvas = canvas_around([annotation])
    return weight(region_of(annotation, canvas)) / (canvas.scale * canvas.scale)


def visible(
    layers: Sequence[tuple[Annotation, int]], owner: Callable[[Annotation], T]
) -> dict[T, int]:
    """What is seen of things that lie on each other: by thing, the pixels where it is on top.

    :param layers: annotations with their regions; of those in one layer the last lies on top.
    :param owner: which thing an annotation is a part of.
    """
    hidden = 0
    seen: dict[T, int] = {}
    upwards = sorted(layers, key=lambda layer: layer[0].z_order)
    for annotation, region in reversed(upwards):
        thing = owner(annotation)
        seen[thing] = seen.get(thing, 0) | (region & ~hidden)
        hidden |= region
    return seen


def _outline(annotation: Annotation) -> list[Point]:
    corners = annotation.corners
    match annotation.shape:
        case models.ShapeType.RECTANGLE:
            left, top, right, bottom = box_of(corners)
            middle = (left + right) / 2, (top + bottom) / 2
            square = [(left, top), (right, top), (right, bottom), (left, bottom)]
            return [_turned(corner, middle, annotation.rotation) for corner in square]
        case models.ShapeType.ELLIPSE if len(corners) >= 2:
            (x, y), (right, top) = corners[:2]
            steps = [2 * pi * step / CORNERS for step in range(CORNERS)]
            round_ones = [
                (x + (right - x) * cos(step), y + (y - top) * sin(step)) for step in steps
            ]
            return [_turned(corner, (x, y), annotation.rotation) for corner in round_ones]
        case models.ShapeType.MASK:
            left, top, right, bottom = annotation.points[-4:]
            return [(left, top), (right + 1, bottom + 1)]
        case _:
            return list(corners)


def _turned(corner: Point, middle: Point, degrees: float) -> Point:
    angle = radians(degrees)
    x, y = corner[0] - middle[0], corner[1] - middle[1]
    return (
        middle[0] + x * cos(angle) - y * sin(angle),
        middle[1] + x * sin(angle) + y * cos(angle),
    )


def _stripes(points: Sequence[float]) -> Iterator[Box]:
    """The boxes that the runs of a mask fill: the rest of a row, whole rows, a row's beginning."""
    left, top, right, bottom = (int(value) for value in points[-4:])
    width, place = right - left + 1, 0
    end = width * (bottom - top + 1)
    for index, run in enumerate(points[:-4]):
        start, place = place, min(place + int(run), end)
        if index % 2 == 0 or start == place:  # runs of what is not there, and of what is, by turns
            continue
        (first, x), (last, stop) = divmod(start, width), divmod(place - 1, width)
        if first == last:
            yield left + x, top + first, left + stop + 1, top + first + 1
            continue
        yield left + x, top + first, right + 1, top + first + 1
        if last - first > 1:
            yield left, top + first + 1, right + 1, top + last
        yield left, top + last, left + stop + 1, top + last + 1


def _surround(rows: list[int], corners: Sequence[Point], width: int) -> None:
    """Turn over all that is to the right of each edge: what is turned an odd number of times is in.

    :param rows: the canvas, a number for each row; the first pixel is the lowest bit.
    """
    everything = (1 << width) - 1
    for (x, y), (end, bottom) in zip(corners, (*corners[1:], *corners[:1]), strict=True):
        if y == bottom:
            continue
        slope = (end - x) / (bottom - y)
        for row in _middles(min(y, bottom), max(y, bottom), len(rows)):
            first = min(max(ceil(x + (row + 0.5 - y) * slope - 0.5), 0), width)
            rows[row] ^= everything >> first << first


def _fill(rows: list[int], box: Box, canvas: Canvas) -> None:
    (left, top), (right, bottom) = _on(box[:2], canvas), _on(box[2:], canvas)
    columns = _middles(left, right, canvas.width)
    span = (1 << columns.stop) - (1 << columns.start)
    for row in _middles(top, bottom, canvas.height):
        rows[row] |= span


def _middles(start: float, end: float, length: int) -> range:
    """The pixels, of so many, whose middles lie between two places."""
    first, last = (min(max(ceil(place - 0.5), 0), length) for place in (start, end))
    return range(first, max(first, last))


def _one_pixel(annotation: Annotation, canvas: Canvas) -> int:
    x, y = _on(box_of(_outline(annotation))[:2], canvas)
    column, row = min(int(x), canvas.width - 1), min(int(y), canvas.height - 1)
    return 1 << (row * 8 * ((canvas.width + 7) // 8) + column)


def _on(corner: Point, canvas: Canvas) -> Point:
    return (corner[0] - canvas.left) * canvas.scale, (corner[1] - canvas.top) * canvas.scale

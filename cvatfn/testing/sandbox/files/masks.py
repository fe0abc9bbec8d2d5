"""Masks in the forms that files give them: CVAT's runs, COCO's runs, and outlines.

Rule: a mask is the bits of its box, row by row. CVAT's runs go over the box row by row, COCO's over
the whole image column by column; both begin with the empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from attrs import frozen

__all__ = [
    "LARGEST",
    "Mask",
    "mask_of",
    "of_columns",
    "outlines",
    "points_of",
    "to_columns",
    "unpacked_runs",
]

LARGEST: Final = 1 << 26
"""How many pixels a picture with a mask may have."""

Corner: TypeAlias = tuple[int, int]
Runs: TypeAlias = Sequence[float]


@frozen
class Mask:
    """Some pixels of an image.

    :param bits: one byte for each pixel of the box, row by row; 1 where the mask is.
    """

    left: int
    top: int
    width: int
    height: int
    bits: bytes

    @property
    def area(self) -> int:
        """How many pixels it has."""
        return sum(self.bits)


def mask_of(points: Runs) -> Mask:
    r"""A mask from CVAT's numbers: runs, and the four that bound its box.

    :param points: the numbers; of a box that is larger than any picture, none is drawn.

    >>> mask_of((1, 2, 1, 5, 6, 6, 7)).bits
    b'\x00\x01\x01\x00'
    """
    left, top, right, bottom = map(int, points[-4:])
    width, height = max(0, right - left + 1), max(0, bottom - top + 1)
    if width * height > LARGEST:
        return Mask(left, top, 0, 0, b"")
    bits = bytearray()
    for place, run in enumerate(points[:-4]):
        bits += bytes([place % 2]) * min(int(run), width * height - len(bits))
    return Mask(left, top, width, height, bytes(bits.ljust(width * height, b"\x00")))


def points_of(mask: Mask) -> tuple[float, ...]:
    """CVAT's numbers for a mask.

    :param mask: the mask.

    >>> points_of(Mask(5, 6, 2, 2, bytes([0, 1, 1, 0])))
    (1, 2, 1, 5, 6, 6, 7)
    """
    right, bottom = mask.left + mask.width - 1, mask.top + mask.height - 1
    return (*_runs(mask.bits), mask.left, mask.top, right, bottom)


def to_columns(mask: Mask, width: int, height: int) -> list[int]:
    """COCO's runs for a mask.

    :param mask: the mask; what of it is not on the image is left out.
    :param width: of the image.
    :param height: of the image.

    >>> to_columns(Mask(1, 0, 1, 2, bytes([1, 1])), 3, 2)
    [2, 2, 2]
    """
    rows = range(max(0, mask.top), min(height, mask.top + mask.height))
    image = bytearray(width * height)
    for x in range(max(0, mask.left), min(width, mask.left + mask.width)):
        for y in rows:
            image[x * height + y] = mask.bits[(y - mask.top) * mask.width + x - mask.left]
    return list(_runs(image))


def of_columns(runs: Sequence[int], width: int, height: int, box: Sequence[int]) -> Mask:
    """A mask from COCO's runs.

    :param runs: over the whole image, column by column.
    :param width: of the image.
    :param height: of the image.
    :param box: left, top, right and bottom of what is wanted; the last two lie outside.
    :raises ValueError: these are no runs over such an image, or the box is not in it.
    """
    if not (min(width, height) > 0 and width * height <= LARGEST):
        raise ValueError("a mask has no size, or too large a one")
    if any(run < 0 for run in runs) or sum(runs) != width * height:
        raise ValueError("the runs of a mask do not fill its image")
    left, top, right, bottom = *box[:2], min(box[2], width), min(box[3], height)
    if not (0 <= left < right and 0 <= top < bottom):
        raise ValueError("the box of a mask is not in its image")
    image = bytearray(width * height)
    place = 0
    for index, run in enumerate(runs):
        if index % 2:
            image[place : place + run] = b"\x01" * run
        place += run
    rows = (bytes(image[left * height + y : right * height : height]) for y in range(top, bottom))
    return Mask(left, top, right - left, bottom - top, b"".join(rows))


def unpacked_runs(text: str) -> tuple[int, ...]:
    """COCO's runs from the text that they are packed into.

    Six bits a character, from `0` on: five of a number, the lowest first, and one that says that
    more follow. From the fourth number on it is the difference to the last but one.

    :param text: the text.
    :raises ValueError: it is none.

    Source: the C code of COCO's API, `rleFrString`.

    >>> unpacked_runs("2223")
    (2, 2, 2, 5)
    """
    runs: list[int] = []
    value, shift = 0, 0
    for character in text:
        bits = ord(character) - 48
        if not (0 <= bits < 64 and shift < 60):
            raise ValueError("packed runs that are none")
        value |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            value -= (1 << shift) if bits & 0x10 else 0
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value, shift = 0, 0
    return tuple(runs)


def outlines(mask: Mask) -> tuple[tuple[float, ...], ...]:
    """The outlines of a mask, along the edges of its pixels; holes are filled.

    :param mask: the mask.
    :returns: for each part that hangs together, the corners of a polygon.

    >>> outlines(Mask(3, 4, 2, 1, bytes([1, 1])))
    ((3.0, 4.0, 5.0, 4.0, 5.0, 5.0, 3.0, 5.0),)
    """
    onward = _edges(mask)
    rings: list[tuple[float, ...]] = []
    while onward:
        ring = _ring(onward)
        if _turns_right(ring):  # a hole goes round the other way
            rings.append(tuple(float(value) for x, y in ring for value in (x, y)))
    return tuple(rings)


def _runs(bits: bytes | bytearray) -> Iterator[int]:
    """Lengths of equal bits, beginning with those of zeros."""
    place, wanted = 0, 0
    while place < len(bits):
        end = bits.find(1 - wanted, place)
        end = len(bits) if end < 0 else end
        yield end - place
        place, wanted = end, 1 - wanted


def _edges(mask: Mask) -> dict[Corner, list[Corner]]:
    """From each corner of a pixel to the next, with the mask on the right hand side."""
    onward: dict[Corner, list[Corner]] = {}

    def has(x: int, y: int) -> bool:
        inside = 0 <= x < mask.width and 0 <= y < mask.height
        return inside and mask.bits[y * mask.width + x] == 1

    for y in range(mask.height):
        for x in range(mask.width):
            if has(x, y):
                left, top = mask.left + x, mask.top + y
                right, bottom = left + 1, top + 1
                for is_inside, start, end in (
                    (has(x, y - 1), (left, top), (right, top)),
                    (has(x + 1, y), (right, top), (right, bottom)),
                    (has(x, y + 1), (right, bottom), (left, bottom)),
                    (has(x - 1, y), (left, bottom), (left, top)),
                ):
                    if not is_inside:
                        onward.setdefault(start, []).append(end)
    return onward


def _ring(onward: dict[Corner, list[Corner]]) -> list[Corner]:
    """One way round, taken out of the edges; only corners where it turns."""
    start = next(iter(onward))
    ring, here, before = [start], start, (0, 0)
    while True:
        there = _next(onward, here, before)
        step = (there[0] - here[0], there[1] - here[1])
        ahead = (step[0] > 0) - (step[0] < 0), (step[1] > 0) - (step[1] < 0)
        if ahead == before:
            ring.pop()
        if there == start:
            break
        ring.append(there)
        here, before = there, ahead
    return ring


def _next(onward: dict[Corner, list[Corner]], here: Corner, before: Corner) -> Corner:
    """The end of the edge that is taken; where two parts touch, the right turn stays with one."""
    ends = onward[here]
    right = (here[0] - before[1], here[1] + before[0])
    there = right if right in ends else ends[0]
    ends.remove(there)
    if not ends:
        del onward[here]
    return there


def _turns_right(ring: Iterable[Corner]) -> bool:
    corners = list(ring)
    following = [*corners[1:], corners[0]]
    pairs = zip(corners, following, strict=True)
    return sum(x * there_y - there_x * y for (x, y), (there_x, there_y) in pairs) > 0

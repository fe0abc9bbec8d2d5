"""Masks as pictures: a colour for each, painted and read back exactly.

Rule: colours are PASCAL VOC's: the bits of a number, dealt to red, green and blue in turn, from the
highest down. Each number has its own, so a picture says which masks are in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import groupby
from typing import Final, TypeAlias

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.images import NO_PILLOW
from cvatfn.testing.sandbox.files.masks import LARGEST, Mask

__all__ = ["Color", "color_of", "masks_in", "painted"]

Color: TypeAlias = tuple[int, int, int]
Run: TypeAlias = tuple[int, int, int]
"""A row, the first column, and the one behind the last."""

MOST: Final = 1 << 24
"""How many pixels a picture that is read may have."""


def color_of(number: int) -> Color:
    """The colour of a number; 0 is black.

    :param number: below 2^24.

    >>> color_of(1), color_of(2), color_of(9)
    ((128, 0, 0), (0, 128, 0), (192, 0, 0))
    """
    red, green, blue = (
        sum(((number >> (3 * bit + channel)) & 1) << (7 - bit) for bit in range(8))
        for channel in range(3)
    )
    return red, green, blue


def painted(width: int, height: int, layers: Iterable[tuple[Mask, Color]]) -> bytes:
    """A PNG picture of masks, black where none is.

    :param width: of the picture.
    :param height: of the picture.
    :param layers: the masks with their colours, the uppermost last.
    """
    try:
        from PIL import Image
    except ImportError as error:  # pragma: no cover - the extra is installed where this is tested
        raise ImportError(NO_PILLOW) from error
    pixels = bytearray(3 * width * height)
    for mask, color in layers:
        for row, begin, end in _runs_of(mask, width, height):
            place = row * width
            pixels[3 * (place + begin) : 3 * (place + end)] = bytes(color) * (end - begin)
    written = BytesIO()
    Image.frombytes("RGB", (width, height), bytes(pixels)).save(written, "PNG")
    return written.getvalue()


def masks_in(content: bytes) -> Outcome[Mapping[Color, Mask], str]:
    """The masks in a picture by their colours, without the black.

    :param content: the picture.
    :returns: each mask in the least box around it; or why not.
    """
    try:
        from PIL import Image
    except ImportError as error:  # pragma: no cover - the extra is installed where this is tested
        raise ImportError(NO_PILLOW) from error
    try:
        with Image.open(BytesIO(content)) as image:
            width, height = image.size
            if width * height > MOST:
                return Failure(f"a picture of masks has more than {MOST} pixels")
            pixels = image.convert("RGB").tobytes()
    except Exception:  # whatever Pillow's readers raise: it is no image
        return Failure("it is no image that can be read")
    found: dict[Color, list[Run]] = {}
    for row in range(height):
        line = pixels[3 * row * width : 3 * (row + 1) * width]
        begin = 0
        for color, run in groupby(zip(line[::3], line[1::3], line[2::3], strict=True)):
            end = begin + sum(1 for _ in run)
            if any(color):
                found.setdefault(color, []).append((row, begin, end))
            begin = end
    boxes = {color: _box(runs) for color, runs in found.items()}
    if (
        sum((right - left) * (bottom - top) for left, top, right, bottom in boxes.values())
        > LARGEST
    ):
        return Failure("its masks are too many, or too large")
    return Success({color: _mask(runs, boxes[color]) for color, runs in found.items()})


Box: TypeAlias = tuple[int, int, int, int]


def _box(runs: Iterable[Run]) -> Box:
    rows, begins, ends = zip(*runs, strict=True)
    return min(begins), min(rows), max(ends), max(rows) + 1


def _mask(runs: Iterable[Run], box: Box) -> Mask:
    left, top, right, bottom = box
    width = right - left
    bits = bytearray(width * (bottom - top))
    for row, begin, end in runs:
        place = (row - top) * width - left
        bits[place + begin : place + end] = b"\x01" * (end - begin)
    return Mask(left, top, width, bottom - top, bytes(bits))


def _runs_of(mask: Mask, width: int, height: int) -> Iterable[Run]:
    """The runs of a mask that are on a picture."""
    for row in range(max(0, mask.top), min(height, mask.top + mask.height)):
        begin = (row - mask.top) * mask.width
        column = mask.left
        for bit, run in groupby(mask.bits[begin : begin + mask.width]):
            end = column + sum(1 for _ in run)
            first, last = max(0, column), min(width, end)
            if bit and first < last:
                yield row, first, last
            column = end

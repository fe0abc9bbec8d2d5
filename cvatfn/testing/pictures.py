"""Pictures for the demo: still lifes of plain shapes, and the same with what was annotated on them.

Rule: a picture is drawn from values, and its annotations are the same values, so that they fit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final, Literal, TypeAlias
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

from attrs import frozen

from cvatfn.models import LabeledShapeRequestDict

try:
    from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
except ImportError as _missing:
    raise ImportError("pictures are drawn with Pillow: install `cvatfn[sandbox]`") from _missing

__all__ = ["COLORS", "SCENES", "Thing", "annotated", "outlines", "painted"]

Kind: TypeAlias = Literal["square", "triangle", "star"]
Points: TypeAlias = tuple[tuple[float, float], ...]

WIDTH: Final = 640
HEIGHT: Final = 400
FINER: Final = 3
"""How many times larger a picture is painted than it is kept, so that its edges are smooth."""

COLORS: Final[Mapping[Kind, str]] = {
    "square": "#2f6fde",
    "triangle": "#e4572e",
    "star": "#f2b705",
}
"""The color of each kind of thing; its label has the same one."""


@frozen
class Thing:
    """One thing in a scene.

    :param kind: what it is.
    :param x: where its center is, in pixels from the left.
    :param y: where its center is, in pixels from the top.
    :param radius: how far its corners are from the center, in pixels.
    :param turn: by how many degrees it is turned.
    """

    kind: Kind
    x: float
    y: float
    radius: float
    turn: float = 0

    @property
    def corners(self) -> Points:
        """Its corners, in order."""
        if self.kind == "square":
            half = self.radius * 0.8
            left, top, right, bottom = self.x - half, self.y - half, self.x + half, self.y + half
            return ((left, top), (right, top), (right, bottom), (left, bottom))
        spikes = 3 if self.kind == "triangle" else 10
        return tuple(self._corner(index, spikes) for index in range(spikes))

    def _corner(self, index: int, spikes: int) -> tuple[float, float]:
        radius = self.radius * (0.45 if spikes == 10 and index % 2 else 1)
        angle = math.radians(self.turn - 90 + 360 * index / spikes)
        x, y = self.x + radius * math.cos(angle), self.y + radius * math.sin(angle)
        return round(x, 2), round(y, 2)


SCENES: Final[Mapping[str, tuple[Thing, ...]]] = {
    "breakfast.png": (
        Thing("square", 150, 235, 105),
        Thing("star", 345, 150, 95, 12),
        Thing("triangle", 515, 250, 110, -8),
    ),
    "noon.png": (
        Thing("triangle", 140, 160, 90, 20),
        Thing("triangle", 330, 265, 100, -15),
        Thing("star", 520, 165, 105, -6),
    ),
    "evening.png": (
        Thing("star", 150, 150, 80),
        Thing("square", 330, 255, 95),
        Thing("square", 515, 160, 85),
    ),
}
"""What lies where, by the name of the picture."""

_WALLS: Final = ("#fdf6e9", "#eef4f7", "#f1eaf5")
_TABLES: Final = ("#e6d3b3", "#c9dbe2", "#d3c3df")


def painted(name: str) -> bytes:
    """Paint a scene.

    :param name: which one.
    :returns: a PNG.
    """
    place = list(SCENES).index(name)
    size = WIDTH * FINER, HEIGHT * FINER
    image = Image.new("RGB", size, _WALLS[place])
    table = (0, int(size[1] * 0.62), *size)
    ImageDraw.Draw(image).rectangle(table, fill=_TABLES[place])
    shadows = Image.new("L", size, 0)
    for thing in SCENES[name]:
        fallen = [(x * FINER + 14, y * FINER + 20) for x, y in thing.corners]
        ImageDraw.Draw(shadows).polygon(fallen, fill=90)
    image.paste("#3a3140", mask=shadows.filter(ImageFilter.GaussianBlur(14)))
    for thing in SCENES[name]:
        _paint(image, thing)
    return _png(ImageOps.scale(image, 1 / FINER, Image.Resampling.LANCZOS))


def outlines(label_ids: Mapping[str, int]) -> tuple[LabeledShapeRequestDict, ...]:
    """What an annotator would draw around the things of all scenes, in the order of their names.

    :param label_ids: the ids of the labels by name.
    :returns: squares as rectangles, the others as polygons.
    """
    return tuple(
        _outline(thing, frame, label_ids[thing.kind])
        for frame, name in enumerate(sorted(SCENES))
        for thing in SCENES[name]
    )


def annotated(archive: bytes) -> bytes:
    """Draw what an export in "CVAT for images 1.1" says onto the first image that it holds.

    :param archive: the zip, with images.
    :returns: a PNG.
    """
    with ZipFile(BytesIO(archive)) as opened:
        # Our own sandbox wrote it: no hostile XML is to be expected here.
        document = fromstring(opened.read("annotations.xml"))  # noqa: S314
        node = next(document.iter("image"))
        image = Image.open(BytesIO(opened.read(f"images/{node.get('name')}"))).convert("RGBA")
    colors = {
        label.findtext("name", ""): label.findtext("color", "#888888")
        for label in document.iter("label")
    }
    image = ImageOps.scale(image, FINER, Image.Resampling.LANCZOS)
    for shape in node:
        label = shape.get("label", "")
        _mark(image, _corners_of(shape), label, _darker(colors.get(label, "#888888")))
    return _png(ImageOps.scale(image.convert("RGB"), 2 / FINER, Image.Resampling.LANCZOS))


def _outline(thing: Thing, frame: int, label: int) -> LabeledShapeRequestDict:
    corners = thing.corners
    if thing.kind == "square":
        box = (*corners[0], *corners[2])
        return {"type": "rectangle", "frame": frame, "label_id": label, "points": box}
    points = [number for corner in corners for number in corner]
    return {"type": "polygon", "frame": frame, "label_id": label, "points": points}


def _paint(image: Image.Image, thing: Thing) -> None:
    scaled = [(x * FINER, y * FINER) for x, y in thing.corners]
    ImageDraw.Draw(image).polygon(scaled, fill=COLORS[thing.kind])
    inner = [
        ((thing.x + (x - thing.x) * 0.72) * FINER, (thing.y + (y - thing.y) * 0.72) * FINER)
        for x, y in thing.corners
    ]
    ImageDraw.Draw(image).polygon(inner, fill=_lighter(COLORS[thing.kind]))


_BOX: Final = ("xtl", "ytl", "xbr", "ybr")


def _corners_of(shape: Element) -> Points:
    if shape.tag == "box":
        left, top, right, bottom = (
            float(shape.get(key, 0)) for key in ("xtl", "ytl", "xbr", "ybr")
        )
        return ((left, top), (right, top), (right, bottom), (left, bottom))
    pairs = [pair.split(",") for pair in shape.get("points", "").split(";") if pair]
    return tuple((float(x), float(y)) for x, y in pairs)


def _mark(image: Image.Image, corners: Points, label: str, color: str) -> None:
    """Draw an outline with its corners, and its label above it."""
    scaled = [(x * FINER, y * FINER) for x, y in corners]
    veil = Image.new("RGBA", image.size)
    ImageDraw.Draw(veil).polygon(scaled, fill=f"{color}20")
    image.alpha_composite(veil)
    draw = ImageDraw.Draw(image)
    around = [*scaled, scaled[0], scaled[1]]
    draw.line(around, fill="white", width=5 * FINER, joint="curve")
    draw.line(around, fill=color, width=3 * FINER, joint="curve")
    for x, y in scaled:
        draw.ellipse((x - 12, y - 12, x + 12, y + 12), fill="white", outline=color, width=5)
    _name(draw, scaled, label, color)


def _name(
    draw: ImageDraw.ImageDraw, corners: Sequence[tuple[float, float]], label: str, color: str
) -> None:
    font = ImageFont.load_default(16 * FINER)
    top = min(y for _, y in corners)
    summit = [x for x, y in corners if y < top + 1]
    middle, bottom = sum(summit) / len(summit), max(top - 22, 66)
    half = draw.textlength(label, font=font) / 2 + 18
    place = (middle - half, bottom - 62, middle + half, bottom)
    draw.rounded_rectangle(place, radius=14, fill=color)
    draw.text((middle, bottom - 31), label, font=font, fill="white", anchor="mm")


def _shade(color: str, target: int, share: float) -> str:
    red, green, blue = (int(color[index : index + 2], 16) for index in (1, 3, 5))
    mixed = (round(part + (target - part) * share) for part in (red, green, blue))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _lighter(color: str) -> str:
    return _shade(color, 255, 0.18)


def _darker(color: str) -> str:
    return _shade(color, 0, 0.35)


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()

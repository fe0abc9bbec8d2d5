"""The format "CVAT 1.1", read: the XML that "CVAT for images 1.1" writes.

Source: CVAT's documentation of its XML annotation format, version 1.1. Tracks, which the format for
videos has, are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError, fromstring

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.cvat_images import BOX, CUBOID, ELLIPSE
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.imports.found import FoundPicture, FoundShape, FoundTag, Values

__all__ = ["read_cvat_images"]

Points: TypeAlias = tuple[float, ...]

LARGEST: Final = (1 << 31) - 1
"""The largest whole number that CVAT can store."""


def read_cvat_images(entries: Sequence[Entry]) -> Outcome[tuple[FoundPicture, ...], str]:
    """Find annotations in the XML files among some files.

    :param entries: names and contents.
    """
    found: list[FoundPicture] = []
    documents = [(name, content) for name, content in entries if name.lower().endswith(".xml")]
    if not documents:
        return Failure("there is no .xml file in it")
    for name, content in documents:
        if b"<!DOCTYPE" in content:  # nothing that CVAT writes has one, and entities can explode
            return Failure(f"{name}: has a document type")
        try:
            root = fromstring(content)  # noqa: S314 - no entities, as above
            if root.find("track") is not None:
                return Failure(f"{name}: has tracks, which the sandbox does not read")
            found.extend(map(_picture, root.findall("image")))
        except KeyError as error:
            return Failure(f"{name}: an element has no {error}")
        except (ParseError, ValueError, LookupError) as error:
            return Failure(f"{name}: {error}")
    return Success(tuple(found))


def _picture(image: Element) -> FoundPicture:
    return FoundPicture(
        name=inside(image.attrib["name"]),
        subset=image.get("subset") or DEFAULT,
        tags=tuple(map(_tag, image.findall("tag"))),
        shapes=tuple(_shape(node) for node in image if node.tag != "tag"),
    )


def _tag(node: Element) -> FoundTag:
    return FoundTag(
        label=node.attrib["label"],
        source=node.get("source") or "manual",
        group=_whole(node.get("group_id", "0")),
        attributes=_values(node),
    )


def _shape(node: Element) -> FoundShape:
    elements: tuple[FoundShape, ...] = ()
    points: Points = ()
    if node.tag == "skeleton":
        kind = models.ShapeType.SKELETON
        parts = [part for part in node if part.tag != "attribute"]
        if any(part.tag == "skeleton" for part in parts):
            raise ValueError("a skeleton is in a skeleton")
        elements = tuple(map(_shape, parts))
    elif node.tag in _GEOMETRIES:
        kind, geometry = _GEOMETRIES[node.tag]
        points = geometry(node)
    else:
        raise ValueError(f"<{node.tag}> is no shape")
    return FoundShape(
        label=node.attrib["label"],
        type=kind,
        points=points,
        source=node.get("source") or "manual",
        group=_whole(node.get("group_id", "0")),
        occluded=node.get("occluded") == "1",
        outside=node.get("outside") == "1",
        rotation=_number(node.get("rotation", "0")),
        z_order=_whole(node.get("z_order", "0")),
        attributes=_values(node),
        elements=elements,
    )


def _values(node: Element) -> Values:
    return tuple((each.attrib["name"], each.text or "") for each in node.findall("attribute"))


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no place")
    return number


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _named(*names: str) -> Callable[[Element], Points]:
    return lambda node: tuple(_number(node.attrib[name]) for name in names)


def _listed(node: Element) -> Points:
    pairs = [pair.split(",") for pair in node.attrib["points"].split(";")]
    return tuple(_number(value) for x, y in pairs for value in (x, y))


def _ellipse(node: Element) -> Points:
    center_x, center_y, radius_x, radius_y = _named(*ELLIPSE)(node)
    return center_x, center_y, center_x + radius_x, center_y - radius_y


def _mask(node: Element) -> Points:
    left, top, width, height = (_whole(node.attrib[name]) for name in _MASK)
    runs = [_whole(run) for run in node.attrib["rle"].split(",")]
    return (*runs, left, top, left + width - 1, top + height - 1)


_MASK: Final = ("left", "top", "width", "height")
_GEOMETRIES: Final[Mapping[str, tuple[models.ShapeType, Callable[[Element], Points]]]] = {
    "box": (models.ShapeType.RECTANGLE, _named(*BOX)),
    "polygon": (models.ShapeType.POLYGON, _listed),
    "polyline": (models.ShapeType.POLYLINE, _listed),
    "points": (models.ShapeType.POINTS, _listed),
    "ellipse": (models.ShapeType.ELLIPSE, _ellipse),
    "cuboid": (models.ShapeType.CUBOID, _named(*CUBOID)),
    "mask": (models.ShapeType.MASK, _mask),
}

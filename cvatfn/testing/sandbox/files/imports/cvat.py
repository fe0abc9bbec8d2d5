"""The format "CVAT 1.1", read: the XML that CVAT writes for images and for videos.

Source: CVAT's documentation of its XML annotation format, version 1.1. What the file says of its
source is kept, where CVAT itself puts `file`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.cvat_xml import BOX, CUBOID, ELLIPSE
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.imports.documents import number, read_documents, text, whole
from cvatfn.testing.sandbox.files.imports.found import (
    FILE,
    Found,
    FoundKey,
    FoundPicture,
    FoundShape,
    FoundTag,
    FoundTask,
    FoundTrack,
    Values,
)
from cvatfn.testing.sandbox.files.numbering import stride_of

__all__ = ["read_cvat"]

Points: TypeAlias = tuple[float, ...]


def read_cvat(entries: Sequence[Entry]) -> Outcome[Found, str]:
    """Find annotations in the XML files among some files.

    :param entries: names and contents.
    """
    match read_documents(entries, _document):
        case Failure() as unread:
            return unread
        case Success(documents):
            return Success(
                Found(
                    pictures=tuple(each for found in documents for each in found.pictures),
                    tracks=tuple(each for found in documents for each in found.tracks),
                    tasks=tuple(each for found in documents for each in found.tasks),
                )
            )


def _document(_name: str, root: Element) -> Found:
    if root.tag != "annotations":
        raise ValueError(f"<{root.tag[:20]}> is no document of CVAT's")
    return Found(
        pictures=tuple(map(_picture, root.findall("image"))),
        tracks=tuple(map(_track, root.findall("track"))),
        tasks=tuple(_tasks(root)),
    )


def _tasks(root: Element) -> Iterator[FoundTask]:
    """What the head of a document says of its tasks, or of its one task or job."""
    for path in ("meta/project/tasks/task", "meta/task", "meta/job"):
        for node in root.findall(path):
            first, last = (whole(text(node, name, "0")) for name in ("start_frame", "stop_frame"))
            subset = text(node, "subset") or DEFAULT if "project" in path else DEFAULT
            yield FoundTask(
                id=whole(text(node, "id", "0")),
                subset=subset,
                folder=f"images/{inside(subset)}/" if "project" in path else "images/",
                numbers=range(first, last + 1, stride_of(text(node, "frame_filter"))),
            )


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
        source=node.get("source") or FILE,
        group=whole(node.get("group_id", "0")),
        attributes=_values(node),
    )


def _shape(node: Element) -> FoundShape:
    kind, points = _geometry(node)
    return FoundShape(
        label=node.attrib["label"],
        type=kind,
        points=points,
        source=node.get("source") or FILE,
        group=whole(node.get("group_id", "0")),
        occluded=node.get("occluded") == "1",
        outside=node.get("outside") == "1",
        rotation=number(node.get("rotation", "0")),
        z_order=whole(node.get("z_order", "0")),
        attributes=_values(node),
        elements=tuple(map(_shape, _parts(node))),
    )


def _track(node: Element) -> FoundTrack:
    drawn = [each for each in node if each.tag != "attribute"]
    frames = [(whole(each.attrib["frame"]), each) for each in drawn]
    parts: dict[str, list[FoundKey]] = {}
    for frame, each in frames:
        for part in _parts(each):
            parts.setdefault(part.attrib["label"], []).append(_key(part, frame))
    task, source = node.get("task_id"), node.get("source") or FILE
    return FoundTrack(
        label=node.attrib["label"],
        source=source,
        group=whole(node.get("group_id", "0")),
        task=None if task is None else whole(task),
        keys=tuple(_key(each, frame) for frame, each in frames),
        elements=tuple(
            FoundTrack(label=label, source=source, keys=tuple(keys))
            for label, keys in parts.items()
        ),
    )


def _key(node: Element, frame: int) -> FoundKey:
    kind, points = _geometry(node)
    return FoundKey(
        frame=frame,
        type=kind,
        points=points,
        is_key=node.get("keyframe", "1") == "1",
        occluded=node.get("occluded") == "1",
        outside=node.get("outside") == "1",
        rotation=number(node.get("rotation", "0")),
        z_order=whole(node.get("z_order", "0")),
        attributes=_values(node),
    )


def _parts(node: Element) -> Sequence[Element]:
    """The elements of a skeleton; nothing else has any."""
    parts = [part for part in node if part.tag != "attribute"] if node.tag == "skeleton" else []
    if any(part.tag == "skeleton" for part in parts):
        raise ValueError("a skeleton is in a skeleton")
    return parts


def _geometry(node: Element) -> tuple[models.ShapeType, Points]:
    if node.tag == "skeleton":
        return models.ShapeType.SKELETON, ()
    if node.tag not in _GEOMETRIES:
        raise ValueError(f"<{node.tag[:20]}> is no shape")
    kind, points = _GEOMETRIES[node.tag]
    return kind, points(node)


def _values(node: Element) -> Values:
    return tuple((each.attrib["name"], each.text or "") for each in node.findall("attribute"))


def _named(*names: str) -> Callable[[Element], Points]:
    return lambda node: tuple(number(node.attrib[name]) for name in names)


def _listed(node: Element) -> Points:
    pairs = [pair.split(",") for pair in node.attrib["points"].split(";")]
    return tuple(number(value) for x, y in pairs for value in (x, y))


def _ellipse(node: Element) -> Points:
    center_x, center_y, radius_x, radius_y = _named(*ELLIPSE)(node)
    return center_x, center_y, round(center_x + radius_x, 2), round(center_y - radius_y, 2)


def _mask(node: Element) -> Points:
    left, top, width, height = (whole(node.attrib[name]) for name in _MASK)
    runs = [whole(run) for run in node.attrib["rle"].split(",")]
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

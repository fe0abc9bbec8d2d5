"""The format "PASCAL VOC 1.1": a document for each picture, lists of pictures, and the labels.

`Annotations/` has boxes, `ImageSets/Main/` has which picture is in which subset and, by label, the
tags, `SegmentationClass/` and `SegmentationObject/` have masks as pictures, `JPEGImages/` the
images if they are wanted, `labelmap.txt` the labels with their colours. The attributes `pose`,
`truncated` and `difficult` of a label have elements of their own, others go under `attributes`.

Source: the PASCAL VOC 2012 development kit, and CVAT's documentation of this format. It carries
boxes with their attributes, tags without them, and masks as far as no other covers them, without
attributes. Polygons, lines, points, ellipses, cuboids and skeletons have no place in it, nor have
source, group, z-order and score. All subsets share one folder of images. Tracks are drawn frame by
frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.coco import own_values
from cvatfn.testing.sandbox.files.exports.cvat_xml import clean
from cvatfn.testing.sandbox.files.exports.subjects import Drawn, Picture, Subject, apart
from cvatfn.testing.sandbox.files.exports.values import text_of
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.masks import mask_of
from cvatfn.testing.sandbox.files.painted import color_of, painted
from cvatfn.testing.sandbox.state.annotated import StoredLabel

__all__ = ["BACKGROUND", "CLASSES", "CORNERS", "FLAGS", "INSTANCES", "class_file", "voc_entries"]

BACKGROUND: Final = "background"
"""The label of what has none; it comes first and is black."""
FLAGS: Final = ("truncated", "occluded", "difficult")
"""What is told of every object, as 0 or 1."""
CORNERS: Final[Sequence[str]] = ("xmin", "ymin", "xmax", "ymax")
UNKNOWN: Final[Mapping[str, str]] = {
    "database": "Unknown",
    "annotation": "Unknown",
    "image": "Unknown",
}
CLASSES: Final = "SegmentationClass"
INSTANCES: Final = "SegmentationObject"


def voc_entries(subject: Subject) -> tuple[Entry, ...]:
    """Write a subject in this format.

    :param subject: what is exported.
    """
    return tuple(_entries(subject))


def class_file(label: str, subset: str) -> str:
    """Where the tags of a label are: names that are no names of files are written as in URLs.

    >>> class_file("cat", "default"), class_file("a/b", "x")
    ('ImageSets/Main/cat_default.txt', 'ImageSets/Main/a%2Fb_x.txt')
    """
    return f"ImageSets/Main/{quote(label, safe=_PLAIN)}_{inside(subset)}.txt"


_PLAIN: Final = " !#$&'()+,;=@[]{}^`"


@frozen
class _Item:
    """A picture under the name that it has in the lists.

    :param id: the name, which no other picture has.
    """

    id: str
    picture: Picture

    @property
    def masks(self) -> Sequence[Drawn]:
        """The masks on it, the uppermost last."""
        found = [each for each in self.picture.shapes if each.shape.type is models.ShapeType.MASK]
        return sorted(found, key=lambda each: each.shape.z_order)


def _entries(subject: Subject) -> Iterator[Entry]:
    labels = [label for label in subject.labels.values() if label.parent is None]
    names = [BACKGROUND, *(label.name for label in labels if label.name != BACKGROUND)]
    colors = {name: color_of(number) for number, name in enumerate(names)}
    items = list(_items(subject.pictures))
    for item in items:
        yield f"Annotations/{item.id}.xml", _document(subject, item)
    for subset in subject.subsets if items else ():
        own = [item for item in items if item.picture.subset == subset]
        yield from _lists(own, inside(subset), labels)
    if subject.save_images:
        for item in items:
            yield f"JPEGImages/{item.picture.frame.name}", item.picture.frame.content
    for item in items:
        if item.masks:
            frame = item.picture.frame
            masks = [mask_of(each.shape.points) for each in item.masks]
            kinds = [colors[subject.labels[each.shape.label_id].name] for each in item.masks]
            apiece = [color_of(number) for number, _ in enumerate(masks, 1)]
            for folder, own_colors in ((CLASSES, kinds), (INSTANCES, apiece)):
                layers = zip(masks, own_colors, strict=True)
                yield f"{folder}/{item.id}.png", painted(frame.width, frame.height, layers)
    lines = [f"{_line(name)}:{','.join(map(str, color))}::" for name, color in colors.items()]
    yield "labelmap.txt", _lines("# label:color_rgb:parts:actions", *lines)


def _items(pictures: Sequence[Picture]) -> Iterator[_Item]:
    """Pictures under names of their own; the ending is left out where that is enough."""
    together = apart([evolve(picture, subset="") for picture in pictures])
    taken: set[str] = set()
    for picture, renamed in zip(pictures, together, strict=True):
        name = renamed.frame.name
        stem = str(PurePosixPath(name).with_suffix(""))
        taken.add(id := name if stem in taken else stem)
        yield _Item(id, evolve(renamed, subset=picture.subset))


def _lists(items: Sequence[_Item], subset: str, labels: Iterable[StoredLabel]) -> Iterator[Entry]:
    yield f"ImageSets/Main/{subset}.txt", _lines(*(_line(item.id) for item in items))
    tagged = {item.id: {tag.label_id for tag in item.picture.tags} for item in items}
    if any(tagged.values()):
        for label in labels:
            lines = [
                f"{_line(id)} {1 if label.id in held else -1:2}"
                for id, held in tagged.items()
                if held
            ]
            yield class_file(label.name, subset), _lines(*lines)
    segmented = [_line(item.id) for item in items if item.masks]
    if segmented:
        yield f"ImageSets/Segmentation/{subset}.txt", _lines(*segmented)


def _line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode(errors="replace")


def _document(subject: Subject, item: _Item) -> bytes:
    frame = item.picture.frame
    root = Element("annotation")
    folder, separator, _ = item.id.partition("_")
    _texts(root, {"folder": folder if separator else "", "filename": frame.name})
    _texts(SubElement(root, "source"), UNKNOWN)
    size = {"width": str(frame.width), "height": str(frame.height), "depth": ""}
    _texts(SubElement(root, "size"), size)
    _texts(root, {"segmented": str(int(bool(item.masks)))})
    for drawn in item.picture.shapes:
        if drawn.shape.type is models.ShapeType.RECTANGLE:
            _object(SubElement(root, "object"), subject, drawn)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8")
    return document + b"\n"


def _object(node: Element, subject: Subject, drawn: Drawn) -> None:
    values = own_values(subject, drawn)
    _texts(node, {"name": subject.labels[drawn.shape.label_id].name})
    if "pose" in values:
        _texts(node, {"pose": text_of(values["pose"])})
    _texts(node, {name: "1" if values.get(name) in (True, "true") else "0" for name in FLAGS})
    corners = zip(CORNERS, map(str, drawn.shape.points), strict=True)
    _texts(SubElement(node, "bndbox"), dict(corners))
    others = {name: held for name, held in values.items() if name not in ("pose", *FLAGS)}
    if others:
        attributes = SubElement(node, "attributes")
        for name, held in others.items():
            said = {"name": name, "value": text_of(held)}
            _texts(SubElement(attributes, "attribute"), said)


def _texts(parent: Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = clean(text)

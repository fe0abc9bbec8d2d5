"""The format "PASCAL VOC 1.1", read: boxes, tags, and masks from pictures of them.

Source: the PASCAL VOC 2012 development kit, and CVAT's documentation of this format. Documents may
lie in `Annotations/` or anywhere. A picture that no list names is in the subset of none; without a
`labelmap.txt` the labels of tags are what the names of their files say, and masks are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, TypeAlias
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.files.exports.voc import (
    BACKGROUND,
    CLASSES,
    CORNERS,
    FLAGS,
    INSTANCES,
    class_file,
)
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.imports.documents import number, read_documents, text
from cvatfn.testing.sandbox.files.imports.found import (
    Found,
    FoundPicture,
    FoundShape,
    FoundTag,
)
from cvatfn.testing.sandbox.files.masks import Mask, points_of
from cvatfn.testing.sandbox.files.painted import Color, color_of, masks_in

__all__ = ["read_voc"]

Files: TypeAlias = Mapping[str, bytes]

MAIN: Final = "ImageSets/Main/"
JPEG: Final = "JPEGImages/"
_COLOR: Final = re.compile(r"\s*(\d{1,3}),\s*(\d{1,3}),\s*(\d{1,3})\s*")
_SAID: Final = re.compile(r"(?P<id>.*\S)\s+(?P<truth>-?[01])")


def read_voc(entries: Sequence[Entry]) -> Outcome[Found, str]:
    """Find annotations in the files of an archive.

    :param entries: names and contents.
    """
    files = dict(entries)
    labels = _labels(files)
    subsets = _subsets(files, labels)
    documents = [entry for entry in entries if entry[0].lower().endswith(".xml")]
    match read_documents(documents, _document) if documents else Success(()):
        case Failure() as unread:
            return unread
        case Success(read):
            pictures = dict(read)
    for id in subsets:
        pictures.setdefault(id, FoundPicture(name=_image(id, files)))
    if not pictures:
        return Failure("there are no annotations of PASCAL VOC in it")
    tags = _tags(files, labels, set(subsets.values()))
    found: list[FoundPicture] = []
    for id, picture in pictures.items():
        match _masks(id, files, labels):
            case Failure() as unread:
                return unread
            case Success(masks):
                own = tuple(FoundTag(label=label) for label in tags.get(id, ()))
                shapes = (*picture.shapes, *masks)
                subset = subsets.get(id, DEFAULT)
                found.append(evolve(picture, subset=subset, tags=own, shapes=shapes))
    return Success(Found(pictures=tuple(found)))


def _labels(files: Files) -> Mapping[str, Color]:
    """The labels with their colours, the background among them."""
    named: dict[str, Color | None] = {}
    for line in _lines(files, "labelmap.txt"):
        name, *others = line.rsplit(":", 3)
        if len(others) != 3 or (others[0].strip() and not _COLOR.fullmatch(others[0])):
            continue  # a comment
        told = _COLOR.fullmatch(others[0])
        named[name] = None if told is None else (int(told[1]), int(told[2]), int(told[3]))
    if named and BACKGROUND not in named:
        named = {BACKGROUND: None, **named}
    return {
        name: color_of(place) if color is None else color
        for place, (name, color) in enumerate(named.items())
    }


def _subsets(files: Files, labels: Mapping[str, Color]) -> Mapping[str, str]:
    """The subset of each picture that a list names."""
    lists = [name for name in files if name.startswith(MAIN) and name.endswith(".txt")]
    whole = [PurePosixPath(name).stem for name in lists]
    of_labels = {class_file(label, subset) for label in labels for subset in whole}
    # a list of tags has a number behind each name
    found: dict[str, str] = {}
    for name, subset in zip(lists, whole, strict=True):
        lines = _lines(files, name)
        tagged = all(_SAID.fullmatch(line) for line in lines) if not labels else False
        if name not in of_labels and not (lines and tagged):
            found.update(dict.fromkeys(lines, subset))
    return found


def _tags(files: Files, labels: Mapping[str, Color], subsets: set[str]) -> Mapping[str, list[str]]:
    """The labels of the tags of each picture."""
    tags: dict[str, list[str]] = {}
    for label, path in _tagged(files, labels, subsets):
        for line in _lines(files, path):
            said = _SAID.fullmatch(line)
            if said and said["truth"] == "1":
                tags.setdefault(said["id"], []).append(label)
    return tags


def _tagged(
    files: Files, labels: Mapping[str, Color], subsets: set[str]
) -> Iterator[tuple[str, str]]:
    """The labels of tags, each with the list that tells who has it."""
    if labels:
        for label in labels:
            for subset in sorted(subsets):
                yield label, class_file(label, subset)
        return
    for path in files:
        stem = PurePosixPath(path).stem
        ends = [subset for subset in subsets if stem.endswith(f"_{subset}")]
        if path.startswith(MAIN) and ends:
            yield unquote(stem.removesuffix(f"_{max(ends, key=len)}")), path


def _lines(files: Files, name: str) -> Sequence[str]:
    content = files.get(name, b"").decode(errors="replace")
    return [line for line in content.replace("\r\n", "\n").split("\n") if line.strip()]


def _image(id: str, files: Files) -> str:
    """The name of a picture that has no document: that of the image, if it is there."""
    for name in files:
        if name.startswith(JPEG) and str(PurePosixPath(name).with_suffix("")) == f"{JPEG}{id}":
            return name.removeprefix(JPEG)
    return inside(id)


def _document(name: str, root: Element) -> tuple[str, FoundPicture]:
    """The picture that a document is about, by the name that it has in the lists."""
    if root.tag != "annotation":
        raise ValueError(f"<{root.tag[:20]}> is no document of PASCAL VOC")
    path = PurePosixPath(name)
    within = path.parts[1:] if path.parts[:1] == ("Annotations",) else path.parts
    id = str(PurePosixPath(*within).with_suffix(""))
    return id, FoundPicture(
        name=inside(text(root, "filename") or id),
        shapes=tuple(map(_box, root.findall("object"))),
    )


def _box(node: Element) -> FoundShape:
    values = {name: "true" if text(node, name) == "1" else "false" for name in FLAGS}
    if node.find("pose") is not None:
        values["pose"] = text(node, "pose")
    for each in node.findall("attributes/attribute"):
        values.setdefault(text(each, "name"), text(each, "value"))
    return FoundShape(
        label=text(node, "name"),
        type=models.ShapeType.RECTANGLE,
        points=tuple(number(text(node, f"bndbox/{name}", "missing")) for name in CORNERS),
        occluded=values["occluded"] == "true",
        rotation=number(values.pop("rotation", "0")),
        attributes=tuple(values.items()),
    )


def _masks(
    id: str, files: Files, labels: Mapping[str, Color]
) -> Outcome[tuple[FoundShape, ...], str]:
    """The masks of a picture: each instance, of the class that is painted in its place."""
    kinds, apiece = f"{CLASSES}/{id}.png", f"{INSTANCES}/{id}.png"
    if kinds not in files:
        return Success(())
    match masks_in(files[kinds]), masks_in(files.get(apiece, files[kinds])):
        case Failure(why), _:
            return Failure(f"{kinds}: {why}")
        case _, Failure(why):
            return Failure(f"{apiece}: {why}")
        case Success(classes), Success(instances):
            named = {color: label for label, color in labels.items()}
            found: list[FoundShape] = []
            for mask in instances.values():
                label = _label(mask, classes, named)
                if label is None:
                    return Failure(f"{kinds}: a mask has a color that is not in labelmap.txt")
                kind, points = models.ShapeType.MASK, points_of(mask)
                found.append(FoundShape(label=label, type=kind, points=points))
            return Success(tuple(found))


def _label(mask: Mask, classes: Mapping[Color, Mask], named: Mapping[Color, str]) -> str | None:
    """The label that is painted where the first pixel of a mask is."""
    place = mask.bits.index(1)
    x, y = mask.left + place % mask.width, mask.top + place // mask.width
    for color, held in classes.items():
        column, row = x - held.left, y - held.top
        inside_it = 0 <= column < held.width and 0 <= row < held.height
        if inside_it and held.bits[row * held.width + column]:
            return named.get(color)
    return None

"""The format "COCO 1.0", read: boxes, polygons and masks.

Source: the data format page of the COCO dataset (object detection). Masks come as runs over the
whole image, column by column, as numbers or packed into a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.files.exports.values import text_of
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.imports.found import Found, FoundPicture, FoundShape
from cvatfn.testing.sandbox.files.masks import of_columns, points_of, unpacked_runs

__all__ = ["read_coco"]


@frozen
class Runs:
    """A mask: lengths of runs, beginning with the empty, over so many rows and columns."""

    counts: tuple[int, ...] | str
    size: tuple[int, int]


@frozen
class Annotation:
    """One object on a picture."""

    image_id: int
    category_id: int
    bbox: tuple[float, ...] = ()
    segmentation: tuple[tuple[float, ...], ...] | Runs = ()
    attributes: Mapping[str, JSON] = field(factory=dict[str, JSON])


@frozen
class Category:
    """A class of objects."""

    id: int
    name: str


@frozen
class Image:
    """A picture."""

    id: int
    file_name: str


@frozen
class Document:
    """A whole file."""

    images: tuple[Image, ...]
    categories: tuple[Category, ...]
    annotations: tuple[Annotation, ...]


def read_coco(entries: Sequence[Entry]) -> Outcome[Found, str]:
    """Find annotations in the JSON files among some files.

    :param entries: names and contents.
    """
    found: list[FoundPicture] = []
    documents = [(name, content) for name, content in entries if name.lower().endswith(".json")]
    if not documents:
        return Failure("there is no .json file in it")
    for name, content in documents:
        match loads(Document, content):
            case Failure(error):
                return Failure(f"{name}: {error}")
            case Success(document):
                pass
        try:
            found.extend(_pictures(document, _subset(name)))
        except ValueError as error:
            return Failure(f"{name}: {error}")
    return Success(Found(pictures=tuple(found)))


def _subset(name: str) -> str:
    """The subset that a file is about: what follows the first `_` of its name.

    >>> _subset("annotations/instances_Train.json"), _subset("a.json")
    ('Train', 'default')
    """
    found = re.fullmatch(r"[a-z]+_(.+)", PurePosixPath(name).stem)
    return found[1] if found else DEFAULT


def _pictures(document: Document, subset: str) -> Iterator[FoundPicture]:
    names = {category.id: category.name for category in document.categories}
    shapes: dict[int, list[FoundShape]] = {image.id: [] for image in document.images}
    for number, annotation in enumerate(document.annotations, 1):
        if annotation.category_id not in names or annotation.image_id not in shapes:
            raise ValueError(f"annotation {number} is on no image or of no category")
        label = names[annotation.category_id]
        shapes[annotation.image_id].extend(_shapes(annotation, label, number))
    for image in document.images:
        name, own = inside(image.file_name), tuple(shapes[image.id])
        yield FoundPicture(name=name, subset=subset, shapes=own)


def _shapes(annotation: Annotation, label: str, number: int) -> Iterator[FoundShape]:
    outline = annotation.segmentation
    given = annotation.attributes
    turned = given.get("rotation")
    shape = FoundShape(
        label=label,
        type=models.ShapeType.POLYGON,
        occluded=given.get("occluded") is True,
        attributes=tuple(
            (name, text_of(value))
            for name, value in given.items()
            if isinstance(value, str | int | float)
        ),
    )
    if isinstance(outline, Runs):
        yield evolve(shape, type=models.ShapeType.MASK, points=_mask(outline, annotation.bbox))
        return
    if not outline:
        yield evolve(
            shape,
            type=models.ShapeType.RECTANGLE,
            points=_corners(annotation.bbox),
            rotation=turned if isinstance(turned, int | float) else 0.0,
        )
    group = number if len(outline) > 1 else 0  # parts of one object
    for points in outline:
        yield evolve(shape, points=points, group=group)


def _corners(bbox: Sequence[float]) -> tuple[float, ...]:
    if len(bbox) != 4:
        raise ValueError("a box has four numbers")
    left, top, width, height = bbox
    return left, top, left + width, top + height


def _mask(runs: Runs, bbox: Sequence[float]) -> tuple[float, ...]:
    """A mask as CVAT's runs: over its box, row by row, beginning with the empty."""
    height, width = runs.size
    counts = unpacked_runs(runs.counts) if isinstance(runs.counts, str) else runs.counts
    box = [round(value) for value in _corners(bbox)]
    return points_of(of_columns(counts, width, height, box))

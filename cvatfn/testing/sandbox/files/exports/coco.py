"""The format "COCO 1.0": `annotations/instances_default.json` and, if wanted, `images/default/`.

Each subset of a project has a file and a folder of its own.

Source: the data format page of the COCO dataset (object detection). It knows boxes, polygons and
masks; tags, lines, points, ellipses, cuboids and skeletons have no place in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cvatfn import models
from cvatfn.codecs.json import dumps
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.subjects import Picture, Subject
from cvatfn.testing.sandbox.files.images import inside

__all__ = ["coco_entries"]

SHOWN: Final = (models.ShapeType.RECTANGLE, models.ShapeType.POLYGON, models.ShapeType.MASK)


def coco_entries(subject: Subject) -> tuple[Entry, ...]:
    """Write a subject in this format.

    :param subject: what is exported.
    """
    return tuple(entry for subset in subject.subsets for entry in _subset(subject, subset))


def _subset(subject: Subject, subset: str) -> Iterator[Entry]:
    classes = [label for label in subject.labels.values() if label.parent is None]
    categories = {label.id: place for place, label in enumerate(classes, 1)}
    pictures = [picture for picture in subject.pictures if picture.subset == subset]
    document = {
        "licenses": [{"name": "", "id": 0, "url": ""}],
        "info": {
            "contributor": "",
            "date_created": "",
            "description": "",
            "url": "",
            "version": "",
            "year": "",
        },
        "categories": [
            {"id": categories[label.id], "name": label.name, "supercategory": ""}
            for label in classes
        ],
        "images": [_image(place, picture) for place, picture in enumerate(pictures, 1)],
        "annotations": list(_annotations(subject, pictures, categories)),
    }
    yield f"annotations/instances_{inside(subset)}.json", dumps(document)
    if subject.save_images:
        for picture in pictures:
            yield f"images/{inside(subset)}/{picture.frame.name}", picture.frame.content


def _image(place: int, picture: Picture) -> Mapping[str, object]:
    return {
        "id": place,
        "width": picture.frame.width,
        "height": picture.frame.height,
        "file_name": picture.frame.name,
        "license": 0,
        "flickr_url": "",
        "coco_url": "",
        "date_captured": 0,
    }


def _annotations(
    subject: Subject, pictures: Sequence[Picture], categories: Mapping[int, int]
) -> Iterator[Mapping[str, object]]:
    number = 0
    for place, picture in enumerate(pictures, 1):
        for shape in picture.shapes:
            if shape.type in SHOWN:
                number += 1
                yield {
                    "id": number,
                    "image_id": place,
                    "category_id": categories[shape.label_id],
                    **_outline(shape, picture),
                    "attributes": _attributes(subject, shape),
                }


def _attributes(subject: Subject, shape: models.LabeledShape) -> Mapping[str, object]:
    names = subject.attribute_names(shape.label_id)
    values = {
        names[value.spec_id]: value.value for value in shape.attributes if value.spec_id in names
    }
    turned = {"rotation": shape.rotation} if shape.type is models.ShapeType.RECTANGLE else {}
    return {**values, "occluded": shape.occluded, **turned}


def _outline(shape: models.LabeledShape, picture: Picture) -> Mapping[str, object]:
    points = shape.points
    if shape.type is models.ShapeType.MASK:
        return _mask(points, picture.frame.width, picture.frame.height)
    xs, ys = points[::2], points[1::2]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    is_box = shape.type is models.ShapeType.RECTANGLE
    return {
        "segmentation": [] if is_box else [list(points)],
        "area": width * height if is_box else _area(xs, ys),
        "bbox": [left, top, width, height],
        "iscrowd": 0,
    }


def _area(xs: Sequence[float], ys: Sequence[float]) -> float:
    """The area of a polygon (the shoelace formula)."""
    following = list(zip((*xs[1:], xs[0]), (*ys[1:], ys[0]), strict=True))
    crossed = [
        x * y_next - x_next * y for x, y, (x_next, y_next) in zip(xs, ys, following, strict=True)
    ]
    return abs(sum(crossed)) / 2


def _mask(points: Sequence[float], width: int, height: int) -> Mapping[str, object]:
    """A mask as COCO's runs: over the whole image, column by column, beginning with the empty."""
    left, top, right, bottom = map(int, points[-4:])
    box_width, box_height = right - left + 1, bottom - top + 1
    inside = [bit for index, run in enumerate(points[:-4]) for bit in [index % 2] * int(run)]
    counts: list[int] = []
    previous, length = 0, 0
    for x in range(width):
        column = [0] * height
        if left <= x <= right:
            rows = range(top, min(bottom + 1, height))
            for y in rows:
                column[y] = inside[(y - top) * box_width + x - left]
        for bit in column:
            if bit == previous:
                length += 1
            else:
                counts.append(length)
                previous, length = bit, 1
    return {
        "segmentation": {"counts": [*counts, length], "size": [height, width]},
        "area": sum(inside),
        "bbox": [left, top, box_width, box_height],
        "iscrowd": 1,
    }

"""The format "COCO 1.0": `annotations/instances_default.json` and, if wanted, `images/default/`.

Each subset of a project has a file and a folder of its own; a project without pictures has none.
Polygons that belong together (one group, label and set of values) are one object in several parts.

Source: the data format page of the COCO dataset (object detection). It knows boxes, polygons and
masks; tags, lines, points, ellipses, cuboids and skeletons have no place in it, nor have source,
z-order, score and other groups, and an attribute of a label that is called as one of CVAT's own
(`occluded`, `rotation`, `track_id`, `keyframe`). Tracks are drawn frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from cvatfn import models
from cvatfn.codecs.json import dumps
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.subjects import Drawn, Picture, Subject
from cvatfn.testing.sandbox.files.exports.values import Value, values_of
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.masks import mask_of, to_columns

__all__ = ["coco_entries", "own_values"]

SHOWN: Final = (models.ShapeType.RECTANGLE, models.ShapeType.POLYGON, models.ShapeType.MASK)

Part: TypeAlias = tuple[Drawn, Mapping[str, Value]]
"""A shape, and the values of its attributes."""


def coco_entries(subject: Subject) -> tuple[Entry, ...]:
    """Write a subject in this format.

    :param subject: what is exported.
    """
    if not subject.pictures:
        return ()
    return tuple(entry for subset in subject.subsets for entry in _subset(subject, subset))


def own_values(subject: Subject, drawn: Drawn) -> Mapping[str, Value]:
    """The values of a shape's attributes, and what CVAT tells of it in their way.

    :param subject: where the labels are.
    :param drawn: the shape.
    """
    shape = drawn.shape
    values: dict[str, Value] = {**values_of(subject.attributes(shape.label_id), shape.attributes)}
    values["occluded"] = shape.occluded
    if shape.type is models.ShapeType.RECTANGLE:
        values["rotation"] = shape.rotation
    if drawn.track is not None:
        values["track_id"] = drawn.track
        values["keyframe"] = drawn.is_key
    return values


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
        for parts in _objects(subject, picture):
            shape = parts[0][0].shape
            number += 1
            yield {
                "id": number,
                "image_id": place,
                "category_id": categories[shape.label_id],
                **_outline([drawn.shape for drawn, _ in parts], picture),
                "attributes": parts[0][1],
            }


def _objects(subject: Subject, picture: Picture) -> Iterator[Sequence[Part]]:
    """What is on a picture: shapes, and polygons that are parts of one object."""
    groups: dict[object, list[Part]] = {}
    for place, drawn in enumerate(picture.shapes):
        shape = drawn.shape
        if shape.type in SHOWN:
            values = own_values(subject, drawn)
            together = shape.type is models.ShapeType.POLYGON and shape.group
            key = (shape.group, shape.label_id, *values.items()) if together else place
            groups.setdefault(key, []).append((drawn, values))
    yield from groups.values()


def _outline(shapes: Sequence[models.LabeledShape], picture: Picture) -> Mapping[str, object]:
    shape = shapes[0]
    if shape.type is models.ShapeType.MASK:
        return _mask(shape.points, picture.frame.width, picture.frame.height)
    xs = [x for part in shapes for x in part.points[::2]]
    ys = [y for part in shapes for y in part.points[1::2]]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    is_box = shape.type is models.ShapeType.RECTANGLE
    return {
        "segmentation": [] if is_box else [list(part.points) for part in shapes],
        "area": width * height if is_box else sum(map(_area, shapes)),
        "bbox": [left, top, width, height],
        "iscrowd": 0,
    }


def _area(shape: models.LabeledShape) -> float:
    """The area of a polygon (the shoelace formula)."""
    xs, ys = shape.points[::2], shape.points[1::2]
    following = list(zip((*xs[1:], xs[0]), (*ys[1:], ys[0]), strict=True))
    crossed = [
        x * y_next - x_next * y for x, y, (x_next, y_next) in zip(xs, ys, following, strict=True)
    ]
    return abs(sum(crossed)) / 2


def _mask(points: Sequence[float], width: int, height: int) -> Mapping[str, object]:
    mask = mask_of(points)
    return {
        "segmentation": {"counts": to_columns(mask, width, height), "size": [height, width]},
        "area": mask.area,
        "bbox": [mask.left, mask.top, mask.width, mask.height],
        "iscrowd": 1,
    }

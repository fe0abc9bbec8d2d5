"""The format "CVAT for images 1.1": `annotations.xml` and, if wanted, `images/`.

It carries everything but tracks, which are drawn frame by frame, the z-order of skeletons'
elements, the score, and digits of points beyond the second.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from cvatfn import models
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.cvat_xml import (
    clean,
    cvat_entries,
    geometry,
    numbered,
    opened,
    valued,
)
from cvatfn.testing.sandbox.files.exports.subjects import Picture, Subject

__all__ = ["cvat_images_entries"]


def cvat_images_entries(subject: Subject) -> tuple[Entry, ...]:
    """Write a subject in this format.

    :param subject: what is exported.
    """
    root = opened(subject)
    for picture in subject.pictures:
        _pictured(root, subject, picture)
    return cvat_entries(subject, root)


def _pictured(root: Element, subject: Subject, picture: Picture) -> None:
    frame = picture.frame
    image = SubElement(root, "image", id=str(picture.number), name=clean(frame.name))
    if subject.project is not None:
        image.set("subset", clean(picture.subset))
        image.set("task_id", str(picture.task))
    image.set("width", str(frame.width))
    image.set("height", str(frame.height))
    for drawn in picture.shapes:
        _shaped(image, subject, drawn.shape)
    for tag in picture.tags:
        label = clean(subject.labels[tag.label_id].name)
        node = SubElement(image, "tag", label=label, source=tag.source)
        if tag.group:
            node.set("group_id", str(tag.group))
        valued(node, subject, tag.label_id, tag.attributes)


def _shaped(image: Element, subject: Subject, shape: models.LabeledShape) -> None:
    node = _drawn(image, subject, shape)
    node.set("z_order", str(shape.z_order))
    for element in shape.elements:
        part = _drawn(node, subject, element)
        part.set("outside", str(int(element.outside)))
        valued(part, subject, element.label_id, element.attributes)
    valued(node, subject, shape.label_id, shape.attributes)


def _drawn(
    parent: Element, subject: Subject, shape: models.LabeledShape | models.SubLabeledShape
) -> Element:
    label = clean(subject.labels[shape.label_id].name)
    if shape.type is models.ShapeType.SKELETON:
        node = SubElement(parent, "skeleton", label=label, source=shape.source)
        if shape.occluded:  # which CVAT reads, though it does not write it itself
            node.set("occluded", "1")
    else:
        name, places = geometry(shape.type, shape.points)
        node = SubElement(parent, name, label=label, source=shape.source)
        node.set("occluded", str(int(shape.occluded)))
        node.attrib.update(places)
    if shape.rotation:
        node.set("rotation", numbered(shape.rotation))
    if shape.group:
        node.set("group_id", str(shape.group))
    return node

"""The format "CVAT for images 1.1": `annotations.xml` and, if wanted, `images/`.

Source: CVAT's documentation of its XML annotation format, version 1.1. Numbers of points have two
digits after the point there, and so here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cvatfn import models
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.subjects import Picture, Subject
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.people import Account

__all__ = ["BOX", "CUBOID", "ELLIPSE", "cvat_images_entries"]

Points: TypeAlias = Sequence[float]

BOX: Final = ("xtl", "ytl", "xbr", "ybr")
ELLIPSE: Final = ("cx", "cy", "rx", "ry")
CUBOID: Final = tuple(
    f"{axis}{corner}{face}" for face in "12" for corner in ("tl", "bl", "tr", "br") for axis in "xy"
)
"""The attributes that hold the points of a shape, in their order."""


def cvat_images_entries(subject: Subject) -> tuple[Entry, ...]:
    """Write a subject in this format.

    :param subject: what is exported.
    """
    root = Element("annotations")
    _text(root, "version", "1.1")
    meta = SubElement(root, "meta")
    if subject.project is None:
        node = SubElement(meta, "task" if subject.job is None else "job")
        _task(node, subject, subject.tasks[0], subject.job)
        _labels(node, subject)
    else:
        _project(SubElement(meta, "project"), subject, subject.project)
    _text(meta, "dumped", str(subject.now))
    for picture in subject.pictures:
        _pictured(root, subject, picture)
    indent(root)
    xml = tostring(root, encoding="utf-8", xml_declaration=True)
    return (("annotations.xml", xml + b"\n"), *_images(subject))


def _images(subject: Subject) -> Iterator[Entry]:
    if subject.save_images:
        for picture in subject.pictures:
            folder = "" if subject.project is None else f"{inside(picture.subset)}/"
            yield f"images/{folder}{picture.frame.name}", picture.frame.content


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return "".join(
        character if character >= " " or character in "\t\n\r" else "�"
        for character in text
        if character not in "￾￿" and not "\ud800" <= character <= "\udfff"
    )


def _project(parent: Element, subject: Subject, project: Project) -> None:
    _text(parent, "id", str(project.id))
    _text(parent, "name", project.name)
    _text(parent, "bugtracker", project.bug_tracker)
    _text(parent, "created", str(project.created))
    _text(parent, "updated", str(project.updated))
    tasks = SubElement(parent, "tasks")
    for task in subject.tasks:
        _task(SubElement(tasks, "task"), subject, task, None)
    _labels(parent, subject)
    _text(parent, "subsets", "\n".join(subject.subsets))
    _person(SubElement(parent, "owner"), subject.people.get(project.owner))
    _person(SubElement(parent, "assignee"), subject.people.get(project.assignee or 0))


def _task(parent: Element, subject: Subject, task: Task, job: Job | None) -> None:
    media = task.media
    jobs = [each for each in subject.jobs if each.task == task.id]
    first, last = (jobs[0].start, jobs[-1].stop) if jobs else (0, 0)
    facts: Mapping[str, object] = {
        "id": task.id if job is None else job.id,
        "name": task.name,
        "size": last - first + 1,
        "mode": "annotation" if media is None else media.mode,
        "overlap": task.overlap or 0,
        "bugtracker": task.bug_tracker,
        "created": task.created if job is None else job.created,
        "updated": task.updated if job is None else job.updated,
        "subset": task.subset or "default",
        "start_frame": 0 if media is None else media.start_frame + first,
        "stop_frame": 0 if media is None else media.stop_frame if job is None else job.stop,
        "frame_filter": "" if media is None else media.frame_filter,
    }
    for name, fact in facts.items():
        _text(parent, name, str(fact))
    _segments(SubElement(parent, "segments"), subject, jobs)
    _person(SubElement(parent, "owner"), subject.people.get(task.owner))
    assignee = task.assignee if job is None else job.assignee
    _person(SubElement(parent, "assignee"), subject.people.get(assignee or 0))


def _labels(parent: Element, subject: Subject) -> None:
    labels = SubElement(parent, "labels")
    for label in subject.labels.values():
        _label(SubElement(labels, "label"), label, subject)


def _segments(parent: Element, subject: Subject, jobs: Sequence[Job]) -> None:
    for job in jobs:
        segment = SubElement(parent, "segment")
        _text(segment, "id", str(job.id))
        _text(segment, "start", str(job.start))
        _text(segment, "stop", str(job.stop))
        _text(segment, "url", f"{subject.origin}/api/jobs/{job.id}")


def _person(parent: Element, account: Account | None) -> None:
    if account is not None:
        _text(parent, "username", account.username)
        _text(parent, "email", account.email)


def _label(parent: Element, label: StoredLabel, subject: Subject) -> None:
    _text(parent, "name", label.name)
    _text(parent, "color", label.color)
    _text(parent, "type", label.type.value)
    attributes = SubElement(parent, "attributes")
    for spec in label.attributes:
        attribute = SubElement(attributes, "attribute")
        _text(attribute, "name", spec.name)
        _text(attribute, "mutable", str(spec.mutable))
        _text(attribute, "input_type", spec.input_type.value)
        _text(attribute, "default_value", spec.default_value)
        _text(attribute, "values", "\n".join(spec.values))
    if label.parent is not None:
        _text(parent, "parent", subject.labels[label.parent].name)
    if label.svg:
        _text(parent, "svg", label.svg)


def _pictured(root: Element, subject: Subject, picture: Picture) -> None:
    frame = picture.frame
    image = SubElement(
        root,
        "image",
        id=str(picture.number),
        name=_clean(frame.name),
        width=str(frame.width),
        height=str(frame.height),
    )
    if subject.project is not None:
        image.set("subset", _clean(picture.subset))
        image.set("task_id", str(picture.task))
    for shape in picture.shapes:
        node = _shaped(image, subject, shape)
        _valued(node, subject, shape.label_id, shape.attributes)
    for tag in picture.tags:
        label = _clean(subject.labels[tag.label_id].name)
        node = SubElement(image, "tag", label=label, source=tag.source)
        if tag.group:
            node.set("group_id", str(tag.group))
        _valued(node, subject, tag.label_id, tag.attributes)


def _shaped(parent: Element, subject: Subject, shape: models.LabeledShape) -> Element:
    if shape.type is models.ShapeType.SKELETON:
        return _skeleton(parent, subject, shape)
    name, geometry = _GEOMETRIES[shape.type]
    node = SubElement(
        parent,
        name,
        {
            "label": _clean(subject.labels[shape.label_id].name),
            "source": shape.source,
            "occluded": str(int(shape.occluded)),
            **geometry(shape.points),
        },
    )
    if shape.rotation:
        node.set("rotation", _number(shape.rotation))
    if shape.group:
        node.set("group_id", str(shape.group))
    node.set("z_order", str(shape.z_order))
    return node


def _skeleton(parent: Element, subject: Subject, shape: models.LabeledShape) -> Element:
    label = _clean(subject.labels[shape.label_id].name)
    order = str(shape.z_order)
    node = SubElement(parent, "skeleton", label=label, source=shape.source, z_order=order)
    if shape.group:
        node.set("group_id", str(shape.group))
    for element in shape.elements:
        name, geometry = _GEOMETRIES[element.type]
        part = SubElement(
            node,
            name,
            {
                "label": _clean(subject.labels[element.label_id].name),
                "source": element.source,
                "outside": str(int(element.outside)),
                "occluded": str(int(element.occluded)),
                **geometry(element.points),
            },
        )
        _valued(part, subject, element.label_id, element.attributes)
    return node


def _valued(
    node: Element, subject: Subject, label: int, values: Iterable[models.AttributeVal]
) -> None:
    names = subject.attribute_names(label)
    for value in values:
        if value.spec_id in names:
            attribute = SubElement(node, "attribute", name=_clean(names[value.spec_id]))
            attribute.text = _clean(value.value)


def _number(value: float) -> str:
    return f"{value:.2f}"


def _pairs(points: Points) -> str:
    return ";".join(
        f"{_number(x)},{_number(y)}" for x, y in zip(points[::2], points[1::2], strict=True)
    )


def _box(points: Points) -> Mapping[str, str]:
    return dict(zip(BOX, map(_number, points), strict=True))


def _listed(points: Points) -> Mapping[str, str]:
    return {"points": _pairs(points)}


def _ellipse(points: Points) -> Mapping[str, str]:
    center_x, center_y, right, top = points
    radii = right - center_x, center_y - top
    numbers = map(_number, (center_x, center_y, *radii))
    return dict(zip(ELLIPSE, numbers, strict=True))


def _cuboid(points: Points) -> Mapping[str, str]:
    return dict(zip(CUBOID, map(_number, points), strict=True))


def _mask(points: Points) -> Mapping[str, str]:
    left, top, right, bottom = map(int, points[-4:])
    return {
        "rle": ", ".join(str(int(run)) for run in points[:-4]),
        "left": str(left),
        "top": str(top),
        "width": str(right - left + 1),
        "height": str(bottom - top + 1),
    }


_GEOMETRIES: Final[Mapping[models.ShapeType, tuple[str, Callable[[Points], Mapping[str, str]]]]] = {
    models.ShapeType.RECTANGLE: ("box", _box),
    models.ShapeType.POLYGON: ("polygon", _listed),
    models.ShapeType.POLYLINE: ("polyline", _listed),
    models.ShapeType.POINTS: ("points", _listed),
    models.ShapeType.ELLIPSE: ("ellipse", _ellipse),
    models.ShapeType.CUBOID: ("cuboid", _cuboid),
    models.ShapeType.MASK: ("mask", _mask),
}

"""CVAT's own XML: what its format for images and the one for videos have in common.

Source: CVAT's documentation of its XML annotation format, version 1.1. Numbers of points have two
digits after the point there, and so here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cvatfn import models
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.subjects import Subject
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.people import Account

__all__ = [
    "BOX",
    "CUBOID",
    "ELLIPSE",
    "clean",
    "cvat_entries",
    "geometry",
    "numbered",
    "opened",
    "valued",
]

Points: TypeAlias = Sequence[float]

BOX: Final = ("xtl", "ytl", "xbr", "ybr")
ELLIPSE: Final = ("cx", "cy", "rx", "ry")
CUBOID: Final = tuple(
    f"{axis}{corner}{face}" for face in "12" for corner in ("tl", "bl", "tr", "br") for axis in "xy"
)
"""The attributes that hold the points of a shape, in their order."""


def opened(subject: Subject) -> Element:
    """A document that says what it is about, and holds no annotation yet.

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
    return root


def cvat_entries(subject: Subject, root: Element) -> tuple[Entry, ...]:
    """The files of an archive: the document, and the images if they are wanted.

    :param subject: what is exported.
    :param root: the document.
    """
    indent(root)
    xml = tostring(root, encoding="utf-8", xml_declaration=True, short_empty_elements=False)
    return (("annotations.xml", xml + b"\n"), *_images(subject))


def geometry(kind: models.ShapeType, points: Points) -> tuple[str, Mapping[str, str]]:
    """The name of the element for a shape, and the attributes that hold its points.

    :param kind: what is drawn; no skeleton, which has elements in the place of points.
    :param points: CVAT's numbers for it.

    >>> geometry(models.ShapeType.ELLIPSE, (5, 5, 8, 1))[1]
    {'cx': '5.00', 'cy': '5.00', 'rx': '3.00', 'ry': '4.00'}
    """
    name, written = _GEOMETRIES[kind]
    return name, written(points)


def valued(
    node: Element, subject: Subject, label: int, values: Iterable[models.AttributeVal]
) -> None:
    """Put values of attributes into an element.

    :param node: the element.
    :param subject: where the labels are.
    :param label: the id of the label.
    :param values: by the ids of the attributes; what the label does not have is left out.
    """
    specs = subject.attributes(label)
    for value in values:
        if value.spec_id in specs:
            attribute = SubElement(node, "attribute", name=clean(specs[value.spec_id].name))
            attribute.text = clean(value.value)


def numbered(value: float) -> str:
    """A number as CVAT writes it.

    :param value: of a point, in pixels, or of a rotation, in degrees.
    """
    return f"{value:.2f}"


def clean(text: str) -> str:
    r"""A text without what XML 1.0 cannot hold.

    >>> clean("a\x00b")
    'a\ufffdb'
    """
    return "".join(
        character if character >= " " or character in "\t\n\r" else "\N{REPLACEMENT CHARACTER}"
        for character in text
        if character not in "\ufffe\uffff" and not "\ud800" <= character <= "\udfff"
    )


def _images(subject: Subject) -> Iterator[Entry]:
    if subject.save_images:
        for picture in subject.pictures:
            folder = "" if subject.project is None else f"{inside(picture.subset)}/"
            yield f"images/{folder}{picture.frame.name}", picture.frame.content


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


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
    _person(SubElement(parent, "owner"), subject.people.get(project.owner or 0))
    _person(SubElement(parent, "assignee"), subject.people.get(project.assignee or 0))


def _task(parent: Element, subject: Subject, task: Task, job: Job | None) -> None:
    media = task.media
    numbers = subject.numbers(task.id)
    first, last = (numbers[0], numbers[-1]) if numbers else (0, 0)
    facts: Mapping[str, object] = {
        "id": task.id if job is None else job.id,
        "name": task.name,
        "size": len(numbers),
        "mode": "annotation" if media is None else media.mode,
        "overlap": task.overlap or 0,
        "bugtracker": task.bug_tracker,
        "created": task.created if job is None else job.created,
        "updated": task.updated if job is None else job.updated,
        "subset": task.subset or "default",
        "start_frame": first,
        "stop_frame": last if job is not None or media is None else media.stop_frame,
        "frame_filter": "" if media is None else media.frame_filter,
    }
    for name, fact in facts.items():
        _text(parent, name, str(fact))
    jobs = [each for each in subject.jobs if each.task == task.id]
    _segments(SubElement(parent, "segments"), subject, jobs)
    _person(SubElement(parent, "owner"), subject.people.get(task.owner or 0))
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


def _pairs(points: Points) -> str:
    return ";".join(
        f"{numbered(x)},{numbered(y)}" for x, y in zip(points[::2], points[1::2], strict=True)
    )


def _box(points: Points) -> Mapping[str, str]:
    return dict(zip(BOX, map(numbered, points), strict=True))


def _listed(points: Points) -> Mapping[str, str]:
    return {"points": _pairs(points)}


def _ellipse(points: Points) -> Mapping[str, str]:
    center_x, center_y, right, top = points
    radii = right - center_x, center_y - top
    numbers = map(numbered, (center_x, center_y, *radii))
    return dict(zip(ELLIPSE, numbers, strict=True))


def _cuboid(points: Points) -> Mapping[str, str]:
    return dict(zip(CUBOID, map(numbered, points), strict=True))


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

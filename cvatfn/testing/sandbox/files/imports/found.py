"""What an annotation file holds, by names; and where it belongs in a task, by ids.

Rule: a reader knows files and no world. Labels and frames are looked up here, for every format: a
label or a picture that the task does not have is an error, an attribute that the label does not
have is passed over, as in CVAT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias, cast

from attrs import frozen

from cvatfn import models
from cvatfn.codecs.dicts import check
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.subjects import DEFAULT
from cvatfn.testing.sandbox.state.annotated import StoredLabel

__all__ = ["FoundPicture", "FoundShape", "FoundTag", "placed"]

Values: TypeAlias = tuple[tuple[str, str], ...]
"""Names of attributes with their values."""


@frozen(kw_only=True)
class FoundTag:
    """A tag of a picture."""

    label: str
    source: str = "manual"
    group: int = 0
    attributes: Values = ()


@frozen(kw_only=True)
class FoundShape:
    """A shape on a picture; a skeleton has elements and no points."""

    label: str
    type: models.ShapeType
    points: tuple[float, ...] = ()
    source: str = "manual"
    group: int = 0
    occluded: bool = False
    outside: bool = False
    rotation: float = 0.0
    z_order: int = 0
    attributes: Values = ()
    elements: tuple[FoundShape, ...] = ()


@frozen(kw_only=True)
class FoundPicture:
    """A picture, and what is on it.

    :param name: leads nowhere but into the folder it is put in, as names of frames do.
    """

    name: str
    subset: str = DEFAULT
    tags: tuple[FoundTag, ...] = ()
    shapes: tuple[FoundShape, ...] = ()


Item: TypeAlias = Mapping[str, object]


class _NowhereError(LookupError):
    """A label or a picture is not in the task; never leaves `placed`."""


def placed(
    pictures: Sequence[FoundPicture], frames: Sequence[str], labels: Sequence[StoredLabel]
) -> Outcome[models.LabeledDataRequest, str]:
    """Annotations as they would be sent to a task.

    :param pictures: what was found.
    :param frames: the names of the task's frames, in order.
    :param labels: the task's labels.
    """
    numbers = _numbers(frames)
    tags: list[Item] = []
    shapes: list[Item] = []
    try:
        for picture in pictures:
            frame = _frame(picture.name, numbers)
            tags.extend(
                _common(tag, _label(tag.label, None, labels), frame) for tag in picture.tags
            )
            shapes.extend(_shape(shape, frame, None, labels) for shape in picture.shapes)
    except _NowhereError as nowhere:
        return Failure(str(nowhere))
    match check(models.LabeledDataRequest, {"tags": tags, "shapes": shapes}):
        case Failure(problems):
            return Failure("; ".join(map(str, problems[:20])))
        case Success(data):
            # it was checked for this very type
            return Success(cast("models.LabeledDataRequest", data))


def _numbers(frames: Sequence[str]) -> Mapping[str, int]:
    """Numbers of frames by name, and by name without its ending; the first one counts."""
    names = [(name, index) for index, name in enumerate(frames)]
    stems = [(_stem(name), index) for name, index in names]
    return dict([*reversed(stems), *reversed(names)])


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def _frame(name: str, numbers: Mapping[str, int]) -> int:
    for key in (name, _stem(name)):
        if key in numbers:
            return numbers[key]
    raise _NowhereError(f"the task has no frame that is called {name!r}")


def _label(name: str, parent: int | None, labels: Sequence[StoredLabel]) -> StoredLabel:
    for label in labels:
        if (label.name, label.parent) == (name, parent):
            return label
    raise _NowhereError(f"the task has no label that is called {name!r}")


def _common(item: FoundTag | FoundShape, label: StoredLabel, frame: int) -> Item:
    specs = {spec.name: spec.id for spec in label.attributes}
    return {
        "label_id": label.id,
        "frame": frame,
        "group": item.group,
        "source": item.source,
        "attributes": [
            {"spec_id": specs[name], "value": value}
            for name, value in item.attributes
            if name in specs
        ],
    }


def _shape(
    shape: FoundShape, frame: int, parent: int | None, labels: Sequence[StoredLabel]
) -> Item:
    label = _label(shape.label, parent, labels)
    elements = [_shape(element, frame, label.id, labels) for element in shape.elements]
    return {
        **_common(shape, label, frame),
        "type": shape.type.value,
        "points": shape.points,
        "occluded": shape.occluded,
        "outside": shape.outside,
        "rotation": shape.rotation,
        "z_order": shape.z_order,
        **({"elements": elements} if parent is None else {}),
    }

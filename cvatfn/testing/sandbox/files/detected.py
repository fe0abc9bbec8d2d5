"""What a function found, from its own JSON to annotations of a task.

Rule: a function is foreign code: what it answers is read with care, and what does not fit is told
in words. What it found under a label that stands for nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeAlias, TypeGuard

from cvatfn import models
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.labelmaps import LabelMap, TaskLabel

__all__ = ["annotations_of", "is_object", "is_sequence", "translated"]

Found: TypeAlias = dict[str, JSON]
Annotation: TypeAlias = dict[str, object]

NO_LIST: Final = "the function did not answer a list of what it found"


def is_object(value: object) -> TypeGuard[JSONObject]:
    """Whether a value is an object of JSON.

    :param value: part of an answer.
    """
    return isinstance(value, Mapping)


def is_sequence(value: object) -> TypeGuard[Sequence[JSON]]:
    """Whether a value is an array of JSON.

    :param value: part of an answer.
    """
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def translated(answer: JSON, labels: LabelMap) -> Outcome[tuple[Found, ...], str]:
    """What a detector found, by the names of the task.

    :param answer: the function's own.
    :param labels: what its labels stand for.
    """
    if not is_sequence(answer) or not all(is_object(item) and "label" in item for item in answer):
        return Failure(NO_LIST)
    return Success(tuple(_translated(answer, labels)))


def annotations_of(
    found: Sequence[JSONObject], labels: Sequence[TaskLabel], frame: int, *, polygons: bool
) -> tuple[list[Annotation], list[Annotation]]:
    """Tags and shapes, as they would be sent.

    :param found: by the names of the task.
    :param labels: the labels of the task.
    :param frame: on which frame.
    :param polygons: whether masks become polygons, where the function gives both.
    """
    named = {each.label.name: each for each in labels}
    tags: list[Annotation] = []
    shapes: list[Annotation] = []
    for item in found:
        label = named.get(str(item.get("label")))
        if label is None:
            continue
        if str(item.get("type")).lower() == "tag":
            tags.append(_common(item, label, frame))
            continue
        shape = _shape(item, label, frame, polygons=polygons)
        if shape is not None:
            shapes.append(shape)
    return tags, shapes


def _translated(items: Sequence[JSON], labels: LabelMap) -> Iterator[Found]:
    for item in items:
        if not is_object(item):
            continue
        mapped = labels.get(str(item.get("label")))
        if mapped is None:
            continue
        attributes = _attributes(item.get("attributes"), mapped.attributes, mapped.to)
        told: Found = {**item, "label": mapped.to.label.name, "attributes": attributes}
        elements = item.get("elements")
        if is_sequence(elements):
            told["elements"] = list(_translated(elements, mapped.elements))
        yield told


def _attributes(given: JSON, names: Mapping[str, str], to: TaskLabel) -> list[JSON]:
    """The attributes that the task has, too, where their values are possible there."""
    specs = {attribute.name: attribute for attribute in to.label.attributes}
    kept: list[JSON] = []
    for attribute in given if is_sequence(given) else ():
        if not is_object(attribute):
            continue
        spec = specs.get(names.get(str(attribute.get("name")), ""))
        value = str(attribute.get("value"))
        if spec is not None and _is_possible(spec, value):
            kept.append({"name": spec.name, "value": value})
    return kept


def _is_possible(spec: models.Attribute, value: str) -> bool:
    match spec.input_type:
        case models.InputTypeEnum.NUMBER:
            return value.isnumeric()
        case models.InputTypeEnum.CHECKBOX:
            return value in ("true", "false")
        case models.InputTypeEnum.SELECT | models.InputTypeEnum.RADIO:
            return value in spec.values
        case _:
            return True


def _common(item: JSONObject, label: TaskLabel, frame: int) -> Annotation:
    ids = {attribute.name: attribute.id for attribute in label.label.attributes}
    given = item.get("attributes")
    named = [each for each in given if is_object(each)] if is_sequence(given) else []
    return {
        "frame": frame,
        "label_id": label.label.id,
        "source": "auto",
        "attributes": [
            {"spec_id": ids[str(each.get("name"))], "value": each.get("value")}
            for each in named
            if str(each.get("name")) in ids
        ],
    }


def _shape(item: JSONObject, label: TaskLabel, frame: int, *, polygons: bool) -> Annotation | None:
    kind, points = item.get("type"), item.get("points", [])
    shape = {
        **_common(item, label, frame),
        "type": kind,
        "occluded": False,
        "outside": item.get("outside", False),
        "z_order": 0,
        "points": points,
    }
    if "group_id" in item:
        shape["group"] = item["group_id"]
    match kind:
        case "rectangle" | "ellipse":
            return {**shape, "rotation": item.get("rotation", 0)}
        case "mask" if polygons and "points" in item:
            return {**shape, "type": "polygon"}
        case "mask":
            return {**shape, "points": _runs(item.get("mask", []))}
        case "skeleton":
            return _skeleton(shape, item, label, frame)
        case _:
            return shape


def _runs(mask: JSON) -> JSON:
    """A mask as CVAT keeps it: lengths of runs, the first of zeros, then the box."""
    if not is_sequence(mask) or len(mask) < _BOX:
        return mask
    pixels, box = mask[:-_BOX], mask[-_BOX:]
    lengths: list[JSON] = [sum(1 for _ in run) for _, run in groupby(pixels, key=bool)]
    first: list[JSON] = [0] if pixels and pixels[0] else []
    return [*first, *lengths, *box]


_BOX: Final = 4


def _skeleton(
    shape: Annotation, item: JSONObject, label: TaskLabel, frame: int
) -> Annotation | None:
    """A skeleton with all its elements: those not found lie outside, amid those that were."""
    given = item.get("elements")
    found = [each for each in given if is_object(each)] if is_sequence(given) else []
    named = {str(each.get("label")): each for each in found}
    center = _center(found)
    elements: list[Annotation] = []
    for element in label.elements:
        known = named.get(element.label.name)
        missing = {"type": element.label.type.value, "points": center, "outside": True}
        made = _shape(missing if known is None else known, element, frame, polygons=False)
        elements += [] if made is None else [made]
    if all(element["outside"] for element in elements):
        return None
    return {**shape, "points": [], "elements": elements}


def _center(found: Sequence[JSONObject]) -> list[JSON]:
    points = [each.get("points") for each in found]
    firsts = [(pair[0], pair[1]) for pair in points if is_sequence(pair) and len(pair) > 1]
    across = [x for x, _ in firsts if isinstance(x, int | float)]
    down = [y for _, y in firsts if isinstance(y, int | float)]
    count = len(firsts) or 1
    return [sum(across) / count, sum(down) / count]

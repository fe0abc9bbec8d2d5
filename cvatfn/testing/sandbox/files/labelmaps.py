"""Which of a function's labels stands for which label of a task.

Rule: unless somebody says otherwise, labels and attributes of the same name do, if their forms go
together. What is said otherwise is checked, and told in CVAT's words where it does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.state.annotated import StoredLabel, Task
from cvatfn.testing.sandbox.state.functions import FunctionAttribute, FunctionLabel
from cvatfn.testing.sandbox.state.world import World, labels_of

__all__ = ["Entry", "LabelMap", "TaskLabel", "label_map", "task_labels"]

Entry: TypeAlias = models.LabelMappingEntryRequest | models.SublabelMappingEntryRequest


@frozen
class TaskLabel:
    """A label of a task, with its elements if it is a skeleton."""

    label: StoredLabel
    elements: tuple[TaskLabel, ...] = ()


@frozen
class Mapped:
    """What a function's label stands for.

    :param to: the task's label.
    :param attributes: by the name of the function's attribute, the name of the task's.
    :param elements: the same for the elements of a skeleton.
    """

    to: TaskLabel
    attributes: Mapping[str, str]
    elements: Mapping[str, Mapped]


LabelMap: TypeAlias = Mapping[str, Mapped]
"""By the name of a function's label, what it stands for."""


def task_labels(world: World, task: Task) -> tuple[TaskLabel, ...]:
    """The labels of a task, each with its elements.

    :param task: the task.
    """
    labels = labels_of(world, task).values()
    return tuple(
        TaskLabel(label, tuple(TaskLabel(other) for other in labels if other.parent == label.id))
        for label in labels
        if label.parent is None
    )


def label_map(
    known: Sequence[FunctionLabel], labels: Sequence[TaskLabel], asked: Mapping[str, Entry]
) -> Outcome[LabelMap, str]:
    """Match labels.

    :param known: those of the function.
    :param labels: those of the task.
    :param asked: what is to stand for what; empty for whatever bears the same name.
    """
    return _as_asked(known, labels, asked) if asked else Success(_by_name(known, labels))


_ALIKE: Final = frozenset({"mask", "polygon"})


def _go_together(known: FunctionLabel, label: StoredLabel) -> bool:
    kind, wanted = known.type, label.type.value
    return (
        kind == wanted
        or (wanted == "any" and kind != "skeleton")
        or (kind == "unknown" and wanted != "skeleton")
        or {kind, wanted} <= _ALIKE
    )


def _by_name(known: Sequence[FunctionLabel], labels: Sequence[TaskLabel]) -> LabelMap:
    return {
        each.name: Mapped(
            to,
            {
                attribute.name: attribute.name
                for attribute in each.attributes
                if any(attribute.name == own.name for own in to.label.attributes)
            },
            _by_name(each.sublabels, to.elements) if each.type == "skeleton" else {},
        )
        for each in known
        for to in labels
        if each.name == to.label.name and _go_together(each, to.label)
    }


def _as_asked(
    known: Sequence[FunctionLabel], labels: Sequence[TaskLabel], asked: Mapping[str, Entry]
) -> Outcome[LabelMap, str]:
    found: dict[str, Mapped] = {}
    for name, entry in asked.items():
        match _entry(known, labels, name, entry):
            case Failure() as wrong:
                return wrong
            case Success(mapped):
                found[name] = mapped
    return Success(found)


def _entry(
    known: Sequence[FunctionLabel], labels: Sequence[TaskLabel], name: str, entry: Entry
) -> Outcome[Mapped, str]:
    own = next((each for each in known if each.name == name), None)
    to = next((each for each in labels if each.label.name == entry.name), None)
    if own is None:
        return Failure(f'Invalid mapping. Unknown model label "{name}"')
    if to is None:
        return Failure(f'Invalid mapping. Unknown db label "{entry.name}"')
    if not _go_together(own, to.label):
        return Failure(
            f'Invalid mapping. Model label "{name}" and'
            f' database label "{entry.name}" are not compatible'
        )
    attributes = entry.attributes or {}
    wrong = _wrong_attributes(own.attributes, to, attributes)
    if wrong is not None:
        return Failure(wrong)
    if own.type != "skeleton":
        return Success(Mapped(to, attributes, {}))
    if not isinstance(entry, models.LabelMappingEntryRequest) or not entry.sublabels:
        return Failure(f'Mapping for elements was not specified in skeleton "{name}" ')
    match _as_asked(own.sublabels, to.elements, entry.sublabels):
        case Failure() as refused:
            return refused
        case Success(elements):
            return Success(Mapped(to, attributes, elements))


def _wrong_attributes(
    known: Sequence[FunctionAttribute], to: TaskLabel, asked: Mapping[str, str]
) -> str | None:
    for name, wanted in asked.items():
        if all(name != attribute.name for attribute in known):
            return f'Invalid mapping. Unknown model attribute "{name}"'
        if all(wanted != attribute.name for attribute in to.label.attributes):
            return f'Invalid mapping. Unknown db attribute "{wanted}"'
    return None

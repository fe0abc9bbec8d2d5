"""Labels as they are made and changed: a list of requests is a list of changes.

Rule: a request with an id changes or removes what has it, one without adds another; names differ
within a task or project, and within a skeleton. What is removed takes its annotations with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import without_labels
from cvatfn.testing.sandbox.gates.changing import sent_or
from cvatfn.testing.sandbox.gates.replies import (
    Refusal,
    invalid,
    refused,
)
from cvatfn.testing.sandbox.state.annotated import StoredLabel
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["Home", "changed", "have_own_names", "relabeled", "without_label"]

GROWING: Final = (models.InputTypeEnum.RADIO, models.InputTypeEnum.SELECT)
"""Attributes whose values may be added to; those of the other kinds stay as they are."""


@frozen
class Home:
    """Where labels belong: to a task, or to a project."""

    task: int | None = None
    project: int | None = None

    def holds(self, label: StoredLabel) -> bool:
        """Whether a label belongs here.

        :param label: the label.
        """
        return (label.task, label.project) == (self.task, self.project)


def relabeled(
    world: World, home: Home, requests: Iterable[models.PatchedLabelRequest]
) -> Outcome[World, Refusal]:
    """Add, change and remove labels as a list of requests says.

    :param world: before.
    :param home: whose labels.
    :param requests: one with an id changes or removes that label, one without adds another.
    """
    for request in requests:
        match _relabeled_one(world, home, request):
            case Failure() as refusal:
                return refusal
            case Success(after):
                world = after
    if not have_own_names(world, home):
        return invalid("All label names must be unique")
    return Success(world)


def _relabeled_one(
    world: World, home: Home, request: models.PatchedLabelRequest
) -> Outcome[World, Refusal]:
    if isinstance(request.id, Unset):
        return _added(world, home, request, None)
    label = world.labels.get(request.id)
    if label is None or not home.holds(label) or label.parent is not None:
        return refused(404, f"Not found label with id #{request.id} to change")
    return changed(world, label, request)


def _added(
    world: World,
    home: Home,
    request: models.PatchedLabelRequest | models.SublabelRequest,
    parent: int | None,
) -> Outcome[World, Refusal]:
    if isinstance(request.name, Unset):
        return invalid(labels="a new label needs a name")
    # a new label's attributes are new ones, whatever ids those had that they were copied from
    fresh = [evolve(attribute, id=UNSET) for attribute in request.attributes or ()]
    match _attributed(world, (), fresh):
        case Failure() as refusal:
            return refusal
        case Success((after, attributes)):
            world, number = after.numbered("label")
    label = StoredLabel(
        id=number,
        task=home.task,
        project=home.project,
        name=request.name,
        color=request.color or _color(request.name),
        type=sent_or(request.type, models.LabelType.ANY),
        svg=request.svg or "" if isinstance(request, models.PatchedLabelRequest) else "",
        parent=parent,
        attributes=attributes,
    )
    world = evolve(world, labels=put(world.labels, number, label))
    if not isinstance(request, models.PatchedLabelRequest):
        return Success(world)
    for element in request.sublabels or ():
        match _added(world, home, element, number):
            case Failure() as refusal:
                return refusal
            case Success(after):
                world = after
    return Success(world)


def changed(
    world: World,
    label: StoredLabel,
    request: models.PatchedLabelRequest | models.SublabelRequest,
) -> Outcome[World, Refusal]:
    """The world in which a label is as a request says, or gone; elements of skeletons with it.

    :param label: the label.
    :param request: what is given of it.
    """
    svg: str | Unset = UNSET
    if isinstance(request, models.PatchedLabelRequest):
        if request.deleted is True:
            return Success(without_label(world, label))
        svg = request.svg
        match _elements_changed(world, label, request.sublabels or ()):
            case Failure() as refusal:
                return refusal
            case Success(after):
                world = after
    match _attributed(world, label.attributes, request.attributes):
        case Failure() as refusal:
            return refusal
        case Success((after, attributes)):
            world = after
    changed = evolve(
        label,
        name=request.name or label.name,
        color=request.color or label.color,
        type=sent_or(request.type, label.type),
        svg=sent_or(svg, label.svg),
        attributes=attributes,
    )
    return Success(evolve(world, labels=put(world.labels, label.id, changed)))


def _elements_changed(
    world: World, skeleton: StoredLabel, requests: Iterable[models.SublabelRequest]
) -> Outcome[World, Refusal]:
    """The world in which elements of a skeleton are as sent: changed by id, or added."""
    for request in requests:
        known = None if isinstance(request.id, Unset) else world.labels.get(request.id)
        if isinstance(request.id, Unset):
            home = Home(skeleton.task, skeleton.project)
            outcome = _added(world, home, request, skeleton.id)
        elif known is None or known.parent != skeleton.id:
            return refused(404, f"Not found label with id #{request.id} to change")
        else:
            outcome = changed(world, known, request)
        match outcome:
            case Failure() as refusal:
                return refusal
            case Success(after):
                world = after
    return Success(world)


def _attributed(
    world: World,
    known: tuple[models.Attribute, ...],
    requests: Sequence[models.AttributeRequest] | Unset,
) -> Outcome[tuple[World, tuple[models.Attribute, ...]], Refusal]:
    held = {attribute.id: attribute for attribute in known}
    for request in requests or ():
        match _attribute(world, held, request):
            case Failure() as refusal:
                return refusal
            case Success((after, number, attribute)):
                world = after
                held.pop(number, None) if attribute is None else held.update({number: attribute})
    return Success((world, tuple(held.values())))


def _attribute(
    world: World, held: dict[int, models.Attribute], request: models.AttributeRequest
) -> Outcome[tuple[World, int, models.Attribute | None], Refusal]:
    """One attribute's new id and form; no form where it is to be removed."""
    if isinstance(request.id, Unset):
        if request.deleted is True:
            said = {"non_field_errors": ["Deleted attribute must have an ID"]}
            return Failure(Refusal(400, {"attributes": [said]}))
        world, number = world.numbered("attribute")
        return Success((world, number, _made(number, request)))
    before = held.get(request.id)
    if before is None:
        return refused(404, f"Attribute with id #{request.id} does not exist")
    if request.deleted is True:
        return Success((world, before.id, None))
    made = _made(before.id, request)
    kind = before.input_type
    if kind in GROWING and made.values[: len(before.values)] != before.values:
        return invalid(
            'Attribute field "values" can only be appended for radio and select attributes'
        )
    if kind is models.InputTypeEnum.NUMBER and made.values != before.values:
        return invalid('Attribute field "values" cannot be changed for number attributes')
    return Success((world, before.id, made))


def _made(number: int, request: models.AttributeRequest) -> models.Attribute:
    first = request.values[0] if request.values else ""
    return models.Attribute(
        id=number,
        name=request.name,
        mutable=request.mutable,
        input_type=request.input_type,
        default_value=sent_or(request.default_value, first),
        values=request.values,
    )


def without_label(world: World, label: StoredLabel) -> World:
    """A world without a label, its elements and all that is annotated with them.

    :param label: the label.
    """
    gone = [other.id for other in world.labels.values() if label.id in (other.id, other.parent)]
    return without_labels(evolve(world, labels=dropped(world.labels, *gone)), gone)


def have_own_names(world: World, home: Home) -> bool:
    """Whether no two labels are called the same.

    :param home: whose labels.
    """
    names = [(label.parent, label.name) for label in world.labels.values() if home.holds(label)]
    return len(names) == len(set(names))


def _color(name: str) -> str:
    """A color for a label that was given none: the same name has the same color everywhere."""
    return f"#{blake2b(name.encode(), digest_size=3).hexdigest()}"

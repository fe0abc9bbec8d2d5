"""Labels: the classes of annotations, with their attributes and the elements of skeletons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import without_labels
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    done,
)
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import (
    home_of,
    may_see_job,
    may_see_project,
    may_see_task,
)
from cvatfn.testing.sandbox.gates.replies import (
    Refusal,
    forbidden,
    invalid,
    missing,
    refused,
)
from cvatfn.testing.sandbox.state.annotated import StoredLabel, Task
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["Home", "destroy", "list_labels", "partial_update", "relabeled", "retrieve", "shown"]

GROWING: Final = (models.InputTypeEnum.RADIO, models.InputTypeEnum.SELECT)
"""Attributes whose values may be added to; those of the other kinds stay as they are."""
_BY_PARENT: Final = (
    "Sublabels cannot be {} this way. "
    "Please send a PATCH request with updated parent label data instead."
)


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


def list_labels(world: World, asked: Asked) -> Done:
    """The labels one may see: of one project, of one task, of one job's task, or all of them."""
    named = [name for name in ("task_id", "job_id", "project_id") if name in asked.params]
    if len(named) > 1:
        return invalid("job_id, task_id and project_id parameters cannot be used together")
    match _home_asked(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(wanted):
            pass
    rows = [
        label
        for label in world.labels.values()
        if label.parent is None
        and (_finds(world, asked, label) if wanted is None else wanted.holds(label))
    ]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, row),
        searched=("name", "parent"),
        order="id",
    )


def retrieve(world: World, _: Asked, label: StoredLabel) -> Done:
    """One label."""
    return done(world, shown(world, label))


def partial_update(world: World, asked: Asked, label: StoredLabel) -> Done:
    """Change a label; elements of skeletons are changed with their parent."""
    if label.parent is not None:
        return invalid(_BY_PARENT.format("modified"))
    sent = asked.given("patched_label_request", models.PatchedLabelRequest)
    request = models.PatchedLabelRequest() if sent is None else sent
    match _changed(world, label, request):
        case Failure() as refusal:
            return refusal
        case Success(after):
            if not _names_differ(after, Home(label.task, label.project)):
                return invalid("All label names must be unique")
            left = after.labels.get(label.id)  # `deleted` may have been sent for the label itself
            return done(after, shown(world, label) if left is None else shown(after, left))


def destroy(world: World, _: Asked, label: StoredLabel) -> Done:
    """Remove a label with all its annotations."""
    if label.parent is not None:
        return invalid(_BY_PARENT.format("deleted"))
    return done(_without(world, label), None, 204)


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
    if not _names_differ(world, home):
        return invalid("All label names must be unique")
    return Success(world)


def shown(world: World, label: StoredLabel) -> models.Label:
    """A label as CVAT shows it.

    :param world: where its elements are.
    :param label: the label.
    """
    elements = [other for other in world.labels.values() if other.parent == label.id]
    return models.Label(
        id=label.id,
        name=label.name,
        color=label.color,
        attributes=label.attributes,
        type=label.type,
        svg=label.svg if label.type is models.LabelType.SKELETON else UNSET,
        sublabels=tuple(map(_sublabel, elements)),
        project_id=UNSET if label.project is None else label.project,
        task_id=UNSET if label.task is None else label.task,
        parent_id=label.parent,
        has_parent=label.parent is not None,
    )


def _finds(world: World, asked: Asked, label: StoredLabel) -> bool:
    home = home_of(world, label)
    return home is not None and asked.finds(world, home)


def _columns(world: World) -> Columns[StoredLabel]:
    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "color": lambda row: row.color,
        "type": lambda row: row.type.value,
        "parent": lambda row: None if row.parent is None else world.labels[row.parent].name,
        "parent_id": lambda row: row.parent,
    }


def _home_asked(world: World, asked: Asked) -> Outcome[Home | None, Refusal]:
    number, job_number = asked.given("task_id", int), asked.given("job_id", int)
    project_number = asked.given("project_id", int)
    if project_number is not None:
        project = world.projects.get(project_number)
        if project is None:
            return missing("Project")
        seen = may_see_project(world, asked.account, project)
        return Success(Home(project=project.id)) if seen else forbidden()
    if job_number is not None:
        job = world.jobs.get(job_number)
        if job is None:
            return missing("Job")
        seen = may_see_job(world, asked.account, job)
        return Success(_home(world.tasks[job.task])) if seen else forbidden()
    if number is None:
        return Success(None)
    task = world.tasks.get(number)
    if task is None:
        return missing("Task")
    return Success(_home(task)) if may_see_task(world, asked.account, task) else forbidden()


def _home(task: Task) -> Home:
    """Where the labels of a task are."""
    return Home(task=task.id) if task.project is None else Home(project=task.project)


def _sublabel(label: StoredLabel) -> models.Sublabel:
    return models.Sublabel(
        id=label.id,
        name=label.name,
        color=label.color,
        attributes=label.attributes,
        type=label.type,
        has_parent=True,
    )


def _relabeled_one(
    world: World, home: Home, request: models.PatchedLabelRequest
) -> Outcome[World, Refusal]:
    if isinstance(request.id, Unset):
        return _added(world, home, request, None)
    label = world.labels.get(request.id)
    if label is None or not home.holds(label) or label.parent is not None:
        return refused(404, f"Not found label with id #{request.id} to change")
    return _changed(world, label, request)


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
        type=models.LabelType.ANY if isinstance(request.type, Unset) else request.type,
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


def _changed(
    world: World,
    label: StoredLabel,
    request: models.PatchedLabelRequest | models.SublabelRequest,
) -> Outcome[World, Refusal]:
    svg: str | Unset = UNSET
    if isinstance(request, models.PatchedLabelRequest):
        if request.deleted is True:
            return Success(_without(world, label))
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
        type=label.type if isinstance(request.type, Unset) else request.type,
        svg=label.svg if isinstance(svg, Unset) else svg,
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
            outcome = _changed(world, known, request)
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
        default_value=first if isinstance(request.default_value, Unset) else request.default_value,
        values=request.values,
    )


def _without(world: World, label: StoredLabel) -> World:
    gone = [other.id for other in world.labels.values() if label.id in (other.id, other.parent)]
    return without_labels(evolve(world, labels=dropped(world.labels, *gone)), gone)


def _names_differ(world: World, home: Home) -> bool:
    names = [(label.parent, label.name) for label in world.labels.values() if home.holds(label)]
    return len(names) == len(set(names))


def _color(name: str) -> str:
    """A color for a label that was given none: the same name has the same color everywhere."""
    return f"#{blake2b(name.encode(), digest_size=3).hexdigest()}"

"""What an exchange implies of labels and their attributes before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.building import members
from cvatfn.codecs.json import loads
from cvatfn.codecs.native import encode
from cvatfn.codecs.plain import is_array
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.state.world import World, dropped, put
from tests.fidelity.implied.reading import json_sent, named_in_path, numbers_in, rows_of
from tests.fidelity.rebuilding.annotated import (
    with_label,
)
from tests.fidelity.recorded import Recorded

__all__ = [
    "with_attributes_as_implied",
    "with_label_that_stands_alone",
    "with_labels_as_implied",
    "with_labels_of_annotations",
    "with_project_of_labels",
]


def with_label_that_stands_alone(world: World, recorded: Recorded) -> World:
    """A label that was changed by its own path is no element of another, unless that was wrong."""
    collection, number = next(named_in_path(recorded), ("", 0))
    if collection != "labels" or recorded.request.method == "GET" or recorded.status == 400:
        return world
    alone = evolve(world.labels[number], parent=None)
    return evolve(world, labels=put(world.labels, number, alone))


def with_project_of_labels(world: World, recorded: Recorded) -> World:
    """A task whose labels are a project's is in that project."""
    asked = dict(recorded.request.query)
    listed = () if recorded.page is None else recorded.page.results
    project = next((label.project_id for label in listed if isinstance(label, models.Label)), None)
    if not isinstance(project, int) or not ({"task_id", "job_id"} & set(asked)):
        return world
    job = world.jobs.get(int(asked.get("job_id", "0")))
    number = int(asked.get("task_id", "0")) if job is None else job.task
    task = evolve(world.tasks[number], project=project)
    return evolve(world, tasks=put(world.tasks, number, task))


def with_labels_as_implied(world: World, recorded: Recorded) -> World:
    """Labels that were changed by id were there; the names of those that were added were free."""
    home = next(named_in_path(recorded), ("", 0))
    sent = dict(members(json_sent(recorded))).get("labels")
    if recorded.status == 400:
        return _with_names_taken(world, recorded)
    if home[0] not in ("projects", "tasks") or not is_array(sent) or recorded.status >= 400:
        return world
    task = home[1] if home[0] == "tasks" else None
    project = home[1] if home[0] == "projects" else None
    for given in sent:
        number, name = (dict(members(given)).get(key) for key in ("id", "name"))
        if isinstance(number, int):
            world = with_label(world, number, task=task, project=project)
        else:
            taken = [
                key
                for key, label in world.labels.items()
                if (label.task, label.project, label.name) == (task, project, name)
            ]
            world = evolve(world, labels=dropped(world.labels, *taken))
    return world


def _with_names_taken(world: World, recorded: Recorded) -> World:
    """The world in which names of labels that were refused are taken at the same place."""
    for number, given in _labels_in(recorded, json_sent(recorded)):
        label, name = world.labels.get(number), given.get("name")
        if label is None or not isinstance(name, str) or given.get("attributes"):
            continue
        taken = max(world.labels) + 1
        other = evolve(label, id=taken, name=name, parent=None)
        world = evolve(world, labels=put(world.labels, taken, other))
    return world


def with_attributes_as_implied(world: World, recorded: Recorded) -> World:
    """Attributes that were changed by id were there, and those that were refused had other values.

    Values can only be appended: so before the first of those that were sent, there was another.
    """
    sent = json_sent(recorded)
    for number, given in _labels_in(recorded, sent):
        label = world.labels.get(number)
        refused = recorded.status == 400
        if label is None or recorded.status not in (200, 400):
            continue
        known = {attribute.id: attribute for attribute in label.attributes}
        for each in rows_of(given.get("attributes")):
            attribute = _attribute(each, refused=refused)
            if attribute is not None and (refused or attribute.id not in known):
                known[attribute.id] = attribute
        changed = evolve(label, attributes=tuple(known.values()))
        world = evolve(world, labels=put(world.labels, number, changed))
    return world


def _labels_in(recorded: Recorded, sent: object) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The labels that a request changes by id: the one of its path, or some of a list."""
    collection, number = next(named_in_path(recorded), ("", 0))
    whole = dict(members(sent))
    if collection == "labels":
        yield number, whole
    for given in (*rows_of(whole.get("labels")), *rows_of(whole.get("sublabels"))):
        held = dict(members(given))
        if isinstance(held.get("id"), int):
            yield int(str(held["id"])), held


def _attribute(sent: object, *, refused: bool) -> models.Attribute | None:
    match loads(models.AttributeRequest, encode(sent)):
        case Success(request) if isinstance(request.id, int):
            before = ("another one",) if refused else ()
            return models.Attribute(
                id=request.id,
                name=request.name,
                mutable=request.mutable,
                input_type=request.input_type,
                default_value=request.default_value or "",
                values=(*before, *request.values),
            )
        case _:
            return None


def with_labels_of_annotations(world: World, recorded: Recorded) -> World:
    """The labels of annotations that were sent were there."""
    number = recorded.places.get("id", "")
    if not recorded.request.path.endswith(("/annotations", "/annotations/")):
        return world
    of_job = recorded.request.path.startswith("/api/jobs/")
    task = world.jobs[int(number)].task if of_job else int(number)
    for name, label in numbers_in(json_sent(recorded)):
        if name == "label_id":
            world = with_label(world, label, task=task)
    return world

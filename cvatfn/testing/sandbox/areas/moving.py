"""Moving: a task into a project, into another one or out of it; tasks and projects elsewhere.

Rule: what a task was labeled with stays what it is called. Its labels become those of the project
that bear their names, attributes with them; all of them must be there, or nothing is moved. Out of
a project a task takes copies of the labels along. Into another workspace it goes without the people
and the cloud storages of the old one, and a task of a project goes with its project only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.annotating import jobs_of
from cvatfn.testing.sandbox.areas.owned import destination, in_workspace, not_there
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import may_see_project
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.world import World, labels_of, put

__all__ = [
    "SAME_ORGANIZATION",
    "Ids",
    "copied",
    "moved",
    "tasks_of",
    "transferred_project",
    "translated",
]

SAME_ORGANIZATION: Final = "The task and its project should be in the same organization."
TOP_LEVEL: Final = "Only top-level resources can be moved between workspaces"
UNMAPPED: Final = "All task or project label names must be mapped to the target project"

Names: TypeAlias = tuple[str, ...]
"""What a label is called: its name, after its parent's where it is an element of a skeleton."""


@frozen
class Ids:
    """New ids of labels and of their attributes, by the old ones."""

    labels: Mapping[int, int]
    specs: Mapping[int, int]


def moved(
    world: World, asked: Asked, task: Task, sent: models.PatchedTaskWriteRequest
) -> Outcome[World, Refusal]:
    """The world in which a task is where a request wants it.

    :param task: the task; who asks may move it.
    :param sent: the organization and the project that were given, if any were.
    """
    if not isinstance(sent.organization_id, Unset) and task.project is not None:
        return invalid(non_field_errors=TOP_LEVEL)
    match destination(world, asked, sent.organization_id, task.organization):
        case Failure() as refusal:
            return refusal
        case Success(organization):
            pass
    if organization != task.organization:
        world = _transferred(world, (task,), organization)
    return _in_project(world, asked, world.tasks[task.id], sent)


def transferred_project(world: World, project: Project, organization: int | None) -> World:
    """The world in which a project is in another workspace, with its tasks.

    :param project: the project.
    :param organization: the id of its new organization.
    """
    world = _transferred(world, tasks_of(world, project.id), organization)
    there = in_workspace(world, project, organization)
    return evolve(world, projects=put(world.projects, project.id, there))


def tasks_of(world: World, project: int) -> tuple[Task, ...]:
    """The tasks in a project, in the order in which they were made.

    :param project: its id.
    """
    return tuple(task for task in world.tasks.values() if task.project == project)


def copied(
    world: World, labels: Collection[StoredLabel], task: int | None, project: int | None
) -> tuple[World, Ids]:
    """The world with labels of the same kinds elsewhere, and which of their ids became which.

    :param labels: what is to be had there.
    :param task: the id of their new task.
    :param project: the id of their new project.
    """
    ids: dict[int, int] = {}
    specs: dict[int, int] = {}
    for label in sorted(labels, key=lambda label: label.parent is not None):  # parents come first
        world, ids[label.id] = world.numbered("label")
        for spec in label.attributes:
            world, specs[spec.id] = world.numbered("attribute")
        new = evolve(
            label,
            id=ids[label.id],
            task=task,
            project=project,
            parent=None if label.parent is None else ids.get(label.parent),
            attributes=tuple(evolve(spec, id=specs[spec.id]) for spec in label.attributes),
        )
        world = evolve(world, labels=put(world.labels, new.id, new))
    return world, Ids(ids, specs)


def translated(value: JSON, ids: Ids) -> JSON:
    """Annotations with the new ids in the place of the old; 0, which nothing has, for others.

    :param value: annotations, or a part of them.
    :param ids: what became what.

    >>> translated([{"label_id": 1, "frame": 1}], Ids({1: 7}, {}))
    [{'label_id': 7, 'frame': 1}]
    """
    if isinstance(value, list):
        return [translated(each, ids) for each in value]
    if not isinstance(value, dict):
        return value
    known = {"label_id": ids.labels, "spec_id": ids.specs}
    return {
        name: (
            known[name].get(held, 0)
            if name in known and isinstance(held, int)
            else translated(held, ids)
        )
        for name, held in value.items()
    }


def _transferred(world: World, tasks: Sequence[Task], organization: int | None) -> World:
    """The world in which tasks are in another workspace; nobody there has their jobs yet."""
    gone = {task.id for task in tasks}
    there = {task.id: _detached(in_workspace(world, task, organization)) for task in tasks}
    jobs = {
        key: (
            evolve(job, assignee=None, assigned=world.now)
            if job.task in gone and job.assignee is not None
            else job
        )
        for key, job in world.jobs.items()
    }
    return evolve(world, tasks={**world.tasks, **there}, jobs=jobs)


def _detached(task: Task) -> Task:
    """A task whose images are with it, wherever they came from."""
    if task.media is None or task.media.cloud is None:
        return task
    return evolve(task, media=evolve(task.media, cloud=None))


def _in_project(
    world: World, asked: Asked, task: Task, sent: models.PatchedTaskWriteRequest
) -> Outcome[World, Refusal]:
    number = sent.project_id
    if isinstance(number, Unset) or number == task.project:
        return Success(world)
    if number is None:
        return Success(_let_out(world, task))
    project = world.projects.get(number)
    if project is None:
        return not_there("Project")
    if not may_see_project(world, asked.account, project):
        return forbidden()
    if project.organization != task.organization:
        return invalid(SAME_ORGANIZATION)
    there = [label for label in world.labels.values() if label.project == project.id]
    match _matched(_called(_renamed(world, task, sent.labels or ())), _called(there)):
        case Failure() as refusal:
            return refusal
        case Success(ids):
            pass
    left = {key: label for key, label in world.labels.items() if label.task != task.id}
    world = _labeled(evolve(world, labels=left), task, ids)
    inside = evolve(world.tasks[task.id], project=project.id)
    return Success(evolve(world, tasks=put(world.tasks, task.id, inside)))


def _let_out(world: World, task: Task) -> World:
    world, ids = copied(world, labels_of(world, task).values(), task.id, None)
    world = _labeled(world, task, ids)
    alone = evolve(world.tasks[task.id], project=None)
    return evolve(world, tasks=put(world.tasks, task.id, alone))


def _renamed(
    world: World, task: Task, requests: Sequence[models.PatchedLabelRequest]
) -> Sequence[StoredLabel]:
    """The labels of a task, with the names that they are to have in the project."""
    names = {
        request.id: request.name
        for request in requests
        if isinstance(request.id, int) and isinstance(request.name, str)
    }
    labels = labels_of(world, task)
    return [evolve(each, name=names.get(key, each.name)) for key, each in labels.items()]


def _called(labels: Sequence[StoredLabel]) -> Sequence[tuple[Names, StoredLabel]]:
    """Labels with what they are called, of which two may be called the same."""
    names = {label.id: label.name for label in labels}
    return [
        ((label.name,) if label.parent is None else (names[label.parent], label.name), label)
        for label in labels
    ]


def _matched(
    old: Sequence[tuple[Names, StoredLabel]], there: Sequence[tuple[Names, StoredLabel]]
) -> Outcome[Ids, Refusal]:
    """Which label and which attribute of a project each of a task's becomes."""
    new, wanted = dict(there), {names for names, _ in old}
    skeletons = {names[0] for names in wanted if len(names) > 1}
    elements = {names for names in new if len(names) > 1 and names[0] in skeletons}
    if not elements <= wanted <= new.keys():
        return invalid(non_field_errors=UNMAPPED)
    specs: dict[int, int] = {}
    for names, label in old:
        by_form = {_form(spec): spec.id for spec in new[names].attributes}
        for spec in label.attributes:
            if _form(spec) not in by_form:
                said = f'Target project does not have "{label.name}" label with "{spec.name}"'
                return invalid(f"{said} attribute")
            specs[spec.id] = by_form[_form(spec)]
    return Success(Ids({label.id: new[names].id for names, label in old}, specs))


def _form(spec: models.Attribute) -> tuple[object, ...]:
    return spec.name, spec.input_type, spec.values


def _labeled(world: World, task: Task, ids: Ids) -> World:
    """The world in which a task's annotations name other labels."""
    jobs = dict(world.jobs)
    for job in jobs_of(world, task.id):
        plain = loads(JSON, dumps(job.annotations)).unwrap()  # our own bytes
        named = loads(models.LabeledData, dumps(translated(plain, ids))).unwrap()  # and again
        jobs[job.id] = evolve(job, annotations=named)
    return evolve(world, jobs=jobs)

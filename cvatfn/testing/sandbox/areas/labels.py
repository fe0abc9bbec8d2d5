"""Labels: the classes of annotations, with their attributes and the elements of skeletons."""

from __future__ import annotations

from typing import Final

from cvatfn import models
from cvatfn.codecs.unset import UNSET
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.relabeling import Home, changed, have_own_names, without_label
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
)
from cvatfn.testing.sandbox.state.annotated import StoredLabel, Task
from cvatfn.testing.sandbox.state.world import World

__all__ = ["destroy", "list_labels", "partial_update", "retrieve", "shown"]

_BY_PARENT: Final = (
    "Sublabels cannot be {} this way. "
    "Please send a PATCH request with updated parent label data instead."
)


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
    match changed(world, label, request):
        case Failure() as refusal:
            return refusal
        case Success(after):
            if not have_own_names(after, Home(label.task, label.project)):
                return invalid("All label names must be unique")
            left = after.labels.get(label.id)  # `deleted` may have been sent for the label itself
            return done(after, shown(world, label) if left is None else shown(after, left))


def destroy(world: World, _: Asked, label: StoredLabel) -> Done:
    """Remove a label with all its annotations."""
    if label.parent is not None:
        return invalid(_BY_PARENT.format("deleted"))
    return done(without_label(world, label), None, 204)


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

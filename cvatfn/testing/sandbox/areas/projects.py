"""Projects: create, list, retrieve, patch, delete, and a picture of the first task."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.areas.frames import task_preview
from cvatfn.testing.sandbox.areas.moving import tasks_of, transferred_project
from cvatfn.testing.sandbox.areas.owned import FIELDS, destination, kept, owner_of
from cvatfn.testing.sandbox.areas.tasks import without_tasks
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.changing import granted
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import Right, may, may_create
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden
from cvatfn.testing.sandbox.state.annotated import Project
from cvatfn.testing.sandbox.state.lookups import guide_of_project
from cvatfn.testing.sandbox.state.world import World, dropped, username_of

__all__ = [
    "create",
    "destroy",
    "list_projects",
    "partial_update",
    "retrieve",
    "retrieve_preview",
    "shown",
    "without_projects",
]


def list_projects(world: World, asked: Asked) -> Done:
    """The projects one may see."""
    rows = [row for row in world.projects.values() if asked.finds(world, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("name", "owner", "assignee"),
    )


def create(world: World, asked: Asked) -> Done:
    """Make a project with the labels of its tasks to come."""
    sent = asked.needed("project_write_request", models.ProjectWriteRequest)
    if not may_create(world, asked.account, asked.organization_id):
        return forbidden()
    match owner_of(asked, sent.owner_id):
        case Failure() as refusal:
            return refusal
        case Success(owner):
            world, number = world.numbered("project")
    blank = Project(
        id=number,
        name=sent.name,
        owner=owner,
        organization=asked.organization_id,
        created=world.now,
        updated=world.now,
    )
    location = ("Location", asked.url(f"/api/projects/{number}"))
    return _kept(world, asked, blank, sent, 201, location)


def retrieve(world: World, asked: Asked, project: Project) -> Done:
    """One project."""
    return done(world, shown(world, asked, project))


def partial_update(world: World, asked: Asked, project: Project) -> Done:
    """Change a project: only what is given."""
    match granted(world, asked, project, FIELDS):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    sent = asked.given("patched_project_write_request", models.PatchedProjectWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, project))
    match destination(world, asked, sent.organization_id, project.organization):
        case Failure() as refusal:
            return refusal
        case Success(organization):
            pass
    if organization != project.organization:
        world = transferred_project(world, project, organization)
    return _kept(world, asked, world.projects[project.id], sent)


def destroy(world: World, asked: Asked, project: Project) -> Done:
    """Remove a project with its tasks, and all that belongs to them."""
    if not may(world, asked.account, Right.DELETE, project):
        return forbidden()
    return done(without_projects(world, [project.id]), None, 204)


def without_projects(world: World, gone: Collection[int]) -> World:
    """A world without some projects, their tasks, and all that belongs to them.

    :param gone: their ids.
    """
    world = without_tasks(world, [each.id for each in world.tasks.values() if each.project in gone])
    labels = {key: each for key, each in world.labels.items() if each.project not in gone}
    return evolve(world, labels=labels, projects=dropped(world.projects, *gone))


def retrieve_preview(world: World, asked: Asked, project: Project) -> Done:
    """A small picture of the first task that has one."""
    for task in tasks_of(world, project.id):
        if task.media is not None:
            return task_preview(world, asked, task)
    if "handling=empty" in str(asked.params.get("prefer", "")):
        return done(world, None, 204)
    return Failure(Refusal(404, b"Project image preview not found"))


def shown(world: World, asked: Asked, project: Project) -> models.ProjectRead:
    """A project as CVAT shows it.

    :param project: the project.
    """
    tasks = tasks_of(world, project.id)
    link = f"project_id={project.id}"
    return models.ProjectRead(
        url=asked.url(f"/api/projects/{project.id}"),
        id=project.id,
        name=project.name,
        owner=basic_user(world, asked, project.owner),
        assignee=basic_user(world, asked, project.assignee),
        guide_id=guide_of_project(world, project.id),
        bug_tracker=project.bug_tracker,
        task_subsets=tuple(sorted({task.subset for task in tasks if task.subset})),
        created_date=project.created,
        updated_date=project.updated,
        status=STATUS,
        dimension=next((task.media.dimension for task in tasks if task.media is not None), None),
        organization=project.organization,
        organization_id=project.organization,
        target_storage=project.target_storage,
        source_storage=project.source_storage,
        tasks=models.TasksSummary(count=len(tasks), url=asked.url(f"/api/tasks?{link}")),
        labels=models.LabelsSummary(url=asked.url(f"/api/labels?{link}")),
        assignee_updated_date=project.assigned,
    )


def _kept(
    world: World,
    asked: Asked,
    project: Project,
    sent: models.ProjectWriteRequest | models.PatchedProjectWriteRequest,
    status: int = 200,
    *headers: tuple[str, str],
) -> Done:
    """The project with all that a request says of it, its labels too."""
    match kept(world, asked, project, sent):
        case Failure() as refusal:
            return refusal
        case Success(after):
            told = shown(after, asked, after.projects[project.id])
            return done(after, told, status, *headers)


STATUS: Final = models.JobStatus.ANNOTATION
"""CVAT keeps a project's status apart from its tasks', and nothing in the API moves it."""


def _columns(world: World) -> Columns[Project]:
    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "owner": lambda row: username_of(world, row.owner),
        "assignee": lambda row: username_of(world, row.assignee),
        "status": lambda _: STATUS.value,
        "updated_date": lambda row: row.updated,
    }

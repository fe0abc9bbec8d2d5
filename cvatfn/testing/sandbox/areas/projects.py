"""Projects: create, list, retrieve, patch, delete, and a picture of the first task."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox.areas.frames import task_preview
from cvatfn.testing.sandbox.areas.labels import Home, relabeled
from cvatfn.testing.sandbox.areas.tasks import kept_storage, without_tasks, wrong_people
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import may_see_project
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, unbuilt
from cvatfn.testing.sandbox.state.annotated import Project, Task
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = [
    "create",
    "destroy",
    "list_projects",
    "partial_update",
    "retrieve",
    "retrieve_preview",
    "tasks_of",
]


def list_projects(world: World, asked: Asked) -> Done:
    """The projects one may see."""
    rows = [
        row
        for row in world.projects.values()
        if may_see_project(world, asked.account, row) and asked.is_within(row.organization)
    ]
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
    match wrong_people(world, asked, sent.owner_id, sent.assignee_id):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    assignee = sent.assignee_id if isinstance(sent.assignee_id, int) else None
    world, source = kept_storage(world, sent.source_storage)
    world, target = kept_storage(world, sent.target_storage)
    world, number = world.numbered("project")
    project = Project(
        id=number,
        name=sent.name,
        owner=sent.owner_id if isinstance(sent.owner_id, int) else asked.account.id,
        organization=asked.organization_id,
        assignee=assignee,
        assigned=None if assignee is None else world.now,
        bug_tracker=sent.bug_tracker or "",
        created=world.now,
        updated=world.now,
        source_storage=source,
        target_storage=target,
    )
    world = evolve(world, projects=put(world.projects, number, project))
    match relabeled(world, Home(project=number), sent.labels or ()):
        case Failure() as refusal:
            return refusal
        case Success(after):
            made = shown(after, asked, project)
            return done(after, made, 201, ("Location", asked.url(f"/api/projects/{number}")))


def retrieve(world: World, asked: Asked, project: Project) -> Done:
    """One project."""
    return done(world, shown(world, asked, project))


def partial_update(world: World, asked: Asked, project: Project) -> Done:
    """Change a project: only what is given."""
    sent = asked.given("patched_project_write_request", models.PatchedProjectWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, project))
    match wrong_people(world, asked, sent.owner_id, sent.assignee_id):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    if isinstance(sent.organization_id, int):
        return unbuilt("organizations yet")
    world, source = kept_storage(world, sent.source_storage)
    world, target = kept_storage(world, sent.target_storage)
    assignee = project.assignee if isinstance(sent.assignee_id, Unset) else sent.assignee_id
    project = evolve(
        project,
        name=sent.name or project.name,
        owner=sent.owner_id if isinstance(sent.owner_id, int) else project.owner,
        assignee=assignee,
        assigned=project.assigned if assignee == project.assignee else world.now,
        bug_tracker=(
            project.bug_tracker if isinstance(sent.bug_tracker, Unset) else sent.bug_tracker
        ),
        source_storage=source or project.source_storage,
        target_storage=target or project.target_storage,
        updated=world.now,
    )
    world = evolve(world, projects=put(world.projects, project.id, project))
    match relabeled(world, Home(project=project.id), sent.labels or ()):
        case Failure() as refusal:
            return refusal
        case Success(after):
            return done(after, shown(after, asked, project))


def destroy(world: World, asked: Asked, project: Project) -> Done:
    """Remove a project with its tasks, and all that belongs to them."""
    if not asked.account.is_superuser and asked.account.id != project.owner:
        return forbidden()
    world = without_tasks(world, [task.id for task in tasks_of(world, project.id)])
    labels = {key: each for key, each in world.labels.items() if each.project != project.id}
    projects = dropped(world.projects, project.id)
    return done(evolve(world, labels=labels, projects=projects), None, 204)


def retrieve_preview(world: World, asked: Asked, project: Project) -> Done:
    """A small picture of the first task that has one."""
    for task in tasks_of(world, project.id):
        if task.media is not None:
            return task_preview(world, asked, task)
    if "handling=empty" in str(asked.params.get("prefer", "")):
        return done(world, None, 204)
    return Failure(Refusal(404, b"Project image preview not found"))


def tasks_of(world: World, project: int) -> tuple[Task, ...]:
    """The tasks in a project, in the order in which they were made.

    :param project: its id.
    """
    return tuple(task for task in world.tasks.values() if task.project == project)


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
        guide_id=None,
        bug_tracker=project.bug_tracker,
        task_subsets=tuple(sorted({task.subset for task in tasks if task.subset})),
        created_date=project.created,
        updated_date=project.updated,
        status=STATUS,
        dimension=next((task.media.dimension for task in tasks if task.media is not None), None),
        organization=None,
        organization_id=None,
        target_storage=project.target_storage,
        source_storage=project.source_storage,
        tasks=models.TasksSummary(count=len(tasks), url=asked.url(f"/api/tasks?{link}")),
        labels=models.LabelsSummary(url=asked.url(f"/api/labels?{link}")),
        assignee_updated_date=project.assigned,
    )


STATUS: Final = models.JobStatus.ANNOTATION
"""CVAT keeps a project's status apart from its tasks', and nothing in the API moves it."""


def _columns(world: World) -> Columns[Project]:
    def username(number: int | None) -> str | None:
        return None if number is None else world.accounts[number].username

    return {
        "id": lambda row: row.id,
        "name": lambda row: row.name,
        "owner": lambda row: username(row.owner),
        "assignee": lambda row: username(row.assignee),
        "status": lambda _: STATUS.value,
        "updated_date": lambda row: row.updated,
    }

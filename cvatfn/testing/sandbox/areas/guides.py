"""Guides: how to annotate, in Markdown, for a task or for the tasks of a project.

Rule: who owns or was assigned the task or project writes its guide; who works by it reads it. A
file that the guide no longer shows is removed.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid
from cvatfn.testing.sandbox.gates.staff import is_guide_staff, is_open, may_make, target_of
from cvatfn.testing.sandbox.state.annotated import Project, Task
from cvatfn.testing.sandbox.state.lookups import assets_of, guide_of_project, guide_of_task
from cvatfn.testing.sandbox.state.talking import Guide
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["create", "destroy", "may_write", "partial_update", "retrieve"]


def create(world: World, asked: Asked) -> Done:
    """Write a guide for a project or for a task."""
    sent = asked.given("annotation_guide_write_request", models.AnnotationGuideWriteRequest)
    project = sent.project_id or None if sent is not None else None
    task = sent.task_id or None if sent is not None else None
    match _for_one(world, asked, project, task):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    world, number = world.numbered("guide")
    guide = Guide(
        id=number,
        task=task,
        project=project,
        markdown="" if sent is None else sent.markdown or "",
        created=world.now,
        updated=world.now,
    )
    return _written(world, guide, 201)


def retrieve(world: World, _: Asked, guide: Guide) -> Done:
    """One guide."""
    return done(world, shown(guide))


def partial_update(world: World, asked: Asked, guide: Guide) -> Done:
    """Rewrite a guide; what it is for stays."""
    if not may_write(world, asked, guide):
        return forbidden()
    kind = models.PatchedAnnotationGuideWriteRequest
    sent = asked.given("patched_annotation_guide_write_request", kind)
    if sent is None or isinstance(sent.markdown, Unset):
        return done(world, shown(guide))
    return _written(world, evolve(guide, markdown=sent.markdown, updated=world.now), 200)


def destroy(world: World, asked: Asked, guide: Guide) -> Done:
    """Remove a guide; its files go with it."""
    if not may_write(world, asked, guide):
        return forbidden()
    return done(evolve(world, guides=dropped(world.guides, guide.id)), None, 204)


def may_write(world: World, asked: Asked, guide: Guide) -> bool:
    """Whether a person may change a guide and its files.

    :param guide: the guide.
    """
    organization = target_of(world, guide).organization
    staff = is_guide_staff(world, asked.account, guide)
    return is_open(world, asked.account, organization, staff=staff)


def shown(guide: Guide) -> models.AnnotationGuideRead:
    """A guide as CVAT shows it.

    :param guide: the guide.
    """
    return models.AnnotationGuideRead(
        id=guide.id,
        task_id=guide.task,
        project_id=guide.project,
        created_date=guide.created,
        updated_date=guide.updated,
        markdown=guide.markdown,
    )


_SHOWN: Final = re.compile(
    r"\(/api/assets/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)"
)


def _for_one(
    world: World, asked: Asked, project: int | None, task: int | None
) -> Outcome[None, Refusal]:
    """Refuse a guide for nothing, for two things, or for what is not there or has one."""
    target: Project | Task | None = None
    if project is not None:
        target = world.projects.get(project)
    elif task is not None:
        target = world.tasks.get(task)
    if target is None and (project, task) != (None, None):
        return invalid(f"{'Task' if project is None else 'Project'} matching query does not exist.")
    staff = target is not None and asked.account.id in (target.owner, target.assignee)
    organization = None if target is None else target.organization
    if not may_make(world, asked, organization, staff=staff):
        return forbidden()
    if target is None:
        return invalid("One of project_id or task_id must be specified")
    if project is not None and task is not None:
        return invalid("Both project_id and task_id must not be specified")
    if project is not None and guide_of_project(world, project) is not None:
        return invalid("The project has a guide already")
    if task is not None and guide_of_task(world, task) is not None:
        return invalid("The task has a guide already")
    return Success(None)


def _written(world: World, guide: Guide, status: int) -> Done:
    """Keep a guide with the files that it shows, and no others."""
    wanted = [UUID(found) for found in _SHOWN.findall(guide.markdown)]
    for uuid in wanted:
        asset = world.assets.get(uuid)
        if asset is None:
            return invalid("Asset matching query does not exist.")
        if asset.guide != guide.id:
            return invalid("Asset is already related to another guide")
    gone = [asset.uuid for asset in assets_of(world, guide) if asset.uuid not in wanted]
    guides = put(world.guides, guide.id, guide)
    world = evolve(world, guides=guides, assets=dropped(world.assets, *gone))
    return done(world, shown(guide), status)

"""Quality settings: list, look at, change."""

from __future__ import annotations

from typing import Final, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.json import unstructure
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.quality.choosing import wrong_job_filter
from cvatfn.testing.sandbox.areas.quality.flat import flat_fields, with_flat
from cvatfn.testing.sandbox.areas.quality.keeping import replaced
from cvatfn.testing.sandbox.areas.quality.requirements import item
from cvatfn.testing.sandbox.areas.quality.scope import is_in_project, seen, without
from cvatfn.testing.sandbox.areas.quality.standing import (
    may_see_settings,
    organization_of,
    requirements_in,
)
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.quality import QualitySettings
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["change", "list_settings", "retrieve"]

T = TypeVar("T")


def list_settings(world: World, asked: Asked) -> Done:
    """The settings of what one may see; those of a project with those of its tasks."""
    match seen(world, asked):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    of = asked.params.get("parent_type")
    rows = [
        settings
        for settings in world.quality_settings.values()
        if may_see_settings(world, asked.account, settings)
        and asked.is_within(organization_of(world, settings.task, settings.project))
        and is_in_project(world, asked, settings.task, settings.project)
        and (of is None or (of == "task") == (settings.task is not None))
    ]
    asked = without(asked, "project_id")
    return paged(world, asked, rows, _COLUMNS, lambda row: shown(world, row), order="id")


def retrieve(world: World, _: Asked, settings: QualitySettings) -> Done:
    """Some settings with all their requirements."""
    return done(world, shown(world, settings))


def change(world: World, asked: Asked, settings: QualitySettings) -> Done:
    """Change settings; the requirements that are sent take the place of those there are."""
    match _changed(world, asked, settings):
        case Failure() as refusal:
            return refusal
        case Success(after):
            return done(after, shown(after, after.quality_settings[settings.id]))


def shown(world: World, settings: QualitySettings) -> dict[str, object]:
    """Settings as CVAT shows them, in the form of all releases at once.

    :param settings: the settings.
    """
    model = models.QualitySettings(
        id=settings.id,
        task_id=settings.task,
        project_id=settings.project,
        job_filter=settings.job_filter,
        inherit=settings.inherit,
        max_validations_per_job=settings.max_validations_per_job,
        requirements=tuple(item(world, each) for each in requirements_in(world, settings.id)),
        created_date=settings.created,
        updated_date=settings.updated,
    )
    return {**unstructure(model), **flat_fields(settings.flat)}


def _changed(world: World, asked: Asked, settings: QualitySettings) -> Outcome[World, Refusal]:
    body = asked.endpoint.body
    sent = None if body is None else asked.params.get(body.name)
    if not isinstance(sent, models.QualitySettingsRequest | models.PatchedQualitySettingsRequest):
        return Success(world)
    if not isinstance(sent.job_filter, Unset):
        wrong = wrong_job_filter(sent.job_filter)
        if wrong is not None:
            return invalid(job_filter=wrong)
    match with_flat(settings, asked.request):
        case Failure() as refusal:
            return refusal
        case Success(settings):
            pass
    settings = evolve(
        settings,
        job_filter=_or(sent.job_filter, settings.job_filter),
        inherit=_or(sent.inherit, settings.inherit),
        max_validations_per_job=_or(sent.max_validations_per_job, settings.max_validations_per_job),
        updated=world.now,
    )
    kept = put(world.quality_settings, settings.id, settings)
    world = _touched(evolve(world, quality_settings=kept), settings)
    if isinstance(sent.requirements, Unset):
        return Success(world)
    return replaced(world, asked, settings, sent.requirements)


def _touched(world: World, settings: QualitySettings) -> World:
    """A world in which what settings belong to was changed with them."""
    if settings.task is not None:
        task = evolve(world.tasks[settings.task], updated=world.now)
        return evolve(world, tasks=put(world.tasks, task.id, task))
    if settings.project is None:
        return world
    project = evolve(world.projects[settings.project], updated=world.now)
    return evolve(world, projects=put(world.projects, project.id, project))


def _or(sent: T | Unset, default: T) -> T:
    return default if isinstance(sent, Unset) else sent


_COLUMNS: Final[Columns[QualitySettings]] = {
    "id": lambda row: row.id,
    "task_id": lambda row: row.task,
    "project_id": lambda row: row.project,
    "inherit": lambda row: row.inherit,
    "created_date": lambda row: row.created,
    "updated_date": lambda row: row.updated,
}

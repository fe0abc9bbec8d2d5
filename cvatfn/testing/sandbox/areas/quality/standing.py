"""Settings of quality and consensus, for everything that has to have some.

Rule: every task and every project has quality settings, and these have one base requirement for
each kind of annotation; every task with replicas has consensus settings. They come into being when
anybody first asks about quality, dated back to what they belong to, so that no other area has to
know of them. What belongs to something that is gone goes at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from attrs import evolve, fields, frozen

from cvatfn import models
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Handler, on_thing
from cvatfn.testing.sandbox.gates.permitting import may_see_project, may_see_task
from cvatfn.testing.sandbox.state.annotated import Project, Task
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.quality import (
    BASE,
    ConsensusSettings,
    QualitySettings,
    Report,
    Requirement,
    Values,
)
from cvatfn.testing.sandbox.state.world import World, put

__all__ = [
    "chain_of",
    "effective",
    "may_see_report",
    "may_see_settings",
    "on_report",
    "on_requirement",
    "on_settings",
    "organization_of",
    "place_of",
    "requirements_in",
    "settings_of",
    "standing",
    "with_settings",
]

K = TypeVar("K")
V = TypeVar("V")
VALUES: Final = tuple(field.name for field in fields(Values))


@frozen
class Place:
    """Where settings or a report are: the ids of the task and of the project."""

    task: int | None
    project: int | None


def with_settings(handler: Handler) -> Handler:
    """See to it that everything has its settings, first.

    :param handler: what to do then.
    """
    return lambda world, asked: handler(standing(world), asked)


def on_settings(handler: Callable[[World, Asked, QualitySettings], Done]) -> Handler:
    """Find the settings of the path first, and refuse who may not see what they belong to.

    :param handler: what to do with them.
    """
    return with_settings(
        on_thing("QualitySettings", lambda world: world.quality_settings, may_see_settings, handler)
    )


def on_requirement(handler: Callable[[World, Asked, Requirement], Done]) -> Handler:
    """Find the requirement of the path first, and refuse who may not see what it belongs to.

    :param handler: what to do with it.
    """

    def may_see(world: World, account: Account, requirement: Requirement) -> bool:
        return may_see_settings(world, account, world.quality_settings[requirement.settings])

    return with_settings(
        on_thing("QualityRequirement", lambda world: world.requirements, may_see, handler)
    )


def on_report(handler: Callable[[World, Asked, Report], Done]) -> Handler:
    """Find the report of the path first, and refuse who may not see it.

    :param handler: what to do with it.
    """
    return with_settings(
        on_thing("QualityReport", lambda world: world.reports, may_see_report, handler)
    )


def may_see_settings(world: World, account: Account, settings: QualitySettings) -> bool:
    """Whether a person may see and change settings: who leads what they belong to may.

    :param settings: the settings.
    """
    return _may_see(world, account, Place(settings.task, settings.project))


def may_see_report(world: World, account: Account, report: Report) -> bool:
    """Whether a person may see a report: who leads what it is on may.

    :param report: the report.
    """
    return _may_see(world, account, place_of(world, report))


def place_of(world: World, report: Report) -> Place:
    """The task and the project that a report is on.

    :param report: the report.
    """
    task = world.jobs[report.job].task if report.job is not None else report.task
    project = report.project if task is None else world.tasks[task].project
    return Place(task, project)


def organization_of(world: World, task: int | None, project: int | None) -> int | None:
    """The id of the organization of a task, or of a project.

    :param task: its id.
    :param project: its id, where it is no task.
    """
    if task is not None:
        return world.tasks[task].organization
    return None if project is None else world.projects[project].organization


def settings_of(world: World, task: Task) -> QualitySettings:
    """The settings that a task is judged by: its own, or those of its project.

    :param world: where everything has settings.
    """
    own = next(each for each in world.quality_settings.values() if each.task == task.id)
    if task.project is None or not own.inherit:
        return own
    of_projects = world.quality_settings.values()
    return next(each for each in of_projects if each.project == task.project)


def requirements_in(world: World, settings: int) -> tuple[Requirement, ...]:
    """The requirements of settings, in their order.

    :param settings: the id of the settings.
    """
    found = [each for each in world.requirements.values() if each.settings == settings]
    return tuple(sorted(found, key=lambda each: (each.sort_order, each.id)))


def chain_of(world: World, requirement: Requirement) -> tuple[Requirement, ...]:
    """A requirement, its parent, the parent of that, and so on to the base.

    :param requirement: the first of them.
    """
    chain = [requirement]
    while chain[-1].parent is not None:
        chain.append(world.requirements[chain[-1].parent])
    return tuple(chain)


def effective(world: World, requirement: Requirement) -> Values:
    """What a requirement says, with the values of its parents where it leaves one open.

    :param requirement: the requirement.
    """
    values = requirement.values
    for parent in chain_of(world, requirement)[1:]:
        open_ones = [name for name in VALUES if getattr(values, name) is None]
        values = evolve(values, **{name: getattr(parent.values, name) for name in open_ones})
    return values


def standing(world: World) -> World:
    """A world in which everything has its settings, and nothing has any that is gone.

    :param world: before.
    """
    world = _without_gone(world)
    with_own = {each.task for each in world.quality_settings.values()}
    of_projects = {each.project for each in world.quality_settings.values()}
    new: list[Project | Task] = [
        *(project for key, project in world.projects.items() if key not in of_projects),
        *(task for key, task in world.tasks.items() if key not in with_own),
    ]
    for each in sorted(new, key=lambda each: each.created):
        world = _with_quality(world, each)
    merging = {each.task for each in world.consensus_settings.values()}
    replicated = dict.fromkeys(job.task for job in world.jobs.values() if job.parent is not None)
    for task in replicated:
        if task not in merging:
            world, number = world.numbered("consensus settings")
            settings = ConsensusSettings(id=number, task=task)
            kept = put(world.consensus_settings, number, settings)
            world = evolve(world, consensus_settings=kept)
    return world


def _with_quality(world: World, owner: Project | Task) -> World:
    world, number = world.numbered("quality settings")
    settings = QualitySettings(
        id=number,
        task=owner.id if isinstance(owner, Task) else None,
        project=owner.id if isinstance(owner, Project) else None,
        created=owner.created,
        updated=owner.created,
    )
    kept = put(world.quality_settings, number, settings)
    world = evolve(world, quality_settings=kept)
    for order, kind in enumerate(models.AnnotationTypeEnum):
        world, number = world.numbered("requirement")
        base = Requirement(
            id=number,
            settings=settings.id,
            name=f"Base {kind.value.replace('_', ' ')}",
            sort_order=order,
            enabled=False,
            values=evolve(BASE, annotation_type=kind),
            created=owner.created,
            updated=owner.created,
        )
        world = evolve(world, requirements=put(world.requirements, number, base))
    return world


def _without_gone(world: World) -> World:
    def is_there(task: int | None, project: int | None) -> bool:
        return task in world.tasks if task is not None else project in world.projects

    def is_on_something(report: Report) -> bool:
        if report.job is not None:
            return report.job in world.jobs and world.jobs[report.job].task in world.tasks
        return is_there(report.task, report.project)

    settings = _kept(world.quality_settings, lambda each: is_there(each.task, each.project))
    return evolve(
        world,
        quality_settings=settings,
        requirements=_kept(world.requirements, lambda each: each.settings in settings),
        reports=_kept(world.reports, is_on_something),
        consensus_settings=_kept(world.consensus_settings, lambda each: each.task in world.tasks),
    )


def _kept(mapping: Mapping[K, V], wanted: Callable[[V], bool]) -> Mapping[K, V]:
    return {key: value for key, value in mapping.items() if wanted(value)}


def _may_see(world: World, account: Account, place: Place) -> bool:
    if place.task is not None:
        return may_see_task(world, account, world.tasks[place.task])
    return place.project is not None and may_see_project(
        world, account, world.projects[place.project]
    )

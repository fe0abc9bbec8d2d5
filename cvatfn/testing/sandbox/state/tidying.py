"""What goes along with what it belongs to.

Rule: whoever removes a job, task, project or organization need not know what hangs on it here;
`tidied` looks at what is gone and drops what belonged to it, down to the last file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_
from typing import TypeVar

from attrs import evolve

from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.quality import QualitySettings, Report
from cvatfn.testing.sandbox.state.talking import Guide
from cvatfn.testing.sandbox.state.world import World

__all__ = ["tidied"]

K = TypeVar("K")
V = TypeVar("V")


def tidied(before: World, after: World) -> World:
    """A world without what belonged to things that are gone.

    :param before: where they were.
    :param after: where they are not any more; as it is, where nothing is gone.

    >>> tidied(World.empty(), World.empty()) == World.empty()
    True
    """
    shrunk = (
        _is_less(before.projects, after.projects)
        or _is_less(before.tasks, after.tasks)
        or _is_less(before.jobs, after.jobs)
        or _is_less(before.organizations, after.organizations)
        or _is_less(before.issues, after.issues)
        or _is_less(before.guides, after.guides)
        or _is_less(before.webhooks, after.webhooks)
    )
    return _swept(after) if shrunk else after


def _is_less(before: Mapping[K, object], after: Mapping[K, object]) -> bool:
    if before is after or (len(before) <= len(after) and all(map(is_, before, after))):
        return False  # nearly always: what stays keeps its place
    return not before.keys() <= after.keys()


def _swept(world: World) -> World:
    issues = _kept(world.issues, lambda row: row.job in world.jobs)
    guides = _kept(world.guides, lambda row: _has_target(world, row))
    webhooks = _kept(world.webhooks, lambda row: _has_subject(world, row))
    settings = _kept(world.quality_settings, lambda row: _has_target(world, row))
    return evolve(
        world,
        issues=issues,
        comments=_kept(world.comments, lambda row: row.issue in issues),
        guides=guides,
        assets=_kept(world.assets, lambda row: row.guide in guides),
        webhooks=webhooks,
        deliveries=_kept(world.deliveries, lambda row: row.webhook in webhooks),
        quality_settings=settings,
        requirements=_kept(world.requirements, lambda row: row.settings in settings),
        reports=_kept(world.reports, lambda row: _has_subject_of_report(world, row)),
        consensus_settings=_kept(world.consensus_settings, lambda row: row.task in world.tasks),
    )


def _kept(rows: Mapping[K, V], wanted: Callable[[V], bool]) -> Mapping[K, V]:
    return {key: row for key, row in rows.items() if wanted(row)}


def _has_target(world: World, row: Guide | QualitySettings | Report) -> bool:
    return row.task in world.tasks or row.project in world.projects


def _has_subject_of_report(world: World, report: Report) -> bool:
    return _has_target(world, report) if report.job is None else report.job in world.jobs


def _has_subject(world: World, webhook: Webhook) -> bool:
    in_project = webhook.project is None or webhook.project in world.projects
    return in_project and (
        webhook.organization is None or webhook.organization in world.organizations
    )

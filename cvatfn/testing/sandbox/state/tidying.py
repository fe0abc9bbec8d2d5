"""What goes along with what it belongs to.

Rule: whoever removes a job, task, project or organization need not know what hangs on it here;
`tidied` looks at what is gone and drops what belonged to it, down to the last file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from attrs import evolve

from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.talking import Guide
from cvatfn.testing.sandbox.state.world import World

__all__ = ["tidied"]

K = TypeVar("K")


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
    return before is not after and not before.keys() <= after.keys()


def _swept(world: World) -> World:
    issues = {key: row for key, row in world.issues.items() if row.job in world.jobs}
    guides = {key: row for key, row in world.guides.items() if _has_target(world, row)}
    webhooks = {key: row for key, row in world.webhooks.items() if _has_subject(world, row)}
    return evolve(
        world,
        issues=issues,
        comments={key: row for key, row in world.comments.items() if row.issue in issues},
        guides=guides,
        assets={key: row for key, row in world.assets.items() if row.guide in guides},
        webhooks=webhooks,
        deliveries={key: row for key, row in world.deliveries.items() if row.webhook in webhooks},
    )


def _has_target(world: World, guide: Guide) -> bool:
    return guide.task in world.tasks or guide.project in world.projects


def _has_subject(world: World, webhook: Webhook) -> bool:
    in_project = webhook.project is None or webhook.project in world.projects
    return in_project and (
        webhook.organization is None or webhook.organization in world.organizations
    )

"""Issues with their comments, and webhooks with what they were told, from what answers tell."""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.state.hooks import Webhook, WebhookDelivery
from cvatfn.testing.sandbox.state.talking import Comment, Issue
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.rebuilding.annotated import with_job, with_project
from tests.fidelity.rebuilding.people import FIRST, with_account, with_organization
from tests.fidelity.recorded import Recorded

__all__ = ["comment", "connected", "issue", "webhook", "with_comment", "with_issue", "with_webhook"]


def with_issue(world: World, number: int) -> World:
    """The world in which there is an issue of an id, in a job that it has to itself.

    :param number: the id.
    """
    if number in world.issues:
        return world
    world = with_job(with_account(world, FIRST), number)
    made = Issue(
        id=number,
        job=number,
        frame=0,
        position=(0.0, 0.0),
        owner=FIRST,
        created=world.now,
        updated=world.now,
    )
    return evolve(world, issues=put(world.issues, number, made))


def with_comment(world: World, number: int) -> World:
    """The world in which there is a comment of an id, on some issue.

    :param number: the id.
    """
    if number in world.comments:
        return world
    world = with_issue(world, number)
    made = Comment(
        id=number, issue=number, owner=FIRST, message="-", created=world.now, updated=world.now
    )
    return evolve(world, comments=put(world.comments, number, made))


def with_webhook(world: World, number: int) -> World:
    """The world in which there is a webhook of an id, for a project that it has to itself.

    :param number: the id.
    """
    if number in world.webhooks:
        return world
    world = with_project(world, number)
    made = Webhook(
        id=number,
        type=models.WebhookType.PROJECT,
        target_url="http://receiver.example",
        owner=FIRST,
        project=number,
        events=frozenset(),
        created=world.now,
        updated=world.now,
    )
    return evolve(world, webhooks=put(world.webhooks, number, made))


def connected(world: World) -> World:
    """The world in which every issue has its job, every comment its issue and so on.

    :param world: one from which some things were taken.
    """
    for comment in world.comments.values():
        world = with_issue(world, comment.issue)
    for issue in world.issues.values():
        world = with_job(world, issue.job, issue.frame + 1)
    for webhook in world.webhooks.values():
        world = with_organization(with_project(world, webhook.project), webhook.organization)
    return world


def issue(world: World, seen: models.IssueRead, _: Recorded) -> World:
    """An issue; it has as many comments as were counted."""
    owner = FIRST if seen.owner is None else seen.owner.id
    world = with_account(with_job(world, seen.job, seen.frame + 1), owner)
    made = Issue(
        id=seen.id,
        job=seen.job,
        frame=seen.frame,
        position=seen.position,
        owner=owner,
        assignee=None if seen.assignee is None else seen.assignee.id,
        resolved=seen.resolved,
        created=seen.created_date or world.now,
        updated=seen.updated_date or world.now,
    )
    return evolve(world, issues=put(world.issues, seen.id, made))


def comment(world: World, seen: models.CommentRead, _: Recorded) -> World:
    """A comment."""
    owner = FIRST if seen.owner is None else seen.owner.id
    world = with_account(with_issue(world, seen.issue), owner)
    made = Comment(
        id=seen.id,
        issue=seen.issue,
        owner=owner,
        message=seen.message,
        created=seen.created_date,
        updated=seen.updated_date,
    )
    return evolve(world, comments=put(world.comments, seen.id, made))


def webhook(world: World, seen: models.WebhookRead, _: Recorded) -> World:
    """A webhook, and how its last delivery went, if there was one."""
    world = with_organization(with_project(world, seen.project_id), seen.organization)
    owner = FIRST if seen.owner is None else seen.owner.id
    made = Webhook(
        id=seen.id,
        type=seen.type,
        target_url=seen.target_url,
        description=seen.description,
        content_type=seen.content_type,
        is_active=seen.is_active,
        enable_ssl=seen.enable_ssl,
        owner=owner,
        project=seen.project_id,
        organization=seen.organization,
        events=frozenset(seen.events),
        created=seen.created_date,
        updated=seen.updated_date,
    )
    world = evolve(with_account(world, owner), webhooks=put(world.webhooks, seen.id, made))
    others = {key: held for key, held in world.deliveries.items() if held.webhook != seen.id}
    status = seen.last_status
    if not isinstance(status, int):
        return evolve(world, deliveries=others)
    number = max(world.deliveries, default=0) + 1
    told = WebhookDelivery(
        id=number,
        webhook=seen.id,
        event="ping",
        content=b"{}",
        status_code=status,
        created=seen.last_delivery_date or world.now,
        updated=seen.last_delivery_date or world.now,
    )
    return evolve(world, deliveries={**others, number: told})

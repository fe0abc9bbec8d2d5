"""Comments on issues.

Rule: who has to do with an issue sees, writes, changes and removes its comments.
"""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import forbidden, invalid
from cvatfn.testing.sandbox.gates.staff import (
    is_comment_staff,
    is_issue_staff,
    may_make,
    may_see_comment,
)
from cvatfn.testing.sandbox.state.lookups import place
from cvatfn.testing.sandbox.state.talking import Comment, Issue
from cvatfn.testing.sandbox.state.world import World, dropped, put, username_of

__all__ = [
    "commented",
    "create",
    "destroy",
    "list_comments",
    "partial_update",
    "retrieve",
    "shown",
]


def list_comments(world: World, asked: Asked) -> Done:
    """The comments one has to do with; within an organization its maintainers see all."""
    rows = [row for row in world.comments.values() if _is_listed(world, asked, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("owner",),
    )


def create(world: World, asked: Asked) -> Done:
    """Comment on an issue."""
    sent = asked.needed("comment_write_request", models.CommentWriteRequest)
    issue = world.issues.get(sent.issue)
    if issue is None:
        return invalid("Issue matching query does not exist.")
    _, task = place(world, issue)
    staff = is_issue_staff(world, asked.account, issue)
    if not may_make(world, asked, task.organization, staff=staff):
        return forbidden()
    world, comment = commented(world, issue, asked.account.id, sent.message or "")
    return done(world, shown(world, asked, comment), 201)


def retrieve(world: World, asked: Asked, comment: Comment) -> Done:
    """One comment."""
    return done(world, shown(world, asked, comment))


def partial_update(world: World, asked: Asked, comment: Comment) -> Done:
    """Say it in other words."""
    sent = asked.given("patched_comment_write_request", models.PatchedCommentWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, comment))
    comment = evolve(comment, message=sent.message or comment.message, updated=world.now)
    world = evolve(world, comments=put(world.comments, comment.id, comment))
    return done(world, shown(world, asked, comment))


def destroy(world: World, _: Asked, comment: Comment) -> Done:
    """Remove a comment."""
    return done(evolve(world, comments=dropped(world.comments, comment.id)), None, 204)


def commented(world: World, issue: Issue, owner: int, message: str) -> tuple[World, Comment]:
    """A world with one comment more, and the comment.

    :param issue: on what.
    :param owner: who says it.
    :param message: what is said.
    """
    world, number = world.numbered("comment")
    comment = Comment(
        id=number,
        issue=issue.id,
        owner=owner,
        message=message,
        created=world.now,
        updated=world.now,
    )
    return evolve(world, comments=put(world.comments, number, comment)), comment


def shown(world: World, asked: Asked, comment: Comment) -> models.CommentRead:
    """A comment as CVAT shows it.

    :param comment: the comment.
    """
    return models.CommentRead(
        id=comment.id,
        issue=comment.issue,
        owner=basic_user(world, asked, comment.owner),
        message=comment.message,
        created_date=comment.created,
        updated_date=comment.updated,
    )


def _is_listed(world: World, asked: Asked, comment: Comment) -> bool:
    _, task = place(world, world.issues[comment.issue])
    if not asked.is_within(task.organization):
        return False
    if asked.organization_id is not None:
        return may_see_comment(world, asked.account, comment)
    return is_admin(asked.account) or is_comment_staff(world, asked.account, comment)


def _columns(world: World) -> Columns[Comment]:
    return {
        "id": lambda row: row.id,
        "owner": lambda row: username_of(world, row.owner),
        "issue_id": lambda row: row.issue,
        "job_id": lambda row: world.issues[row.issue].job,
        "frame_id": lambda row: world.issues[row.issue].frame,
    }

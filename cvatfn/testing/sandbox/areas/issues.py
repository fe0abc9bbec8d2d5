"""Issues: what somebody found wrong on a frame, with a first comment.

Rule: who has to do with a job sees and raises its issues; who has to do with an issue resolves it;
staff of the task, and who raised it, may remove it.
"""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.areas.comments import commented
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import forbidden, invalid
from cvatfn.testing.sandbox.gates.staff import (
    is_issue_admin,
    is_issue_staff,
    is_job_staff,
    is_open,
    may_make,
    may_see_issue,
)
from cvatfn.testing.sandbox.state.lookups import place
from cvatfn.testing.sandbox.state.talking import Issue
from cvatfn.testing.sandbox.state.world import World, dropped, put

__all__ = ["create", "destroy", "list_issues", "partial_update", "retrieve", "shown"]


def list_issues(world: World, asked: Asked) -> Done:
    """The issues one has to do with; within an organization its maintainers see all."""
    rows = [row for row in world.issues.values() if _is_listed(world, asked, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("owner", "assignee"),
    )


def create(world: World, asked: Asked) -> Done:
    """Raise an issue with its first comment."""
    sent = asked.needed("issue_write_request", models.IssueWriteRequest)
    job = world.jobs.get(sent.job)
    if job is None:
        return invalid("Job matching query does not exist.")
    organization = world.tasks[job.task].organization
    if not may_make(world, asked, organization, staff=is_job_staff(world, asked.account, job)):
        return forbidden()
    if not sent.position:
        return invalid(position="This list may not be empty.")
    if _is_nobody(world, sent.assignee):
        return invalid(assignee=f'Invalid pk "{sent.assignee}" - object does not exist.')
    world, number = world.numbered("issue")
    issue = Issue(
        id=number,
        job=job.id,
        frame=sent.frame,
        position=sent.position,
        owner=asked.account.id,
        assignee=sent.assignee if isinstance(sent.assignee, int) else None,
        resolved=sent.resolved is True,
        created=world.now,
        updated=world.now,
    )
    world = evolve(world, issues=put(world.issues, number, issue))
    world, _ = commented(world, issue, asked.account.id, sent.message)
    return done(world, shown(world, asked, issue), 201)


def retrieve(world: World, asked: Asked, issue: Issue) -> Done:
    """One issue."""
    return done(world, shown(world, asked, issue))


def partial_update(world: World, asked: Asked, issue: Issue) -> Done:
    """Move, assign or resolve an issue; what else is sent is passed over."""
    sent = asked.given("patched_issue_write_request", models.PatchedIssueWriteRequest)
    if sent is None:
        return done(world, shown(world, asked, issue))
    if not isinstance(sent.position, Unset) and not sent.position:
        return invalid(position="This list may not be empty.")
    if _is_nobody(world, sent.assignee):
        return invalid(assignee=f'Invalid pk "{sent.assignee}" - object does not exist.')
    issue = evolve(
        issue,
        position=issue.position if isinstance(sent.position, Unset) else sent.position,
        assignee=issue.assignee if isinstance(sent.assignee, Unset) else sent.assignee,
        resolved=issue.resolved if isinstance(sent.resolved, Unset) else sent.resolved,
        updated=world.now,
    )
    world = evolve(world, issues=put(world.issues, issue.id, issue))
    return done(world, shown(world, asked, issue))


def destroy(world: World, asked: Asked, issue: Issue) -> Done:
    """Remove an issue; its comments go with it."""
    _, task = place(world, issue)
    admin = is_issue_admin(world, asked.account, issue)
    if not is_open(world, asked.account, task.organization, staff=admin):
        return forbidden()
    return done(evolve(world, issues=dropped(world.issues, issue.id)), None, 204)


def shown(world: World, asked: Asked, issue: Issue) -> models.IssueRead:
    """An issue as CVAT shows it.

    :param issue: the issue.
    """
    count = sum(comment.issue == issue.id for comment in world.comments.values())
    return models.IssueRead(
        id=issue.id,
        frame=issue.frame,
        position=issue.position,
        job=issue.job,
        owner=basic_user(world, asked, issue.owner),
        assignee=basic_user(world, asked, issue.assignee),
        created_date=issue.created,
        updated_date=issue.updated,
        resolved=issue.resolved,
        comments=models.CommentsSummary(
            count=count, url=asked.url(f"/api/comments?issue_id={issue.id}")
        ),
    )


def _is_listed(world: World, asked: Asked, issue: Issue) -> bool:
    _, task = place(world, issue)
    if not asked.is_within(task.organization):
        return False
    if asked.organization_id is not None:
        return may_see_issue(world, asked.account, issue)
    return is_admin(asked.account) or is_issue_staff(world, asked.account, issue)


def _is_nobody(world: World, number: int | Unset | None) -> bool:
    return isinstance(number, int) and number not in world.accounts


def _columns(world: World) -> Columns[Issue]:
    def username(number: int | None) -> str | None:
        account = None if number is None else world.accounts.get(number)
        return None if account is None else account.username

    return {
        "id": lambda row: row.id,
        "owner": lambda row: username(row.owner),
        "assignee": lambda row: username(row.assignee),
        "job_id": lambda row: row.job,
        "task_id": lambda row: world.jobs[row.job].task,
        "resolved": lambda row: row.resolved,
        "frame_id": lambda row: row.frame,
    }

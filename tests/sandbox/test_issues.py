"""Issues and their comments: who sees, raises, resolves and removes them, and where they go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import Request, Transport, call, models
from cvatfn.api import comments, issues, jobs, projects, tasks, users
from cvatfn.filters import Issues
from cvatfn.testing.sandbox import Sandbox
from cvatfn.transport import in_organization
from tests.sandbox.kit import make_task, picture, status_of
from tests.sandbox.talk import PEOPLE, entered, first_job, organized


def _raised(transport: Transport, job: int, **fields: int) -> models.IssueRead:
    body: models.IssueWriteRequestDict = {
        "frame": fields.get("frame", 0),
        "position": [2, 4],
        "job": job,
        "message": "look here",
    }
    return call(transport, issues.create, body).unwrap()


def test_an_issue_comes_with_its_first_comment(admin: Transport) -> None:
    job = first_job(admin, make_task(admin).id)
    issue = _raised(admin, job.id)
    assert (issue.comments.count, issue.resolved, issue.assignee) == (1, False, None)
    (said,) = call(admin, comments.list, issue_id=issue.id).unwrap().results
    assert (said.message, said.owner) == ("look here", issue.owner)
    assert call(admin, jobs.retrieve, job.id).unwrap().issues.count == 1


def test_an_issue_is_moved_assigned_and_resolved(admin: Transport) -> None:
    job = first_job(admin, make_task(admin).id)
    issue = _raised(admin, job.id)
    me = call(admin, users.retrieve_self).unwrap()
    change: models.PatchedIssueWriteRequestDict = {
        "resolved": True,
        "assignee": me.id,
        "position": [1.5, 2.5, 3, 4],
    }
    changed = call(admin, issues.partial_update, issue.id, change).unwrap()
    assert (changed.resolved, changed.position) == (True, (1.5, 2.5, 3.0, 4.0))
    assert changed.assignee is not None
    assert changed.updated_date is not None
    assert issue.updated_date is not None
    assert changed.updated_date > issue.updated_date
    assert call(admin, issues.retrieve, issue.id).unwrap() == changed
    assert call(admin, issues.list, resolved=False).unwrap().count == 0
    assert call(admin, issues.list, filter=Issues.resolved == True).unwrap().count == 1  # noqa: E712 - a filter


def test_comments_are_written_changed_and_removed(admin: Transport) -> None:
    job = first_job(admin, make_task(admin).id)
    issue = _raised(admin, job.id)
    more = call(admin, comments.create, {"issue": issue.id, "message": "hi!"}).unwrap()
    changed = call(admin, comments.partial_update, more.id, {"message": "bar"}).unwrap()
    assert (changed.message, changed.issue) == ("bar", issue.id)
    assert call(admin, comments.retrieve, more.id).unwrap() == changed
    listed = call(admin, comments.list, job_id=job.id).unwrap().results
    assert [row.id for row in listed] == [more.id, more.id - 1]
    assert call(admin, comments.destroy, more.id).unwrap() is None
    assert status_of(call(admin, comments.retrieve, more.id).failure()) == 404


def test_issues_are_listed_by_all_that_they_have(admin: Transport) -> None:
    task = make_task(admin, segment_size=2)
    first, second = call(admin, jobs.list, task_id=task.id, sort="id").unwrap().results
    one, other = _raised(admin, first.id), _raised(admin, second.id, frame=2)
    for found, wanted in (
        (call(admin, issues.list, job_id=first.id), [one.id]),
        (call(admin, issues.list, task_id=task.id), [other.id, one.id]),
        (call(admin, issues.list, frame_id=2), [other.id]),
        (call(admin, issues.list, owner="admin"), [other.id, one.id]),
        (call(admin, issues.list, assignee="admin"), []),
        (call(admin, issues.list, search="adm", sort="id"), [one.id, other.id]),
        (call(admin, issues.list, org=""), [other.id, one.id]),
    ):
        assert [row.id for row in found.unwrap().results] == wanted


def test_a_deleted_issue_takes_its_comments_along(sandbox: Sandbox, admin: Transport) -> None:
    issue = _raised(admin, first_job(admin, make_task(admin).id).id)
    assert call(admin, issues.destroy, issue.id).unwrap() is None
    assert not sandbox.world.comments
    assert status_of(call(admin, issues.retrieve, issue.id).failure()) == 404


@pytest.mark.parametrize("what", ["task", "project"])
def test_a_deleted_task_leaves_no_issue(sandbox: Sandbox, admin: Transport, what: str) -> None:
    project = call(admin, projects.create, {"name": "pets"}).unwrap()
    other = _raised(admin, first_job(admin, make_task(admin).id).id)
    inside = call(admin, tasks.create, {"name": "inside", "project_id": project.id}).unwrap()
    call(admin, tasks.create_data, inside.id, {"client_files": [picture("a.png")]}).unwrap()
    for _ in range(4):
        call(admin, tasks.retrieve, inside.id).unwrap()
    _raised(admin, first_job(admin, inside.id).id)
    assert len(sandbox.world.issues) == 2
    if what == "task":
        call(admin, tasks.destroy, inside.id).unwrap()
    else:
        call(admin, projects.destroy, project.id).unwrap()
    assert [*sandbox.world.issues] == [other.id]
    assert {comment.issue for comment in sandbox.world.comments.values()} == {other.id}


def test_who_has_the_job_raises_issues_and_removes_only_their_own(
    admin: Transport, worker: Transport
) -> None:
    job = first_job(admin, make_task(admin).id)
    refused = call(
        worker, issues.create, {"frame": 0, "position": [1, 1], "job": job.id, "message": "?"}
    )
    assert status_of(refused.failure()) == 403
    foreign = _raised(admin, job.id)
    assert status_of(call(worker, issues.retrieve, foreign.id).failure()) == 403
    assert call(worker, issues.list).unwrap().count == 0
    me = call(worker, users.retrieve_self).unwrap().id
    call(admin, jobs.partial_update, job.id, {"assignee": me}).unwrap()
    own = _raised(worker, job.id)
    assert call(worker, issues.list).unwrap().count == 2
    assert call(worker, comments.list).unwrap().count == 2
    call(worker, comments.create, {"issue": foreign.id, "message": "why?"}).unwrap()
    call(worker, issues.partial_update, foreign.id, {"resolved": True}).unwrap()
    assert status_of(call(worker, issues.destroy, foreign.id).failure()) == 403
    assert call(worker, issues.destroy, own.id).unwrap() is None


@pytest.mark.parametrize("name", PEOPLE)
def test_maintainers_see_all_issues_of_their_organization(name: str) -> None:
    sandbox = Sandbox(organized())
    admin = in_organization(entered(sandbox, "admin"), "cats")
    issue = _raised(admin, first_job(admin, make_task(admin).id).id)
    member = entered(sandbox, name)
    leads = name in ("owner", "maintainer")
    assert call(in_organization(member, "cats"), issues.list).unwrap().count == int(leads)
    assert call(member, issues.list).unwrap().count == 0, "nothing of it is their own"
    looked = call(member, issues.retrieve, issue.id)
    commented = call(
        in_organization(member, "cats"), comments.create, {"issue": issue.id, "message": "m"}
    )
    if leads:
        assert looked.unwrap().id == issue.id
        assert commented.unwrap().issue == issue.id
        return
    assert status_of(looked.failure()) == status_of(commented.failure()) == 403


def test_an_issue_is_raised_within_the_organization_of_its_job() -> None:
    sandbox = Sandbox(organized())
    owner = entered(sandbox, "owner")
    job = first_job(owner, make_task(owner).id)
    assert _raised(owner, job.id).job == job.id
    body: models.IssueWriteRequestDict = {
        "frame": 0,
        "position": [1, 1],
        "job": job.id,
        "message": "?",
    }
    elsewhere = call(in_organization(owner, "cats"), issues.create, body)
    assert status_of(elsewhere.failure()) == 403


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/api/issues", b'{"frame":0,"position":[1,1],"job":99,"message":"m"}', b"Job matching"),
        ("/api/comments", b'{"issue":99,"message":"m"}', b"Issue matching query"),
        ("/api/issues", b'{"frame":0,"position":[],"job":1,"message":"m"}', b'{"position":["This'),
        ("/api/issues", b'{"frame":0,"position":[1,1],"job":1}', b'{"message":["This field is'),
        (
            "/api/issues",
            b'{"frame":0,"position":[1,1],"job":1,"message":"m","assignee":99}',
            b'{"assignee":["Invalid pk',
        ),
    ],
)
def test_what_fits_nothing_is_refused(
    admin: Transport, path: str, body: bytes, said: bytes
) -> None:
    make_task(admin)
    asked = Request("POST", path, (), {"Content-Type": "application/json"}, body)
    response = admin(asked).unwrap()
    assert response.status == 400
    assert said in response.body


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["raise", "comment", "resolve", "remove"]), max_size=12))
def test_counts_are_those_of_what_is_there(asked: list[str]) -> None:
    sandbox = Sandbox(organized())
    admin = entered(sandbox, "admin")
    job = first_job(admin, make_task(admin, [picture("a.png")]).id)
    held: dict[int, int] = {}
    for what in asked:
        last = max(held, default=0)
        if what == "raise":
            held[_raised(admin, job.id).id] = 1
        elif held and what == "comment":
            call(admin, comments.create, {"issue": last, "message": "m"}).unwrap()
            held[last] += 1
        elif held and what == "resolve":
            call(admin, issues.partial_update, last, {"resolved": True}).unwrap()
        elif held:
            call(admin, issues.destroy, last).unwrap()
            del held[last]
    listed = call(admin, issues.list, page_size="all").unwrap().results
    assert {row.id: row.comments.count for row in listed} == held
    assert call(admin, jobs.retrieve, job.id).unwrap().issues.count == len(held)
    assert call(admin, comments.list).unwrap().count == sum(held.values())

"""Organizations: their making and end, their members, and the whole lives of invitations."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Transport, call, models
from cvatfn.api import auth, cloudstorages, invitations, memberships, organizations, projects, tasks
from cvatfn.auth import Basic
from cvatfn.outcome import Success
from cvatfn.transport import authenticated, in_organization
from tests.sandbox.crowd import ACME, ROLES, SLUG, Crowd, crowd
from tests.sandbox.kit import status_of

RANKS = tuple(models.RoleEnum)
RUN_IT = ("maintainer", "owner")


def test_whoever_makes_an_organization_is_its_owner() -> None:
    there = crowd()
    outsider = there.cvat("outsider")
    made = call(outsider, organizations.create, {"slug": "mine"}).unwrap()
    assert (made.name, made.description, made.contact) == ("mine", "", {})
    assert made.owner is not None
    assert made.owner.username == "outsider"
    (member,) = call(there.cvat("outsider", "mine"), memberships.list).unwrap().results
    assert (member.role, member.is_active, member.invitation) == (
        models.RoleEnum.OWNER,
        True,
        None,
    )
    assert member.joined_date == made.created_date
    taken = call(there.cvat("worker"), organizations.create, {"slug": "mine"}).failure()
    assert status_of(taken) == 400
    assert "already exists" in str(taken)


def test_a_worker_by_group_makes_no_organization() -> None:
    refused = call(crowd().cvat("hand"), organizations.create, {"slug": "mine"})
    assert status_of(refused.failure()) == 403


@pytest.mark.parametrize("person", [*ROLES, "outsider", "admin"])
def test_who_may_see_change_and_remove_an_organization(person: str) -> None:
    there = crowd()
    cvat = there.cvat(person)
    seen = isinstance(call(cvat, organizations.retrieve, ACME), Success)
    listed = call(cvat, organizations.list).unwrap().count
    assert seen is (person != "outsider")
    assert listed == int(seen)
    changed = call(cvat, organizations.partial_update, ACME, {"description": "x"})
    assert isinstance(changed, Success) is (person in (*RUN_IT, "admin"))
    gone = call(cvat, organizations.destroy, ACME)
    assert isinstance(gone, Success) is (person in ("owner", "admin"))
    after = call(there.cvat("admin"), organizations.retrieve, ACME)
    assert isinstance(after, Success) is (person not in ("owner", "admin"))


def test_only_what_is_given_of_an_organization_changes() -> None:
    there = crowd()
    owner = there.cvat("owner")
    call(owner, organizations.partial_update, ACME, {"contact": {"email": "a@b.example"}}).unwrap()
    changed = call(owner, organizations.partial_update, ACME, {"slug": "new", "name": ""}).unwrap()
    assert (changed.slug, changed.name) == ("new", "")
    assert changed.contact == {"email": "a@b.example"}
    assert call(there.cvat("worker", "new"), tasks.list).unwrap().count == 0
    call(there.cvat("outsider"), organizations.create, {"slug": "other"}).unwrap()
    taken = call(owner, organizations.partial_update, ACME, {"slug": "other"})
    assert status_of(taken.failure()) == 400


def test_an_organization_takes_all_it_has_with_it() -> None:
    there = crowd()
    project = there.project("supervisor")
    inside = there.task("supervisor", SLUG, project.id)
    apart = there.task("worker")
    personal = there.task("worker", None)
    body: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "x",
        "display_name": "x",
        "credentials_type": "ANONYMOUS_ACCESS",
    }
    storage = call(there.cvat("owner", SLUG), cloudstorages.create, body).unwrap()
    _invite(there, "new@acme.example")
    call(there.cvat("owner"), organizations.destroy, ACME).unwrap()
    admin = there.cvat("admin")
    assert status_of(call(admin, projects.retrieve, project.id).failure()) == 404
    for task in (inside, apart):
        assert status_of(call(admin, tasks.retrieve, task.id).failure()) == 404
    assert status_of(call(admin, cloudstorages.retrieve, storage.id).failure()) == 404
    assert call(admin, memberships.list).unwrap().count == 0
    assert call(admin, invitations.list).unwrap().count == 0
    assert call(there.cvat("worker"), tasks.list).unwrap().results[0].id == personal.id
    assert status_of(call(there.cvat("worker", SLUG), tasks.list).failure()) == 404


@pytest.mark.parametrize("person", [*ROLES, "outsider"])
def test_members_see_each_other_and_staff_sees_who_is_invited(person: str) -> None:
    there = crowd()
    _invite(there, "new@acme.example")
    listed = call(there.cvat(person, SLUG), memberships.list)
    if person == "outsider":
        assert status_of(listed.failure()) == 403
        return
    assert listed.unwrap().count == len(ROLES) + (person in RUN_IT)
    own = call(there.cvat(person), memberships.list).unwrap().results
    assert [row.user.username for row in own] == [person]
    waiting = max(there.sandbox.world.memberships)
    seen = call(there.cvat(person), memberships.retrieve, waiting)
    assert isinstance(seen, Success) is (person in RUN_IT)


def test_memberships_are_found_by_user_and_role() -> None:
    there = crowd()
    owner = there.cvat("owner", SLUG)
    for found in (
        call(owner, memberships.list, user="worker"),
        call(owner, memberships.list, role="worker"),
        call(owner, memberships.list, search="work"),
        call(owner, memberships.list, filter='{"==": [{"var": "role"}, "worker"]}'),
    ):
        assert [row.user.username for row in found.unwrap().results] == ["worker"]
    ordered = call(owner, memberships.list, sort="user").unwrap().results
    assert [row.user.username for row in ordered] == sorted(ROLES)


@pytest.mark.parametrize("member", ROLES)
@pytest.mark.parametrize("person", [*ROLES, "outsider", "admin"])
def test_one_governs_whoever_is_below_and_leaves_by_oneself(person: str, member: str) -> None:
    there = crowd()
    number = ROLES.index(member) + 1
    cvat = there.cvat(person)
    above = person in RUN_IT and ROLES.index(person) > ROLES.index(member)
    governs = person == "admin" or above
    role = models.RoleEnum(member)
    changed = call(cvat, memberships.partial_update, number, {"role": role})
    assert isinstance(changed, Success) is governs
    leaves = person == member and member != "owner"
    gone = call(cvat, memberships.destroy, number)
    assert isinstance(gone, Success) is (governs or leaves)


def test_who_left_sees_nothing_of_it_any_more() -> None:
    there = crowd()
    task = there.task("worker")
    worker = there.cvat("worker")
    assert call(worker, tasks.retrieve, task.id).unwrap().organization == ACME
    call(worker, memberships.destroy, 1).unwrap()
    assert status_of(call(worker, tasks.retrieve, task.id).failure()) == 403
    assert call(worker, tasks.list).unwrap().count == 0
    assert status_of(call(there.cvat("worker", SLUG), tasks.list).failure()) == 403


@pytest.mark.parametrize("person", [*ROLES, "outsider"])
@pytest.mark.parametrize("role", RANKS)
def test_who_may_invite_whom(person: str, role: models.RoleEnum) -> None:
    there = crowd()
    body: models.InvitationWriteRequestDict = {"role": role, "email": "new@acme.example"}
    invited = call(there.cvat(person, SLUG), invitations.create, body)
    above = person in RUN_IT and ROLES.index(person) > RANKS.index(role)
    assert isinstance(invited, Success) is above
    assert status_of(call(there.cvat(person), invitations.create, body).failure()) == 403


def test_the_life_of_an_invitation_to_a_stranger() -> None:
    there = crowd()
    invited = _invite(there, "New@acme.example", "supervisor")
    assert (invited.accepted, invited.expired, invited.user.username) == (False, False, "New")
    assert invited.organization_info == models.BasicOrganization(id=ACME, slug=SLUG)
    newcomer = authenticated(
        there.sandbox, Basic("New", "fr3sh-s3cret"), there.sandbox.world.origin
    )
    assert status_of(call(newcomer, tasks.list).failure()) == 401
    (mail,) = there.sandbox.world.mails
    assert mail.recipient == "New@acme.example"
    assert parse_qs(urlsplit(mail.link).query)["key"] == [invited.key]
    body: models.RegisterSerializerExRequestDict = {
        "username": "newcomer",
        "email": "new@acme.example",
        "password1": "fr3sh-s3cret",
        "password2": "fr3sh-s3cret",
    }
    call(there.sandbox, auth.create_register, body).unwrap()
    again = call(there.sandbox, auth.create_register, {**body, "username": "another"})
    assert "already registered" in str(again.failure())
    newcomer = authenticated(
        there.sandbox, Basic("newcomer", "fr3sh-s3cret"), there.sandbox.world.origin
    )
    within = in_organization(newcomer, SLUG)
    assert status_of(call(within, tasks.create, {"name": "x"}).failure()) == 403
    assert call(newcomer, organizations.list).unwrap().count == 1
    assert call(newcomer, memberships.list).unwrap().count == 0
    accepted = call(newcomer, invitations.accept, invited.key).unwrap()
    assert accepted.organization_slug == SLUG
    call(within, tasks.create, {"name": "x"}).unwrap()
    (member,) = call(newcomer, memberships.list).unwrap().results
    assert (member.role, member.invitation) == (models.RoleEnum.SUPERVISOR, invited.key)
    assert member.joined_date == there.sandbox.world.memberships[member.id].joined
    twice = call(newcomer, invitations.accept, invited.key).failure()
    assert "already accepted" in str(twice)


def test_an_invitation_that_is_declined_leaves_no_trace() -> None:
    there = crowd()
    before = there.sandbox.world.memberships
    invited = _invite(there, "outsider@sandbox.example")
    for person in ("owner", "worker"):
        assert status_of(call(there.cvat(person), invitations.decline, invited.key).failure()) in (
            403,
            404,
        )
    call(there.cvat("outsider"), invitations.decline, invited.key).unwrap()
    assert there.sandbox.world.memberships == before
    assert there.sandbox.world.invitations == {}
    _invite(there, "outsider@sandbox.example")


def test_an_invitation_expires_and_may_be_sent_once_more() -> None:
    there = crowd()
    invited = _invite(there, "outsider@sandbox.example")
    _later(there, timedelta(days=7))
    outsider = there.cvat("outsider")
    assert call(outsider, invitations.retrieve, invited.key).unwrap().expired is True
    late = call(outsider, invitations.accept, invited.key).failure()
    assert status_of(late) == 400
    assert "expired" in str(late)
    assert status_of(call(outsider, invitations.resend, invited.key).failure()) == 403
    call(there.cvat("maintainer"), invitations.resend, invited.key).unwrap()
    assert len(there.sandbox.world.mails) == 2
    assert call(outsider, invitations.retrieve, invited.key).unwrap().expired is False
    call(outsider, invitations.accept, invited.key).unwrap()
    again = call(there.cvat("owner"), invitations.resend, invited.key).failure()
    assert "already accepted" in str(again)


@pytest.mark.parametrize("accepted", [False, True])
def test_an_invitation_may_be_taken_back(accepted: bool) -> None:
    there = crowd()
    invited = _invite(there, "outsider@sandbox.example")
    if accepted:
        call(there.cvat("outsider"), invitations.accept, invited.key).unwrap()
    assert (
        status_of(call(there.cvat("outsider"), invitations.destroy, invited.key).failure()) == 403
    )
    call(there.cvat("owner"), invitations.destroy, invited.key).unwrap()
    assert status_of(call(there.cvat("owner"), invitations.retrieve, invited.key).failure()) == 404
    listed = call(there.cvat("outsider"), memberships.list).unwrap().results
    assert [row.invitation for row in listed] == ([None] if accepted else [])


def test_whoever_is_a_member_is_not_invited_again() -> None:
    there = crowd()
    for email in ("worker@sandbox.example", "WORKER@sandbox.example"):
        body: models.InvitationWriteRequestDict = {"role": "worker", "email": email}
        refused = call(there.cvat("owner", SLUG), invitations.create, body).failure()
        assert status_of(refused) == 400
        assert "member of the organization already" in str(refused)


def test_where_nobody_is_asked_people_with_an_account_are_members_at_once() -> None:
    there = crowd()
    there.sandbox.world = evolve(there.sandbox.world, invited_are_asked=False)
    invited = _invite(there, "outsider@sandbox.example")
    assert (invited.accepted, invited.expired) == (True, None)
    assert there.sandbox.world.mails == ()
    assert call(there.cvat("outsider", SLUG), tasks.list).unwrap().count == 0
    assert _invite(there, "new@acme.example").accepted is False


def test_two_strangers_of_one_name_get_two_names() -> None:
    there = crowd()
    first = _invite(there, "new@acme.example").user.username
    second = _invite(there, "new@other.example").user.username
    assert (first, second) == ("new", "new2")


@pytest.mark.parametrize("person", [*ROLES, "outsider"])
def test_who_sees_an_invitation(person: str) -> None:
    there = crowd()
    by_maintainer = call(
        there.cvat("maintainer", SLUG),
        invitations.create,
        {"role": "worker", "email": "outsider@sandbox.example"},
    ).unwrap()
    seen = person in (*RUN_IT, "outsider")
    answered = call(there.cvat(person), invitations.retrieve, by_maintainer.key)
    assert isinstance(answered, Success) is seen
    if not seen:
        assert status_of(answered.failure()) == 404
    everywhere = call(there.cvat(person), invitations.list).unwrap().count
    assert everywhere == int(person in ("maintainer", "outsider"))
    if person != "outsider":
        assert call(there.cvat(person, SLUG), invitations.list).unwrap().count == int(seen)


def test_invitations_are_found_by_their_fields() -> None:
    there = crowd()
    invited = _invite(there, "outsider@sandbox.example")
    _invite(there, "new@acme.example")
    call(there.cvat("outsider"), invitations.accept, invited.key).unwrap()
    owner = there.cvat("owner", SLUG)
    for found in (
        call(owner, invitations.list, accepted=True),
        call(owner, invitations.list, user_id=there.id_of("outsider")),
        call(owner, invitations.list, filter='{"==": [{"var": "accepted"}, true]}'),
    ):
        assert [row.key for row in found.unwrap().results] == [invited.key]
    assert call(owner, invitations.list, owner="owner").unwrap().count == 2
    newest = call(owner, invitations.list, page_size=1).unwrap().results[0]
    assert newest.key != invited.key


def test_no_key_and_no_mail_link_is_shown_in_a_repr() -> None:
    there = crowd()
    invited = _invite(there, "new@acme.example")
    assert invited.key not in repr(there.sandbox.world)


@given(st.data())
def test_what_is_done_in_an_organization_leaves_no_trace_in_another(data: st.DataObject) -> None:
    there = crowd()
    call(there.cvat("outsider"), organizations.create, {"slug": "other"}).unwrap()
    other = there.cvat("outsider", "other")
    kept = call(other, tasks.create, {"name": "kept"}).unwrap()
    before = _seen(other, kept.id)
    acts = st.sampled_from(("task", "project", "invite", "rename", "leave", "remove"))
    for act in data.draw(st.lists(acts, max_size=6)):
        _do(there, there.cvat(data.draw(st.sampled_from(ROLES)), SLUG), act)
    assert _seen(other, kept.id) == before


def _do(there: Crowd, cvat: Transport, act: str) -> None:
    match act:
        case "task":
            call(cvat, tasks.create, {"name": "x", "labels": [{"name": "cat"}]})
        case "project":
            call(cvat, projects.create, {"name": "x"})
        case "invite":
            call(cvat, invitations.create, {"role": "worker", "email": "hand@sandbox.example"})
        case "rename":
            call(cvat, organizations.partial_update, ACME, {"name": "x"})
        case "leave":
            call(cvat, memberships.destroy, max(there.sandbox.world.memberships))
        case _:
            call(cvat, organizations.destroy, ACME)


def _seen(cvat: Transport, task: int) -> tuple[object, ...]:
    """All that a person sees of an organization."""
    return (
        call(cvat, tasks.list).unwrap(),
        call(cvat, tasks.retrieve, task).unwrap(),
        call(cvat, projects.list).unwrap(),
        call(cvat, memberships.list).unwrap(),
        call(cvat, invitations.list).unwrap(),
        call(cvat, organizations.list).unwrap(),
    )


def _invite(
    there: Crowd, email: str, role: models.RoleEnumLike = "worker"
) -> models.InvitationRead:
    body: models.InvitationWriteRequestDict = {"role": role, "email": email}
    return call(there.cvat("owner", SLUG), invitations.create, body).unwrap()


def _later(there: Crowd, delay: timedelta) -> None:
    world = there.sandbox.world
    there.sandbox.world = evolve(world, now=world.now + delay)

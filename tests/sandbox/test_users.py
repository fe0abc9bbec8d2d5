"""The people there are: who sees whom, what they change, passwords, and what prompts showed."""

from __future__ import annotations

import gzip
import tarfile
from datetime import timedelta
from io import BytesIO
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Outcome, Request, Response, Transport, call, models, with_response
from cvatfn.api import auth, growth, organizations, projects, requests, tasks, users
from cvatfn.auth import AccessToken, Basic
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.errors import TransportError
from cvatfn.outcome import Success
from cvatfn.testing.sandbox import Sandbox, World, step
from cvatfn.testing.sandbox.gates.grants import rules
from cvatfn.testing.sandbox.state.people import Privilege
from cvatfn.transport import authenticated, with_headers
from tests.sandbox.crowd import ACME, ROLES, SLUG, Crowd, crowd
from tests.sandbox.kit import status_of

NEW: Final = "an0ther-s3cret"


def test_one_is_shown_in_full_to_oneself_and_to_admins() -> None:
    there = crowd()
    worker, admin = there.cvat("worker"), there.cvat("admin")
    number = there.id_of("worker")
    mine = call(worker, users.retrieve_self).unwrap()
    assert isinstance(mine, models.User)
    assert (mine.groups, mine.is_staff, mine.is_active) == (("user",), False, True)
    assert call(worker, users.retrieve, number).unwrap() == mine
    assert call(admin, users.retrieve, number).unwrap() == mine
    root = call(admin, users.retrieve_self).unwrap()
    assert isinstance(root, models.User)
    assert (root.groups, root.is_staff, root.has_analytics_access) == (("admin",), True, True)
    hand = call(there.cvat("hand"), users.retrieve_self).unwrap()
    assert isinstance(hand, models.User)
    assert hand.groups == ("worker",)


def test_members_see_each_other_in_brief() -> None:
    there = crowd()
    number = there.id_of("owner")
    assert status_of(call(there.cvat("worker"), users.retrieve, number).failure()) == 403
    assert call(there.cvat("worker"), users.list).unwrap().count == 1
    within = there.cvat("worker", SLUG)
    assert isinstance(call(within, users.retrieve, number).unwrap(), models.BasicUser)
    listed = call(within, users.list).unwrap().results
    assert {row.username for row in listed} == set(ROLES)
    assert all(isinstance(row, models.BasicUser) for row in listed)
    assert status_of(call(there.cvat("outsider", SLUG), users.list).failure()) == 403
    assert status_of(call(there.cvat("outsider", SLUG), users.retrieve, number).failure()) == 403
    assert call(there.cvat("outsider", SLUG), users.retrieve_self).unwrap().username == "outsider"
    assert call(there.cvat("admin"), users.list).unwrap().count == len(ROLES) + 3
    assert call(there.cvat("admin", SLUG), users.list).unwrap().count == len(ROLES)
    assert status_of(call(there.cvat("admin"), users.retrieve, 99).failure()) == 404


def test_people_change_what_they_are_called_and_what_they_said() -> None:
    there = crowd()
    worker, number = there.cvat("worker"), there.id_of("worker")
    body: models.PatchedUserRequestDict = {
        "first_name": "Will",
        "cvat_usage_reason": "academic_research",
        "planned_activities": ["annotate_data"],
    }
    changed = call(worker, users.partial_update, number, body).unwrap()
    assert isinstance(changed, models.User)
    assert (changed.first_name, changed.last_name) == ("Will", "")
    assert changed.cvat_usage_reason is models.CvatUsageReasonEnum.ACADEMIC_RESEARCH
    other = call(worker, users.partial_update, number, {"last_name": "Smith"}).unwrap()
    assert isinstance(other, models.User)
    assert (other.first_name, other.cvat_usage_reason) == ("Will", changed.cvat_usage_reason)
    assert status_of(call(worker, users.partial_update, 1, body).failure()) == 403
    taken = call(worker, users.partial_update, number, {"username": "owner"}).failure()
    assert "already exists" in str(taken)
    call(there.cvat("admin"), users.partial_update, number, {"username": "smith"}).unwrap()
    smith = authenticated(
        there.sandbox, Basic("smith", "worker-s3cret"), there.sandbox.world.origin
    )
    assert call(smith, users.retrieve_self).unwrap().id == number


def test_a_bad_username_is_refused_as_django_does() -> None:
    there = crowd()
    login = f"Token {_key(there, 'worker')}"
    asked = Request(
        "PATCH",
        f"/api/users/{there.id_of('worker')}",
        headers={"Authorization": login, "Content-Type": "application/json"},
        body=b'{"username": "bad user"}',
    )
    _, response = step(there.sandbox.world, asked)
    assert response.status == 400
    said = (
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ "
        "characters."
    )
    assert loads(JSON, response.body).unwrap() == {"username": [said]}


@pytest.mark.parametrize(
    "body",
    [
        {"is_superuser": True},
        {"groups": ["admin"]},
        {"is_staff": True},
        {"is_active": False},
        {"email": "x@y.example"},
    ],
)
def test_nobody_raises_oneself(body: models.PatchedUserRequestDict) -> None:
    there = crowd()
    number = there.id_of("worker")
    refused = call(there.cvat("worker"), users.partial_update, number, body)
    assert status_of(refused.failure()) == 400
    assert isinstance(call(there.cvat("admin"), users.partial_update, number, body), Success)


def test_a_group_is_what_one_may_do() -> None:
    there = crowd()
    admin, number = there.cvat("admin"), there.id_of("hand")
    assert status_of(call(there.cvat("hand"), tasks.create, {"name": "x"}).failure()) == 403
    call(admin, users.partial_update, number, {"groups": ["user"]}).unwrap()
    made = call(there.cvat("hand"), tasks.create, {"name": "x"}).unwrap()
    others = there.task("worker")
    assert status_of(call(there.cvat("hand"), tasks.retrieve, others.id).failure()) == 403
    call(admin, users.partial_update, number, {"groups": ["worker", "admin"]}).unwrap()
    assert there.sandbox.world.accounts[number].privilege is Privilege.ADMIN
    assert call(there.cvat("hand"), tasks.retrieve, others.id).unwrap().id != made.id
    unknown = call(admin, users.partial_update, number, {"groups": ["kings"]})
    assert status_of(unknown.failure()) == 400


def test_who_is_inactive_gets_in_by_no_way() -> None:
    there = crowd()
    worker = there.cvat("worker")
    origin = there.sandbox.world.origin
    key = _key(there, "worker")
    value = call(worker, auth.create_access_tokens, {"name": "x"}).unwrap().value
    assert isinstance(value, str)
    ways: tuple[Transport, ...] = (
        worker,
        _with_token(there, key),
        authenticated(there.sandbox, AccessToken(value), origin),
    )
    for way in ways:
        call(way, users.retrieve_self).unwrap()
    number = there.id_of("worker")
    call(there.cvat("admin"), users.partial_update, number, {"is_active": False}).unwrap()
    for way in ways:
        assert status_of(call(way, users.retrieve_self).failure()) == 401
    entry = call(
        there.sandbox, auth.create_login, {"username": "worker", "password": "worker-s3cret"}
    )
    assert status_of(entry.failure()) == 400
    taken: models.RegisterSerializerExRequestDict = {
        "username": "worker2",
        "email": "worker@sandbox.example",
        "password1": NEW,
        "password2": NEW,
    }
    assert status_of(call(there.sandbox, auth.create_register, taken).failure()) == 400


@pytest.mark.parametrize("person", ["worker", "admin", "outsider"])
def test_who_is_removed_leaves_things_that_are_nobodys(person: str) -> None:
    there = crowd()
    number = there.id_of("worker")
    project, task = there.project("worker"), there.task("worker")
    admin = there.cvat("admin")
    call(admin, tasks.partial_update, task.id, {"assignee_id": number}).unwrap()
    call(there.cvat("worker"), projects.create_dataset_export, project.id, format="COCO 1.0")
    gone = call(there.cvat(person), users.destroy, number)
    assert isinstance(gone, Success) is (person != "outsider")
    if person == "outsider":
        return
    assert status_of(call(there.cvat("worker"), users.retrieve_self).failure()) == 401
    left = call(admin, tasks.retrieve, task.id).unwrap()
    assert (left.owner, left.assignee) == (None, None)
    assert call(admin, projects.retrieve, project.id).unwrap().owner is None
    assert call(admin, requests.list).unwrap().count == 0
    assert call(admin, tasks.list, search="cats").unwrap().count == 1
    joined = there.sandbox.world.joined("late", "l4te-s3cret")
    assert number not in {row.user for row in joined.memberships.values()}
    assert max(joined.accounts) > number


def test_an_organization_outlives_its_owner() -> None:
    there = crowd()
    call(there.cvat("owner"), users.destroy, there.id_of("owner")).unwrap()
    left = call(there.cvat("worker"), organizations.retrieve, ACME).unwrap()
    assert left.owner is None
    assert status_of(call(there.cvat("maintainer"), organizations.destroy, ACME).failure()) == 403


def test_a_password_is_changed_by_who_knows_it() -> None:
    there = crowd()
    worker = there.cvat("worker")
    wrong: models.PasswordChangeRequestDict = {
        "old_password": "worker",
        "new_password1": NEW,
        "new_password2": NEW,
    }
    assert "old password" in str(call(worker, auth.create_password_change, wrong).failure())
    right: models.PasswordChangeRequestDict = {**wrong, "old_password": "worker-s3cret"}
    differing: models.PasswordChangeRequestDict = {**right, "new_password2": f"{NEW}!"}
    assert status_of(call(worker, auth.create_password_change, differing).failure()) == 400
    told = call(worker, auth.create_password_change, right).unwrap()
    assert told.detail == "New password has been saved."
    assert status_of(call(worker, users.retrieve_self).failure()) == 401
    call(_with_password(there, "worker", NEW), users.retrieve_self).unwrap()


def test_other_sessions_end_with_a_password() -> None:
    there = crowd()
    first, second = _session(there), _session(there)
    body: models.PasswordChangeRequestDict = {
        "old_password": "worker-s3cret",
        "new_password1": NEW,
        "new_password2": NEW,
    }
    call(first, auth.create_password_change, body).unwrap()
    assert call(first, users.retrieve_self).unwrap().username == "worker"
    assert status_of(call(second, users.retrieve_self).failure()) == 401


def test_a_forgotten_password_is_set_with_what_the_mail_tells() -> None:
    there = crowd()
    uid, token = _asked_to_reset(there, "Worker@sandbox.example")
    set_anew: models.PasswordResetConfirmRequestDict = {
        "uid": uid,
        "token": token,
        "new_password1": NEW,
        "new_password2": NEW,
    }
    for wrong_uid, wrong_token in ((uid, "x"), ("x", token), ("OTk", token)):
        body: models.PasswordResetConfirmRequestDict = {
            **set_anew,
            "uid": wrong_uid,
            "token": wrong_token,
        }
        refused = call(there.sandbox, auth.create_password_reset_confirm, body).failure()
        assert "Invalid value" in str(refused)
    differing: models.PasswordResetConfirmRequestDict = {**set_anew, "new_password2": f"{NEW}!"}
    assert (
        status_of(call(there.sandbox, auth.create_password_reset_confirm, differing).failure())
        == 400
    )
    told = call(there.sandbox, auth.create_password_reset_confirm, set_anew).unwrap()
    assert told.detail == "Password has been reset with the new password."
    call(_with_password(there, "worker", NEW), users.retrieve_self).unwrap()
    again = call(there.sandbox, auth.create_password_reset_confirm, set_anew)
    assert status_of(again.failure()) == 400


def test_a_reset_is_good_for_three_days() -> None:
    there = crowd()
    uid, token = _asked_to_reset(there, "worker@sandbox.example")
    there.sandbox.world = evolve(
        there.sandbox.world, now=there.sandbox.world.now + timedelta(days=3)
    )
    body: models.PasswordResetConfirmRequestDict = {
        "uid": uid,
        "token": token,
        "new_password1": NEW,
        "new_password2": NEW,
    }
    late = call(there.sandbox, auth.create_password_reset_confirm, body)
    assert status_of(late.failure()) == 400


def test_whether_an_address_is_known_is_not_told() -> None:
    there = crowd()
    answers = [
        call(there.sandbox, auth.create_password_reset, {"email": email}).unwrap()
        for email in ("worker@sandbox.example", "nobody@sandbox.example")
    ]
    assert answers[0] == answers[1]
    assert [mail.recipient for mail in there.sandbox.world.mails] == ["worker@sandbox.example"]


def test_mails_are_forgotten_when_they_are_many() -> None:
    there = crowd()
    for _ in range(120):
        call(there.sandbox, auth.create_password_reset, {"email": "worker@sandbox.example"})
    assert len(there.sandbox.world.mails) == 100
    assert len(there.sandbox.world.resets) == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_link_opens_what_was_not_asked_for(uid: str, token: str) -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret-pass"))
    body: models.PasswordResetConfirmRequestDict = {
        "uid": uid or "x",
        "token": token or "x",
        "new_password1": NEW,
        "new_password2": NEW,
    }
    assert status_of(call(sandbox, auth.create_password_reset_confirm, body).failure()) == 400
    assert sandbox.world.accounts[1].password == "s3cret-pass"


def test_everyone_has_a_record_of_prompts_and_sees_no_other() -> None:
    there = crowd()
    worker, number = there.cvat("worker"), there.id_of("worker")
    (mine,) = call(worker, growth.list).unwrap().results
    assert (mine.id, mine.owner.username, mine.github_prompt_shown) == (number, "worker", False)
    changed = call(
        worker, growth.partial_update, str(number), {"github_prompt_support_clicked": True}
    ).unwrap()
    assert (changed.github_prompt_support_clicked, changed.github_prompt_enabled) == (True, False)
    assert call(worker, growth.retrieve, str(number)).unwrap() == changed
    assert status_of(call(worker, growth.retrieve, "1").failure()) == 403
    for unknown in ("99", "x", "9" * 5000):
        assert status_of(call(there.cvat("admin"), growth.retrieve, unknown).failure()) == 404
    assert call(there.cvat("admin"), growth.list).unwrap().count == len(ROLES) + 3


def test_the_rules_come_as_a_bundle_once() -> None:
    sandbox = crowd().sandbox
    answered = call(sandbox, with_response(auth.retrieve_rules)).unwrap()
    with tarfile.open(fileobj=BytesIO(gzip.decompress(answered.value))) as archive:
        (name,) = archive.getnames()
        held = archive.extractfile(name)
        assert held is not None
        assert loads(JSON, held.read()).unwrap() == rules()
    tag = answered.response.headers.get("etag")
    assert tag is not None
    known = Request("GET", "/api/auth/rules", headers={"If-None-Match": tag})
    _, again = step(sandbox.world, known)
    assert (again.status, again.body) == (304, b"")


def _with_password(there: Crowd, name: str, password: str) -> Transport:
    return authenticated(there.sandbox, Basic(name, password), there.sandbox.world.origin)


def _with_token(there: Crowd, key: str) -> Transport:
    """The login that CVAT deprecates, which the sandbox knows all the same."""
    return with_headers(there.sandbox, {"Authorization": f"Token {key}"})


def _key(there: Crowd, name: str) -> str:
    body: models.LoginSerializerExRequestDict = {"username": name, "password": f"{name}-s3cret"}
    return call(there.sandbox, auth.create_login, body).unwrap().key


def _session(there: Crowd) -> Transport:
    """The sandbox as a browser sees it that is logged in."""
    _key(there, "worker")
    sessionid, session = list(there.sandbox.world.sessions.items())[-1]
    cookies = f"sessionid={sessionid}; csrftoken={session.csrftoken}"

    def send(asked: Request) -> Outcome[Response, TransportError]:
        headers = (*asked.headers.pairs, ("Cookie", cookies), ("X-CSRFToken", session.csrftoken))
        return there.sandbox(evolve(asked, headers=headers))

    return send


def _asked_to_reset(there: Crowd, email: str) -> tuple[str, str]:
    """What the mail of a reset tells."""
    call(there.sandbox, auth.create_password_reset, {"email": email}).unwrap()
    (mail,) = there.sandbox.world.mails
    told = parse_qs(urlsplit(mail.link).query)
    return told["uid"][0], told["token"][0]

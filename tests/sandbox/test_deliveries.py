"""What webhooks are told: what they ask for and nothing else, signed; and what came back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from hmac import new as hmac
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import Outcome, Request, Response, Transport, call, models
from cvatfn.api import comments, issues, jobs, projects, tasks, users, webhooks
from cvatfn.auth import Basic
from cvatfn.codecs.json import dumps
from cvatfn.codecs.jsonvalue import JSONObject
from cvatfn.errors import TimedOut, TransportError
from cvatfn.outcome import Failure, Success
from cvatfn.testing.sandbox import Sandbox, World, serve, to_loopback
from cvatfn.testing.sandbox.state.hooks import MOST_POSTINGS
from cvatfn.transport import authenticated, in_memory, in_organization
from tests.sandbox.kit import make_task, picture, status_of
from tests.sandbox.talk import (
    EVENTS,
    Receiver,
    entered,
    first_job,
    issue_on,
    organized,
    said,
    watched,
)


def test_each_change_is_told_once_in_order_with_what_was_before(
    boss: Transport, receiver: Receiver
) -> None:
    project, webhook = watched(boss)
    task = call(boss, tasks.create, {"name": "inside", "project_id": project.id}).unwrap()
    call(boss, tasks.create, {"name": "outside"}).unwrap()
    call(boss, tasks.partial_update, task.id, {"name": "renamed"}).unwrap()
    call(boss, tasks.retrieve, task.id).unwrap()
    call(boss, tasks.destroy, task.id).unwrap()
    created, updated, deleted = map(said, receiver.got)
    assert [each["event"] for each in (created, updated, deleted)] == [
        "create:task",
        "update:task",
        "delete:task",
    ]
    assert all(each["webhook_id"] == webhook.id for each in (created, updated, deleted))
    assert created["task"] == json.loads(dumps(task))
    before = updated["before_update"]
    assert isinstance(before, dict)
    assert (before["name"], sorted(before)) == ("inside", ["name", "updated_date"])
    me = call(boss, users.retrieve_self).unwrap()
    sender = created["sender"]
    assert isinstance(sender, dict)
    assert (sender["id"], sender["username"]) == (me.id, "admin")
    (last, *_) = call(boss, webhooks.list_deliveries, webhook.id).unwrap().results
    assert (last.event, last.status_code, last.response) == ("delete:task", 200, "thanks")
    listed = call(boss, webhooks.list_deliveries, webhook.id, page_size="all").unwrap().results
    assert listed[1].changed_fields == ",".join(before)
    assert listed[1].request == updated
    assert call(boss, webhooks.retrieve, webhook.id).unwrap().last_status == 200


def test_what_goes_along_with_a_task_is_told_too(boss: Transport, receiver: Receiver) -> None:
    project, _ = watched(boss)
    task = call(boss, tasks.create, {"name": "inside", "project_id": project.id}).unwrap()
    call(boss, tasks.create_data, task.id, {"client_files": [picture("a.png")]}).unwrap()
    for _ in range(4):
        call(boss, tasks.retrieve, task.id).unwrap()
    job = first_job(boss, task.id)
    call(boss, issues.create, issue_on(job.id)).unwrap()
    call(boss, jobs.partial_update, job.id, {"state": "completed"}).unwrap()
    receiver.got.clear()
    call(boss, tasks.destroy, task.id).unwrap()
    told = [said(request)["event"] for request in receiver.got]
    assert told == ["delete:comment", "delete:issue", "delete:task"]


def test_ended_background_work_is_told(boss: Transport, receiver: Receiver) -> None:
    project, _ = watched(boss, ("completed:request[create:task]", "create:job"))
    task = call(boss, tasks.create, {"name": "inside", "project_id": project.id}).unwrap()
    started = call(boss, tasks.create_data, task.id, {"client_files": [picture("a.png")]}).unwrap()
    assert started is not None
    for _ in range(4):
        call(boss, tasks.retrieve, task.id).unwrap()
    made, ended = map(said, receiver.got)
    assert (made["event"], ended["event"]) == ("create:job", "completed:request[create:task]")
    request = ended["request"]
    assert isinstance(request, dict)
    assert (request["id"], request["status"]) == (started.rq_id, "finished")


def test_messages_are_signed_with_the_secret(boss: Transport, receiver: Receiver) -> None:
    project, webhook = watched(boss, secret="s3cret")
    call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    call(boss, webhooks.partial_update, webhook.id, {"secret": ""}).unwrap()
    call(boss, tasks.create, {"name": "two", "project_id": project.id}).unwrap()
    signed, plain = receiver.got
    digest = hmac(b"s3cret", signed.content, sha256).hexdigest()
    assert signed.headers.get("x-signature-256") == f"sha256={digest}"
    assert plain.headers.get("x-signature-256") is None
    assert signed.headers.get("content-type") == "application/json"
    assert (signed.method, signed.origin, signed.target) == ("POST", "http://localhost:1", "/hook")


def test_a_ping_is_answered_with_what_came_back(boss: Transport, receiver: Receiver) -> None:
    _, webhook = watched(boss)
    pinged = call(boss, webhooks.create_ping, webhook.id).unwrap()
    assert (pinged.event, pinged.status_code, pinged.response) == ("ping", 200, "thanks")
    assert said(receiver.got[0])["event"] == "ping"
    found = call(boss, webhooks.retrieve_deliveries, webhook.id, str(pinged.id)).unwrap()
    assert found == pinged
    for number in ("99", "9" * 5000):
        missing = call(boss, webhooks.retrieve_deliveries, webhook.id, number)
        assert status_of(missing.failure()) == 404


def test_a_message_is_delivered_once_more(boss: Transport, receiver: Receiver) -> None:
    project, webhook = watched(boss, secret="s3cret")
    call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    (first,) = call(boss, webhooks.list_deliveries, webhook.id).unwrap().results
    call(boss, webhooks.create_deliveries_redelivery, webhook.id, str(first.id)).unwrap()
    again, kept = call(boss, webhooks.list_deliveries, webhook.id).unwrap().results
    assert (again.redelivery, kept.redelivery) == (True, False)
    assert again.request == first.request
    assert receiver.got[0] == receiver.got[1]
    call(boss, webhooks.partial_update, webhook.id, {"is_active": False}).unwrap()
    call(boss, webhooks.create_deliveries_redelivery, webhook.id, str(first.id)).unwrap()
    assert len(receiver.got) == 2


def test_without_a_sender_messages_wait_without_a_status() -> None:
    sandbox = Sandbox(organized())
    boss = entered(sandbox, "admin")
    project, webhook = watched(boss)
    call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    pinged = call(boss, webhooks.create_ping, webhook.id).unwrap()
    assert (pinged.status_code, pinged.response) == (None, "")
    assert [posting.delivery for posting in sandbox.world.outbox] == [1, 2]
    receiver = Receiver()
    other = Sandbox(sandbox.world, sender=receiver)
    call(entered(other, "admin"), users.retrieve_self).unwrap()
    assert len(receiver.got) == 2
    assert not other.world.outbox


def test_the_outbox_does_not_grow_forever() -> None:
    sandbox = Sandbox(organized())
    boss = entered(sandbox, "admin")
    _, webhook = watched(boss)
    posting = None
    for _ in range(MOST_POSTINGS + 5):
        boss(Request("POST", f"/api/webhooks/{webhook.id}/ping")).unwrap()
        posting = posting or sandbox.world.outbox[0]
    assert len(sandbox.world.outbox) == MOST_POSTINGS
    assert posting not in sandbox.world.outbox


@pytest.mark.parametrize("status", [204, 404, 500])
def test_whatever_a_receiver_answers_is_written_down(status: int) -> None:
    sandbox = Sandbox(organized(), sender=Receiver(status))
    boss = entered(sandbox, "admin")
    _, webhook = watched(boss)
    assert call(boss, webhooks.create_ping, webhook.id).unwrap().status_code == status


def test_receivers_that_cannot_be_reached_count_as_bad_gateways() -> None:
    def lost(request: Request) -> Outcome[Response, TransportError]:
        return Failure(TimedOut(request, "10 s"))

    for sender, status in ((to_loopback, 502), (lost, 504)):
        sandbox = Sandbox(organized(), sender=sender)
        boss = entered(sandbox, "admin")
        _, webhook = watched(boss, target="https://cvat.example/hook")
        pinged = call(boss, webhooks.create_ping, webhook.id).unwrap()
        assert pinged.status_code == status
        assert pinged.response


def test_a_removed_project_tells_that_it_is_gone_and_nothing_more(
    telling: Sandbox, boss: Transport, receiver: Receiver
) -> None:
    project, _ = watched(boss, ("delete:project", "update:project"))
    call(boss, projects.destroy, project.id).unwrap()
    assert [said(request)["event"] for request in receiver.got] == ["delete:project"]
    assert not telling.world.webhooks
    assert not telling.world.deliveries


def test_organizations_are_told_of_what_is_in_them(telling: Sandbox, receiver: Receiver) -> None:
    leader = in_organization(entered(telling, "maintainer"), "cats")
    body: models.WebhookWriteRequestDict = {
        "type": "organization",
        "target_url": "http://localhost:1",
        "events": ["create:task", "create:project", "update:job"],
    }
    webhook = call(leader, webhooks.create, body).unwrap()
    assert (webhook.organization, webhook.project_id) == (1, None)
    call(entered(telling, "maintainer"), tasks.create, {"name": "own"}).unwrap()
    call(leader, projects.create, {"name": "shared"}).unwrap()
    make_task(leader, [picture("a.png")])
    told = [said(request)["event"] for request in receiver.got]
    assert told == ["create:project", "create:task"]


def test_a_receiver_may_ask_the_sandbox_back_and_change_it() -> None:
    got: list[Request] = []

    def answering(request: Request) -> Outcome[Response, TransportError]:
        got.append(request)
        task = said(request)["task"]
        assert isinstance(task, dict)
        if task["name"] == "one":
            number = task["id"]
            assert isinstance(number, int)
            call(boss, tasks.partial_update, number, {"name": "two"}).unwrap()
        return Success(Response(200))

    sandbox = Sandbox(organized(), sender=answering)
    boss = entered(sandbox, "admin")
    project, _ = watched(boss)
    call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    assert [said(request)["event"] for request in got] == ["create:task", "update:task"]


def test_a_receiver_that_never_rests_does_not_hold_a_call_forever() -> None:
    got: list[Request] = []

    def restless(request: Request) -> Outcome[Response, TransportError]:
        got.append(request)
        call(boss, tasks.partial_update, 1, {"name": f"name {len(got)}"}).unwrap()
        return Success(Response(200))

    sandbox = Sandbox(organized(), sender=restless)
    boss = entered(sandbox, "admin")
    project, _ = watched(boss)
    call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    assert len(got) == 100
    assert len(sandbox.world.outbox) == 1


@pytest.fixture
def listening(receiver: Receiver) -> Iterator[str]:
    """The receiver, behind HTTP."""
    with serve(in_memory(lambda request: receiver(request).unwrap())) as address:
        yield address


def test_messages_arrive_over_http(receiver: Receiver, listening: str) -> None:
    sandbox = Sandbox(organized(), sender=to_loopback)
    boss = entered(sandbox, "admin")
    project, webhook = watched(boss, secret="s3cret", target=f"{listening}/a%20b?c=d&e=%26")
    call(boss, tasks.create, {"name": "über", "project_id": project.id}).unwrap()
    (got,) = receiver.got
    assert got.target == "/a%20b?c=d&e=%26"
    digest = hmac(b"s3cret", got.content, sha256).hexdigest()
    assert got.headers.get("x-signature-256") == f"sha256={digest}"
    (delivery,) = call(boss, webhooks.list_deliveries, webhook.id).unwrap().results
    assert (delivery.status_code, delivery.response) == (200, "thanks")
    assert delivery.request == said(got)


def test_a_served_sandbox_tells_over_http(receiver: Receiver, listening: str) -> None:
    sandbox = Sandbox(organized(), sender=to_loopback)
    project, _ = watched(entered(sandbox, "admin"), target=listening)
    with serve(sandbox) as url:
        from cvatfn import connect

        with connect(url, auth=Basic("admin", "x")) as transport:
            threads = [
                Thread(
                    target=call,
                    args=(transport, tasks.create, {"name": str(n), "project_id": project.id}),
                )
                for n in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            call(transport, users.retrieve_self).unwrap()
    names = sorted(str(_task(request)["name"]) for request in receiver.got)
    assert names == ["0", "1", "2", "3"]


def _task(request: Request) -> JSONObject:
    task = said(request)["task"]
    assert isinstance(task, dict)
    return task


STEPS = ("make", "rename", "issue", "comment", "resolve", "remove issue", "remove task", "look")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=10), st.sets(st.sampled_from(EVENTS)))
def test_a_webhook_never_changes_what_a_step_answers(
    asked: list[str], events: set[models.EventsEnumLike]
) -> None:
    receiver = Receiver()
    told, silent = Sandbox(_begun(), sender=receiver), Sandbox(_begun())
    body: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": 1,
        "target_url": "http://localhost:1",
        "events": events,
        "secret": "shh",
    }
    call(entered(told, "admin"), webhooks.create, body).unwrap()
    call(entered(silent, "admin"), users.retrieve_self).unwrap()
    expected: list[str] = []
    for what in asked:
        one, other = _done(told, what), _done(silent, what)
        assert one.body == other.body
        assert one.status == other.status
        if one.status < 300:
            expected += [event for event in _CAUSED[what] if event in events]
    got = [str(said(request)["event"]) for request in receiver.got]
    assert [event for event in got if event not in _BESIDES] == [
        event for event in expected if event not in _BESIDES
    ]
    for request in receiver.got:
        digest = hmac(b"shh", request.content, sha256).hexdigest()
        assert request.headers.get("x-signature-256") == f"sha256={digest}"
    assert len(told.world.deliveries) == len(receiver.got)


_CAUSED = {
    "make": ("create:task",),
    "rename": ("update:task",),
    "issue": ("create:issue", "create:comment"),
    "comment": ("create:comment",),
    "resolve": ("update:issue",),
    "remove issue": ("delete:issue",),
    "remove task": (),
    "look": (),
}
_BESIDES = frozenset({"delete:comment", "delete:task"})
"""How many of these there are depends on what was there."""


def _begun() -> World:
    sandbox = Sandbox(organized())
    boss = entered(sandbox, "admin")
    project = call(boss, projects.create, {"name": "pets"}).unwrap()
    task = call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    call(boss, tasks.create_data, task.id, {"client_files": [picture("a.png")]}).unwrap()
    for _ in range(4):
        call(boss, tasks.retrieve, task.id).unwrap()
    return sandbox.world


def _done(sandbox: Sandbox, what: str) -> Response:
    boss = authenticated(sandbox, Basic("admin", "x"), sandbox.world.origin)
    last = max(sandbox.world.issues, default=0)
    method, path, body = {
        "make": ("POST", "/api/tasks", {"name": "more", "project_id": 1}),
        "rename": ("PATCH", "/api/tasks/1", {"name": f"name {sandbox.world.steps}"}),
        "issue": (
            "POST",
            "/api/issues",
            {"frame": 0, "job": 1, "position": [1, 1], "message": "m"},
        ),
        "comment": ("POST", "/api/comments", {"issue": last, "message": "m"}),
        "resolve": ("PATCH", f"/api/issues/{last}", {"resolved": True}),
        "remove issue": ("DELETE", f"/api/issues/{last}", {}),
        "remove task": ("DELETE", "/api/tasks/2", {}),
        "look": ("GET", "/api/tasks", {}),
    }[what]
    headers = {"Content-Type": "application/json"}
    return boss(Request(method, path, (), headers, dumps(body))).unwrap()


def test_comments_are_told_of(boss: Transport, receiver: Receiver) -> None:
    project, _ = watched(boss)
    task = call(boss, tasks.create, {"name": "one", "project_id": project.id}).unwrap()
    call(boss, tasks.create_data, task.id, {"client_files": [picture("a.png")]}).unwrap()
    for _ in range(4):
        call(boss, tasks.retrieve, task.id).unwrap()
    job = first_job(boss, task.id).id
    receiver.got.clear()
    issue = call(boss, issues.create, issue_on(job)).unwrap()
    written = call(boss, comments.create, {"issue": issue.id, "message": "why"}).unwrap()
    told = [said(request)["event"] for request in receiver.got]
    assert told == ["create:issue", "create:comment", "create:comment"]
    assert said(receiver.got[-1])["comment"] == json.loads(dumps(written))

"""Webhooks: who has them, what they may be, and what they may listen to."""

from __future__ import annotations

import json

import pytest

from cvatfn import Request, Transport, call, models
from cvatfn.api import projects, webhooks
from cvatfn.codecs.json import dumps
from cvatfn.codecs.jsonvalue import JSONObject
from cvatfn.testing.sandbox import Sandbox
from cvatfn.transport import in_organization
from tests.sandbox.kit import status_of
from tests.sandbox.talk import (
    PEOPLE,
    Receiver,
    entered,
    said,
    watched,
)


def test_a_webhook_is_set_up_changed_and_removed(telling: Sandbox, boss: Transport) -> None:
    project, webhook = watched(boss, secret="s3cret")
    assert (webhook.project_id, webhook.organization) == (project.id, None)
    assert (webhook.is_active, webhook.enable_ssl, webhook.description) == (True, True, "")
    assert webhook.last_status == webhook.last_delivery_date
    change: models.PatchedWebhookWriteRequestDict = {
        "events": ["create:task"],
        "is_active": False,
        "description": "off",
    }
    changed = call(boss, webhooks.partial_update, webhook.id, change).unwrap()
    assert [event.value for event in changed.events] == ["create:task"]
    assert (changed.is_active, changed.target_url) == (False, webhook.target_url)
    whole: models.WebhookWriteRequestDict = {
        "type": "organization",
        "project_id": None,
        "target_url": "https://other.example/x",
        "events": ["delete:task"],
    }
    replaced = call(boss, webhooks.update, webhook.id, whole).unwrap()
    assert (replaced.type, replaced.project_id) == (webhook.type, project.id), "these stay"
    assert replaced.target_url == "https://other.example/x"
    assert call(boss, webhooks.retrieve, webhook.id).unwrap() == replaced
    assert b"s3cret" not in dumps(replaced)
    assert "s3cret" not in repr(telling.world)
    assert call(boss, webhooks.destroy, webhook.id).unwrap() is None
    assert status_of(call(boss, webhooks.retrieve, webhook.id).failure()) == 404


_TYPES: tuple[models.AllWebhookTypeLike, ...] = ("project", "organization", "server")
FITTING: JSONObject = {
    "events": ["create:task"],
    "target_url": "http://x",
    "type": "project",
    "project_id": 1,
}


def _without(name: str) -> JSONObject:
    return {key: value for key, value in FITTING.items() if key != name}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_without("target_url"), {"target_url": ["This field is required."]}),
        (_without("type"), {"type": ["This field is required."]}),
        (
            {**FITTING, "events": ["some:event"]},
            {"events": ['"some:event" is not a valid choice.']},
        ),
        (
            {**FITTING, "events": ["create:project"]},
            {"non_field_errors": ["Invalid events list for project webhook"]},
        ),
        (
            {**_without("project_id"), "type": "organization", "events": ["create:user"]},
            {"non_field_errors": ["Invalid events list for organization webhook"]},
        ),
        (
            {**FITTING, "content_type": "text/plain"},
            {"content_type": ['"text/plain" is not a valid choice.']},
        ),
        ({**FITTING, "target_url": "nowhere"}, {"target_url": ["Enter a valid URL."]}),
        ({**FITTING, "project_id": 9}, ["Could not find project with provided id: 9"]),
    ],
)
def test_a_webhook_that_fits_nothing_is_refused_as_by_a_real_server(
    telling: Sandbox, boss: Transport, body: JSONObject, said: object
) -> None:
    call(boss, projects.create, {"name": "pets"}).unwrap()
    headers = {"Content-Type": "application/json"}
    response = boss(Request("POST", "/api/webhooks", (), headers, dumps(body))).unwrap()
    assert (response.status, json.loads(response.body)) == (400, said)
    assert not telling.world.webhooks


@pytest.mark.parametrize("kind", ["project", "organization"])
def test_a_webhook_of_nothing_breaks_the_server_and_changes_nothing(
    telling: Sandbox, boss: Transport, kind: str
) -> None:
    body = {"events": ["create:task"], "target_url": "http://x", "type": kind}
    headers = {"Content-Type": "application/json"}
    response = boss(Request("POST", "/api/webhooks", (), headers, dumps(body))).unwrap()
    assert (response.status, response.content_type) == (500, "text/html")
    assert response.headers.get("allow") is None
    assert not telling.world.webhooks


def test_methods_of_webhooks_are_named_in_their_own_order(boss: Transport) -> None:
    watched(boss)
    for path, allowed in (
        ("/api/webhooks", "GET, POST"),
        ("/api/webhooks/1", "GET, DELETE, PATCH, PUT"),
    ):
        response = boss(Request("GET", path)).unwrap()
        assert (response.status, response.headers.get("allow")) == (200, allowed)
        for method in ("HEAD", "OPTIONS"):
            assert boss(Request(method, path)).unwrap().status == 405


def test_events_are_listed_by_type(boss: Transport) -> None:
    whole = call(boss, webhooks.retrieve_events).unwrap()
    assert whole.webhook_type is models.AllWebhookType.ALL
    by_type = {
        kind: {
            str(event) for event in call(boss, webhooks.retrieve_events, type=kind).unwrap().events
        }
        for kind in _TYPES
    }
    assert by_type["project"] < by_type["organization"]
    assert not by_type["server"] & by_type["organization"]
    assert {str(event) for event in whole.events} == set().union(*by_type.values())
    assert len(whole.events) == len(models.EventsEnum)


@pytest.mark.parametrize("name", [*PEOPLE, "stranger"])
def test_who_leads_or_owns_has_webhooks(telling: Sandbox, name: str) -> None:
    boss = in_organization(entered(telling, "admin"), "cats")
    _, webhook = watched(boss)
    person = entered(telling, name)
    body: models.WebhookWriteRequestDict = {
        "type": "organization",
        "target_url": "http://localhost:1",
        "events": ["create:task"],
    }
    leads = name in ("owner", "maintainer")
    made = call(in_organization(person, "cats"), webhooks.create, body)
    looked = call(person, webhooks.retrieve, webhook.id)
    changed = call(person, webhooks.partial_update, webhook.id, {"description": "mine"})
    if leads:
        assert made.unwrap().organization == 1
        assert looked.unwrap().id == webhook.id
        assert changed.unwrap().description == "mine"
        listed = call(in_organization(person, "cats"), webhooks.list).unwrap()
        assert listed.count == 2
        return
    assert status_of(made.failure()) in (403, 404), "a stranger is told that there is no such thing"
    assert status_of(looked.failure()) == status_of(changed.failure()) == 403
    for outcome in (
        call(person, webhooks.destroy, webhook.id),
        call(person, webhooks.create_ping, webhook.id),
        call(person, webhooks.list_deliveries, webhook.id),
    ):
        assert status_of(outcome.failure()) == 403
    assert call(person, webhooks.list).unwrap().count == 0


def test_who_owns_a_project_has_itwatched(telling: Sandbox) -> None:
    stranger = entered(telling, "stranger")
    project, webhook = watched(stranger)
    assert call(stranger, webhooks.list, project_id=project.id).unwrap().count == 1
    other = entered(telling, "worker")
    body: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": project.id,
        "target_url": "http://localhost:1",
        "events": ["create:task"],
    }
    assert status_of(call(other, webhooks.create, body).failure()) == 403
    assert webhook.owner is not None


def test_only_admins_have_the_serverwatched(telling: Sandbox, receiver: Receiver) -> None:
    body: models.WebhookWriteRequestDict = {
        "type": "server",
        "target_url": "http://localhost:1",
        "events": ["create:user"],
    }
    refused = call(entered(telling, "stranger"), webhooks.create, body)
    assert status_of(refused.failure()) == 403
    call(entered(telling, "admin"), webhooks.create, body).unwrap()
    dorothea = {"username": "dorothea", "password1": "long enough", "password2": "long enough"}
    headers = {"Content-Type": "application/json"}
    telling(Request("POST", "/api/auth/register", (), headers, dumps(dorothea))).unwrap()
    (told,) = receiver.got
    assert said(told)["event"] == "create:user"
    assert b"long enough" not in told.content

"""What the tests of issues, guides, webhooks and events make: people in an organization."""

from __future__ import annotations

from attrs import evolve, field, frozen

from cvatfn import Outcome, Request, Response, Transport, call, models
from cvatfn.api import jobs, projects, webhooks
from cvatfn.auth import Basic
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSONObject
from cvatfn.errors import TransportError
from cvatfn.outcome import Success
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.testing.sandbox.state.people import BIRTH, Membership, Organization
from cvatfn.transport import authenticated

PEOPLE = ("owner", "maintainer", "supervisor", "worker")


def organized() -> World:
    """An admin, a stranger, and an organization with one person for each role, named after it."""
    world = World.with_user("admin", "x").joined("stranger", "x")
    for name in PEOPLE:
        world = world.joined(name, "x")
    numbers = {account.username: account.id for account in world.accounts.values()}
    cats = Organization(
        id=1, slug="cats", name="cats", owner=numbers["owner"], created=BIRTH, updated=BIRTH
    )
    places = {
        number: Membership(
            id=number, user=numbers[name], organization=1, role=models.RoleEnum(name)
        )
        for number, name in enumerate(PEOPLE, 1)
    }
    ids = {**world.ids, "organization": 1, "membership": len(PEOPLE)}
    return evolve(world, organizations={1: cats}, memberships=places, ids=ids)


def entered(sandbox: Sandbox, name: str) -> Transport:
    """The sandbox as one of these people sees it."""
    return authenticated(sandbox, Basic(name, "x"), sandbox.world.origin)


def first_job(transport: Transport, task: int) -> models.JobRead:
    """The first job of a task."""
    return call(transport, jobs.list, task_id=task, sort="id").unwrap().results[0]


@frozen
class Receiver:
    """A transport that keeps what it is sent, and answers the same to everything."""

    status: int = 200
    got: list[Request] = field(factory=list[Request])

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        """Receive a message."""
        self.got.append(request)
        return Success(Response(self.status, {"Content-Type": "text/plain"}, b"thanks"))


EVENTS: tuple[models.EventsEnumLike, ...] = (
    "create:task",
    "update:task",
    "delete:task",
    "update:job",
    "create:issue",
    "update:issue",
    "delete:issue",
    "create:comment",
    "delete:comment",
)


def said(request: Request) -> JSONObject:
    """What a message says."""
    return loads(JSONObject, request.content).unwrap()


def watched(
    transport: Transport,
    events: tuple[models.EventsEnumLike, ...] = EVENTS,
    *,
    secret: str = "",
    target: str = "http://localhost:1/hook",
) -> tuple[models.ProjectRead, models.WebhookRead]:
    """A project, and a webhook that watches it."""
    project = call(
        transport, projects.create, {"name": "pets", "labels": [{"name": "cat"}]}
    ).unwrap()
    body: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": project.id,
        "target_url": target,
        "events": events,
        "secret": secret,
    }
    return project, call(transport, webhooks.create, body).unwrap()


def issue_on(job: int) -> models.IssueWriteRequestDict:
    """An issue to raise."""
    return {"frame": 0, "position": [1, 1], "job": job, "message": "m"}

"""What a handler is given: a request that was read, and whose it is.

Rule: a handler is a function `(World, Asked) -> Done`. What several of them need to find first (a
task, a job that the person may see) is found by a function around the handler.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from attrs import frozen

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.messages import Request
from cvatfn.outcome import Outcome, Success
from cvatfn.testing.sandbox.gates.governing import may_see_membership, may_see_organization
from cvatfn.testing.sandbox.gates.permitting import (
    Thing,
    finds,
    may_see_job,
    may_see_label,
    may_see_project,
    may_see_storage,
    may_see_task,
    organization_of,
)
from cvatfn.testing.sandbox.gates.reading import Params
from cvatfn.testing.sandbox.gates.replies import Answer, Refusal, forbidden, missing
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.people import Account, Membership, Organization
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.world import World, storages_of

__all__ = [
    "Asked",
    "Done",
    "Handler",
    "Login",
    "Outgoing",
    "basic_user",
    "done",
    "on_job",
    "on_label",
    "on_membership",
    "on_organization",
    "on_project",
    "on_storage",
    "on_task",
    "on_thing",
    "user_in_brief",
]

K = TypeVar("K")
S = TypeVar("S")


@frozen
class Login:
    """Who asks, and by which way that was shown."""

    account: Account
    kind: str
    key: int | None = None


@frozen
class Asked:
    """A request, read.

    :param endpoint: what was asked.
    :param params: its parameters by name.
    :param login: who asks; `None` where nobody logged in.
    :param origin: under which scheme, host and port the sandbox was asked.
    :param request: the request itself.
    :param organization: what it is asked within: an organization, `None` for the personal
        workspace, `UNSET` where nothing is said of it, which means everywhere.
    """

    endpoint: AnyEndpoint
    params: Params
    login: Login | None
    origin: str
    request: Request
    organization: Organization | Unset | None = UNSET

    @property
    def organization_id(self) -> int | None:
        """The id of the organization that what is made here belongs to."""
        return self.organization.id if isinstance(self.organization, Organization) else None

    def is_within(self, organization: int | None) -> bool:
        """Whether what is in an organization is seen from where one asks.

        :param organization: the id of the organization of a thing.
        """
        return isinstance(self.organization, Unset) or organization == self.organization_id

    @property
    def is_everywhere(self) -> bool:
        """Whether the request names neither an organization nor the personal workspace."""
        return isinstance(self.organization, Unset)

    def finds(self, world: World, thing: Thing) -> bool:
        """Whether the answer to a listing shows a thing.

        :param thing: what may be shown.
        """
        within = self.is_within(organization_of(world, thing))
        return within and finds(world, self.account, thing, everywhere=self.is_everywhere)

    @property
    def account(self) -> Account:
        """The person who asks, where the endpoint needs one; the stepping saw to that."""
        if self.login is None:
            raise LookupError(f"{self.endpoint.name} was let through without a login")
        return self.login.account

    def given(self, name: str, kind: type[K]) -> K | None:
        """A parameter that may be absent.

        :param name: its Python name.
        :param kind: its class, as the endpoint declares it.
        """
        value = self.params.get(name)
        return value if isinstance(value, kind) else None

    def needed(self, name: str, kind: type[K]) -> K:
        """A parameter that the reading saw to be there.

        :param name: its Python name.
        :param kind: its class, as the endpoint declares it.
        """
        value = self.params[name]
        if not isinstance(value, kind):
            raise TypeError(f"{name} of {self.endpoint.name} is no {kind.__name__}")
        return value

    def url(self, path: str) -> str:
        """An absolute URL on the sandbox.

        :param path: beginning with `/`.
        """
        return self.origin + path


@frozen
class Outgoing:
    """What a granted request comes to: the world after it, and the answer."""

    world: World
    answer: Answer


Done: TypeAlias = Outcome[Outgoing, Refusal]
Handler: TypeAlias = Callable[[World, Asked], Done]


def done(
    world: World, value: object, status: int = 200, *headers: tuple[str, str]
) -> Success[Outgoing]:
    """Grant a request.

    :param world: the world after it.
    :param value: the answer's body.
    :param status: its status.
    :param headers: its fields.
    """
    return Success(Outgoing(world, Answer(value, status, headers)))


def on_task(handler: Callable[[World, Asked, Task], Done]) -> Handler:
    """Find the task of the path first, and refuse who may not see it.

    :param handler: what to do with it.
    """
    return on_thing("Task", lambda world: world.tasks, may_see_task, handler)


def on_project(handler: Callable[[World, Asked, Project], Done]) -> Handler:
    """Find the project of the path first, and refuse who may not see it.

    :param handler: what to do with it.
    """
    return on_thing("Project", lambda world: world.projects, may_see_project, handler)


def on_storage(handler: Callable[[World, Asked, CloudStorage], Done]) -> Handler:
    """Find the cloud storage of the path first, and refuse who may not use it.

    :param handler: what to do with it.
    """
    return on_thing("CloudStorage", storages_of, may_see_storage, handler)


def on_job(handler: Callable[[World, Asked, Job], Done]) -> Handler:
    """Find the job of the path first, and refuse who may not see it.

    :param handler: what to do with it.
    """
    return on_thing("Job", lambda world: world.jobs, may_see_job, handler)


def on_label(handler: Callable[[World, Asked, StoredLabel], Done]) -> Handler:
    """Find the label of the path first, and refuse who may not see where it belongs.

    :param handler: what to do with it.
    """
    return on_thing("Label", lambda world: world.labels, may_see_label, handler)


def on_organization(handler: Callable[[World, Asked, Organization], Done]) -> Handler:
    """Find the organization of the path first, and refuse who may not see it.

    :param handler: what to do with it.
    """
    return on_thing(
        "Organization", lambda world: world.organizations, may_see_organization, handler
    )


def on_membership(handler: Callable[[World, Asked, Membership], Done]) -> Handler:
    """Find the membership of the path first, and refuse who may not see it.

    :param handler: what to do with it.
    """
    return on_thing("Membership", lambda world: world.memberships, may_see_membership, handler)


def on_thing(
    kind: str,
    rows: Callable[[World], Mapping[int, S]],
    may_see: Callable[[World, Account, S], bool],
    handler: Callable[[World, Asked, S], Done],
) -> Handler:
    """Find the thing of the path first, and refuse who may not see it.

    :param kind: CVAT's name of its kind.
    :param rows: all of its kind, by id.
    :param may_see: who may see it.
    :param handler: what to do with it.
    """

    def handle(world: World, asked: Asked) -> Done:
        row = rows(world).get(asked.needed("id", int))
        if row is None:
            return missing(kind)
        return handler(world, asked, row) if may_see(world, asked.account, row) else forbidden()

    return handle


def basic_user(world: World, asked: Asked, number: int | None) -> models.BasicUser | None:
    """A person in brief, as other things name people.

    :param number: the account's id; nobody stays nobody, and so is who is gone.
    """
    account = None if number is None else world.accounts.get(number)
    return None if account is None else user_in_brief(asked, account)


def user_in_brief(asked: Asked, account: Account) -> models.BasicUser:
    """A person in brief, who is there.

    :param account: the person's account.
    """
    return models.BasicUser(
        url=asked.url(f"/api/users/{account.id}"),
        id=account.id,
        username=account.username,
        first_name=account.first_name,
        last_name=account.last_name,
    )

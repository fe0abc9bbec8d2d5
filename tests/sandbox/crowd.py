"""An organization with one member of each role, and people outside it."""

from __future__ import annotations

from attrs import evolve, frozen

from cvatfn import Transport, call, models
from cvatfn.api import projects, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Privilege, Sandbox, World
from cvatfn.testing.sandbox.state.people import Membership, Organization
from cvatfn.transport import authenticated, in_organization

ROLES = tuple(role.value for role in models.RoleEnum)
ACME = 1
"""The id of the organization."""
SLUG = "acme"


@frozen
class Crowd:
    """A sandbox, and its people by name."""

    sandbox: Sandbox

    def cvat(self, name: str, organization: str | None = None) -> Transport:
        """The sandbox as a person sees it, within an organization or everywhere."""
        login = Basic(name, f"{name}-s3cret")
        cvat = authenticated(self.sandbox, login, self.sandbox.world.origin)
        return cvat if organization is None else in_organization(cvat, organization)

    def id_of(self, name: str) -> int:
        """The id of a person's account."""
        accounts = self.sandbox.world.accounts.values()
        return next(account.id for account in accounts if account.username == name)

    def project(self, owner: str, organization: str | None = SLUG) -> models.ProjectRead:
        """A project with one label, made by an admin and given to somebody."""
        body: models.ProjectWriteRequestDict = {
            "name": "pets",
            "labels": [{"name": "cat"}],
            "owner_id": self.id_of(owner),
        }
        return call(self.cvat("admin", organization or ""), projects.create, body).unwrap()

    def task(
        self, owner: str, organization: str | None = SLUG, project: int | None = None
    ) -> models.TaskRead:
        """A task, made by an admin and given to somebody."""
        body: models.TaskWriteRequestDict = {"name": "cats", "owner_id": self.id_of(owner)}
        whole: models.TaskWriteRequestDict = (
            {**body, "labels": [{"name": "cat"}]}
            if project is None
            else {**body, "project_id": project}
        )
        return call(self.cvat("admin", organization or ""), tasks.create, whole).unwrap()


def crowd() -> Crowd:
    """A world with an admin, a member of each role, an outsider and a worker by group."""
    world = World.with_user("admin", "admin-s3cret")
    for name in (*ROLES, "outsider"):
        world = world.joined(name, f"{name}-s3cret")
    world = world.joined("hand", "hand-s3cret", privilege=Privilege.WORKER)
    ids = {account.username: account.id for account in world.accounts.values()}
    acme = Organization(
        id=ACME, slug=SLUG, name="Acme", owner=ids["owner"], created=world.now, updated=world.now
    )
    members = {
        number: Membership(
            id=number, user=ids[role.value], organization=ACME, role=role, joined=world.now
        )
        for number, role in enumerate(models.RoleEnum, start=1)
    }
    counted = {**world.ids, "organization": ACME, "membership": len(members)}
    world = evolve(world, organizations={ACME: acme}, memberships=members, ids=counted)
    return Crowd(Sandbox(world))

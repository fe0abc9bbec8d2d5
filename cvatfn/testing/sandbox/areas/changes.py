"""What a step changed: the world before compared with the world after; pure.

Rule: nobody reports a change. Rows that came, went or differ are found by looking, so that a new
handler cannot forget to tell, and what one request does to many things is told of each of them.
Things come before what is in them; what went is told the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, TypeAlias, TypeVar

from attrs import frozen

from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.people import Account, Invitation, Membership, Organization
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.talking import Comment, Issue
from cvatfn.testing.sandbox.state.world import World

__all__ = ["Change", "Kind", "Places", "Row", "changes", "places_of"]

Row: TypeAlias = (
    Account
    | Organization
    | Membership
    | Invitation
    | Project
    | Task
    | StoredLabel
    | Job
    | Issue
    | Comment
    | CloudStorage
    | Webhook
)
"""What is told of when it comes, goes or changes."""

Kind: TypeAlias = Literal[
    "user",
    "organization",
    "membership",
    "invitation",
    "project",
    "task",
    "label",
    "job",
    "issue",
    "comment",
    "cloudstorage",
    "webhook",
]

K = TypeVar("K")
Pair: TypeAlias = tuple[Row | None, Row | None]


@frozen
class Change:
    """One thing that came (`before` is `None`), went (`after` is `None`) or is not as it was."""

    kind: Kind
    before: Row | None
    after: Row | None

    @property
    def action(self) -> Literal["create", "update", "delete"]:
        """What happened to it."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"

    @property
    def row(self) -> Row:
        """The thing, as it is or was last."""
        row = self.after if self.after is not None else self.before
        if row is None:
            raise LookupError(f"a change of no {self.kind}")
        return row


@frozen
class Places:
    """What a thing is in, or is itself: ids of an organization, a project, a task and a job."""

    organization: int | None = None
    project: int | None = None
    task: int | None = None
    job: int | None = None


def changes(before: World, after: World) -> Iterator[Change]:
    """What differs between two worlds, one of which followed the other.

    :param before: the earlier one.
    :param after: the later one.

    >>> alone = World.empty()
    >>> [(each.action, each.kind) for each in changes(alone, alone.joined("ada", "x"))]
    [('create', 'user')]
    """
    gone: list[Change] = []
    for kind, pairs in _COMPARED.items():
        for old, new in pairs(before, after):
            if new is None:
                gone.append(Change(kind, old, new))
            else:
                yield Change(kind, old, new)
    yield from reversed(gone)


def places_of(world: World, row: Row) -> Places:
    """What a thing is in.

    :param world: where it is, or was last.
    :param row: the thing.
    """
    match row:
        case Account():
            return Places()
        case Organization():
            return Places(row.id)
        case Membership() | CloudStorage():
            return Places(row.organization)
        case Invitation():
            membership = world.memberships.get(row.membership)
            return Places(None if membership is None else membership.organization)
        case Project():
            return Places(row.organization, row.id)
        case Task():
            return Places(row.organization, row.project, row.id)
        case StoredLabel():
            return _of_label(world, row)
        case Job():
            return _of_job(world, row.id, row.task)
        case Issue():
            return _of_issue(world, row)
        case Comment():
            return _of_issue(world, world.issues[row.issue])
        case Webhook():
            return Places(row.organization, row.project)


def _of_label(world: World, label: StoredLabel) -> Places:
    if label.task is not None:
        return places_of(world, world.tasks[label.task])
    project = None if label.project is None else world.projects.get(label.project)
    return Places() if project is None else places_of(world, project)


def _of_job(world: World, job: int, task: int) -> Places:
    above = places_of(world, world.tasks[task])
    return Places(above.organization, above.project, task, job)


def _of_issue(world: World, issue: Issue) -> Places:
    return _of_job(world, issue.job, world.jobs[issue.job].task)


_Rows: TypeAlias = Callable[[World], Mapping[K, Row]]
_Compared: TypeAlias = Callable[[World, World], Iterator[Pair]]


def _differing(rows: _Rows[K]) -> _Compared:
    def pairs(before: World, after: World) -> Iterator[Pair]:
        old, new = rows(before), rows(after)
        if old is new:
            return
        for key, row in new.items():
            known = old.get(key)
            if known is not row and known != row:
                yield known, row
        for key, row in old.items():
            if key not in new:
                yield row, None

    return pairs


_COMPARED: Final[Mapping[Kind, _Compared]] = {
    "user": _differing(lambda world: world.accounts),
    "organization": _differing(lambda world: world.organizations),
    "membership": _differing(lambda world: world.memberships),
    "invitation": _differing(lambda world: world.invitations),
    "project": _differing(lambda world: world.projects),
    "task": _differing(lambda world: world.tasks),
    "label": _differing(lambda world: world.labels),
    "job": _differing(lambda world: world.jobs),
    "issue": _differing(lambda world: world.issues),
    "comment": _differing(lambda world: world.comments),
    "cloudstorage": _differing(lambda world: world.storages),
    "webhook": _differing(lambda world: world.webhooks),
}

"""A rule for whatever there is: nobody sees what the gates deny, listed or by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.stateful import rule

from cvatfn import Request
from cvatfn.codecs.json import loads
from cvatfn.testing.sandbox import World
from cvatfn.testing.sandbox.areas.quality.standing import may_see_report, may_see_settings
from cvatfn.testing.sandbox.gates.governing import may_see_membership, may_see_organization
from cvatfn.testing.sandbox.gates.hooking import may_change_webhook
from cvatfn.testing.sandbox.gates.permitting import (
    may_see_job,
    may_see_label,
    may_see_project,
    may_see_task,
)
from cvatfn.testing.sandbox.gates.staff import may_see_comment, may_see_guide, may_see_issue
from cvatfn.testing.sandbox.state.people import Account
from tests.sandbox.machine.base import Base, people

S = TypeVar("S")

Kind: TypeAlias = Callable[[World, Account], tuple[frozenset[int], frozenset[int]]]
"""The ids of all there are, and of those that somebody may see."""


def _kind(
    rows: Callable[[World], Mapping[int, S]], may_see: Callable[[World, Account, S], bool]
) -> Kind:
    def ids(world: World, account: Account) -> tuple[frozenset[int], frozenset[int]]:
        there = rows(world)
        seen = (key for key, row in there.items() if may_see(world, account, row))
        return frozenset(there), frozenset(seen)

    return ids


KINDS: Final[Mapping[str, Kind]] = {
    "projects": _kind(lambda world: world.projects, may_see_project),
    "tasks": _kind(lambda world: world.tasks, may_see_task),
    "jobs": _kind(lambda world: world.jobs, may_see_job),
    "labels": _kind(lambda world: world.labels, may_see_label),
    "issues": _kind(lambda world: world.issues, may_see_issue),
    "comments": _kind(lambda world: world.comments, may_see_comment),
    "guides": _kind(lambda world: world.guides, may_see_guide),
    "webhooks": _kind(lambda world: world.webhooks, may_change_webhook),
    "organizations": _kind(lambda world: world.organizations, may_see_organization),
    "memberships": _kind(lambda world: world.memberships, may_see_membership),
    "quality/settings": _kind(lambda world: world.quality_settings, may_see_settings),
    "quality/reports": _kind(lambda world: world.reports, may_see_report),
}
"""By the path under which things of a kind are found."""
UNLISTED: Final = ("guides",)


@frozen
class Row:
    """A thing in a listing."""

    id: int


@frozen
class Listing:
    """A whole listing."""

    count: int
    results: tuple[Row, ...]


class Looking(Base):
    """People look around."""

    @rule(data=st.data(), person=people, kind=st.sampled_from(sorted(KINDS)))
    def look_around(self, data: st.DataObject, person: int, kind: str) -> None:
        model, world = self.model, self.sandbox.world
        there, seen = KINDS[kind](world, world.accounts[person])
        member = [key for key in sorted(model.organizations) if model.rank(person, key)]
        where = data.draw(st.sampled_from([None, *member]))
        cvat = self.as_person(person, where)
        if kind not in UNLISTED:
            page = cvat(Request("GET", f"/api/{kind}", (("page_size", "all"),))).unwrap()
            listing = loads(Listing, page.body).unwrap()
            found = {row.id for row in listing.results}
            assert found & there <= seen
            assert listing.count == len(listing.results) == len(found)
        if there:
            number = data.draw(st.sampled_from(sorted(there)))
            answer = cvat(Request("GET", f"/api/{kind}/{number}")).unwrap()
            assert answer.status == (200 if number in seen else 403)

"""Rules for organizations: founded, joined, left and removed, by those who may."""

from __future__ import annotations

from typing import Literal, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from typing_extensions import override

from cvatfn import call, models
from cvatfn.api import invitations, memberships, organizations, projects
from tests.sandbox.machine.base import Base, assert_refused, people
from tests.sandbox.machine.model import (
    ADMIN,
    MAINTAINER,
    OWNER,
    PEOPLE,
    ROLES,
    SUPERVISOR,
    KnownMember,
    KnownOrganization,
)

MOST = 2
"""How many organizations there are at once."""

Role: TypeAlias = Literal["worker", "supervisor", "maintainer"]
below_owner: st.SearchStrategy[Role] = st.sampled_from(["worker", "supervisor", "maintainer"])


class Organizing(Base):
    """People come together, and go."""

    @initialize(owner=people, other=people, role=below_owner)
    def begin_together(self, owner: int, other: int, role: Role) -> None:
        """An organization is there already, and somebody may be in it."""
        self.found(owner)
        (number,) = self.model.organizations
        if owner != other:
            self.invite_into(number, owner, other, role)
            self.answer_invitation(number, other, other, accepted=True)

    @precondition(lambda self: len(self.model.organizations) < MOST)
    @rule(person=people)
    def found(self, person: int) -> None:
        slug = f"org{self.model.highest.get('organization', 0)}"
        body: models.OrganizationWriteRequestDict = {"slug": slug}
        made = self.allowed(call(self.as_person(person), organizations.create, body))
        number = self.new_id("organization", made.id)
        self.model.organizations[number] = KnownOrganization(slug, person, {})
        within = self.as_person(person, number)
        (own,) = self.allowed(call(within, memberships.list)).results
        place = KnownMember(self.new_id("membership", own.id), OWNER, is_active=True)
        self.model.organizations[number].members[person] = place
        assert_refused(call(self.as_person(person), organizations.create, body), 400)

    @precondition(lambda self: self.model.organizations)
    @rule(data=st.data(), person=people, other=people, role=below_owner)
    def invite(self, data: st.DataObject, person: int, other: int, role: Role) -> None:
        self.invite_into(self.one_of(data, self.model.organizations), person, other, role)

    def invite_into(self, number: int, person: int, other: int, role: Role) -> None:
        """Invite somebody, if one may, and the other is not there yet."""
        known = self.model.organizations[number]
        rank = ROLES.index(role) + 1
        body: models.InvitationWriteRequestDict = {
            "role": role,
            "email": f"{PEOPLE[other]}@sandbox.example",
        }
        may = self._governs(person, number, rank)
        if may and other in known.members:
            within = self.as_person(person, number)
            assert_refused(call(within, invitations.create, body), 400)
            return
        sent = self.attempt_in(number, person, may, invitations.create, body)
        if sent is not None:
            of_world = self.sandbox.world.invitations[sent.key].membership
            member = KnownMember(self.new_id("membership", of_world), rank, sent.key)
            known.members[other] = member

    @precondition(lambda self: self._pending())
    @rule(data=st.data(), person=people, accepted=st.booleans())
    def answer(self, data: st.DataObject, person: int, accepted: bool) -> None:
        number, invited = data.draw(st.sampled_from(self._pending()))
        self.answer_invitation(number, invited, person, accepted=accepted)

    def answer_invitation(self, number: int, invited: int, person: int, *, accepted: bool) -> None:
        """Accept or decline an invitation: only who is invited can."""
        members = self.model.organizations[number].members
        key = members[invited].key or ""
        if accepted:
            self.attempt(person, person == invited, invitations.accept, key)
        else:
            self.attempt(person, person == invited, invitations.decline, key)
        if person == invited and accepted:
            members[invited].is_active = True
        elif person == invited:
            del members[invited]

    @precondition(lambda self: self.model.organizations)
    @rule(data=st.data(), person=people, role=below_owner)
    def promote(self, data: st.DataObject, person: int, role: Role) -> None:
        number, other = self._anybody(data)
        place = self.model.organizations[number].members[other]
        may = self._governs_other(person, number, other)
        if self.attempt(person, may, memberships.partial_update, place.id, {"role": role}):
            place.rank = ROLES.index(role) + 1

    @precondition(lambda self: self.model.organizations)
    @rule(data=st.data(), person=people)
    def leave_or_remove(self, data: st.DataObject, person: int) -> None:
        number, other = self._anybody(data)
        members = self.model.organizations[number].members
        place = members[other]
        leaves = person == other and place.is_active and place.rank < OWNER
        may = leaves or self._governs_other(person, number, other)
        self.attempt(person, may, memberships.destroy, place.id)
        if may:
            del members[other]

    @precondition(lambda self: self.model.organizations)
    @rule(data=st.data(), person=people)
    def dissolve(self, data: st.DataObject, person: int) -> None:
        number = self.one_of(data, self.model.organizations)
        may = person in (ADMIN, self.model.organizations[number].owner)
        self.attempt(person, may, organizations.destroy, number)
        if may:
            model = self.model
            model.remove_projects(
                {key for key, row in model.projects.items() if row.organization == number}
            )
            model.remove_tasks(
                {key for key, row in model.tasks.items() if row.organization == number}
            )
            model.webhooks = {
                key: row for key, row in model.webhooks.items() if row.organization != number
            }
            del model.organizations[number]

    @precondition(lambda self: self.model.projects and self.model.organizations)
    @rule(data=st.data(), person=people)
    def transfer_project(self, data: st.DataObject, person: int) -> None:
        """A project goes to another workspace, and whoever had its jobs has them no more."""
        model = self.model
        number = self.one_of(data, model.projects)
        known = model.projects[number]
        where = data.draw(st.sampled_from([None, *sorted(model.organizations)]))
        moves = where != known.organization
        welcome = where is None or model.rank(person, where) >= SUPERVISOR
        may = model.leads_project(person, number) and (welcome or not moves)
        body: models.PatchedProjectWriteRequestDict = {"organization_id": where}
        changed = self.attempt(person, may, projects.partial_update, number, body)
        if changed is not None and moves:
            known.organization = where
            for task in model.tasks.values():
                if task.project == number:
                    task.organization = where
                    task.jobs = dict.fromkeys(task.jobs)

    @override
    def check(self) -> None:
        super().check()
        self._everyone_is_where_the_model_says()

    def _everyone_is_where_the_model_says(self) -> None:
        world, model = self.sandbox.world, self.model
        assert {key: row.owner for key, row in world.organizations.items()} == {
            key: row.owner for key, row in model.organizations.items()
        }
        assert {
            (row.organization, row.user, row.id, row.role.value, row.is_active)
            for row in world.memberships.values()
        } == {
            (number, person, member.id, ROLES[member.rank - 1], member.is_active)
            for number, row in model.organizations.items()
            for person, member in row.members.items()
        }

    @precondition(lambda self: self.model.organizations)
    @rule(data=st.data(), person=people)
    def look_at_members(self, data: st.DataObject, person: int) -> None:
        """Members see members, and those who run an organization whom it waits for."""
        number = self.one_of(data, self.model.organizations)
        rank, known = self.model.rank(person, number), self.model.organizations[number]
        seen = self.attempt_in(number, person, rank > 0, memberships.list, page_size="all")
        if seen is not None:
            assert {row.user.id for row in seen.results} == {
                other
                for other, member in known.members.items()
                if member.is_active or rank >= MAINTAINER
            }
            assert seen.count == len(seen.results)
        own = self.allowed(call(self.as_person(person), organizations.list)).results
        assert {row.id for row in own} == {
            key
            for key, row in self.model.organizations.items()
            if person in (ADMIN, row.owner) or person in row.members
        }

    def _pending(self) -> list[tuple[int, int]]:
        """The organizations that wait for somebody, and for whom."""
        return [
            (number, person)
            for number, row in sorted(self.model.organizations.items())
            for person, member in sorted(row.members.items())
            if not member.is_active
        ]

    def _anybody(self, data: st.DataObject) -> tuple[int, int]:
        """An organization and somebody in it."""
        inhabited = {key: row for key, row in self.model.organizations.items() if row.members}
        if not inhabited:
            data.draw(st.nothing())
        number = self.one_of(data, inhabited)
        return number, self.one_of(data, inhabited[number].members)

    def _governs(self, person: int, number: int, rank: int) -> bool:
        """Whether somebody is above a rank, and runs the organization."""
        own = self.model.rank(person, number)
        return person == ADMIN or (own >= MAINTAINER and own > rank)

    def _governs_other(self, person: int, number: int, other: int) -> bool:
        """Whether somebody is above somebody else there."""
        rank = self.model.organizations[number].members[other].rank
        return person == ADMIN or (person != other and self._governs(person, number, rank))

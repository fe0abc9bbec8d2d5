"""Rules for webhooks: set up, told of what happens, and removed."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from typing_extensions import override

from cvatfn import call, models
from cvatfn.api import webhooks
from tests.sandbox.machine.base import Base, people
from tests.sandbox.machine.model import ADMIN, MAINTAINER, KnownWebhook

MOST = 3
"""How many webhooks there are at once."""
events = st.lists(
    st.sampled_from(
        [
            "update:project",
            "create:task",
            "update:task",
            "delete:task",
            "update:job",
            "create:issue",
        ]
    ),
    min_size=1,
    unique=True,
)


class Hearing(Base):
    """People have things watched."""

    @precondition(lambda self: self.model.projects and len(self.model.webhooks) < MOST)
    @rule(data=st.data(), person=people, wanted=events)
    def watch_project(self, data: st.DataObject, person: int, wanted: list[str]) -> None:
        project = self.one_of(data, self.model.projects)
        known = self.model.projects[project]
        owns = known.owner == person and self.model.leads_project(person, project)
        body = self._body("project", wanted)
        body["project_id"] = project
        made = self.attempt(person, person == ADMIN or owns, webhooks.create, body)
        if made is not None:
            hook = KnownWebhook(person, project, known.organization)
            self.model.webhooks[self.new_id("webhook", made.id)] = hook

    @precondition(lambda self: self.model.organizations and len(self.model.webhooks) < MOST)
    @rule(data=st.data(), person=people, wanted=events)
    def watch_organization(self, data: st.DataObject, person: int, wanted: list[str]) -> None:
        number = self.one_of(data, self.model.organizations)
        may = self.model.rank(person, number) >= MAINTAINER
        body = self._body("organization", wanted)
        made = self.attempt_in(number, person, may, webhooks.create, body)
        if made is not None:
            hook = KnownWebhook(person, None, number)
            self.model.webhooks[self.new_id("webhook", made.id)] = hook

    def _body(
        self, kind: models.WebhookTypeLike, wanted: list[str]
    ) -> models.WebhookWriteRequestDict:
        return {
            "type": kind,
            "target_url": "http://listener.example/hear",
            "events": [models.EventsEnum(each) for each in wanted],
            "secret": "s3cret",
        }

    @precondition(lambda self: self.model.webhooks)
    @rule(data=st.data(), person=people, ping=st.booleans())
    def ping_or_remove(self, data: st.DataObject, person: int, ping: bool) -> None:
        number = self.one_of(data, self.model.webhooks)
        known = self.model.webhooks[number]
        of_project = self.model.projects.get(known.project or 0)
        owns = of_project is not None and of_project.owner == person
        tied = person == known.owner or owns
        may = self.model.is_open(person, known.organization, tied=tied)
        if ping:
            told = self.attempt(person, may, webhooks.create_ping, number)
            assert told is None or told.status_code == 200
        else:
            self.attempt(person, may, webhooks.destroy, number)
            if may:
                del self.model.webhooks[number]

    @override
    def check(self) -> None:
        super().check()
        self._what_was_to_be_told_was_told()

    def _what_was_to_be_told_was_told(self) -> None:
        world, model = self.sandbox.world, self.model
        assert {
            key: (row.owner, row.project, row.organization) for key, row in world.webhooks.items()
        } == {
            key: (row.owner, row.project, row.organization) for key, row in model.webhooks.items()
        }
        assert world.outbox == ()
        assert all(delivery.status_code == 200 for delivery in world.deliveries.values())

    @precondition(lambda self: self.model.webhooks)
    @rule(data=st.data())
    def look_at_deliveries(self, data: st.DataObject) -> None:
        number = self.one_of(data, self.model.webhooks)
        cvat = self.as_person(ADMIN)
        seen = self.allowed(call(cvat, webhooks.list_deliveries, number, page_size="all"))
        told = [row for row in self.sandbox.world.deliveries.values() if row.webhook == number]
        assert seen.count == len(told) == len(seen.results)

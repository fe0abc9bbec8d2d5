"""What all areas of the machine share: the sandbox, who asks, and what has to hold after each step.

Theory of operation: rules ask the sandbox as people do, and do the same to the model. Every request
and its outcome are written down; in the end all of them are asked again from the first world on,
and have to come to the same bytes and the same world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeAlias, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from cvatfn import CallError, Failure, Outcome, Request, Response, Success, Transport, call
from cvatfn.api import jobs, projects, tasks
from cvatfn.auth import Basic
from cvatfn.codecs.plain import is_mapping
from cvatfn.endpoints import Endpoint
from cvatfn.errors import Rejected, TransportError
from cvatfn.testing.sandbox import Sandbox, World, dangling
from cvatfn.testing.sandbox.state.world import labels_of
from cvatfn.transport import authenticated, in_organization
from tests.sandbox.machine.model import ADMIN, PASSWORD, PEOPLE, KnownGuide, Model

P = ParamSpec("P")
T = TypeVar("T")
Target: TypeAlias = tuple[int | None, int | None]
"""A task, or a project."""

people = st.sampled_from(sorted(PEOPLE))
NAMES = ("cat", "dog", "owl")
names = st.sampled_from(NAMES)


def beginning() -> World:
    """A superuser and two people; ids of accounts are the model's."""
    world = World.with_user(PEOPLE[ADMIN], PASSWORD)
    for person, name in PEOPLE.items():
        if person != ADMIN:
            world = world.joined(name, PASSWORD)
    return world


def heard(_: Request) -> Outcome[Response, TransportError]:
    """Receive a message of a webhook."""
    return Success(Response(200, {"Content-Type": "text/plain"}, b"heard"))


class Base(RuleBasedStateMachine):
    """A sandbox, the model of it, what was asked so far, and the worlds on that way."""

    def __init__(self) -> None:
        super().__init__()
        self.first = beginning()
        self.sandbox = Sandbox(self.first, sender=heard)
        self.model = Model()
        self.journal: list[tuple[Request, Outcome[Response, TransportError]]] = []
        self.way = [self.first]

    def ask(self, request: Request) -> Outcome[Response, TransportError]:
        """Ask the sandbox, and write it down."""
        outcome = self.sandbox(request)
        self.journal.append((request, outcome))
        self.way.append(self.sandbox.world)
        return outcome

    def as_person(self, person: int, organization: int | None = None) -> Transport:
        """The sandbox as one of the people sees it, within an organization or everywhere."""
        cvat = authenticated(self.ask, Basic(PEOPLE[person], PASSWORD), self.first.origin)
        if organization is None:
            return cvat
        return in_organization(cvat, self.model.organizations[organization].slug)

    def one_of(self, data: st.DataObject, ids: dict[int, T]) -> int:
        """Any of some ids."""
        return data.draw(st.sampled_from(sorted(ids)))

    def allowed(self, outcome: Outcome[T, CallError]) -> T:
        """What was answered to somebody who may ask."""
        assert isinstance(outcome, Success), outcome.failure()
        return outcome.unwrap()

    def attempt(
        self,
        person: int,
        may: bool,
        endpoint: Endpoint[P, T],
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> T | None:
        """Ask for what the model says is allowed, or is not: then it is refused, unchanged."""
        return self.attempt_in(None, person, may, endpoint, *args, **params)

    def attempt_in(
        self,
        organization: int | None,
        person: int,
        may: bool,
        endpoint: Endpoint[P, T],
        /,
        *args: P.args,
        **params: P.kwargs,
    ) -> T | None:
        """Ask for it within an organization."""
        before = self.sandbox.world
        outcome = call(self.as_person(person, organization), endpoint, *args, **params)
        if may:
            return self.allowed(outcome)
        assert_refused(outcome, 403, 404)
        unchanged(before, self.sandbox.world)
        return None

    def new_id(self, kind: str, number: int) -> int:
        """An id that was given away just now: never before in this world."""
        assert number > self.model.highest.get(kind, 0), f"{kind} {number} was given twice"
        self.model.highest[kind] = number
        return number

    def guides_appear(self, copied: Mapping[Target, Target]) -> None:
        """What a backup made anew has the guide of what it was made of.

        :param copied: by each thing that was made, the thing that was backed up.
        """
        known = {(row.task, row.project): row.markdown for row in self.model.guides.values()}
        made = {
            key: row
            for key, row in self.sandbox.world.guides.items()
            if key not in self.model.guides
        }
        assert {(row.task, row.project): row.markdown for row in made.values()} == {
            new: known[old] for new, old in copied.items() if old in known
        }
        for key, row in sorted(made.items()):
            self.model.guides[self.new_id("guide", key)] = KnownGuide(
                row.task, row.project, row.markdown
            )

    @invariant()
    def holds(self) -> None:
        """All that has to hold after each step; one invariant is one line a step."""
        self.check()

    def check(self) -> None:
        """Look at what has to hold; areas add to it."""
        self._nothing_dangles()
        self._things_stand_under_their_ids()
        self._jobs_hold_what_lies_on_their_frames_in_the_labels_of_their_task()
        self._the_world_is_what_the_model_says()

    def _nothing_dangles(self) -> None:
        assert [str(problem) for problem in dangling(self.sandbox.world)] == []

    def _things_stand_under_their_ids(self) -> None:
        for field in attrs.fields(World):
            held: object = getattr(self.sandbox.world, field.name)
            if is_mapping(held):
                for key, thing in held.items():
                    assert getattr(thing, "id", key) == key, field.name

    def _jobs_hold_what_lies_on_their_frames_in_the_labels_of_their_task(self) -> None:
        world = self.sandbox.world
        for job in world.jobs.values():
            labels = labels_of(world, world.tasks[job.task])
            held = job.annotations
            placed = [
                *((each.frame, each.label_id) for each in held.tags),
                *((each.frame, each.label_id) for each in held.shapes),
                *((each.frame, each.label_id) for each in held.tracks),
            ]
            for frame, label in placed:
                assert job.start <= frame <= job.stop
                assert label in labels
            numbers = [shape.id for shape in held.shapes]
            assert len({*numbers}) == len(numbers)

    def _the_world_is_what_the_model_says(self) -> None:
        world, model = self.sandbox.world, self.model
        assert {(key, row.owner, row.organization) for key, row in world.projects.items()} == {
            (key, row.owner, row.organization) for key, row in model.projects.items()
        }
        assert {
            (key, row.name, row.owner, row.project, row.organization)
            for key, row in world.tasks.items()
        } == {
            (key, row.name, row.owner, row.project, row.organization)
            for key, row in model.tasks.items()
        }
        assert {key: job.assignee for key, job in world.jobs.items()} == {
            key: assignee for row in model.tasks.values() for key, assignee in row.jobs.items()
        }

    def listed(self, person: int) -> None:
        """What somebody sees in listings is what the model says, and is counted.

        Asked everywhere, a listing has only what one is tied to; admins see all.
        """
        cvat, model, sees_all = self.as_person(person), self.model, person == ADMIN
        seen = self.allowed(call(cvat, tasks.list, page_size="all"))
        assert seen.count == len(seen.results)
        assert {row.id for row in seen.results} == {
            task
            for task in model.tasks
            if model.leads(person, task) and (sees_all or model.owns(person, task))
        }
        for row in seen.results:
            assert row.jobs.count == len(model.tasks[row.id].jobs)
            assert (row.size or 0) == model.tasks[row.id].size
        shown = self.allowed(call(cvat, projects.list, page_size="all")).results
        assert {row.id for row in shown} == {
            project
            for project, row in model.projects.items()
            if model.leads_project(person, project) and (sees_all or row.owner == person)
        }
        for project in shown:
            inside = [row for row in model.tasks.values() if row.project == project.id]
            assert project.tasks.count == len(inside)
        work = self.allowed(call(cvat, jobs.list, page_size="all")).results
        assert {row.id for row in work} == {
            job
            for row in model.tasks.values()
            for job in row.jobs
            if model.sees_job(person, job) and (sees_all or model.works_on(person, job))
        }

    def teardown(self) -> None:
        """Everything that was asked on the way here, asked again."""
        for person in PEOPLE:
            self.listed(person)
        again = Sandbox(self.first, sender=heard)
        for request, outcome in self.journal:
            assert again(request) == outcome
        assert again.world == self.sandbox.world


def assert_refused(outcome: Outcome[object, CallError], *statuses: int) -> None:
    """Refused with one of some statuses."""
    assert isinstance(outcome, Failure), outcome
    error = outcome.failure()
    assert isinstance(error, Rejected), error
    assert error.status in statuses, error


def unchanged(before: World, after: World) -> None:
    """Nothing but time has passed, and what time brings to an end."""
    same: Callable[[World], World] = lambda world: attrs.evolve(  # noqa: E731 - one expression
        world, now=before.now, steps=0, backgrounds={}, keys={}
    )
    assert same(before) == same(after)

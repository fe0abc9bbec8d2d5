"""What all areas of the machine share: the sandbox, who asks, and what has to hold after each step.

Theory of operation: rules ask the sandbox as people do, and do the same to the model. Every request
and its outcome are written down; in the end all of them are asked again from the first world on,
and have to come to the same bytes and the same world.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

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
from cvatfn.transport import authenticated
from tests.sandbox.machine.model import ADMIN, PASSWORD, PEOPLE, Model

P = ParamSpec("P")
T = TypeVar("T")

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


class Base(RuleBasedStateMachine):
    """A sandbox, the model of it, what was asked so far, and the worlds on that way."""

    def __init__(self) -> None:
        super().__init__()
        self.first = beginning()
        self.sandbox = Sandbox(self.first)
        self.model = Model()
        self.journal: list[tuple[Request, Outcome[Response, TransportError]]] = []
        self.way = [self.first]

    def ask(self, request: Request) -> Outcome[Response, TransportError]:
        """Ask the sandbox, and write it down."""
        outcome = self.sandbox(request)
        self.journal.append((request, outcome))
        self.way.append(self.sandbox.world)
        return outcome

    def as_person(self, person: int) -> Transport:
        """The sandbox as one of the people sees it."""
        return authenticated(self.ask, Basic(PEOPLE[person], PASSWORD), self.first.origin)

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
        before = self.sandbox.world
        outcome = call(self.as_person(person), endpoint, *args, **params)
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

    @invariant()
    def nothing_dangles(self) -> None:
        assert [str(problem) for problem in dangling(self.sandbox.world)] == []

    @invariant()
    def things_stand_under_their_ids(self) -> None:
        for field in attrs.fields(World):
            held: object = getattr(self.sandbox.world, field.name)
            if is_mapping(held):
                for key, thing in held.items():
                    assert getattr(thing, "id", key) == key, field.name

    @invariant()
    def jobs_hold_what_lies_on_their_frames_in_the_labels_of_their_task(self) -> None:
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

    @invariant()
    def the_world_is_what_the_model_says(self) -> None:
        world, model = self.sandbox.world, self.model
        assert {key: row.owner for key, row in world.projects.items()} == {
            key: row.owner for key, row in model.projects.items()
        }
        assert {(key, row.name, row.owner, row.project) for key, row in world.tasks.items()} == {
            (key, row.name, row.owner, row.project) for key, row in model.tasks.items()
        }
        assert {key: job.assignee for key, job in world.jobs.items()} == {
            key: assignee for row in model.tasks.values() for key, assignee in row.jobs.items()
        }

    def listed(self, person: int) -> None:
        """What somebody sees in listings is what the model says, and is counted."""
        cvat, model = self.as_person(person), self.model
        seen = self.allowed(call(cvat, tasks.list, page_size="all"))
        assert seen.count == len(seen.results)
        found = {row.id for row in seen.results}
        must = {task for task in model.tasks if model.leads(person, task)}
        may = {task for task in model.tasks if model.works_on(person, task)}
        assert must <= found <= must | may
        for row in seen.results:
            assert row.jobs.count == len(model.tasks[row.id].jobs)
            assert (row.size or 0) == model.tasks[row.id].size
        shown = self.allowed(call(cvat, projects.list, page_size="all")).results
        assert {row.id for row in shown} == {
            project for project in model.projects if model.leads_project(person, project)
        }
        for project in shown:
            inside = [row for row in model.tasks.values() if row.project == project.id]
            assert project.tasks.count == len(inside)
        work = self.allowed(call(cvat, jobs.list, page_size="all")).results
        assert {row.id for row in work} == {
            job
            for task, row in model.tasks.items()
            for job, assignee in row.jobs.items()
            if assignee == person or model.leads(person, task)
        }

    def teardown(self) -> None:
        """Everything that was asked on the way here, asked again."""
        for person in PEOPLE:
            self.listed(person)
        again = Sandbox(self.first)
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

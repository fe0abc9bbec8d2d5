"""Waiting for many pieces of work: how few requests that takes, and that none loses the others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import (
    CallError,
    Failure,
    File,
    Outcome,
    Success,
    Transport,
    call,
    collect,
    models,
    wait_all,
    wait_for,
)
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.errors import InvalidParams, Rejected, TimedOut
from cvatfn.polling import WAITING, PollTimedOut, RequestFailed
from cvatfn.schedule import Schedule, constant
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from tests.background_work import LISTING, Server, Trouble, Work
from tests.sandbox.kit import picture

EVER = float("inf")
Waited = Outcome[models.Request, CallError | RequestFailed | PollTimedOut]


def working(
    number: str, end: str = "finished", *, ends: float = 0.0, is_listed: bool = True
) -> Work:
    """Work that is over after so many seconds."""
    return Work(number, 0.0, is_listed, 0.0, 1000.0 + ends, end, "started")


def waited(
    server: Server, ids: Sequence[str | models.RqId], schedule: Schedule = WAITING
) -> tuple[Waited, ...]:
    """Wait with the server's own clock."""
    return wait_all(
        server.send,
        ids,
        schedule=schedule,
        clock=lambda: server.now,
        sleep=server.sleep,
        random=lambda: 0.0,
    )


def asked(server: Server) -> list[list[str]]:
    """What was asked for at each look."""
    looks: list[list[str]] = [[] for _ in range(len(server.waits) + 1)]
    for exchange in server.log:
        looks[exchange.look].append(exchange.asked)
    return looks


def name(outcome: Waited) -> str:
    """What an outcome is, in a word."""
    match outcome:
        case Success(request):
            return request.status.value
        case Failure(Rejected() as error):
            return str(error.status)
        case Failure(error):
            return type(error).__name__


def test_a_thousand_are_looked_at_in_a_few_requests() -> None:
    works = [working(f"w{number}", ends=1.0) for number in range(1000)]
    server = Server(works=works, most=500)
    outcomes = waited(server, [work.id for work in works], constant(2))
    assert [outcome.unwrap().id for outcome in outcomes] == [work.id for work in works]
    assert asked(server) == [[LISTING] * 2] * 2


def test_each_id_has_its_own_outcome_in_its_place() -> None:
    works = [working("a", ends=3), working("b", "failed"), working("c", ends=EVER), working("d")]
    server = Server(works=works, most=100)
    ids: list[str | models.RqId] = ["d", models.RqId(rq_id="a"), "none", "c", "b", "a", ""]
    outcomes = waited(server, ids, constant(1, deadline=20))
    assert [name(outcome) for outcome in outcomes] == [
        "finished",
        "finished",
        "404",
        "PollTimedOut",
        "RequestFailed",
        "finished",
        "InvalidParams",
    ]
    assert isinstance(outcomes[-1].failure(), InvalidParams)
    assert collect(outcomes[:2]) == Success((outcomes[0].unwrap(), outcomes[1].unwrap()))
    timed_out = outcomes[3].failure()
    assert isinstance(timed_out, PollTimedOut)
    assert (timed_out.waited, timed_out.tries, timed_out.error) == (20.0, 21, None)
    assert str(timed_out).startswith(
        "Waited 20.0 s in vain for the end of background request 'c' (tries: 21). "
        "Last seen: started."
    )


def test_nothing_is_asked_for_no_ids() -> None:
    server = Server()
    assert waited(server, []) == ()
    assert (server.log, server.waits) == ([], [])


@given(st.sampled_from(["finished", "failed"]), st.floats(0, 20), st.booleans(), st.booleans())
def test_one_of_many_is_what_one_alone_is(
    end: str, ends: float, is_listed: bool, is_known: bool
) -> None:
    works = [working("a", end, ends=ends, is_listed=is_listed)] if is_known else []
    one, many = Server(works=works), Server(works=[*works, working("b", ends=ends)])
    outcome = wait_for(one.send, "a", clock=lambda: one.now, sleep=one.sleep, random=lambda: 0.0)
    assert waited(many, ["a", "b"])[0] == outcome


def test_what_is_over_is_not_looked_for_again() -> None:
    server = Server(works=[working("a"), working("b"), working("c", ends=2)], most=100)
    waited(server, ["a", "b", "c"], constant(1))
    # the last one is asked for by its id: that is no more than a listing
    assert asked(server) == [[LISTING], ["c"], ["c"]]


def test_work_of_another_organization_is_asked_for_by_its_id() -> None:
    works = [working("a"), working("b", is_listed=False), working("c"), working("d")]
    server = Server(works=works, most=100)
    assert [name(each) for each in waited(server, ["a", "b", "c", "d"])] == ["finished"] * 4
    assert asked(server) == [[LISTING, "b"]]


def test_a_listing_is_not_walked_farther_than_it_is_worth() -> None:
    others = [working(f"other{number}") for number in range(100)]
    server = Server(works=[working("a"), working("b"), working("c"), *others], most=10)
    waited(server, ["a", "b", "c"])
    assert asked(server) == [[LISTING, LISTING, "a", "b", "c"]]


@pytest.mark.parametrize("kind", ["500", "403", "404", "garbled", "lost", "504"])
def test_a_listing_that_cannot_be_had_does_no_harm(kind: str) -> None:
    trouble = [Trouble(kind, of_listing=True, times=99, retry_after=None)]
    server = Server(works=[working("a"), working("b"), working("c")], troubles=trouble)
    assert [name(each) for each in waited(server, ["a", "b", "c"])] == ["finished"] * 3
    assert asked(server) == [[LISTING, "a", "b", "c"]]


@pytest.mark.parametrize(("kind", "end"), [("401", "401"), ("tls", "TlsFailed")])
def test_a_fault_that_all_would_meet_is_met_once(kind: str, end: str) -> None:
    for of_listing in (True, False):
        trouble = [Trouble(kind, of_listing=of_listing, times=1, retry_after=None)]
        works = [working(number, is_listed=of_listing) for number in "abc"]
        server = Server(works=works, troubles=trouble)
        assert [name(each) for each in waited(server, "abc")] == [end] * 3
        assert asked(server) == [[LISTING] if of_listing else [LISTING, "a"]]


@pytest.mark.parametrize("kind", ["503", "lost", "slow"])
def test_a_fault_that_may_pass_breaks_a_look_off(kind: str) -> None:
    trouble = [Trouble(kind, of_listing=False, times=1, retry_after=None)]
    works = [working(number, is_listed=False) for number in "abc"]
    server = Server(works=works, troubles=trouble)
    assert [name(each) for each in waited(server, "abc")] == ["finished"] * 3
    assert asked(server) == [[LISTING, "a"], [LISTING, "b", "c", "a"]]


@pytest.mark.parametrize("of_listing", [True, False])
def test_a_server_that_asks_to_wait_is_asked_nothing_meanwhile(of_listing: bool) -> None:
    trouble = [Trouble("429", of_listing=of_listing, times=1, retry_after=7.0)]
    works = [working(number, is_listed=of_listing) for number in "abc"]
    server = Server(works=works, troubles=trouble, most=100)
    assert [name(each) for each in waited(server, "abc")] == ["finished"] * 3
    assert [seconds for _, seconds in server.waits] == [7.0]


def test_work_that_always_fails_to_be_seen_keeps_none_from_a_look() -> None:
    server = Server(works=[working(number, is_listed=False) for number in "abc"])
    outcomes = wait_all(
        lambda request: (
            Failure(TimedOut(request, "silence"))
            if request.path.endswith("/a")
            else server.send(request)
        ),
        "abc",
        schedule=constant(1, attempts=3),
        clock=lambda: server.now,
        sleep=server.sleep,
    )
    assert [name(each) for each in outcomes] == ["PollTimedOut", "finished", "finished"]


def test_progress_is_shown_what_each_look_sees() -> None:
    server = Server(works=[working("a"), working("b", ends=1)], most=100)
    seen: list[tuple[str, str]] = []
    wait_all(
        server.send,
        ["a", "b", "none"],
        schedule=constant(2, attempts=2),
        progress=lambda request: seen.append((request.id, request.status.value)),
        clock=lambda: server.now,
        sleep=server.sleep,
    )
    assert seen == [("b", "started"), ("a", "finished"), ("b", "finished")]


def test_in_the_sandbox_many_pieces_of_work_come_to_their_ends() -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ada = authenticated(sandbox, Basic("ada", "s3cret"), sandbox.world.origin)
    begun = [_begun(ada, picture(f"{number}.png")) for number in range(30)]
    steps = sandbox.world.steps
    outcomes = wait_all(ada, begun, sleep=_still)
    assert [each.id for each in collect(outcomes).unwrap()] == [each.rq_id for each in begun]
    assert sandbox.world.steps - steps < 10
    broken = _begun(ada, File("cat.png", b"no picture"))
    fine = _begun(ada, picture("cat.png"))
    first, second = wait_all(ada, [broken, fine], sleep=_still)
    assert isinstance(first.failure(), RequestFailed)
    assert second.unwrap().id == fine.rq_id


def _begun(cvat: Transport, image: File) -> models.RqId:
    task = call(cvat, tasks.create, {"name": "cats"}).unwrap()
    data: models.DataRequestDict = {"image_quality": 70, "client_files": [image]}
    begun = call(cvat, tasks.create_data, task.id, data).unwrap()
    assert begun is not None
    return begun


def _still(_seconds: float) -> None:
    """Every look moves the sandbox's clock on: nobody needs to sleep."""

"""What holds for every wrapper: with nothing to do it changes nothing, and it hides nothing."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import count, permutations
from pathlib import Path
from typing import TypeAlias

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvatfn.auth import AccessToken
from cvatfn.codecs.json import dumps
from cvatfn.errors import ConnectionLost, TimedOut, TransportError
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import constant
from cvatfn.transport import (
    Transport,
    authenticated,
    connect,
    in_organization,
    logged,
    rate_limited,
    recorded,
    retrying,
    with_headers,
    with_timeout,
)

Wrap: TypeAlias = Callable[[Transport], Transport]
HOME = "https://cvat.example"
SHARED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST", "HEAD"]),
    st.sampled_from(["/api/tasks", "/api/jobs/7"]),
    st.sampled_from([(("org", "acme"),), (("org", ""), ("search", "a b"))]),
    st.sampled_from([{"Authorization": "Bearer s3cret"}, {"Cookie": "a=b", "Accept": "x/y"}]),
    st.sampled_from([None, b"{}", b"\xff"]),
    timeout=st.sampled_from([Timeout(), Timeout(total=9.0)]),
    streamed=st.booleans(),
    once=st.booleans(),
)
OUTCOMES: st.SearchStrategy[Outcome[Response, TransportError]] = st.one_of(
    st.builds(Response, st.sampled_from([200, 404, 503]), body=st.binary(max_size=5)).map(Success),
    st.builds(ConnectionLost, REQUESTS, st.just("reset")).map(Failure),
    st.builds(TimedOut, REQUESTS, st.just("slow"), st.just(False)).map(Failure),
)


@pytest.fixture
def wrappers(tmp_path: Path) -> dict[str, Wrap]:
    """Each wrapper as it has nothing to do with `REQUESTS`, which say all there is to say."""
    number = count()
    return {
        "with_headers": lambda send: with_headers(send, {}),
        "with_timeout": lambda send: with_timeout(send, 5),
        "in_organization": lambda send: in_organization(send, "other"),
        "authenticated": lambda send: authenticated(send, AccessToken("other"), HOME),
        "retrying": lambda send: retrying(send, constant(0, attempts=1)),
        "logged": logged,
        "rate_limited": lambda send: rate_limited(send, 100_000, per=0.001),
        "recorded": lambda send: recorded(send, tmp_path / f"{next(number)}.jsonl"),
    }


NAMES = [
    "with_headers",
    "with_timeout",
    "in_organization",
    "authenticated",
    "retrying",
    "logged",
    "rate_limited",
    "recorded",
]


def test_every_wrapper_is_here(wrappers: dict[str, Wrap]) -> None:
    assert list(wrappers) == NAMES


@pytest.mark.parametrize("name", NAMES)
@SHARED_FOLDER
@given(REQUESTS, OUTCOMES)
def test_with_nothing_to_do_it_changes_nothing(
    name: str,
    wrappers: dict[str, Wrap],
    request_: Request,
    outcome: Outcome[Response, TransportError],
) -> None:
    seen: list[Request] = []

    def send(asked: Request) -> Outcome[Response, TransportError]:
        seen.append(asked)
        return outcome

    assert wrappers[name](send)(request_) is outcome
    [asked] = seen
    # A recording has no place for a stream, and `retrying` is the one that tries again.
    assert asked == (evolve(request_, streamed=False) if name == "recorded" else request_)
    assert asked.once == (request_.once or name == "retrying")


@pytest.mark.parametrize("name", NAMES)
def test_what_the_transport_raises_goes_through(name: str, wrappers: dict[str, Wrap]) -> None:
    def broken(asked: Request) -> Outcome[Response, TransportError]:
        raise RuntimeError(asked.path)

    with pytest.raises(RuntimeError, match="/api/tasks"):
        wrappers[name](broken)(Request("GET", "/api/tasks"))


@pytest.mark.parametrize("name", NAMES)
def test_it_pickles_if_what_it_wraps_does(name: str, wrappers: dict[str, Wrap]) -> None:
    once = pickle.dumps(wrappers[name](connect("http://127.0.0.1:9")))
    again: Transport = pickle.loads(once)  # noqa: S301 - our own pickle
    match again(Request("GET", "/", timeout=Timeout(total=5.0))):
        case Failure(error):
            assert "127.0.0.1:9" in str(error) or "refused" in str(error)
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize(("outer", "inner"), [*permutations(NAMES, 2)])
def test_any_two_go_together(outer: str, inner: str, wrappers: dict[str, Wrap]) -> None:
    outcome = Success(Response(200, body=b"[1]"))
    asked: list[Request] = []

    def send(request: Request) -> Success[Response]:
        asked.append(request)
        return outcome

    both = wrappers[outer](wrappers[inner](send))
    assert both(Request("GET", "/api/tasks", timeout=Timeout())) == outcome
    assert len(asked) == 1


# Where the order matters.


def test_a_time_limit_around_retries_is_for_all_of_them_and_inside_for_each() -> None:
    now, seen = [0.0], list[Timeout | None]()

    def send(request: Request) -> Success[Response]:
        seen.append(request.timeout)
        now[0] += 3
        return Success(Response(503))

    def sleep(seconds: float) -> None:
        now[0] += seconds

    def patient(transport: Transport) -> Transport:
        return retrying(transport, constant(1, attempts=4), sleep=sleep, clock=lambda: now[0])

    with_timeout(patient(send), 10)(Request("GET", "/"))
    patient(with_timeout(send, 10))(Request("GET", "/"))
    assert [limits and limits.total for limits in seen] == [10, 6, 2, *[10] * 4]


def test_a_recorder_hides_a_repeated_login_that_passes_it(tmp_path: Path) -> None:
    def repeating(_: Request) -> Success[Response]:
        return Success(Response(200, body=dumps(["no s3cret-token here"])))

    path = tmp_path / "recording.jsonl"
    ada = authenticated(recorded(repeating, path), AccessToken("s3cret-token"), HOME)
    ada(Request("GET", "/api/tasks"))
    assert "s3cret" not in path.read_text()
    assert "no *** here" in path.read_text()

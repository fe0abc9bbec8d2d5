"""Wrappers: the more specific wins, nothing else changes, and credentials stay at home."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.auth import AccessToken, Auth, Basic, Session
from cvatfn.errors import ForeignOrigin
from cvatfn.messages import Headers, Request, Response, Timeout
from cvatfn.outcome import Success
from cvatfn.transport import (
    Transport,
    authenticated,
    connect,
    in_memory,
    in_organization,
    with_headers,
    with_timeout,
)
from tests.transport.wire import error_of, value_of

HOME = "https://cvat.example"
NAMES = st.sampled_from(["X-A", "x-a", "X-B", "Accept"])
FIELDS = st.lists(st.tuples(NAMES, st.text("xyz", max_size=3)), max_size=4).map(tuple).map(Headers)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST"]),
    st.just("/api/tasks"),
    headers=FIELDS,
    timeout=st.one_of(st.none(), st.builds(Timeout, total=st.floats(1, 9))),
)
TIMEOUTS = st.one_of(st.floats(1, 9), st.tuples(st.none(), st.floats(1, 9)))


def _seen(wrap: Callable[[Transport], Transport], request: Request) -> Request:
    """What arrives at a transport behind a wrapper."""
    arrived: list[Request] = []

    def send(asked: Request) -> Success[Response]:
        arrived.append(asked)
        return Success(Response(200))

    assert wrap(send)(request) == Success(Response(200))
    [seen] = arrived
    return seen


@given(REQUESTS, FIELDS)
def test_a_requests_own_fields_win(request: Request, fields: Headers) -> None:
    seen = _seen(lambda send: with_headers(send, fields), request)
    for name in ("X-A", "X-B", "Accept"):
        assert seen.headers.all(name) == (request.headers.all(name) or fields.all(name))
    assert evolve(seen, headers=request.headers) == request


@given(REQUESTS, FIELDS, FIELDS)
def test_of_two_wrappers_the_one_nearer_to_the_caller_wins(
    request: Request, inner: Headers, outer: Headers
) -> None:
    both = _seen(lambda send: with_headers(with_headers(send, inner), outer), request)
    once = _seen(lambda send: with_headers(send, inner.replaced(outer)), request)
    for name in ("X-A", "X-B", "Accept"):
        assert both.headers.all(name) == once.headers.all(name)


@given(REQUESTS)
def test_adding_nothing_is_the_identity(request: Request) -> None:
    assert _seen(lambda send: with_headers(send, {}), request) == request


@given(REQUESTS, TIMEOUTS, TIMEOUTS)
def test_the_first_limit_on_the_way_counts(
    request: Request, inner: float | tuple[None, float], outer: float | tuple[None, float]
) -> None:
    both = _seen(lambda send: with_timeout(with_timeout(send, inner), outer), request)
    assert both == _seen(lambda send: with_timeout(send, outer), request)
    if request.timeout is not None:
        assert both == request


@pytest.mark.parametrize(
    ("request_", "organization"),
    [
        (Request("GET", "/"), "acme"),
        (Request("GET", "/", (("search", "org"),)), "acme"),
        (Request("GET", "/", (("org", "other"),)), None),
        (Request("GET", "/", (("org_id", "1"),)), None),
        (Request("GET", "/", headers={"x-organization": ""}), ""),
    ],
)
def test_a_request_that_names_an_organization_keeps_it(
    request_: Request, organization: str | None
) -> None:
    seen = _seen(lambda send: in_organization(send, "acme"), request_)
    assert seen.headers.get("X-Organization") == organization


@pytest.mark.parametrize(
    "auth",
    [Basic("ada", "pw"), AccessToken("t"), Session("s1", "c2")],
    ids=lambda auth: type(auth).__name__,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("origin", [None, HOME, "HTTPS://cvat.example:443"])
def test_a_login_goes_home(auth: Auth, method: str, origin: str | None) -> None:
    request = Request(method, "/", origin=origin)
    seen = _seen(lambda send: authenticated(send, auth, HOME), request)
    names = {name for name, _ in seen.headers}
    if isinstance(auth, Session):
        assert names == ({"Cookie"} if method == "GET" else {"Cookie", "X-CSRFToken", "Origin"})
    else:
        assert names == {"Authorization"}


@pytest.mark.parametrize("origin", ["http://cvat.example", "https://cvat.example:8443", "x", ""])
def test_a_login_goes_nowhere_else(origin: str) -> None:
    request = Request("POST", "/", origin=origin)
    assert _seen(lambda send: authenticated(send, AccessToken("t"), HOME), request) == request


def test_a_server_that_refuses_and_repeats_the_login_is_not_repeated() -> None:
    def echo(request: Request) -> Response:
        return Response(403, {"X-Got": "t0ken"}, str(request.headers.pairs).encode())

    ada = authenticated(in_memory(echo, origin=HOME), AccessToken("t0ken"), HOME)
    response = value_of(ada(Request("GET", "/")))
    assert response.headers.get("X-Got") == "***"
    assert response.body == b"(('Authorization', 'Bearer ***'),)"


def test_the_login_nearer_to_the_caller_takes_the_place_of_the_other() -> None:
    def wrap(send: Transport) -> Transport:
        return authenticated(authenticated(send, Session("s1", "c2"), HOME), AccessToken("t"), HOME)

    assert _seen(wrap, Request("POST", "/")).headers.pairs == (("Authorization", "Bearer t"),)


def test_an_origin_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="origin"):
        authenticated(in_memory(lambda _: Response(200)), AccessToken("t"), "cvat.example")
    with pytest.raises(ValueError, match="origin"):
        in_memory(lambda _: Response(200), origin="cvat.example")


def test_fields_that_would_break_a_message_are_refused_at_once() -> None:
    send = in_memory(lambda _: Response(200))
    with pytest.raises(ValueError, match="X-A"):
        with_headers(send, {"X-A": "a\r\nb"})
    with pytest.raises(ValueError, match="X-Organization"):
        in_organization(send, "a\nb")
    with pytest.raises(ValueError, match="timeout"):
        with_timeout(send, -1)


def test_wrapped_connections_pickle() -> None:
    transport: Transport = connect(HOME)
    transport = with_timeout(with_headers(transport, {"X-A": "1"}), 5)
    transport = authenticated(in_organization(transport, "acme"), AccessToken("t"), HOME)
    again: object = pickle.loads(pickle.dumps(transport))  # noqa: S301 - our own pickle
    assert callable(again)


def test_in_memory_the_handler_sees_what_a_server_would() -> None:
    def handler(request: Request) -> Response:
        return Response(200, request.headers, f"{request.method} {request.target}".encode())

    transport = in_memory(handler, auth=AccessToken("t"), organization="acme")
    response = value_of(transport(Request("GET", "/api/tasks", (("page", "2"),))))
    assert response.body == b"GET /api/tasks?page=2"
    assert set(response.headers) == {("Authorization", "Bearer t"), ("X-Organization", "acme")}


def test_in_memory_another_origin_is_refused_too() -> None:
    transport = in_memory(lambda _: Response(200), origin=HOME)
    assert value_of(transport(Request("GET", "/", origin=f"{HOME}:443"))).status == 200
    error = error_of(transport(Request("GET", "/", origin="https://evil.example")))
    assert isinstance(error, ForeignOrigin)


def test_any_function_of_the_right_type_is_a_transport() -> None:
    transport: Transport = lambda request: Success(Response(200, body=request.path.encode()))  # noqa: E731
    connection: Transport = connect(HOME)
    assert value_of(with_headers(transport, {})(Request("GET", "/x"))).body == b"/x"
    assert callable(connection)

"""Each way to log in, and every gate that refuses."""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections.abc import Mapping

import pytest

from cvatfn import Request, Response, Transport, call, catalogue, connect, login, logout
from cvatfn.api import auth, server, tasks, users
from cvatfn.auth import AccessToken, Auth, Basic, Session, Token
from cvatfn.testing.sandbox import Sandbox, World, step
from cvatfn.testing.sandbox.areas.handlers import HANDLERS
from cvatfn.transport import authenticated
from tests.sandbox.kit import status_of

BASIC = {"Authorization": "Basic " + b64encode(b"admin:s3cret").decode()}


def _ways(sandbox: Sandbox) -> list[Auth]:
    session = login(sandbox, username="admin", password="s3cret").unwrap()
    basic = Basic("admin", "s3cret")
    full = authenticated(sandbox, basic, sandbox.world.origin)
    key = call(full, auth.create_access_tokens, {"name": "mine", "read_only": False}).unwrap()
    assert isinstance(key.value, str)
    with warnings.catch_warnings(action="ignore"):
        return [basic, session, AccessToken(key.value), Token(session.key or "")]


def test_all_four_ways_read_and_write_in_memory(sandbox: Sandbox) -> None:
    for way in _ways(sandbox):
        cvat = authenticated(sandbox, way, sandbox.world.origin)
        assert call(cvat, users.retrieve_self).unwrap().username == "admin"
        assert call(cvat, tasks.create, {"name": type(way).__name__}).unwrap().id


def test_all_four_ways_read_and_write_over_http(sandbox: Sandbox, url: str) -> None:
    for way in _ways(sandbox):
        with connect(url, auth=way) as cvat:
            made = call(cvat, tasks.create, {"name": type(way).__name__}).unwrap()
            assert made.url == f"{url}/api/tasks/{made.id}"


def test_wrong_logins_are_refused(sandbox: Sandbox) -> None:
    wrong = login(sandbox, username="admin", password="wrong")
    assert status_of(wrong.failure()) == 400
    for way in (Basic("admin", "wrong"), Basic("nobody", "s3cret"), AccessToken("nothing")):
        cvat = authenticated(sandbox, way, sandbox.world.origin)
        refused = call(cvat, tasks.list).failure()
        assert status_of(refused) == 401


def test_about_needs_no_login_and_nothing_else_does_without(sandbox: Sandbox) -> None:
    assert call(sandbox, server.retrieve_about).unwrap().version == "2.80.0"
    _, response = step(sandbox.world, Request("GET", "/api/tasks"))
    assert (response.status, response.headers.get("www-authenticate")) == (401, "Token")


def test_a_logout_ends_session_and_key(sandbox: Sandbox) -> None:
    session = login(sandbox, username="admin", password="s3cret").unwrap()
    cvat = authenticated(sandbox, session, sandbox.world.origin)
    assert logout(cvat).unwrap().detail
    assert _status(sandbox.world, "GET", "/api/tasks", {"Cookie": _cookies(session)}) == 401
    key = {"Authorization": f"Token {session.key}"}
    assert _status(sandbox.world, "GET", "/api/tasks", key) == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-CSRFToken": "wrong"}, 403),
        ({"X-CSRFToken": "right", "Origin": "http://evil.example"}, 403),
        ({"X-CSRFToken": "right", "Origin": "http://localhost:8080"}, 201),
    ],
)
def test_a_session_writes_with_its_own_token_and_origin_only(
    sandbox: Sandbox, headers: Mapping[str, str], status: int
) -> None:
    session = login(sandbox, username="admin", password="s3cret").unwrap()
    right = {
        key: session.csrftoken if value == "right" else value for key, value in headers.items()
    }
    sent = {"Cookie": _cookies(session), "Content-Type": "application/json", **right}
    assert _status(sandbox.world, "POST", "/api/tasks", sent, b'{"name": "x"}') == status
    assert _status(sandbox.world, "GET", "/api/tasks", {"Cookie": _cookies(session)}) == 200


def test_a_read_only_token_does_not_write(sandbox: Sandbox, worker: Transport) -> None:
    key = call(worker, auth.create_access_tokens, {"name": "reader"}).unwrap()
    reader = authenticated(sandbox, AccessToken(str(key.value)), sandbox.world.origin)
    assert call(reader, tasks.list).unwrap().count == 0
    assert status_of(call(reader, tasks.create, {"name": "x"}).failure()) == 403
    assert call(reader, auth.retrieve_access_tokens_self).unwrap().id == key.id
    (listed,) = call(worker, auth.list_access_tokens).unwrap().results
    assert not listed.value
    assert call(worker, auth.destroy_access_tokens, key.id).unwrap() is None
    assert status_of(call(reader, tasks.list).failure()) == 401


def test_secrets_are_in_no_repr(sandbox: Sandbox) -> None:
    ways = _ways(sandbox)
    shown = repr(sandbox.world) + repr(ways)
    assert "s3cret" not in shown
    for secret in (*sandbox.world.sessions, *sandbox.world.tokens):
        assert secret not in shown
    assert all(key.value not in shown for key in sandbox.world.keys.values())


def _refusal(
    method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Response:
    path, _, query = path.partition("?")
    pairs = tuple((pair.partition("=")[0], pair.partition("=")[2]) for pair in query.split("&"))
    sent = {**BASIC, **(headers or {})}
    request = Request(method, path, pairs if query else (), sent, body)
    return step(World.with_user("admin", "s3cret"), request)[1]


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("response", "status", "said"),
    [
        (_refusal("GET", "/api/tasks/"), 404, b"Not Found"),
        (_refusal("GET", "/api/nothing"), 404, b"Not Found"),
        (_refusal("GET", "/api/tasks/7"), 404, b'{"detail":"No Task matches the given query."}'),
        (_refusal("GET", "/api/tasks/x"), 404, b'{"detail":"Not found."}'),
        (_refusal("GET", "/api/tasks?page=2"), 404, b'{"detail":"Invalid page."}'),
        (_refusal("GET", "/api/tasks?page=x"), 404, b'{"detail":"Invalid page."}'),
        (_refusal("GET", "/api/tasks?org=acme"), 404, b"acme organization does not exist."),
        (_refusal("GET", "/api/tasks?org=acme&org_id=1"), 400, b"org_id"),
        (_refusal("GET", "/api/tasks?filter={}"), 400, b'["filter: $: a rule is'),
        (_refusal("GET", "/api/tasks?status=lost"), 400, b'{"status":['),
        (_refusal("GET", "/api/requests/nothing"), 404, b"no request"),
        (_refusal("PUT", "/api/server/about"), 405, b'Method \\"PUT\\" not allowed.'),
        (_refusal("GET", "/api/tasks", {"Accept": "application/json"}), 406, b"Accept"),
        (_refusal("POST", "/api/tasks", {"Content-Type": "a/b"}, b"x"), 415, b"a/b"),
        (_refusal("POST", "/api/tasks", JSON, b"[]"), 400, b'{"non_field_errors":['),
        (_refusal("POST", "/api/tasks", JSON, b'{"name": '), 400, b'{"detail":"JSON parse error'),
        (_refusal("POST", "/api/tasks", JSON, b"{}"), 400, b'{"name":["This field is required."]}'),
        (_refusal("POST", "/api/tasks", JSON, b'{"name": ""}'), 400, b'{"name":['),
        (
            _refusal("POST", "/api/tasks", JSON, b'{"name": "x", "labels": [{}, {"name": 5}]}'),
            400,
            b'{"labels":[{},{"name":[',
        ),
        (
            _refusal(
                "POST", "/api/tasks", JSON, b'{"name":"x","labels":[{"name":"a","type":"b"}]}'
            ),
            400,
            b'{"labels":[{"type":["\\"b\\" is not a valid choice."]}]}',
        ),
        (
            _refusal(
                "POST", "/api/tasks", JSON, b'{"name":"x","labels":[{"name":"a"},{"name":"a"}]}'
            ),
            400,
            b'["All label names must be unique"]',
        ),
        (_refusal("POST", "/api/tasks", JSON, b'{"name": "x", "assignee_id": 9}'), 400, b"pk"),
    ],
)
def test_refusals_have_the_forms_of_a_real_server(
    response: Response, status: int, said: bytes
) -> None:
    assert response.status == status
    assert said in response.body
    kind = "text/html" if response.body[:1] not in b"{[" else "application/vnd.cvat+json"
    assert response.content_type == kind
    assert response.request_id


def test_a_method_that_is_not_allowed_tells_which_are() -> None:
    allowed = _refusal("PUT", "/api/server/annotation/formats").headers.get("allow")
    assert allowed == "GET, HEAD, OPTIONS"


def test_every_operation_of_the_catalogue_answers() -> None:
    assert {endpoint.name for endpoint in catalogue()} <= HANDLERS.keys()


def test_registering_logs_in(sandbox: Sandbox) -> None:
    asked = {"username": "carol", "password1": "long enough", "password2": "long enough"}
    made = call(sandbox, auth.create_register, register_serializer_ex_request=asked)  # type: ignore[arg-type]  # a plain dict of the right keys
    assert made.unwrap().key
    assert login(sandbox, username="carol", password="long enough").unwrap().sessionid


def _cookies(session: Session) -> str:
    return f"sessionid={session.sessionid}; csrftoken={session.csrftoken}"


def _status(
    world: World, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
) -> int:
    return step(world, Request(method, path, (), headers, body))[1].status

"""The four logins: what they send, what they refuse, and that they keep their secrets."""

from __future__ import annotations

import json
import pickle
import warnings
from base64 import b64decode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.auth import AccessToken, Auth, Basic, Session, Token, auth_headers, login, logout
from cvatfn.errors import Rejected, Undecodable
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.transport import connect, in_memory

URL = "https://cvat.example/api/tasks"
COOKIES = (
    ("Set-Cookie", "csrftoken=c2; expires=Mon, 22 Nov 2027 10:48:09 GMT; Path=/; SameSite=Lax"),
    ("set-cookie", "sessionfresh=f; HttpOnly; Path=/"),
    ("set-cookie", "sessionid=s1; expires=Mon, 07 Dec 2026 10:48:09 GMT; HttpOnly; Path=/"),
)
SAFE = ["GET", "HEAD", "OPTIONS", "get"]
UNSAFE = ["POST", "PUT", "PATCH", "DELETE", "post"]


def _token(key: str) -> Token:
    with warnings.catch_warnings(action="ignore"):
        return Token(key)


LOGINS: list[Auth] = [
    Basic("ada", "s3cret"),
    AccessToken("s3cret"),
    _token("s3cret"),
    Session("s3cret", "s3cret2", "s3cret3"),
]


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=":")),
    st.text(st.characters(exclude_categories=["Cc", "Cs"])),
)
def test_basic_is_name_and_password_in_utf_8(name: str, password: str) -> None:
    [(field, value)] = auth_headers(Basic(name, password), "GET", URL)
    scheme, _, text = value.partition(" ")
    assert (field, scheme) == ("Authorization", "Basic")
    assert b64decode(text).decode() == f"{name}:{password}"


@pytest.mark.parametrize("method", SAFE + UNSAFE)
def test_tokens_are_sent_alike_for_every_method(method: str) -> None:
    assert auth_headers(AccessToken("t"), method, URL).pairs == (("Authorization", "Bearer t"),)
    assert auth_headers(_token("k"), method, URL).pairs == (("Authorization", "Token k"),)


def test_a_session_repeats_its_csrf_token_and_names_the_origin_for_writes_only() -> None:
    session = Session("s1", "c2", "k3")
    cookies = ("Cookie", "sessionid=s1; csrftoken=c2")
    for method in SAFE:
        assert auth_headers(session, method, URL).pairs == (cookies,)
    for method in UNSAFE:
        assert auth_headers(session, method, "http://LOCALHOST:8080/x").pairs == (
            cookies,
            ("X-CSRFToken", "c2"),
            ("Origin", "http://localhost:8080"),
        )


def test_a_sessions_write_needs_a_url_with_an_origin() -> None:
    with pytest.raises(ValueError, match="origin"):
        auth_headers(Session("s1", "c2"), "POST", "/api/tasks")


@pytest.mark.parametrize("auth", LOGINS, ids=lambda auth: type(auth).__name__)
def test_a_login_is_a_value_that_shows_no_secret(auth: Auth) -> None:
    headers = auth_headers(auth, "POST", URL)
    connection = connect("https://cvat.example", auth=auth)
    for shown in (repr(auth), str(auth), repr(headers), repr(connection)):
        assert "s3cret" not in shown
        assert "czNjcmV0" not in shown
    assert pickle.loads(pickle.dumps(auth)) == auth  # noqa: S301 - our own pickle
    assert hash(auth) == hash(pickle.loads(pickle.dumps(auth)))  # noqa: S301 - our own pickle
    with pytest.raises(AttributeError):
        auth.__setattr__("username", "other")


def test_the_login_that_cvat_deprecates_warns() -> None:
    with pytest.warns(DeprecationWarning, match="AccessToken") as caught:
        Token("k")
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "make",
    [
        lambda: Basic("ada\n", "s3cret"),
        lambda: Basic("ada", "s3cret\r\nX: y"),
        lambda: Basic("ada", "s3cret\x85"),
        lambda: Basic("s3cret:", "x"),
        lambda: AccessToken("s3cret\r\nX: y"),
        lambda: AccessToken("s3cret s3cret"),
        lambda: AccessToken("s3cret\N{SNOWMAN}"),
        lambda: AccessToken(""),
        lambda: Token("s3cret\0"),
        lambda: Session("s3cret;", "c"),
        lambda: Session("s", "s3cret,"),
        lambda: Session("", "c"),
        lambda: AccessToken(None),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - `os.environ.get`
    ],
)
def test_what_no_header_may_hold_is_refused_without_repeating_it(
    make: Callable[[], Auth],
) -> None:
    with pytest.raises(ValueError, match=r"token|name|password|key|session") as caught:
        make()
    assert "s3cret" not in str(caught.value)


def test_login_returns_the_session_that_the_cookies_make() -> None:
    asked: list[Request] = []

    def handler(request: Request) -> Response:
        asked.append(request)
        return Response(200, COOKIES, b'{"key": "k3"}')

    outcome = login(in_memory(handler), username="ada", password="pw")
    assert outcome == Success(Session("s1", "c2", "k3"))
    [request] = asked
    assert (request.method, request.path) == ("POST", "/api/auth/login")
    assert json.loads(request.content) == {"username": "ada", "password": "pw"}


def test_login_takes_an_address_in_place_of_a_name() -> None:
    transport = in_memory(
        lambda request: Response(
            200 if b'"email":"a@b.example"' in request.content else 400,
            COOKIES,
            b'{"key": "k3"}',
        )
    )
    assert isinstance(login(transport, email="a@b.example", password="pw"), Success)


def test_a_wrong_password_is_rejected() -> None:
    said = b'{"non_field_errors": ["Unable to log in with provided credentials."]}'
    outcome = login(
        in_memory(lambda _: Response(400, body=said)), username="ada", password="s3cret"
    )
    match outcome:
        case Failure(Rejected() as error):
            assert error.status == 400
            assert "s3cret" not in f"{error!r}{error}"
            assert error.request is not None
            assert b"s3cret" not in error.request.content
        case _:
            raise AssertionError(outcome)


@pytest.mark.parametrize(
    "cookies",
    [
        (),
        COOKIES[:1],
        (("Set-Cookie", "sessionid=; Max-Age=0"), COOKIES[0]),
        (("Set-Cookie", "sessionid=a\x01b"), COOKIES[0]),
        (("Set-Cookie", ";;;="), ("Set-Cookie", "=" * 9999)),
    ],
)
def test_a_login_without_usable_cookies_is_undecodable(
    cookies: tuple[tuple[str, str], ...],
) -> None:
    transport = in_memory(lambda _: Response(200, cookies, b'{"key": "s3cret"}'))
    match login(transport, username="ada", password="pw"):
        case Failure(Undecodable() as error):
            assert "Set-Cookie" in str(error)
            assert b"s3cret" not in error.response.body
        case outcome:
            raise AssertionError(outcome)


@given(st.lists(st.text(st.characters(max_codepoint=255)), max_size=5))
def test_whatever_cookies_a_server_sets_login_does_not_raise(values: list[str]) -> None:
    fields = tuple(("Set-Cookie", value) for value in values)
    login(in_memory(lambda _: Response(200, fields, b'{"key": "k"}')), username="a", password="b")


def test_logout_is_a_post_with_the_sessions_token() -> None:
    asked: list[Request] = []

    def handler(request: Request) -> Response:
        asked.append(request)
        return Response(200, body=b'{"detail": "Successfully logged out."}')

    transport = in_memory(handler, auth=Session("s1", "c2"), origin="https://cvat.example")
    outcome = logout(transport)
    assert isinstance(outcome, Success)
    assert outcome.unwrap().detail == "Successfully logged out."
    [request] = asked
    assert (request.method, request.path) == ("POST", "/api/auth/logout")
    assert request.headers.get("X-CSRFToken") == "c2"
    assert request.headers.get("Origin") == "https://cvat.example"

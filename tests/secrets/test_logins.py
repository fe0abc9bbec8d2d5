"""No login in a `repr`, no token in a log, no secret in the words of a server, proxy or cloud."""

from __future__ import annotations

import http.client
import pickle
from collections.abc import Callable
from json import dumps as json_text
from pathlib import Path

import pytest
from hypothesis.vendor.pretty import pretty
from rich.pretty import pretty_repr

from cvatfn import (
    Headers,
    Request,
    Response,
    call,
    connect,
    find,
    in_memory,
    loads,
    models,
    request,
)
from cvatfn.api import tasks, users
from cvatfn.auth import AccessToken, Auth, Basic, Session
from cvatfn.codecs.secrets import Unshown
from cvatfn.errors import ConnectionLost, Rejected, Undecodable, UnexpectedStatus
from cvatfn.outcome import Failure
from cvatfn.testing.conformance.behaviours import ok
from cvatfn.testing.conformance.peers import Peer, Server
from cvatfn.transport import authenticated, logged, recorded, with_headers
from tests.secrets.finding import Secrets

TOKEN = "t0ken-t0ken"
LOGINS: list[Auth] = [Basic("ada", TOKEN), AccessToken(TOKEN), Session(TOKEN, TOKEN, TOKEN)]


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: type(login).__name__)
@pytest.mark.parametrize("show", [repr, str, format, pretty, pretty_repr])
def test_no_login_is_in_a_repr(login: Auth, show: Callable[[object], str]) -> None:
    for value in (login, connect("cvat.example", auth=login), [login]):
        assert TOKEN not in show(value)
        assert "***" in show(value)


@pytest.mark.parametrize("show", [repr, str, format, pretty_repr])
def test_the_login_request_shows_no_password(show: Callable[[object], str]) -> None:
    asked = models.LoginSerializerExRequest(username="ada", password=TOKEN)
    assert TOKEN not in show(asked)
    assert "password=***" in show(asked)
    sent = Request("POST", "/api/auth/login", body=json_text({"password": TOKEN}).encode())
    assert TOKEN not in show(sent)


def _echo(peer: Peer) -> None:
    while (asked := peer.request()) is not None:
        said = f"X-Request-Id: {asked.decode('latin-1')}".replace("\r\n", " ")
        peer.send(ok(json_text([asked.decode("latin-1")]).encode(), said))


def test_no_log_holds_the_token_at_any_level(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    for name in (None, "cvatfn", "urllib3", "urllib3.connectionpool", "urllib3.connection"):
        caplog.set_level(1, name)
    with Server(_echo) as server, connect(server.url, auth=AccessToken(TOKEN)) as connection:
        call(logged(connection), tasks.list)
        call(logged(connection), users.retrieve_self)
    assert len(caplog.records) == 2
    for record in caplog.records:
        assert TOKEN not in record.getMessage() + repr(vars(record))
    assert TOKEN not in "".join(capfd.readouterr())


def test_a_granted_answer_that_repeats_the_login_is_an_error_without_it() -> None:
    with Server(_echo) as server, connect(server.url, auth=AccessToken(TOKEN)) as connection:
        outcome = call(connection, tasks.retrieve, 7)
    error = outcome.failure()
    assert isinstance(error, Undecodable)
    assert b"Bearer ***" in error.response.body
    assert TOKEN.encode() not in pickle.dumps(error)


def test_a_recording_around_a_connection_masks_its_login(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    with Server(_echo) as server, connect(server.url, auth=Basic("ada", TOKEN)) as connection:
        response = recorded(connection, path)(Request("GET", "/api/users/self")).unwrap()
    secrets = Secrets({TOKEN: "the login"})
    assert b"Authorization: Basic" in response.body
    assert "Authorization: Basic ***" in path.read_text()
    assert secrets.found(path.read_bytes()) == []


def test_what_is_granted_is_left_as_it_is_and_takes_no_login_into_a_pickle() -> None:
    server = in_memory(lambda _: Response(200, body=TOKEN.encode()), auth=AccessToken(TOKEN))
    response = server(Request("GET", "/")).unwrap()
    assert response.body == TOKEN.encode()
    assert response.unshown.texts == {TOKEN}
    assert response == Response(200, body=TOKEN.encode())
    kept = pickle.loads(pickle.dumps(response))  # noqa: S301 - our own pickle
    assert kept == response
    assert kept.unshown.texts == frozenset()
    assert repr(response.unshown) == "***"
    assert (Unshown() | response.unshown).texts == {TOKEN}


def test_a_redirect_that_repeats_the_login_is_an_error_without_it() -> None:
    def away(asked: Request) -> Response:
        return Response(
            302, {"Location": f"http://other/?was={asked.headers.get('authorization')}"}
        )

    for transport in (
        in_memory(away, auth=AccessToken(TOKEN)),
        authenticated(in_memory(away), AccessToken(TOKEN), "http://localhost:8080"),
    ):
        error = request(transport, Request("GET", "/")).failure()
        assert isinstance(error, UnexpectedStatus)
        assert error.response.headers.get("location") == "http://other/?was=Bearer ***"


def test_a_key_that_a_wrapper_adds_is_masked_too() -> None:
    def broken(asked: Request) -> Failure[ConnectionLost]:
        return Failure(ConnectionLost(asked, f"they said {asked.headers.get('x-api-key')}"))

    keyed = with_headers(in_memory(_headers), {"X-Api-Key": TOKEN})
    error = request(keyed, Request("GET", "/")).failure()
    assert isinstance(error, Rejected)
    assert error.detail == "x-api-key is ***"
    lost = with_headers(broken, {"X-Api-Key": TOKEN})(Request("GET", "/")).failure()
    assert isinstance(lost, ConnectionLost)
    assert lost.reason == "they said ***"
    assert TOKEN not in repr(pickle.dumps(lost))


def _headers(asked: Request) -> Response:
    return Response(400, body=f"x-api-key is {asked.headers.get('x-api-key')}".encode())


@pytest.mark.parametrize("words", ["407 {}", "407 Who is {}?", "{}"])
def test_a_proxy_that_repeats_its_login_is_not_repeated(words: str) -> None:
    def refuse(peer: Peer) -> None:
        asked = peer.request() or b""
        login = asked.decode().partition("Proxy-Authorization: ")[2].partition("\r\n")[0]
        peer.send(f"HTTP/1.1 {words.format(login)}\r\n\r\n".encode())

    with Server(refuse) as server:
        proxy = server.url.replace("//", f"//ada:{TOKEN}@")
        with connect("https://cvat.invalid", proxy=proxy) as connection:
            error = connection(Request("GET", "/")).failure()
    assert Secrets({TOKEN: "the proxy's login"}).found(pickle.dumps(error)) == []
    assert "127.0.0.1" in str(error)


@pytest.mark.parametrize("coding", ["gzip{}", "chunked {}"])
def test_a_fault_in_the_servers_words_does_not_repeat_the_login(coding: str) -> None:
    def odd(peer: Peer) -> None:
        asked = peer.request() or b""
        login = asked.decode().partition("Authorization: ")[2].partition("\r\n")[0]
        filler = "x" * 70  # a text that is cut must not be cut within a secret
        said = coding.format(filler + login)
        peer.send(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {said}\r\n\r\n".encode())

    with Server(odd) as server, connect(server.url, auth=AccessToken(TOKEN)) as connection:
        error = connection(Request("GET", "/")).failure()
    assert isinstance(error, ConnectionLost)
    assert TOKEN[:5] not in str(error)
    assert "unknown transfer coding" in error.reason


def test_urls_are_shown_without_their_logins_and_signatures() -> None:
    url = f"https://ada:{TOKEN}@bucket.example/cat.png?X-Amz-Signature={TOKEN}&a=1"
    shown = "https://***@bucket.example/cat.png?X-Amz-Signature=***&a=1"
    assert shown in repr(models.WebhookWriteRequest(target_url=url, type="project", events=()))
    assert shown in repr(models.DataRequest(image_quality=70, remote_files=[url]))
    assert shown in repr(Headers.of({"Location": url}))
    assert shown in repr(Request("GET", "/", (("next", url),)))
    server = in_memory(lambda asked: Response(400, body=asked.content))
    body = models.DataRequest(image_quality=70, remote_files=[url])
    error = call(server, tasks.create_data, 7, body).failure()
    assert isinstance(error, Rejected)
    assert TOKEN not in repr(pickle.dumps(error))


def test_what_does_not_decode_is_in_no_pickle() -> None:
    body = json_text({"username": 7, "password": TOKEN}).encode()
    error = loads(models.LoginSerializerExRequest, body).failure()
    assert error.data == body
    assert TOKEN not in repr(error)
    assert TOKEN.encode() not in pickle.dumps(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own pickle
    assert again.problems == error.problems


def test_a_body_in_the_place_of_a_parameter_is_not_told() -> None:
    retrieve = find("tasks.retrieve")
    assert retrieve is not None
    error = call(in_memory(lambda _: Response(200)), retrieve, {"password": TOKEN}).failure()
    assert str(error).endswith("id: expected int, got <dict>")

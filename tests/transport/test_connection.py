"""What goes over the wire, and what comes back."""

from __future__ import annotations

import gzip
import os
import pickle
import subprocess
import sys

import pytest

import cvatfn
from cvatfn import __version__, call, unchecked
from cvatfn.aio import connect_async
from cvatfn.api import tasks
from cvatfn.auth import AccessToken, Auth, Basic, Session
from cvatfn.errors import ForeignOrigin, Unsendable
from cvatfn.messages import Headers, Request, Response, Timeout
from cvatfn.schedule import constant
from cvatfn.transport import Connection
from tests.transport.conftest import Connect, Serve
from tests.transport.wire import (
    Peer,
    Server,
    always,
    answering,
    error_of,
    fields_of,
    ok,
    value_of,
)

GET = Request("GET", "/api/server/about")
CHUNKED_X = b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"


def test_a_get_is_sent_in_few_words(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok(b"{}", "Content-Type: application/vnd.cvat+json")))
    with connect(server.url) as transport:
        response = value_of(transport(Request("GET", "/api/tasks", (("search", "a b&"),))))
    assert response == Response(
        200,
        {"Content-Type": "application/vnd.cvat+json", "Content-Length": "2"},
        b"{}",
    )
    assert server.requests == [
        f"GET /api/tasks?search=a+b%26 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"User-Agent: cvatfn/{__version__}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    ]


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("GET", None, None),
        ("DELETE", None, None),
        ("POST", None, "0"),
        ("PATCH", None, "0"),
        ("PUT", b"", "0"),
        ("DELETE", b"x", "1"),
        ("POST", b"abc", "3"),
    ],
)
def test_the_length_of_the_content_is_told_once(
    connect: Connect, serve: Serve, method: str, body: bytes | None, length: str | None
) -> None:
    server = serve(always(ok()))
    with connect(server.url) as transport:
        value_of(transport(Request(method, "/", (), {"content-length": "77"}, body)))
    [sent] = server.requests
    assert fields_of(sent).get("content-length") == length
    assert sent.lower().count(b"content-length") == (length is not None)
    assert sent.endswith(b"\r\n\r\n" + (body or b""))


def test_a_large_body_arrives_whole_both_ways(connect: Connect, serve: Serve) -> None:
    body = os.urandom(3_000_001)
    server = serve(always(ok(body)))
    with connect(server.url) as transport:
        response = value_of(transport(Request("PATCH", "/upload", body=body)))
    assert server.requests[0].endswith(body)
    assert response.body == body


def test_gzip_is_undone_and_its_header_fields_go_with_it(connect: Connect, serve: Serve) -> None:
    packed = gzip.compress(b"x" * 100_000)
    server = serve(always(ok(packed, "Content-Encoding: gzip", "X-Other: 1")))
    with connect(server.url) as transport:
        response = value_of(transport(GET))
    assert response == Response(200, {"X-Other": "1"}, b"x" * 100_000)


def test_a_coding_that_nobody_asked_for_is_handed_on(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok(b"...", "Content-Encoding: br")))
    with connect(server.url) as transport:
        response = value_of(transport(GET))
    assert (response.body, response.headers.get("content-encoding")) == (b"...", "br")


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_interim_answers_are_passed_over(connect: Connect, serve: Serve, status: str) -> None:
    interim = f"HTTP/1.1 {status}\r\nLink: </x>\r\n\r\n".encode()
    server = serve(always(interim * 2 + ok(b"yes")))
    with connect(server.url) as transport:
        assert value_of(transport(GET)).body == b"yes"
        assert value_of(transport(GET)).body == b"yes"
    assert server.connections == 1


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answers_without_content_end_with_their_head(
    connect: Connect, serve: Serve, status: str
) -> None:
    server = serve(answering(f"HTTP/1.1 {status}\r\n\r\n".encode(), ok(b"next")))
    with connect(server.url) as transport:
        assert value_of(transport(GET)).body == b""
        assert value_of(transport(GET)).body == b"next"
    assert server.connections == 1


def test_an_answer_to_head_has_no_body_whatever_it_says(connect: Connect, serve: Serve) -> None:
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", ok(b"next")))
    with connect(server.url) as transport:
        head = value_of(transport(Request("HEAD", "/x")))
        assert (head.body, head.headers.get("content-length")) == (b"", "9")
        assert value_of(transport(GET)).body == b"next"
    assert server.connections == 1


def test_chunks_are_joined_and_the_link_is_used_again(connect: Connect, serve: Serve) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    chunked += b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n"
    server = serve(always(chunked))
    with connect(server.url) as transport:
        assert value_of(transport(GET)).body == b"abc0123456789"
        assert value_of(transport(GET)).body == b"abc0123456789"
    assert server.connections == 1


def test_a_body_without_a_length_ends_with_the_connection(connect: Connect, serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nall of it")

    server = serve(behaviour)
    with connect(server.url) as transport:
        assert value_of(transport(GET)).body == b"all of it"
        assert value_of(transport(GET)).body == b"all of it"
    assert server.connections == 2


def test_every_status_is_a_response(connect: Connect, serve: Serve) -> None:
    statuses = (200, 201, 404, 418, 429, 500, 599, 999)
    server = serve(answering(*(ok(b"b", status=f"{status} X") for status in statuses)))
    with connect(server.url) as transport:
        assert [value_of(transport(GET)).status for _ in statuses] == [*statuses]


def test_requests_share_a_link_and_an_empty_pool_keeps_none(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok(b"x")))
    with connect(server.url) as transport:
        for _ in range(5):
            value_of(transport(GET))
    assert server.connections == 1
    with connect(server.url, pool_size=0) as transport:
        for _ in range(3):
            value_of(transport(GET))
    assert server.connections == 4


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"x", "Connection: close"),
        ok(b"x", "Connection: X-Foo, Close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        ok(b"x") + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse",
        ok(b"x") + b"!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n" + CHUNKED_X,
    ],
    ids=[
        "close",
        "close-among-others",
        "http-1.0",
        "second-answer",
        "one-byte-more",
        "two-lengths",
    ],
)
def test_a_link_of_doubtful_state_serves_no_second_request(
    connect: Connect, serve: Serve, answer: bytes
) -> None:
    server = serve(always(answer))
    with connect(server.url) as transport:
        assert value_of(transport(GET)).body == b"x"
        assert value_of(transport(GET)).body == b"x"
    assert server.connections == 2


def test_http_1_0_may_keep_the_connection(connect: Connect, serve: Serve, world: str) -> None:
    """Or may not: h11 keeps none of HTTP/1.0, which costs a connection and nothing else."""
    server = serve(
        always(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx")
    )
    with connect(server.url) as transport:
        value_of(transport(GET))
        value_of(transport(GET))
    assert server.connections == (1 if world == "threads" else 2)


def test_a_base_path_stands_before_paths_but_not_before_whole_urls(
    connect: Connect, serve: Serve
) -> None:
    server = serve(always(ok()))
    with connect(f"{server.url}/cvat/") as transport:
        value_of(transport(Request("GET", "/api/tasks")))
        value_of(transport(Request("GET", "/cvat/api/tasks", origin=server.url)))
    assert [sent.split()[1] for sent in server.requests] == [b"/cvat/api/tasks"] * 2


def test_configured_fields_give_way_to_the_requests_own(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok()))
    given = {"X-A": "1", "x-b": "2", "user-agent": "mine", "Host": "cvat.local"}
    with connect(server.url, headers=given) as transport:
        value_of(transport(GET))
        value_of(transport(Request("GET", "/", headers={"x-a": "3", "Accept-Encoding": "br"})))
    first, second = map(fields_of, server.requests)
    assert first == {
        "accept-encoding": "gzip",
        "host": "cvat.local",
        "user-agent": "mine",
        "x-a": "1",
        "x-b": "2",
    }
    assert second == first | {"x-a": "3", "accept-encoding": "br"}


def test_no_accept_is_invented_and_a_given_one_is_sent(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok()))
    with connect(server.url) as transport:
        value_of(transport(GET))
        value_of(transport(Request("GET", "/", headers={"Accept": "application/vnd.cvat+json"})))
    first, second = map(fields_of, server.requests)
    assert "accept" not in first
    assert second["accept"] == "application/vnd.cvat+json"


@pytest.mark.parametrize(
    ("configured", "asked", "sent"),
    [
        (None, Request("GET", "/"), None),
        ("", Request("GET", "/"), ""),
        ("acme", Request("GET", "/"), "acme"),
        ("acme", Request("GET", "/", (("org", "other"),)), None),
        ("acme", Request("GET", "/", (("org_id", "3"),)), None),
        ("acme", Request("GET", "/", headers={"x-organization": "other"}), "other"),
    ],
)
def test_a_request_that_names_an_organization_keeps_it(
    connect: Connect, serve: Serve, configured: str | None, asked: Request, sent: str | None
) -> None:
    server = serve(always(ok()))
    with connect(server.url, organization=configured) as transport:
        value_of(transport(asked))
    assert fields_of(server.requests[0].replace(b"n: \r", b"n:  \r")).get("x-organization") == (
        sent if sent != "" else " "
    )


def test_a_session_sends_cookies_and_for_writes_its_token_and_origin(
    connect: Connect, serve: Serve
) -> None:
    server = serve(always(ok()))
    auth = Session("s1", "c2")
    with connect(server.url, auth=auth, cookies={"sticky": "7"}) as transport:
        value_of(transport(GET))
        value_of(transport(Request("PATCH", "/", body=b"{}")))
    read, write = map(fields_of, server.requests)
    assert read["cookie"] == write["cookie"] == "sticky=7; sessionid=s1; csrftoken=c2"
    assert (write["x-csrftoken"], write["origin"]) == ("c2", server.url)
    assert not read.keys() & {"x-csrftoken", "origin"}


@pytest.mark.parametrize("own", [{"Authorization": "Bearer other"}, {"cookie": "sessionid=other"}])
def test_a_request_that_brings_a_login_gets_none_of_the_connections(
    connect: Connect, serve: Serve, own: dict[str, str]
) -> None:
    server = serve(always(ok()))
    with connect(server.url, auth=Basic("ada", "s3cret")) as transport:
        value_of(transport(Request("POST", "/", headers=own)))
        value_of(transport(Request("POST", "/")))
    first, second = map(fields_of, server.requests)
    logins = {"authorization", "cookie", "x-csrftoken"}
    assert {name: value for name, value in first.items() if name in logins} == {
        name.lower(): value for name, value in own.items()
    }
    assert second["authorization"] == "Basic YWRhOnMzY3JldA=="


@pytest.mark.parametrize(
    "origin",
    [
        "http://cvat.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1{port}",
        "http://127.0.0.1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}@evil.example",
        "http://evil.example#@127.0.0.1:{port}",
        "http://127.0.0.1:{port}\\@evil.example",
        "ftp://127.0.0.1:{port}",
        "127.0.0.1:{port}",
        "",
        "http://[::1",
        "http://127.0.0.1:{port}\r\nX: y",
    ],
)
def test_a_request_for_another_origin_is_not_sent(
    connect: Connect, serve: Serve, origin: str
) -> None:
    server = serve(always(ok()))
    meant = origin.format(port=server.port)
    with connect(server.url, auth=AccessToken("s3cret")) as transport:
        error = error_of(transport(Request("GET", "/", origin=meant)))
    assert isinstance(error, ForeignOrigin)
    assert not error.may_have_acted
    assert str(error).isprintable()
    assert server.connections == 0


def test_origins_are_compared_as_what_they_mean(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok()))
    with connect(server.url) as transport:
        value_of(transport(Request("GET", "/", origin=f"HTTP://127.0.0.1:{server.port}/")))


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "api/tasks"),
        Request("GET", ""),
        Request("GET", "/a b"),
        Request("GET", "/a\r\nX: y"),
        Request("GET", "/é"),
        Request("GET", "/a#b"),
        Request("GET", "/", (("search", "\ud800"),)),
        Request("GET ", "/"),
        Request("", "/"),
        Request("GET / HTTP/1.1\r\nX: y\r\n\r\nGET", "/"),
        Request("GET", "/", headers={"X": "a\r\nY: b"}),
        Request("GET", "/", headers={"X": "a\nY: b"}),
        Request("GET", "/", headers={"X": "a\0"}),
        Request("GET", "/", headers={"X": "снег"}),
        Request("GET", "/", headers={"X ": "a"}),
        Request("GET", "/", headers={"": "a"}),
        Request("GET", "/", headers={"X:Y": "a"}),
        Request("GET", "/", headers=Headers((("Host", "a"), ("host", "b")))),
        Request("POST", "/", headers={"Transfer-Encoding": "chunked"}, body=b"0\r\n\r\n"),
        Request("GET", "/", timeout=Timeout(total=0)),
        Request("GET", "/", timeout=Timeout(read=-1)),
        Request("GET", "/", timeout=Timeout(connect=float("nan"))),
    ],
    ids=lambda request: ascii(request)[:60],
)
def test_what_would_break_the_wire_is_not_sent(
    connect: Connect, serve: Serve, request_: Request
) -> None:
    server = serve(always(ok()))
    with connect(server.url) as transport:
        error = error_of(transport(request_))
        assert isinstance(error, Unsendable)
        assert not error.may_have_acted
        assert str(error).isprintable()
        value_of(transport(GET))
    assert len(server.requests) == server.connections == 1


def test_after_closing_nothing_is_sent_and_closing_again_is_harmless(serve: Serve) -> None:
    server = serve(always(ok()))
    transport = cvatfn.connect(server.url)
    value_of(transport(GET))
    assert not transport.closed
    transport.close()
    transport.close()
    assert transport.closed
    assert error_of(transport(GET)) == Unsendable(GET, "the connection is closed")
    assert len(server.requests) == 1


def test_it_pickles_by_its_settings_and_opens_anew(serve: Serve) -> None:
    server = serve(always(ok(b"x")))
    options = {"X-Team": "blue"}
    with cvatfn.connect(
        server.url,
        auth=AccessToken("s3cret"),
        headers=options,
        retry=constant(1),
        proxy=None,
        timeout=(1, 2),
    ) as transport:
        value_of(transport(GET))
        with pickle.loads(pickle.dumps(transport)) as again:  # noqa: S301 - our own pickle
            assert isinstance(again, Connection)
            assert repr(again) == repr(transport)
            value_of(again(GET))
    assert server.connections == 2
    assert server.requests[0] == server.requests[1]


def test_its_repr_shows_what_it_is_and_no_secret() -> None:
    transport = cvatfn.connect(
        "HTTPS://CVAT.example:443/base/",
        auth=Basic("ada", "s3cret-password"),
        organization="acme",
        headers=Headers((("X-Key", "s3cret-key"),)),
        cookies={"sticky": "s3cret-cookie"},
        proxy="http://me:s3cret-proxy@proxy.example:3128",
        retry=constant(2, attempts=3),
        pool_size=2,
    )
    shown = repr(transport)
    assert "s3cret" not in shown
    assert shown.startswith("connect('https://cvat.example/base', auth=Basic(username='ada'")
    for part in ("organization='acme'", "X-Key", "sticky", "proxy.example:3128", "pool_size=2"):
        assert part in shown
    assert transport.origin == "https://cvat.example"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("cvat.example", "https://cvat.example"),
        ("cvat.example:8443/x", "https://cvat.example:8443/x"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://[0:0::0:1]", "https://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_hosts_are_read_as_people_write_them(host: str, url: str) -> None:
    assert repr(cvatfn.connect(host)) == f"connect({url!r})"
    assert repr(connect_async(host)) == f"connect_async({url!r})"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "https://",
        "http:///x",
        "ftp://cvat.example",
        "https://cvat example",
        "https://cvat.example:99999",
        "https://cvat.example:0",
        "https://cvat.example:port",
        "https://[::1",
        "https://[nope]",
        "https://cvat.example/a?b=c",
        "https://cvat..example",
        "https://" + "é" * 80,
        "https://cvat.example\r\nX: y",
        "https://ca\u2024t.example/\ud800",
    ],
)
def test_a_host_that_cannot_be_meant_is_refused_at_once(connect: Connect, host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        connect(host)


def test_credentials_in_the_host_are_refused_and_not_repeated(connect: Connect) -> None:
    with pytest.raises(ValueError, match="auth") as caught:
        connect("https://ada:s3cret@cvat.example")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ValueError, match="proxy") as caught:
        connect("https://cvat.example", proxy="http://ada:s3cret@prox y:1")
    assert "s3cret" not in str(caught.value)


def test_other_settings_that_cannot_be_meant_are_refused_too(connect: Connect) -> None:
    with pytest.raises(ValueError, match="timeout"):
        connect("cvat.example", timeout=0)
    with pytest.raises(ValueError, match="timeout"):
        connect("cvat.example", timeout=(1, float("inf")))
    with pytest.raises(ValueError, match="header X-A"):
        connect("cvat.example", headers={"X-A": "a\nb"})
    with pytest.raises(ValueError, match="X-Organization"):
        connect("cvat.example", organization="a\nb")
    with pytest.raises(ValueError, match="cookie"):
        connect("cvat.example", cookies={"a": "b; c=d"})
    with pytest.raises(ValueError, match="ca_bundle"):
        connect("cvat.example", ca_bundle="/not/there.pem")
    with pytest.raises(ValueError, match="max_body"):
        connect("cvat.example", max_body=-1)


def test_importing_the_package_imports_no_http_library() -> None:
    program = (
        "import sys, cvatfn.transport, cvatfn.auth\n"
        "from cvatfn.transport import Request, Transport, in_memory, retrying, with_headers\n"
        "assert not {'urllib3', 'ssl', 'cvatfn.api', 'cvatfn.models'} & set(sys.modules)\n"
        "from cvatfn.transport import connect\n"
        "assert 'urllib3' in sys.modules\n"
        "connect('cvat.example')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own text


def test_it_speaks_ipv6(connect: Connect) -> None:
    try:
        server = Server(always(ok(b"six")), host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    with server, connect(f"http://[::1]:{server.port}") as transport:
        assert value_of(transport(GET)).body == b"six"
        assert fields_of(server.requests[0])["host"] == f"[::1]:{server.port}"


@pytest.mark.parametrize(
    "auth",
    [Basic("ada", "hunter2!"), AccessToken("t0ken-abc"), Session("s3ss1on", "csrf-abc")],
    ids=lambda auth: type(auth).__name__,
)
def test_a_server_that_refuses_and_repeats_the_login_is_not_repeated(
    connect: Connect, serve: Serve, auth: Auth
) -> None:
    def echo(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            head = asked.partition(b"\r\n\r\n")[0]
            told = [line for line in head.split(b"\r\n") if line.lower().startswith(_LOGINS)]
            fields = [f"X-Got: {line.partition(b': ')[2].decode()}" for line in told]
            peer.send(ok(b"you sent " + b" and ".join(told), *fields, status="500 Oops"))

    with connect(serve(echo).url, auth=auth) as transport:
        for outcome in (
            call(transport, tasks.partial_update, 1, {"name": "x"}),
            call(transport, unchecked(tasks.partial_update), 1, {"name": "x"}),
        ):
            assert "you sent" in repr(pickle.dumps(outcome))
            for secret in ("hunter2!", "YWRhOmh1bnRlcjIh", "t0ken-abc", "s3ss1on", "csrf-abc"):
                assert secret.encode() not in pickle.dumps(outcome)


_LOGINS = (b"authorization", b"cookie", b"x-csrftoken")


def test_an_answer_is_given_as_it_came(connect: Connect, serve: Serve) -> None:
    server = serve(always(ok(b"t0ken-abc", "X-Got: t0ken-abc")))
    with connect(server.url, auth=AccessToken("t0ken-abc")) as transport:
        response = value_of(transport(Request("GET", "/")))
    assert (response.body, response.headers.get("x-got")) == (b"t0ken-abc", "t0ken-abc")

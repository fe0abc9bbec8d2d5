"""Redirects are followed at home only, and nothing is ever told to a stranger."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.auth import AccessToken, Auth, Basic, Session
from cvatfn.messages import Request, Timeout
from cvatfn.transport import origin_of
from cvatfn.transport.origins import Url, joined, read_url
from tests.transport.conftest import Authority, Connect, Serve
from tests.transport.wire import Peer, Server, always, answering, fields_of, ok, value_of

GET = Request("GET", "/api/start", (("a", "1"),), {"Accept": "application/vnd.cvat+json"})


def _to(location: str, status: int = 302) -> bytes:
    return ok(b"moved", f"Location: {location}", status=f"{status} Moved")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reads_follow_at_home_with_all_they_brought(
    connect: Connect, serve: Serve, status: int, method: str
) -> None:
    first = f"HTTP/1.1 {status} X\r\nLocation: /api/end?b=2#part\r\nContent-Length: 0\r\n\r\n"
    server = serve(answering(first.encode(), ok()))
    asked = Request(method, "/api/start", (), {"Accept": "text/plain"})
    with connect(server.url, auth=AccessToken("s3cret")) as transport:
        assert value_of(transport(asked)).status == 200
    before, after = server.requests
    assert after == before.replace(b"/api/start", b"/api/end?b=2")
    assert fields_of(after)["authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/x", "/x"),
        ("x?y=z", "/api/x?y=z"),
        ("../x", "/x"),
        ("?page=2", "/api/start?page=2"),
        ("http://127.0.0.1:{port}/x", "/x"),
        ("HTTP://127.0.0.1:{port}", "/"),
        ("//127.0.0.1:{port}/x", "/x"),
        ("/a b", "/a%20b"),
        ("/caf\xc3\xa9", "/caf%C3%A9"),
        ("/%41?q=%20", "/%41?q=%20"),
    ],
)
def test_locations_are_read_as_browsers_read_them(
    connect: Connect, serve: Serve, location: str, target: str
) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(_to(location.format(port=server.port)))
        answering(ok())(peer)

    server = serve(behaviour)
    with connect(server.url) as transport:
        assert value_of(transport(GET)).status == 200
    assert server.requests[1].split()[1].decode() == target


@pytest.mark.parametrize(
    "auth", [AccessToken("s3cret"), Basic("u", "s3cret"), Session("s3cret", "c")]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_gets_neither_a_request_nor_credentials(
    connect: Connect, serve: Serve, auth: Auth, method: str
) -> None:
    stranger = serve(always(ok(b"mine now")))
    server = serve(always(_to(f"{stranger.url}/steal", 307)))
    with connect(server.url, auth=auth, cookies={"c": "s3cret"}) as transport:
        response = value_of(transport(Request(method, "/", body=b"s3cret")))
    assert (response.status, response.body) == (307, b"moved")
    assert stranger.connections == 0


def test_it_does_not_follow_down_to_http(connect: Connect, authority: Authority) -> None:
    with Server(always(ok())) as plain:
        answer = always(_to(f"{plain.url}/"))
        with (
            Server(answer, authority.right) as server,
            connect(server.url, ca_bundle=authority.ca_bundle) as transport,
        ):
            assert value_of(transport(GET)).status == 302
        assert plain.connections == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_but_reads_is_sent_again(
    connect: Connect, serve: Serve, method: str, status: int
) -> None:
    server = serve(always(_to("/elsewhere", status)))
    with connect(server.url) as transport:
        response = value_of(transport(Request(method, "/", body=b"once")))
    assert response.status == status
    assert len(server.requests) == 1


def test_a_body_is_not_sent_again(connect: Connect, serve: Serve) -> None:
    server = serve(answering(_to("/x"), ok()))
    with connect(server.url) as transport:
        value_of(transport(Request("GET", "/", body=b"once")))
    assert [b"once" in sent for sent in server.requests] == [True, False]


def test_five_redirects_are_enough(connect: Connect, serve: Serve) -> None:
    server = serve(always(_to("/round")))
    with connect(server.url) as transport:
        assert value_of(transport(GET)).status == 302
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    ["", "http://", "http://[::1", "javascript:alert(1)", "http://127.0.0.1:99999/", "https:x y"],
)
def test_a_location_that_leads_nowhere_is_left_to_the_caller(
    connect: Connect, serve: Serve, location: str
) -> None:
    server = serve(answering(_to(location), *[_to(location)] * 9))
    with connect(server.url, timeout=Timeout(total=5)) as transport:
        response = value_of(transport(GET))
    assert response.status == 302
    assert response.headers.get("location") == location


def test_a_redirect_without_a_location_is_left_to_the_caller(
    connect: Connect, serve: Serve
) -> None:
    with connect(serve(always(ok(status="302 Found"))).url) as transport:
        assert value_of(transport(GET)).status == 302


HOSTS = st.sampled_from(["cvat.example", "CVAT.example", "127.0.0.1", "[::1]", "localhost", "x_y"])
PORTS = st.integers(1, 65535)


@given(
    st.sampled_from(["http", "https", "HTTP", "Https"]), HOSTS, PORTS, st.text("/?#ab", max_size=5)
)
def test_an_origin_is_scheme_host_and_port_and_nothing_else(
    scheme: str, host: str, port: int, rest: str
) -> None:
    rest = f"/{rest}" if rest[:1] not in ("", "/", "?", "#") else rest
    origin = origin_of(f"{scheme}://{host}:{port}{rest}")
    assert origin is not None
    assert origin == origin_of(origin) == origin_of(f"{origin}/x")
    default = {"http": 80, "https": 443}[scheme.lower()]
    expected = f"{scheme}://{host}".lower() + ("" if port == default else f":{port}")
    assert origin == expected


@given(st.text(), st.text(st.characters(max_codepoint=255)))
def test_reading_urls_and_locations_never_raises(text: str, location: str) -> None:
    read_url(text)
    led = joined(Url("https", "cvat.example", 443, "/api"), location)
    if led is not None:
        assert read_url(f"{led.origin}{led.path}") is not None


PARTS = st.one_of(
    st.sampled_from(["http:", "https:", "//", "cvat.example", "evil.example", "[::1]", ":443"]),
    st.sampled_from(["/", "\\", "@", "#", "?", ":", ".", "%2f", "\xe9", "x"]),
)


@given(st.lists(PARTS).map("".join))
def test_no_location_that_looks_like_home_is_read_otherwise_elsewhere(location: str) -> None:
    led = joined(Url("https", "cvat.example", 443, "/api"), location)
    if led is not None and led.origin == "https://cvat.example":
        other = urlsplit(urljoin("https://cvat.example/api", location))
        assert (other.scheme, other.hostname) == ("https", "cvat.example")
        assert other.username is None
        assert led.path[:1] in ("", "/")

"""Whom a request reaches, and what it takes there: redirects, origins, cookies."""

from __future__ import annotations

from typing import Final

from cvatfn.errors import ForeignOrigin, Unsendable
from cvatfn.messages import Request
from cvatfn.testing.conformance.behaviours import always, ok
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.peers import Peer
from cvatfn.testing.conformance.stage import Stage, expect, failed, succeeded

__all__ = ["CHECKS"]

LOGIN: Final = {"Authorization": "Bearer t0k3n", "Cookie": "sessionid=c00kie"}
MOST: Final = 30
"""How many redirects may be followed, before somebody asks why."""


@check("wire")
def redirects_to_others_are_handed_back(stage: Stage) -> None:
    """A redirect to another server is the answer: the other one hears nothing, and no login."""
    other = stage.server(always(ok(b"other")))
    for status in (301, 302, 307):
        led = ok(b"", f"Location: {other.url}/stolen", status=f"{status} There")
        transport = stage.facing(always(led)).transport
        response = succeeded(transport(Request("GET", "/x", (), LOGIN)))
        expect(response.status == status, f"{status} came as {response.status}")
        expect(not other.requests, f"the other server was sent {other.requests}")


@check("wire")
def redirected_changes_are_handed_back(stage: Stage) -> None:
    """A redirect of what changes something is the answer: it is not sent again elsewhere."""
    for status in (301, 302, 303, 307, 308):
        facing = stage.facing(always(ok(b"", "Location: /y", status=f"{status} There")))
        response = succeeded(facing.transport(Request("POST", "/x", body=b"abc")))
        expect(response.status == status, f"{status} came as {response.status}")
        sent = len(facing.server.requests)
        expect(sent == 1, f"{sent} requests were sent")


@check("wire")
def redirects_end(stage: Stage) -> None:
    """Redirects in a circle are followed a few times at most, and come to an outcome."""
    left = iter(range(200))

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            ends = next(left, None) is None
            peer.send(ok(b"end") if ends else ok(b"", "Location: /x", status="302 There"))

    facing = stage.facing(behaviour)
    facing.transport(Request("GET", "/x"))
    sent = len(facing.server.requests)
    expect(sent <= MOST, f"{sent} requests were sent")


@check("origin")
def other_origins_are_not_asked(stage: Stage) -> None:
    """A request that is meant for another server is refused, and sent to nobody."""
    facing = stage.facing()
    other = stage.server()
    for origin in (other.url, "https://cvat.example", "http://127.0.0.1:1@evil.example", "x"):
        asked = Request("GET", "/x", (), LOGIN, origin=origin)
        error = failed(facing.transport(asked), ForeignOrigin, Unsendable)
        expect(not error.may_have_acted, "a server may have acted on it, it says")
    sent = facing.server.requests + other.requests
    expect(not sent, f"{sent} was sent")


@check("answers", "origin")
def its_own_origin_is_asked(stage: Stage) -> None:
    """A request that is meant for the transport's own server is sent there."""
    facing = stage.facing()
    for origin in (facing.server.url, facing.server.url.replace("http", "HTTP", 1)):
        seen = facing.seen(Request("GET", "/x", origin=origin))
        expect(seen.path == "/x", f"/x arrived as {seen.path}")


@check("answers")
def cookies_are_not_kept(stage: Stage) -> None:
    """A request's own cookie is sent as it is, and none that an answer has set."""
    facing = stage.facing()
    succeeded(facing.transport(Request("GET", "/fields")))  # it sets two
    for cookie in ((), ("sessionid=1; csrftoken=2",)):
        headers = tuple(("Cookie", value) for value in cookie)
        seen = facing.seen(Request("GET", "/x", (), headers)).all("Cookie")
        expect(seen == cookie, f"{cookie} arrived as {seen}")


CHECKS: Final[tuple[Check, ...]] = (
    redirects_to_others_are_handed_back,
    redirected_changes_are_handed_back,
    redirects_end,
    other_origins_are_not_asked,
    its_own_origin_is_asked,
    cookies_are_not_kept,
)

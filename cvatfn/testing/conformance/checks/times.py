"""How long a wait may be: servers stall here until the check is over.

Rule: a limit is short and a server's silence has no end, so that no check depends on how fast the
machine is.
"""

from __future__ import annotations

import socket
from typing import Final

from cvatfn.errors import TimedOut
from cvatfn.messages import Request, Timeout
from cvatfn.testing.conformance.behaviours import doing, ok, silent
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.peers import Peer
from cvatfn.testing.conformance.stage import Stage, expect, failed, succeeded

__all__ = ["CHECKS"]

SHORT: Final = 0.05


@check("wire", "timeouts")
def a_silent_server_is_given_up(stage: Stage) -> None:
    """Where no answer begins in time, it timed out; the server may have acted."""
    request = Request("POST", "/x", body=b"abc", timeout=Timeout(read=SHORT))
    error = failed(stage.facing(silent).transport(request), TimedOut)
    expect(error.may_have_acted, "no server has acted on it, it says")


@check("wire", "timeouts")
def a_silence_within_an_answer_is_given_up(stage: Stage) -> None:
    """Where an answer stops, it timed out; what came before is none."""

    def begin(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")

    facing = stage.facing(doing(Peer.request, begin, Peer.linger))
    failed(facing.transport(Request("GET", "/x", timeout=Timeout(read=SHORT))), TimedOut)


@check("wire", "timeouts")
def connecting_is_limited(stage: Stage) -> None:
    """Where no connection stands in time, it timed out; no server has acted."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address: tuple[str, int] = full.getsockname()
        queued = [socket.socket() for _ in range(8)]
        for sock in queued:  # from here on whoever else comes is kept waiting
            sock.setblocking(False)
            sock.connect_ex(address)
        try:
            transport = stage.transport(f"http://127.0.0.1:{address[1]}")
            request = Request("POST", "/x", timeout=Timeout(connect=SHORT))
            error = failed(transport(request), TimedOut)
            expect(not error.may_have_acted, "a server may have acted on it, it says")
        finally:
            for sock in queued:
                sock.close()


@check("wire", "deadlines")
def a_trickle_ends_with_the_time_for_the_whole(stage: Stage) -> None:
    """An answer that never falls silent and never ends is given up when its time is over."""

    def trickle(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
        while peer.quiet_for(SHORT / 10):
            peer.send(b"x")

    facing = stage.facing(doing(Peer.request, trickle))
    failed(facing.transport(Request("GET", "/x", timeout=Timeout(total=SHORT))), TimedOut)


@check("wire", "timeouts")
def limits_that_are_kept_cost_nothing(stage: Stage) -> None:
    """Within its limits, a request is answered as without."""
    limits = Timeout(connect=60.0, read=60.0)
    response = succeeded(stage.facing(_one).transport(Request("GET", "/x", timeout=limits)))
    expect(response.body == b"one", f"b'one' came as {response.body!r}")


def _one(peer: Peer) -> None:
    while peer.request() is not None:
        peer.send(ok(b"one"))


CHECKS: Final[tuple[Check, ...]] = (
    a_silent_server_is_given_up,
    a_silence_within_an_answer_is_given_up,
    connecting_is_limited,
    a_trickle_ends_with_the_time_for_the_whole,
    limits_that_are_kept_cost_nothing,
)

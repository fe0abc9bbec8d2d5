"""Many threads, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from threading import Barrier, BrokenBarrierError, Thread
from typing import Final

from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome
from cvatfn.testing.conformance.behaviours import ok
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.peers import Peer
from cvatfn.testing.conformance.service import serving
from cvatfn.testing.conformance.stage import Stage, expect, succeeded
from cvatfn.transport.types import Transport

__all__ = ["CHECKS"]

THREADS: Final = 8
EACH: Final = 10


@check("answers")
def threads_get_their_own_answers(stage: Stage) -> None:
    """Many threads share a transport, and each gets the answers to its own requests."""
    transport = stage.facing().transport
    wanted = [f"/bytes/{number}" for number in range(THREADS * EACH)]
    parts = [wanted[first::THREADS] for first in range(THREADS)]
    came = _by_threads(transport, [[Request("GET", path) for path in part] for part in parts])
    for part, outcomes in zip(parts, came, strict=True):
        sizes = [len(succeeded(outcome).body) for outcome in outcomes]
        asked = [int(path.rpartition("/")[2]) for path in part]
        expect(sizes == asked, f"a thread that asked for {asked} bytes got {sizes}")


@check("wire", "parallel")
def threads_do_not_wait_for_each_other(stage: Stage) -> None:
    """Requests of several threads are under way at once."""
    together = Barrier(3)

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            try:
                together.wait(20)  # for as many as there are, and no machine is as slow as that
            except BrokenBarrierError:
                peer.send(ok(b"alone"))
            else:
                peer.send(ok(b"together"))

    transport = stage.facing(behaviour).transport
    stage.at_the_end(together.abort)
    came = _by_threads(transport, [[Request("GET", "/x")] for _ in range(3)])
    bodies = [succeeded(outcome).body for (outcome,) in came]
    expect(bodies == [b"together"] * 3, "a request waited for another one's answer")


@check("wire", "closing")
def after_its_end_nothing_is_sent(stage: Stage) -> None:
    """A transport whose block has ended sends nothing any more, and says so."""
    server = stage.server(serving)
    with ExitStack() as stack:
        transport = stage.entered(server.url, stack)
        succeeded(transport(Request("GET", "/x")))
    outcome = transport(Request("GET", "/y"))
    expect(isinstance(outcome, Failure), "a request was answered")
    expect(not outcome.failure().may_have_acted, "a server may have acted on it, it says")
    expect(len(server.requests) == 1, f"{server.requests[1:]} was sent")


def _by_threads(
    transport: Transport, requests: Sequence[Sequence[Request]]
) -> list[list[Outcome[Response, TransportError]]]:
    """What each thread's requests come to; what a transport raises there is raised here."""
    came: list[list[Outcome[Response, TransportError]]] = [[] for _ in requests]
    raised: list[Exception] = []

    def ask(number: int) -> None:
        try:
            came[number].extend(transport(request) for request in requests[number])
        except Exception as error:
            raised.append(error)

    threads = [Thread(target=ask, args=(number,), daemon=True) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return came


CHECKS: Final[tuple[Check, ...]] = (
    threads_get_their_own_answers,
    threads_do_not_wait_for_each_other,
    after_its_end_nothing_is_sent,
)

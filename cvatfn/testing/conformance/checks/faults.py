"""What a broken network becomes: the right error, and nothing that was not there."""

from __future__ import annotations

import pickle
from typing import Final

from cvatfn.errors import ConnectFailed, ConnectionLost, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.testing.conformance.behaviours import doing, ok, saying
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.checks.answers import CHUNKED
from cvatfn.testing.conformance.peers import Peer
from cvatfn.testing.conformance.stage import Stage, expect, failed, succeeded

__all__ = ["CHECKS"]

GET: Final = Request("GET", "/x")
POST: Final = Request("POST", "/x", (), {"Content-Type": "application/json"}, b"{}")
LENGTH: Final = b"HTTP/1.1 200 OK\r\nContent-Length: "


@check("wire")
def nobody_there_is_no_connection(stage: Stage) -> None:
    """Where nobody listens there is no connection, and no server has acted."""
    server = stage.server()
    server.close()
    error = failed(stage.transport(server.url)(POST), ConnectFailed)
    expect(not error.may_have_acted, "a server may have acted on it, it says")


@check("wire")
def a_reset_is_a_lost_connection(stage: Stage) -> None:
    """A connection that is reset is lost, and the server may have acted."""
    facing = stage.facing(doing(Peer.request, Peer.reset))
    _lost(facing.transport(POST))


@check("wire")
def hanging_up_is_a_lost_connection(stage: Stage) -> None:
    """A connection that is closed before an answer is lost, and the server may have acted."""
    _lost(stage.facing(saying(b"")).transport(Request("PUT", "/x", body=b"{}")))


@check("wire")
def a_head_that_is_cut_is_none(stage: Stage) -> None:
    """An answer that ends within its head is none."""
    for head in (b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nX: y\r\n"):
        _lost(stage.facing(saying(head)).transport(POST))


@check("wire")
def an_answer_that_is_cut_is_none(stage: Stage) -> None:
    """An answer of less content than was announced is none."""
    for length in (b"10", b"9999999"):
        _lost(stage.facing(saying(LENGTH + length + b"\r\n\r\n12345")).transport(POST))


@check("wire")
def chunks_that_are_cut_are_none(stage: Stage) -> None:
    """An answer whose chunks end before the last one is none."""
    for chunks in (b"ff\r\nabc", b"3\r\nabc\r\n", b"3\r\n"):
        _lost(stage.facing(saying(CHUNKED + chunks)).transport(POST))


GARBAGE: Final = (
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"<html>hello</html>",
    CHUNKED + b"xyz\r\nabc\r\n0\r\n\r\n",
    b"HTTP/1.1 200 " + b"x" * 100_000,
)


@check("wire")
def what_is_no_http_is_a_lost_connection(stage: Stage) -> None:
    """Bytes that are no HTTP are no answer."""
    for garbage in GARBAGE:
        _lost(stage.facing(saying(garbage)).transport(GET))


@check("wire")
def a_fault_ends_with_its_request(stage: Stage) -> None:
    """After a fault the next request is answered."""
    answers = iter((b"", ok(b"next")))

    def behaviour(peer: Peer) -> None:
        if peer.request() is not None:
            peer.send(next(answers, b""))

    transport, request = stage.facing(behaviour).transport, Request("PATCH", "/x", body=b"{}")
    _lost(transport(request))
    response = succeeded(transport(request))
    expect(response.body == b"next", f"the next answer is {response.body!r}")


@check("wire")
def errors_say_what_was_asked(stage: Stage) -> None:
    """An error holds its request, says in one line what is wrong, and pickles."""
    request = Request("DELETE", "/api/tasks/7")
    error = _lost(stage.facing(saying(b"")).transport(request))
    kept = (error.request.method, error.request.path)
    expect(kept == ("DELETE", "/api/tasks/7"), f"it speaks of {kept}")
    said = str(error)
    expect(said and said.isprintable(), f"it says {said!r}")
    again: object = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in this line
    expect(again == error, "it is another one once pickled")


SECRETS: Final = ("t0k3n-s3cret", "c00kie-s3cret", "qu3ry-s3cret", "b0dy-s3cret")


@check("wire")
def errors_hold_no_secret(stage: Stage) -> None:
    """An error holds no login, no cookie and no password: not when shown, and not when pickled."""
    token, cookie, query, body = SECRETS
    request = Request(
        "POST",
        "/x",
        (("token", query),),
        {
            "Authorization": f"Bearer {token}",
            "Cookie": f"sessionid={cookie}",
            "Content-Type": "application/json",
        },
        f'{{"password": "{body}"}}'.encode(),
    )
    error = _lost(stage.facing(saying(b"")).transport(request))
    shown = f"{error!r} {error} {pickle.dumps(error)!r}"
    held = [secret for secret in SECRETS if secret in shown]
    expect(not held, f"it holds {held}")


@check("wire")
def changes_are_sent_once(stage: Stage) -> None:
    """A request that changes something is not sent a second time, on a used connection either."""

    def behaviour(peer: Peer) -> None:
        asked = peer.request()
        while asked is not None and asked.startswith(b"GET"):
            peer.send(ok(b"first"))
            asked = peer.request()

    facing = stage.facing(behaviour)
    for method in ("POST", "DELETE", "PATCH"):
        succeeded(facing.transport(GET))
        _lost(facing.transport(Request(method, "/change", body=b"x")))
        sent = [each for each in facing.server.requests if each.startswith(method.encode())]
        expect(len(sent) == 1, f"{method} was sent {len(sent)} times")


@check("wire")
def once_is_once(stage: Stage) -> None:
    """A request that is tried again by whoever asks is sent once, whatever comes of it."""
    for answer in (b"", ok(status="503 Later"), LENGTH + b"9\r\n\r\n1"):
        facing = stage.facing(saying(answer))
        facing.transport(Request("GET", "/x", once=True))
        sent = len(facing.server.requests)
        expect(sent == 1, f"it was sent {sent} times")


def _lost(outcome: Outcome[Response, TransportError]) -> TransportError:
    error = failed(outcome, ConnectionLost)
    expect(error.may_have_acted, "no server has acted on it, it says")
    return error


CHECKS: Final[tuple[Check, ...]] = (
    nobody_there_is_no_connection,
    a_reset_is_a_lost_connection,
    hanging_up_is_a_lost_connection,
    a_head_that_is_cut_is_none,
    an_answer_that_is_cut_is_none,
    chunks_that_are_cut_are_none,
    what_is_no_http_is_a_lost_connection,
    a_fault_ends_with_its_request,
    errors_say_what_was_asked,
    errors_hold_no_secret,
    changes_are_sent_once,
    once_is_once,
)

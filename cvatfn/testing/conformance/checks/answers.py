"""What comes back: statuses, fields and content, however the server frames them."""

from __future__ import annotations

import gzip
from typing import Final

from attrs import evolve

from cvatfn.errors import ConnectionLost, TooLarge
from cvatfn.messages import Request, Response
from cvatfn.testing.conformance.behaviours import always, answering, ok, saying
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.peers import Behaviour, Head, Peer
from cvatfn.testing.conformance.service import FIELDS, digest, pattern, written
from cvatfn.testing.conformance.stage import Stage, expect, failed, succeeded

__all__ = ["CHECKS", "CHUNKED"]

GET: Final = Request("GET", "/x")
LARGE: Final = 5_000_003
ALLOWED: Final = 4_001
STATUSES: Final = (200, 201, 202, 206, 299, 400, 401, 403, 404, 406, 409, 418, 429, 500, 503, 599)
CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@check("answers")
def every_status_is_a_response(stage: Stage) -> None:
    """A status is a response, whatever it says; refusals have their content."""
    facing = stage.facing()
    for status in STATUSES:
        response = succeeded(facing.transport(Request("GET", f"/status/{status}")))
        expect(response.status == status, f"{status} came as {response.status}")
        said = f"this is {status}".encode()
        expect(response.body == said, f"with {status}, {said!r} came as {response.body!r}")


@check("answers")
def content_comes_as_bytes(stage: Stage) -> None:
    """Content comes as it is: no characters are decoded, no line ends changed."""
    response = succeeded(stage.facing().transport(Request("GET", "/bytes/70000")))
    expect(len(response.body) == 70_000, f"of 70000 bytes {len(response.body)} came")
    expect(response.body == pattern(70_000), "other bytes came than were sent")


@check("answers")
def large_answers_come_whole(stage: Stage) -> None:
    """Five megabytes come whole."""
    response = succeeded(stage.facing().transport(Request("GET", f"/bytes/{LARGE}")))
    expect(len(response.body) == LARGE, f"of {LARGE} bytes {len(response.body)} came")
    expect(digest(response.body) == digest(pattern(LARGE)), "other bytes came than were sent")


@check("answers", "limits")
def answers_are_no_larger_than_allowed(stage: Stage) -> None:
    """What is granted has as much content as the request allows, or it is a failure."""
    facing = stage.facing()
    limited = Request("GET", f"/bytes/{ALLOWED}", max_body=ALLOWED)
    _comes(succeeded(facing.transport(limited)), pattern(ALLOWED))
    larger = evolve(limited, path=f"/bytes/{ALLOWED + 1}")
    error = failed(facing.transport(larger), TooLarge)
    limit = error.limit if isinstance(error, TooLarge) else None
    expect(limit == ALLOWED, f"it says that {limit} bytes are allowed, not {ALLOWED}")
    whole = evolve(larger, max_body=None)
    _comes(succeeded(facing.transport(whole)), pattern(ALLOWED + 1))


@check("answers", "limits")
def refusals_are_not_lost_for_their_size(stage: Stage) -> None:
    """However little an answer may have, a refusal has its status, and says that it is one."""
    facing = stage.facing()
    for status in (400, 404, 409):
        response = succeeded(facing.transport(Request("GET", f"/status/{status}", max_body=1)))
        expect(response.status == status, f"{status} came as {response.status}")


@check("answers")
def fields_come_as_they_are(stage: Stage) -> None:
    """Header fields come in order, as often as they were sent, found by their name in any case."""
    response = succeeded(stage.facing().transport(Request("GET", "/fields")))
    for name in ("set-cookie", "X-ODD", "X-Lower", "x-empty"):
        sent = tuple(value for key, value in FIELDS if key.lower() == name.lower())
        came = response.headers.all(name)
        expect(came == sent, f"{name}: {sent} came as {came}")


@check("wire")
def head_has_no_content(stage: Stage) -> None:
    """The answer to HEAD tells its length, has no content, and the next answer is the next one."""
    facing = stage.facing()
    response = succeeded(facing.transport(Request("HEAD", "/bytes/9")))
    told = response.headers.get("Content-Length")
    expect((response.body, told) == (b"", "9"), f"{response.body!r} of length {told} came")
    _comes(succeeded(facing.transport(Request("GET", "/bytes/3"))), b"\0\1\2")


@check("wire")
def some_statuses_have_no_content(stage: Stage) -> None:
    """204 and 304 end with their head; the next answer is the next one."""
    for status in ("204 No Content", "304 Not Modified"):
        facing = stage.facing(answering(f"HTTP/1.1 {status}\r\n\r\n".encode(), ok(b"next")))
        _comes(succeeded(facing.transport(GET)), b"")
        _comes(succeeded(facing.transport(GET)), b"next")


@check("wire")
def chunks_are_joined(stage: Stage) -> None:
    """Content in chunks is joined; extensions and trailers are no part of it."""
    chunks = b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n"
    facing = stage.facing(always(CHUNKED + chunks))
    for _ in range(2):
        _comes(succeeded(facing.transport(GET)), b"abc0123456789")


@check("wire")
def an_answer_may_end_with_its_connection(stage: Stage) -> None:
    """Content without a length ends where the connection does."""
    facing = stage.facing(saying(b"HTTP/1.1 200 OK\r\n\r\nall of it"))
    for _ in range(2):
        _comes(succeeded(facing.transport(GET)), b"all of it")


@check("wire")
def interim_answers_are_passed_over(stage: Stage) -> None:
    """`100 Continue` is no answer yet."""
    facing = stage.facing(always(b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"yes")))
    _comes(succeeded(facing.transport(Request("POST", "/x", body=b"abc"))), b"yes")


@check("wire")
def packed_content_is_unpacked(stage: Stage) -> None:
    """Content in gzip comes unpacked, and nothing says any more that it was packed."""
    response = succeeded(stage.facing(_packing(b"x" * 5000)).transport(GET))
    _comes(response, b"x" * 5000)
    told = response.headers.get("Content-Encoding")
    expect(told is None, f"it came unpacked, and as {told}")


@check("wire")
def damaged_packing_is_no_answer(stage: Stage) -> None:
    """Content in gzip that is cut is no answer, though its length is right."""

    def behaviour(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            if not _accepts_gzip(asked):
                return
            peer.send(ok(gzip.compress(pattern(5000))[:-9], "Content-Encoding: gzip"))

    failed(stage.facing(behaviour).transport(GET), ConnectionLost)


def _packing(content: bytes) -> Behaviour:
    """Answer in gzip, where that is accepted."""

    def behaviour(peer: Peer) -> None:
        while (asked := peer.request()) is not None:
            peer.send(written(Response(200, (), content), packed=_accepts_gzip(asked)))

    return behaviour


def _accepts_gzip(request: bytes) -> bool:
    head = Head.of(request.partition(b"\r\n\r\n")[0])
    return "gzip" in (head.headers.get("Accept-Encoding") or "")


def _comes(response: Response, content: bytes) -> None:
    expect(response.body == content, f"{content[:40]!r} came as {response.body[:40]!r}")


CHECKS: Final[tuple[Check, ...]] = (
    every_status_is_a_response,
    content_comes_as_bytes,
    large_answers_come_whole,
    answers_are_no_larger_than_allowed,
    refusals_are_not_lost_for_their_size,
    fields_come_as_they_are,
    head_has_no_content,
    some_statuses_have_no_content,
    chunks_are_joined,
    an_answer_may_end_with_its_connection,
    interim_answers_are_passed_over,
    packed_content_is_unpacked,
    damaged_packing_is_no_answer,
)

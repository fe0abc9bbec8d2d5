"""What comes back in pieces."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from cvatfn.errors import ConnectionLost
from cvatfn.messages import Request, Response, Stream
from cvatfn.outcome import Failure, Success
from cvatfn.testing.conformance.behaviours import ok, saying
from cvatfn.testing.conformance.checking import Check, check
from cvatfn.testing.conformance.checks.bodies import KEPT, VAST, peak_of
from cvatfn.testing.conformance.peers import Peer
from cvatfn.testing.conformance.service import pattern
from cvatfn.testing.conformance.stage import Stage, expect, succeeded

__all__ = ["CHECKS"]

STREAMED: Final = Request("GET", "/bytes/300000", streamed=True)


@check("answers")
def streamed_content_is_whole(stage: Stage) -> None:
    """Content that may come in pieces comes whole, in pieces or not."""
    response = succeeded(stage.facing().transport(STREAMED))
    pieces = [response.body]
    if response.stream is not None:
        with response.stream as stream:
            for piece in stream:
                expect(isinstance(piece, Success), f"a piece came to {piece}")
                pieces.append(piece.unwrap())
    expect(b"".join(pieces) == pattern(300_000), "other bytes came than were sent")


@check("answers")
def refusals_are_never_streamed(stage: Stage) -> None:
    """A refusal comes whole, also where an answer might have come in pieces."""
    facing = stage.facing()
    response = succeeded(facing.transport(Request("GET", "/status/404", streamed=True)))
    expect(response.stream is None, "it came as a stream")
    expect(response.body == b"this is 404", f"b'this is 404' came as {response.body!r}")


@check("wire", "streams")
def streams_take_little_memory(stage: Stage) -> None:
    """Content larger than the memory comes in little memory."""
    block = pattern(1 << 16)

    def behaviour(peer: Peer) -> None:
        while peer.taken() is not None:
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % VAST)
            for _ in range(VAST // len(block)):
                peer.send(block)

    transport = stage.facing(behaviour).transport
    sizes, hashed = list[int](), sha256()

    def read() -> None:
        for piece in _stream_of(succeeded(transport(STREAMED))):
            expect(isinstance(piece, Success), f"a piece came to {piece}")
            sizes.append(len(piece.unwrap()))
            hashed.update(piece.unwrap())

    peak = peak_of(read)
    sent = sha256()
    for _ in range(VAST // len(block)):
        sent.update(block)
    expect(sum(sizes) == VAST, f"of {VAST} bytes {sum(sizes)} came")
    expect(hashed.digest() == sent.digest(), "other bytes came than were sent")
    expect(peak < KEPT, f"{peak} bytes of memory were taken for {VAST}")


@check("wire", "streams")
def a_broken_stream_says_so(stage: Stage) -> None:
    """A stream that is cut short ends with a failure, and then it is over."""
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + pattern(500)
    stream = _stream_of(succeeded(stage.facing(saying(cut)).transport(STREAMED)))
    pieces = list(stream)
    expect(pieces, "it came to nothing at all")
    last = pieces[-1]
    expect(isinstance(last, Failure), "it ended as if it were whole")
    expect(isinstance(last.failure(), ConnectionLost), f"it ended with {last}")
    whole = all(isinstance(piece, Success) for piece in pieces[:-1])
    expect(whole, "more than its last piece is a failure")
    expect(next(stream, None) is None, "it goes on after its end")


@check("wire", "streams")
def a_stream_may_be_given_up(stage: Stage) -> None:
    """A stream that is closed before its end gives no more; the next request is answered."""

    def behaviour(peer: Peer) -> None:
        asked = peer.request()
        if asked is not None and b"/bytes/300000" not in asked:
            peer.send(ok(b"next"))
        elif asked is not None:
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + pattern(70_000))
            peer.linger()

    transport = stage.facing(behaviour).transport
    stream = _stream_of(succeeded(transport(STREAMED)))
    expect(isinstance(next(stream, None), Success), "no piece came")
    stream.close()
    stream.close()
    expect(next(stream, None) is None, "it goes on after it was closed")
    response = succeeded(transport(Request("GET", "/next")))
    expect(response.body == b"next", f"the next answer is {response.body[:40]!r}")


def _stream_of(response: Response) -> Stream:
    expect(response.stream is not None, "it came whole, not as a stream")
    expect(not response.body, "it came as a stream and as a body")
    assert response.stream is not None  # noqa: S101 - the line above says so, but not to checkers
    return response.stream


CHECKS: Final[tuple[Check, ...]] = (
    streamed_content_is_whole,
    refusals_are_never_streamed,
    streams_take_little_memory,
    a_broken_stream_says_so,
    a_stream_may_be_given_up,
)

"""What a server on a raw socket does with its connections, made of few words."""

from __future__ import annotations

from collections.abc import Callable

from cvatfn.testing.conformance.peers import Behaviour, Peer

__all__ = ["always", "answering", "doing", "ok", "saying", "silent"]


def ok(body: bytes = b"", *fields: str, status: str = "200 OK") -> bytes:
    r"""An answer with its length.

    :param body: its content.
    :param fields: header fields, one line each.
    :param status: its status and phrase.

    >>> ok(b"x", "X-A: 1")
    b'HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 1\r\n\r\nx'
    """
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields))
    return head.encode("latin-1") + b"Content-Length: %d\r\n\r\n" % len(body) + body


def answering(*answers: bytes) -> Behaviour:
    """Answer so, one after the other, whichever connection asks; then hang up.

    :param answers: the bytes of each answer.
    """
    left = iter(answers)

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            answer = next(left, None)
            if answer is None:
                return
            peer.send(answer)

    return behaviour


def always(answer: bytes) -> Behaviour:
    """Answer so, each time.

    :param answer: the answer's bytes.
    """

    def behaviour(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(answer)

    return behaviour


def saying(data: bytes) -> Behaviour:
    """Read a request, say so, hang up.

    :param data: the bytes.
    """

    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(data)

    return behaviour


def doing(*steps: Callable[[Peer], object]) -> Behaviour:
    """Do one thing after the other.

    :param steps: what to do with the connection.
    """

    def behaviour(peer: Peer) -> None:
        for step in steps:
            step(peer)

    return behaviour


def silent(peer: Peer) -> None:
    """Read, and never answer.

    :param peer: the connection.
    """
    peer.linger()

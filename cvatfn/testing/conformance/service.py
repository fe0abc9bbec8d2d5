"""What the suite's server answers, as a pure function: it tells what it was asked.

Rule: the same function answers over HTTP and, where a transport has no sockets, in memory.
"""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from attrs import frozen

from cvatfn.codecs.json import dumps, loads
from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure, Success
from cvatfn.testing.conformance.peers import Head, Peer

__all__ = ["Seen", "answered", "digest", "pattern", "seen_in", "serving", "written"]

JSON: Final = "application/json"
NO_CONTENT: Final = (204, 304)


@frozen
class Seen:
    """What arrived of a request.

    :param method: its method.
    :param path: its path, as it was written.
    :param query: names and values, decoded, in order.
    :param headers: its header fields.
    :param body: its content, where it is not large.
    :param size: how many bytes the content has.
    :param digest: the SHA-256 of the content.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: str
    size: int
    digest: str

    def all(self, name: str) -> tuple[str, ...]:
        """Every value under a name of the header, in order.

        :param name: the field's name, in any case.
        """
        return Headers(self.headers).all(name)

    @property
    def content(self) -> bytes:
        """The content, where it is not large."""
        return b64decode(self.body)


def answered(request: Request) -> Response:
    r"""Answer a request of the suite: give it to a transport that asks a function, not a server.

    `/status/404` answers with that status, `/bytes/70000` with so many bytes, `/fields` with header
    fields worth looking at; whatever else is asked is told what of it arrived.

    :param request: what arrived, its content in memory.

    >>> answered(Request("GET", "/bytes/3")).body
    b'\x00\x01\x02'
    >>> seen_in(answered(Request("PUT", "/x", (("a", "b"),), body=b"y"))).query
    (('a', 'b'),)
    """
    match request.path.split("/")[1:]:
        case ["status", number]:
            status = int(number)
            body = b"" if status in NO_CONTENT else f"this is {status}".encode()
            return Response(status, {"Content-Type": "text/plain"}, body)
        case ["bytes", size]:
            kind = {"Content-Type": "application/octet-stream"}
            return Response(200, kind, pattern(int(size)))
        case ["fields"]:
            return Response(200, FIELDS)
        case _:
            return Response(200, {"Content-Type": JSON}, dumps(_seen(request)))


FIELDS: Final = (
    ("Set-Cookie", "a=1; Path=/"),
    ("X-Odd", "caf\u00e9, \t  tea"),
    ("Set-Cookie", "b=2; Path=/"),
    ("x-lower", "1"),
    ("X-Empty", ""),
)
"""What `/fields` is answered with."""


def _seen(request: Request) -> Seen:
    body = request.content
    return Seen(
        request.method,
        request.path,
        request.query,
        request.headers.pairs,
        b64encode(body if len(body) < 200_000 else b"").decode(),
        len(body),
        digest(body),
    )


def seen_in(response: Response) -> Seen | None:
    """What a server of the suite says that it was asked; `None` where it says something else.

    :param response: its answer.
    """
    match loads(Seen, response.body):
        case Success(seen):
            return seen
        case Failure():
            return None


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes.

    :param content: the bytes.
    """
    return sha256(content).hexdigest()


def pattern(size: int) -> bytes:
    r"""Bytes of all values, in an order by which a missing one is noticed.

    :param size: how many.

    >>> pattern(257)[-2:]
    b'\xff\x01'
    """
    block = b"".join(bytes((number + turn) % 256 for number in range(256)) for turn in range(16))
    return (block * (size // len(block) + 1))[:size]


def serving(peer: Peer) -> None:
    """Answer over HTTP what `answered` says, for as long as the client asks.

    :param peer: the connection.
    """
    while (whole := peer.request()) is not None:
        head, _, body = whole.partition(b"\r\n\r\n")
        asked = Head.of(head)
        response = answered(_request(asked, body))
        peer.send(written(response, head=asked.method == "HEAD"))


def _request(head: Head, body: bytes) -> Request:
    path, _, query = head.target.partition("?")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    return Request(head.method, path, pairs, head.headers, body)


def written(response: Response, *, head: bool = False, packed: bool = False) -> bytes:
    """A response as HTTP/1.1 writes it.

    :param response: the response.
    :param head: whether it answers HEAD: all is told, but the content.
    :param packed: whether its content goes in gzip.
    """
    body = gzip.compress(response.body, mtime=0) if packed else response.body
    fields = [*response.headers, *([("Content-Encoding", "gzip")] if packed else [])]
    if response.status not in NO_CONTENT:
        fields.append(("Content-Length", str(len(body))))
    lines = (f"HTTP/1.1 {response.status} Said", *(f"{name}: {value}" for name, value in fields))
    return "\r\n".join((*lines, "\r\n")).encode("latin-1") + (b"" if head else body)

"""Servers on loopback that repeat what they got, in every place that a message has."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from json import dumps
from urllib.parse import quote

from cvatfn.testing.conformance.behaviours import ok
from cvatfn.testing.conformance.peers import Behaviour, Peer

__all__ = ["PROXIES", "WIRES"]


def _told(raw: bytes) -> str:
    return raw.decode("latin-1")


def _line(raw: bytes) -> bytes:
    """All of a request on one line: the login comes first, lest it be cut off."""
    lines = _told(raw).split("\r\n")
    lines.sort(key=lambda line: "uthorization" not in line and "ookie" not in line)
    return " ".join(line for line in lines if line).encode("latin-1")


def _telling(answer: Callable[[bytes], bytes]) -> Behaviour:
    """Answer with what was asked, then hang up."""

    def behaviour(peer: Peer) -> None:
        raw = peer.request()
        if raw is not None:
            peer.send(answer(raw))

    return behaviour


def _raw(status: str, *fields: str) -> Callable[[bytes], bytes]:
    return lambda raw: ok(raw, "Content-Type: text/plain", *fields, status=status)


def _here(raw: bytes) -> bytes:
    """Lead on within the server, the login in the query; the next answer says so again."""
    if b"/again?" in raw.partition(b"\r\n")[0]:
        return ok(raw, "Content-Type: text/plain", status="404 Not Found")
    return ok(b"", f"Location: /again?was={quote(_line(raw))}", status="302 Found")


WIRES: Mapping[str, Behaviour] = {
    "it refuses": _telling(_raw("500 Well")),
    "it refuses in JSON": _telling(
        lambda raw: ok(dumps({"detail": _told(raw)}).encode(), status="400 Bad")
    ),
    "it grants what fits no type": _telling(lambda raw: ok(dumps([_told(raw)]).encode())),
    "it grants what is no JSON": _telling(_raw("200 OK")),
    "it says so in a head": _telling(
        lambda raw: ok(b"", f"X-Request-Id: {_line(raw).decode('latin-1')}", status="403 No")
    ),
    "it grants and says so in a head": _telling(
        lambda raw: ok(b"{}", f"X-Request-Id: {_line(raw).decode('latin-1')}")
    ),
    "in the status line": _telling(lambda raw: b"HTTP/1.1 500 " + _line(raw) + b"\r\n\r\n"),
    "for a status": _telling(lambda raw: b"HTTP/1.1 " + _line(raw) + b"\r\n\r\n"),
    "for a protocol": _telling(lambda raw: _line(raw) + b"\r\n\r\n"),
    "in a line that is no field": _telling(
        lambda raw: b"HTTP/1.1 200 OK\r\n" + _line(raw).replace(b":", b"=") + b"\r\n\r\n"
    ),
    "for a length": _telling(
        lambda raw: b"HTTP/1.1 200 OK\r\nContent-Length: " + _line(raw) + b"\r\n\r\n"
    ),
    "for a coding": _telling(
        lambda raw: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + _line(raw) + b"\r\n\r\n"
    ),
    "for a chunk's size": _telling(
        lambda raw: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + _line(raw) + b"\r\n"
    ),
    "as gzip": _telling(_raw("200 OK", "Content-Encoding: gzip")),
    "cut off": _telling(lambda raw: b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + raw),
    "too much": _telling(lambda raw: ok(raw + b"x" * (1 << 17))),
    "a redirect within": _telling(_here),
    "a redirect elsewhere": _telling(
        lambda raw: ok(b"", f"Location: http://other.example/{quote(raw)}", status="302 Found")
    ),
    "a redirect back": _telling(
        lambda raw: ok(raw, f"Location: //u:{b64encode(raw).decode()}@h/", status="307 Found")
    ),
    "an interim answer": _telling(
        lambda raw: b"HTTP/1.1 103 X\r\nLink: " + _line(raw) + b"\r\n\r\n" + ok(raw, status="404 X")
    ),
    "nothing": _telling(lambda _: b""),
}
"""What a server does, over plain HTTP and over TLS."""

PROXIES: Mapping[str, Behaviour] = {
    "the tunnel is refused": _telling(lambda raw: b"HTTP/1.1 407 " + _line(raw) + b"\r\n\r\n"),
    "the tunnel is refused with a page": _telling(_raw("502 Bad")),
    "the tunnel is no HTTP": _telling(lambda raw: _line(raw) + b"\r\n\r\n"),
    "the tunnel is no tunnel": _telling(lambda raw: b"HTTP/1.1 200 OK\r\n\r\n" + raw),
}
"""What a proxy says to CONNECT."""

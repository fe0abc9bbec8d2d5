"""Servers that repeat what they were asked, each in a way of its own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from html import escape
from json import dumps
from urllib.parse import quote

from cvatfn import Request, Response

__all__ = ["GRANTS", "REFUSALS", "said_by"]

JSON = "application/vnd.cvat+json"
DEEP = 1500


def said_by(request: Request) -> str:
    """All of a request, as a page for debugging would have it.

    :param request: as a server sees it.
    """
    fields = "\n".join(f"{name}: {value}" for name, value in request.headers)
    body = request.content.decode("utf-8", "replace")
    return f"{request.method} {request.target}\n{fields}\n\n{body}"


def _json(request: Request) -> str:
    """The body where it is JSON, or else all of it as one text."""
    body = request.content.decode("utf-8", "replace")
    return body if body.startswith(("{", "[")) else dumps(said_by(request))


def _nested(held: str) -> bytes:
    return b'{"a":[' * DEEP + held.encode() + b"]}" * DEEP


def _refused(
    body: Callable[[Request], bytes], kind: str = JSON, status: int = 400
) -> Callable[[Request], Response]:
    return lambda asked: Response(status, {"Content-Type": kind}, body(asked))


def _in_fields(request: Request) -> Response:
    """All that can be said in header fields: each says it raw, or percent-encoded if need be."""
    told = said_by(request).replace("\n", " ")
    fields = (
        ("X-Request-Id", told[:2000]),
        ("X-Said", quote(told)),
        ("Set-Cookie", f"sessionid={quote(told[:500])}; Path=/"),
        ("Deprecation", told),
        ("WWW-Authenticate", told),
    )
    return Response(500, fields, b"")


def _elsewhere(request: Request) -> Response:
    told = quote(said_by(request))
    return Response(302, {"Location": f"https://other.example/?was={told}", "X-Was": told}, b"")


def _cookies(request: Request) -> Response:
    """A cookie that is news to the client, and is told in the body as well."""
    told = {"detail": f"{said_by(request)}"}
    return Response(403, (("Set-Cookie", "csrftoken=fresh; Path=/"),), dumps(told).encode())


REFUSALS: Mapping[str, Callable[[Request], Response]] = {
    "a detail": _refused(lambda asked: dumps({"detail": said_by(asked)}).encode()),
    "fields": _refused(
        lambda asked: dumps({"password": [said_by(asked)], "a": {"b": [said_by(asked)]}}).encode()
    ),
    "the body itself": _refused(lambda asked: _json(asked).encode()),
    "a list": _refused(lambda asked: dumps([said_by(asked), {"x": said_by(asked)}]).encode()),
    "a text": _refused(lambda asked: dumps(said_by(asked), ensure_ascii=False).encode()),
    "a key": _refused(lambda asked: dumps({said_by(asked): ["is no field"]}).encode()),
    "plain text": _refused(lambda asked: said_by(asked).encode(), "text/plain", 500),
    "HTML": _refused(lambda asked: f"<h1>{escape(said_by(asked))}</h1>".encode(), "text/html", 502),
    "half JSON": _refused(lambda asked: dumps({"detail": said_by(asked)}).encode()[:-2]),
    "half of the body": _refused(lambda asked: _json(asked).encode()[:-1]),
    "nested": _refused(lambda asked: _nested(_json(asked))),
    "nested texts": _refused(lambda asked: _nested(dumps(said_by(asked))), status=500),
    "JSON in JSON": _refused(lambda asked: dumps({"detail": dumps(said_by(asked))}).encode()),
    "UTF-16": _refused(lambda asked: said_by(asked).encode("utf-16"), "text/plain"),
    "JSON in UTF-16": _refused(lambda asked: _json(asked).encode("utf-16-le")),
    "Latin-1": _refused(lambda asked: said_by(asked).encode("latin-1", "replace"), "text/plain"),
    "repr": _refused(lambda asked: repr(said_by(asked)).encode(), "text/plain"),
    "repr of bytes": _refused(lambda asked: repr(said_by(asked).encode()).encode(), "text/plain"),
    "a URL": _refused(
        lambda asked: f"see /login?next={quote(said_by(asked))}".encode(), "text/plain"
    ),
    "base64": _refused(lambda asked: b64encode(said_by(asked).encode()), "text/plain"),
    "hexadecimal": _refused(lambda asked: said_by(asked).encode().hex().encode(), "text/plain"),
    "header fields": _in_fields,
    "a redirect": _elsewhere,
    "a cookie": _cookies,
}
"""Answers that are none: a refusal, or a way that leads elsewhere."""

GRANTS: Mapping[str, Callable[[Request], Response]] = {
    "granted, ill-typed": _refused(lambda asked: dumps([[said_by(asked)]]).encode(), status=200),
    "granted, under a key": _refused(lambda asked: dumps({said_by(asked): 1}).encode(), status=200),
    "granted, nested": _refused(lambda asked: _nested(dumps(said_by(asked))), status=200),
    "granted, no JSON": _refused(lambda asked: said_by(asked).encode(), status=200),
    "granted, HTML": _refused(lambda asked: said_by(asked).encode(), "text/html", 200),
}
"""Answers that fit no type."""

"""A request as httpcore2 sends it, and an answer's header fields as it read them.

Rule: pure but for sizes, which are asked for in a thread. Nothing is decided here: which fields go
is said by `cvatfn.transport.outgoing`; here they become bytes.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator
from typing import Final, TypeAlias

import httpcore2
from attrs import frozen

from cvatfn.aio import contents
from cvatfn.codecs.files import Content
from cvatfn.messages import Headers, Request
from cvatfn.transport.origins import Url
from cvatfn.transport.settings import Settings

__all__ = ["Fields", "Sent", "asked", "field_of", "origin_of", "raw", "read"]

Fields: TypeAlias = tuple[tuple[bytes, bytes], ...]

_ANNOUNCING: Final = frozenset({"PATCH", "POST", "PUT"})
"""Methods that tell a length also where they have no content (RFC 9110, section 8.6)."""


@frozen
class Sent:
    """The content of a request.

    :param body: bytes, or what is read while it is sent.
    :param length: how many bytes that are; `None` where it is not told.
    """

    body: bytes | Content | None = None
    length: int | None = None

    @staticmethod
    async def of(request: Request) -> Sent:
        """The content of a request, measured.

        :param request: the request.
        :raises Unreadable: a part of it is not there.
        """
        body = request.body
        if isinstance(body, Content):
            return Sent(*await contents.measured_body(body))
        if body is None:
            return Sent(None, 0 if request.method in _ANNOUNCING else None)
        return Sent(body, len(body))

    @property
    def fields(self) -> Fields:
        """The header fields that announce it."""
        if self.length is not None:
            return ((b"Content-Length", str(self.length).encode()),)
        return () if self.body is None else ((b"Transfer-Encoding", b"chunked"),)

    def stream(self) -> bytes | AsyncIterable[bytes] | None:
        """It, as httpcore2 takes it."""
        return contents.pieces(self.body) if isinstance(self.body, Content) else self.body


def asked(
    settings: Settings, method: str, target: str, fields: Fields, sent: Sent
) -> httpcore2.Request:
    """A request.

    :param settings: what the connection was opened from.
    :param method: its method.
    :param target: what stands in its first line.
    :param fields: all header fields but those that announce the content.
    :param sent: its content.
    """
    url = settings.url
    if settings.proxy is not None and url.scheme == "http":
        target = url.origin + target  # absolute form, RFC 9112, section 3.2.2
    whom = httpcore2.URL(
        scheme=url.scheme.encode(),
        host=url.host.encode(),
        port=url.port,
        target=target.encode("ascii"),
    )
    return httpcore2.Request(
        method.encode("ascii"), whom, headers=[*fields, *sent.fields], content=sent.stream()
    )


def origin_of(url: Url) -> httpcore2.Origin:
    """A server as httpcore2 names it.

    :param url: the server.
    """
    return httpcore2.Origin(url.scheme.encode(), url.host.encode(), url.port)


def raw(sent: Headers) -> Fields:
    """Header fields as httpcore2 takes them; blanks around a value are no part of it.

    :param sent: the fields.
    """
    return tuple((name.encode("latin-1"), value.strip().encode("latin-1")) for name, value in sent)


def read(answer: httpcore2.Response) -> Iterator[tuple[str, str]]:
    """The header fields of an answer.

    :param answer: its head was read.
    """
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers)


def field_of(answer: httpcore2.Response, name: str) -> str | None:
    """A header field of an answer; several of one name are one, as in a list.

    :param answer: its head was read.
    :param name: the field's name, in lower case.
    """
    found = [value for key, value in read(answer) if key.lower() == name]
    return ", ".join(found) if found else None

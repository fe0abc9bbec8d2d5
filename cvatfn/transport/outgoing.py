"""What a connection makes of a request before it is sent, and of an answer's head; for any socket.

Rule: pure, but for certificates that are read. What must not be sent is told here, before any
connection is thought of; which header fields go to a server is decided here and nowhere else.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Generic, TypeVar, final

from attrs import evolve, frozen

from cvatfn import __version__
from cvatfn.codecs.secrets import Unshown
from cvatfn.errors import TransportError, Unsendable
from cvatfn.messages import Headers, Request, masked_request
from cvatfn.transport.credentials import SAFE_METHODS, auth_headers, login_of
from cvatfn.transport.fields import (
    brings_login,
    checked_headers,
    checked_timeout,
    foreign,
    names_organization,
    wrong_headers,
    wrong_line,
)
from cvatfn.transport.origins import Url, joined
from cvatfn.transport.settings import Settings

__all__ = [
    "MOST_REDIRECTS",
    "Outgoing",
    "Ready",
    "Trust",
    "led_to",
    "received",
    "trust_of",
]

F = TypeVar("F")

MOST_REDIRECTS: Final = 5

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REDIRECTED: Final = frozenset({"GET", "HEAD"})
_OF_THE_CODING: Final = frozenset(
    {
        "content-digest",
        "content-encoding",
        "content-length",
        "content-md5",
        "digest",
        "repr-digest",
    }
)
"""Fields that speak of the bytes as they were coded."""
_TO_GO_ON: Final = frozenset({"accept-ranges", "content-range", "etag"})
"""Fields by which a stream is gone on with: ranges count the bytes as they were coded, too."""
_BREAKS: Final = re.compile(r"[\r\n\0][\r\n\0 \t]*")
_HEADS_KEPT: Final = 256


@frozen
class Ready(Generic[F]):
    """A request that may be sent.

    :param target: what stands in its first line.
    :param fields: all header fields but the `Content-Length`, as the HTTP library takes them.
    :param login: the secrets in them.
    """

    target: str
    fields: F
    login: Unshown


@final
class Outgoing(Generic[F]):
    """Gets requests ready; what it makes of header fields it makes once.

    :param settings: what the connection was opened from.
    :param form: header fields as the HTTP library takes them.
    :raises ValueError: settings that no request can be sent with.
    """

    __slots__ = ("_form", "_heads", "_settings")

    def __init__(self, settings: Settings, form: Callable[[Headers], F]) -> None:
        _fields_of(settings, "POST", Headers(), organized=True)  # wrong settings fail here
        self._settings = settings
        self._form = form
        self._heads: dict[tuple[str, tuple[tuple[str, str], ...], bool], tuple[F, Unshown]] = {}

    def ready(self, request: Request, *, closed: bool) -> Ready[F] | TransportError:
        """What is to be sent; or why nothing is.

        :param request: the request.
        :param closed: whether the connection is.
        """
        settings = self._settings
        if request.origin is not None:
            stranger = foreign(request, settings.url.origin)
            if stranger is not None:
                return stranger
        try:
            target = request.target
        except UnicodeError:
            return Unsendable(masked_request(request), "the query holds half a character")
        if request.origin is None:
            target = settings.url.path + target
        wrong = wrong_line(request.method, target) or _unready(request, closed=closed)
        if wrong is not None:
            return Unsendable(masked_request(request), wrong)
        fields = self._fields(request)
        if isinstance(fields, str):
            return Unsendable(masked_request(request), fields)
        return Ready(target, *fields)

    def _fields(self, request: Request) -> tuple[F, Unshown] | str:
        """All header fields but the `Content-Length`, and their secrets.

        :returns: them; or what is wrong with one.
        """
        settings = self._settings
        organized = settings.organization is not None and not names_organization(request)
        key = (request.method, request.headers.pairs, organized)
        fields = self._heads.get(key)
        if fields is None:
            wrong = wrong_headers(request.headers)
            if wrong is not None:
                return wrong
            sent = _fields_of(settings, request.method, request.headers, organized=organized)
            if len(self._heads) >= _HEADS_KEPT:
                self._heads.clear()
            fields = self._heads[key] = self._form(sent), login_of(sent)
        return fields


def led_to(url: Url, method: str, status: int, target: str, location: str | None) -> str | None:
    """The target of a redirect that is followed; `None` where the answer is none.

    :param url: the server.
    :param method: of the request.
    :param status: of the answer.
    :param target: what was asked.
    :param location: the answer's `Location`.
    """
    if status not in _REDIRECTS or method not in _REDIRECTED or location is None:
        return None
    path, _, _ = target.partition("?")
    led = joined(evolve(url, path=path), location)
    if led is None or led.origin != url.origin:
        return None
    path = led.path or "/"
    return f"{path}?{led.query}" if led.query else path


def received(
    fields: Iterable[tuple[str, str]], *, unpacked: bool = False, streaming: bool = False
) -> Headers:
    """The header fields of an answer: no line ends in them, none of a coding that was undone.

    :param fields: as they came, read as Latin-1.
    :param unpacked: whether the coding of the content was undone.
    :param streaming: whether the content is still to come.
    """
    kept = [
        (name, (value if value.isprintable() else _BREAKS.sub(" ", value)).strip())
        for name, value in fields
    ]
    if unpacked:
        undone = _OF_THE_CODING | _TO_GO_ON if streaming else _OF_THE_CODING
        kept = [field for field in kept if field[0].lower() not in undone]
    return Headers(tuple(kept))


@frozen
class Trust:
    """How TLS is spoken with whom: a proxy is not shown the certificate that is for the server.

    :param server: with the server.
    :param proxy: with a proxy on the way.
    """

    server: ssl.SSLContext
    proxy: ssl.SSLContext


def trust_of(settings: Settings) -> Trust:
    """Whom to trust, and what to show.

    :param settings: what the connection was opened from.
    :raises OSError: certificates cannot be read.
    :raises ValueError: they are none.
    """
    server = proxy = _context(settings)
    if settings.client_certificate is not None:
        server = _context(settings)
        certificate, key = settings.client_certificate
        server.load_cert_chain(certificate, key, password="")  # or else it would be asked for
    return Trust(server, proxy)


def _context(settings: Settings) -> ssl.SSLContext:
    bundle = settings.ca_bundle
    if not settings.verify:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if bundle is not None and Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)


def _unready(request: Request, *, closed: bool) -> str | None:
    if closed:
        return "the connection is closed"
    if request.timeout is not None:
        try:
            checked_timeout(request.timeout)
        except ValueError as error:
            return str(error)
    if request.max_body is not None and request.max_body < 0:
        return "its `max_body` is negative"
    return None


def _fields_of(settings: Settings, method: str, own: Headers, *, organized: bool) -> Headers:
    """Every header field that is sent, but for the `Content-Length`."""
    fixed = {
        "Host": settings.url.authority,
        "User-Agent": f"cvatfn/{__version__}",
        "Accept-Encoding": "gzip",
    }
    if method not in SAFE_METHODS:
        # CVAT builds the address of a resumable upload on it, where no proxy names the host.
        fixed["Origin"] = settings.url.origin
    sent = Headers.of(fixed).replaced(settings.headers)
    if organized and settings.organization is not None:
        sent = sent.replaced({"X-Organization": settings.organization})
    login = Headers()
    if settings.auth is not None and not brings_login(own):
        login = auth_headers(settings.auth, method, settings.url.origin)
    cookies = [*settings.headers.all("cookie")]
    cookies += [f"{name}={value}" for name, value in settings.cookies]
    cookies += login.all("cookie")
    sent = sent.replaced(login)
    if cookies:
        sent = sent.replaced({"Cookie": "; ".join(cookies)})
    if settings.proxy is not None and settings.url.scheme == "http":
        sent = sent.replaced(settings.proxy.login)
    sent = sent.replaced(own)
    return checked_headers(pair for pair in sent if pair[0].lower() != "content-length")

"""A connection to one server: a pool of open links, and what each request is sent with.

Rule: it speaks to one origin only, so that credentials cannot reach another. It never raises for
what a server or the network does. It is thread-safe without locks: a link belongs to the thread
that took it from the pool, and taking and putting back are atomic. It pickles by its settings.
"""

from __future__ import annotations

import os
import re
import ssl
from collections import deque
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self

from attrs import evolve, frozen
from typing_extensions import override
from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.response import HTTPResponse

from cvatfn import __version__
from cvatfn.codecs.files import Content
from cvatfn.codecs.secrets import Unshown
from cvatfn.errors import TransportError, Unsendable
from cvatfn.messages import Headers, HeadersLike, Request, Response, Timeout, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule
from cvatfn.transport.budgets import Budget
from cvatfn.transport.credentials import (
    SAFE_METHODS,
    Auth,
    auth_headers,
    login_of,
    without_login,
)
from cvatfn.transport.faults import transport_error
from cvatfn.transport.fields import (
    TimeoutLike,
    brings_login,
    checked_cookies,
    checked_headers,
    checked_timeout,
    foreign,
    names_organization,
    read_timeout,
    wrong_header,
    wrong_line,
)
from cvatfn.transport.links import (
    FAULTS,
    ClosedEarly,
    Link,
    NotConnected,
    Pace,
    TellingFailed,
    beginning,
    opened,
    packed,
    whole,
)
from cvatfn.transport.nested import bounding
from cvatfn.transport.origins import Url, joined
from cvatfn.transport.retries import retrying
from cvatfn.transport.settings import (
    DEFAULT_MAX_BODY,
    DEFAULT_TIMEOUT,
    Settings,
    read_host,
    read_proxy,
)
from cvatfn.transport.streams import LinkStream

__all__ = ["Connection", "connect"]

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


def connect(
    host: str,
    *,
    auth: Auth | None = None,
    organization: str | None = None,
    headers: HeadersLike = (),
    cookies: Mapping[str, str] | None = None,
    timeout: TimeoutLike = DEFAULT_TIMEOUT,
    retry: Schedule | None = None,
    proxy: str | None = None,
    verify: bool = True,
    ca_bundle: str | os.PathLike[str] | None = None,
    pool_size: int = 16,
    max_body: int = DEFAULT_MAX_BODY,
) -> Connection:
    """A transport to a server over HTTP/1.1; no socket is opened before the first request.

    Use it in a `with` block, from as many threads as you like. Redirects of GET and HEAD within the
    server are followed, five at most; any other one is handed back as the response that it is. The
    environment (`HTTPS_PROXY` and the like) is not read.

    Nothing lasts for ever, and no honest file is cut: as it is, an answer must be there an hour
    after its request, and what is sent or streamed may take as long as it likes where it makes 500
    bytes a second of waiting, looked at every two minutes. Give a number as `timeout` where the
    whole must end in time. Looking up a host's name cannot be bounded at all.

    :param host: `https://cvat.example`, with a port or a path if needed; a bare name means https.
    :param auth: the login; it goes to this server only.
    :param organization: the slug of the organization to work in; an empty text means the personal
        workspace. It gives way to requests that name one themselves.
    :param headers: fields for each request; a request's own fields of the same names win.
    :param cookies: cookies for each request.
    :param timeout: seconds for the whole exchange; or a pair, for connecting and for each silence;
        or a `Timeout`; or `None` for no limit. As it is: 10 s to connect, 60 s for each silence,
        and what is said above. A request's own `timeout` takes its place. Connecting may take as
        long for each address of the host, and again for TLS.
    :param retry: when to try again (see `retrying`); `None` for never. One budget of 100 retries is
        kept for all requests; `retrying(connect(host), schedule, budget=...)` takes another.
    :param proxy: `http://proxy.example:3128`, also with `user:password@`, which only it will see.
    :param verify: whether the server must prove who it is; leave it on but for tests.
    :param ca_bundle: a file (PEM) or folder of certificates to trust, in place of the system's.
    :param pool_size: how many idle links are kept open; more threads may work at once.
    :param max_body: the largest response body, in bytes once decoded; 1 GiB unless told. What is
        asked for may have less (see `at_most`). Of a refusal no more than 16 MiB are read; what is
        `streamed` has no limit but that of its request.
    :returns: the connection.
    :raises ValueError: an argument that cannot be what was meant: a malformed host, a header that
        would break a message, a file that is not there. Nothing that a server does raises.

    >>> from cvatfn.auth import AccessToken
    >>> connect("cvat.example", auth=AccessToken("s3cret"), organization="acme")
    connect('https://cvat.example', auth=AccessToken(token=***), organization='acme')
    """
    if pool_size < 0 or max_body < 0:
        raise ValueError("pool_size and max_body must be zero or more")
    if ca_bundle is not None and not Path(ca_bundle).exists():
        raise ValueError(f"ca_bundle: there is no {os.fspath(ca_bundle)!r}")
    own = checked_headers(headers)
    return Connection(
        Settings(
            url=read_host(host),
            auth=auth,
            organization=organization,
            headers=own,
            cookies=checked_cookies(cookies or {}),
            timeout=read_timeout(timeout),
            retry=retry,
            proxy=None if proxy is None else read_proxy(proxy),
            verify=verify,
            ca_bundle=None if ca_bundle is None else os.fspath(ca_bundle),
            pool_size=pool_size,
            max_body=max_body,
        )
    )


class Connection:
    """A transport that holds links to one server; made by `connect`.

    :param settings: what it is opened from.
    """

    __slots__ = (
        "__weakref__",
        "_budget",
        "_closed",
        "_heads",
        "_idle",
        "_settings",
        "_tls",
    )

    def __init__(self, settings: Settings) -> None:
        _fields_of(settings, "POST", Headers(), organized=True)  # wrong settings fail here
        self._settings = settings
        self._budget = Budget()
        self._idle: deque[Link] = deque()
        self._heads: dict[tuple[str, tuple[tuple[str, str], ...], bool], _Fields] = {}
        self._tls: ssl.SSLContext | None = None
        self._closed = False

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server: whom credentials are for."""
        return self._settings.url.origin

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def __call__(self, request: Request, /) -> Outcome[Response, TransportError]:
        """Send a request.

        :param request: the request. Without an `origin` its path is under the path of the host that
            was given to `connect`; with one, it is the whole path.
        :returns: the response, whatever its status; or why no whole one arrived.
        """
        settings = self._settings
        if settings.retry is None:
            return self._exchanged(request)
        send = retrying(
            self._exchanged, settings.retry, budget=self._budget, timeout=settings.timeout
        )
        return send(request)

    def close(self) -> None:
        """Close all links; running requests end as they would. Closing twice does nothing more."""
        self._closed = True
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:  # another thread closes it as well
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[type[Connection], tuple[Settings]]:
        return Connection, (self._settings,)

    @override
    def __repr__(self) -> str:
        return repr(self._settings)

    def _exchanged(self, request: Request) -> Outcome[Response, TransportError]:
        settings = self._settings
        if request.origin is not None:
            stranger = foreign(request, settings.url.origin)
            if stranger is not None:
                return Failure(stranger)
        try:
            target = request.target
        except UnicodeError:
            return Failure(Unsendable(masked_request(request), "the query holds half a character"))
        if request.origin is None:
            target = settings.url.path + target
        wrong = wrong_line(request.method, target) or self._unready(request)
        if wrong is not None:
            return Failure(Unsendable(masked_request(request), wrong))
        fields = self._fields(request)
        if fields is None:
            return Failure(Unsendable(masked_request(request), _wrong_headers(request.headers)))
        pace = _pace(settings.timeout if request.timeout is None else request.timeout)
        try:
            return Success(self._answered(request, target, fields, pace))
        except TellingFailed as failed:
            raise failed.error from None
        except FAULTS as fault:
            return Failure(transport_error(settings, request, pace, fault, fields.login))

    def _unready(self, request: Request) -> str | None:
        if self._closed:
            return "the connection is closed"
        if request.timeout is not None:
            try:
                checked_timeout(request.timeout)
            except ValueError as error:
                return str(error)
        if request.max_body is not None and request.max_body < 0:
            return "its `max_body` is negative"
        return None

    def _fields(self, request: Request) -> _Fields | None:
        """All header fields but the `Content-Length`; `None` if one cannot be sent."""
        settings = self._settings
        organized = settings.organization is not None and not names_organization(request)
        key = (request.method, request.headers.pairs, organized)
        fields = self._heads.get(key)
        if fields is None:
            if any(wrong_header(name, value) for name, value in request.headers):
                return None
            sent = _fields_of(settings, request.method, request.headers, organized=organized)
            if len(self._heads) >= _HEADS_KEPT:
                self._heads.clear()
            fields = self._heads[key] = _Fields(_mapping(sent), login_of(sent))
        return fields

    def _answered(self, request: Request, target: str, fields: _Fields, pace: Pace) -> Response:
        response = self._delivered(request, target, fields, request.body, pace)
        for _ in range(MOST_REDIRECTS):
            if response.status not in _REDIRECTS or request.method not in _REDIRECTED:
                break
            next_target = _within(self._settings.url, target, response.headers)
            if next_target is None:
                break
            target = next_target
            response = self._delivered(request, target, fields, None, pace)
        return response

    def _delivered(
        self,
        request: Request,
        target: str,
        fields: _Fields,
        body: bytes | Content | None,
        pace: Pace,
    ) -> Response:
        settings = self._settings
        if settings.proxy is not None and settings.url.scheme == "http":
            target = settings.url.origin + target  # absolute form, RFC 9112, section 3.2.2
        link = self._taken()
        if link is not None:
            try:
                return self._used(link, request, target, fields, body, pace)
            except ClosedEarly:
                # The server closed an idle link at the moment of its use. That is no news of the
                # server's state, but only what is safe may be sent twice.
                if request.method not in SAFE_METHODS:
                    raise
        return self._used(opened(self._connecting(), pace), request, target, fields, body, pace)

    def _used(
        self,
        link: Link,
        request: Request,
        target: str,
        fields: _Fields,
        body: bytes | Content | None,
        pace: Pace,
    ) -> Response:
        settings = self._settings
        limit, refusal = settings.accepted(request.max_body), settings.largest_refusal
        kept = streaming = cut = False
        try:
            most = max(limit, refusal)
            answer = link.answered(request.method, target, fields.sent, body, pace, most)
            granted = 200 <= answer.status < 300
            if request.streamed and granted:
                received = _received(answer, streaming=True)
                stream = LinkStream(
                    link.streaming(answer, request.max_body, pace),
                    partial(self._released, link, answer),
                    partial(transport_error, settings, request, pace, login=fields.login),
                )
                streaming = True
                head = Response(answer.status, received, stream=stream)
                return without_login(head, fields.login)
            if granted:
                content = whole(answer, limit)
            else:  # however much is said about it, the status is what counts
                content, cut = beginning(answer, refusal)
            kept = link.reusable(answer)
        finally:
            if not streaming:
                self._given_back(link, kept=kept)
        response = Response(answer.status, _received(answer), content, cut=cut)
        return without_login(response, fields.login)

    def _released(self, link: Link, answer: HTTPResponse, whole: bool) -> None:
        self._given_back(link, kept=whole and link.reusable(answer))

    def _given_back(self, link: Link, *, kept: bool) -> None:
        if kept and not self._closed and len(self._idle) < self._settings.pool_size:
            self._idle.append(link)
            if self._closed:  # closed in this very moment, by another thread
                self.close()
        else:
            link.close()

    def _taken(self) -> Link | None:
        while True:
            try:
                link = self._idle.pop()
            except IndexError:
                return None
            if link.alive:
                return link
            link.close()

    def _connecting(self) -> HTTPConnection:
        settings = self._settings
        proxy = settings.proxy
        peer = settings.url if proxy is None else proxy.url
        if "https" not in (peer.scheme, settings.url.scheme):
            return HTTPConnection(peer.host, peer.port)
        context = self._context()
        if proxy is None or settings.url.scheme == "http":
            return HTTPSConnection(peer.host, peer.port, ssl_context=context)
        through = HTTPSConnection(
            peer.host,
            peer.port,
            ssl_context=context,
            proxy_config=ProxyConfig(bounding(context), False, None, None),
        )
        through.set_tunnel(
            settings.url.host, settings.url.port, dict(proxy.login), scheme=peer.scheme
        )
        return through

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            try:
                self._tls = _tls_context(self._settings)
            except (OSError, ValueError) as error:
                raise NotConnected(error) from error
        return self._tls


@frozen
class _Fields:
    """The header fields of a request, and the secrets in them."""

    sent: Mapping[str, str]
    login: Unshown


def _tls_context(settings: Settings) -> ssl.SSLContext:
    bundle = settings.ca_bundle
    if not settings.verify:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if bundle is not None and Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)


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


def _mapping(sent: Headers) -> Mapping[str, str]:
    """Fields as urllib3 takes them: a mapping, or its own kind of one where names come twice."""
    named = dict(sent.pairs)
    return named if len({name.lower() for name in named}) == len(sent) else HTTPHeaderDict(sent)


def _received(answer: HTTPResponse, *, streaming: bool = False) -> Headers:
    """The header fields of an answer: no line ends in them, none of a coding that was undone."""
    fields = [
        (name, (value if value.isprintable() else _BREAKS.sub(" ", value)).strip())
        for name, value in answer.headers.items()
    ]
    if packed(answer) and (streaming or answer.tell()):
        undone = _OF_THE_CODING | _TO_GO_ON if streaming else _OF_THE_CODING
        fields = [field for field in fields if field[0].lower() not in undone]
    return Headers(tuple(fields))


def _within(url: Url, target: str, headers: Headers) -> str | None:
    """The target of a redirect that stays with the server; `None` for any other."""
    location = headers.get("location")
    if location is None:
        return None
    path, _, _ = target.partition("?")
    led = joined(evolve(url, path=path), location)
    if led is None or led.origin != url.origin:
        return None
    path = led.path or "/"
    return f"{path}?{led.query}" if led.query else path


def _pace(timeout: Timeout) -> Pace:
    deadline = None if timeout.total is None else monotonic() + timeout.total
    return Pace(timeout.connect, timeout.read, deadline, timeout.answer, timeout.rate)


def _wrong_headers(headers: Headers) -> str:
    told = (wrong_header(name, value) for name, value in headers)
    return next(wrong for wrong in told if wrong is not None)

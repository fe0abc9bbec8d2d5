"""A connection to one server: a pool of open links, and what each request is sent with.

Rule: it speaks to one origin only, so that credentials cannot reach another. It never raises for
what a server or the network does. It is thread-safe without locks: a link belongs to the thread
that took it from the pool, and taking and putting back are atomic. It pickles by its settings.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Self, TypeAlias

from typing_extensions import override
from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection, ProxyConfig
from urllib3.response import HTTPResponse

from cvatfn.codecs.files import Content
from cvatfn.errors import TransportError
from cvatfn.messages import Headers, HeadersLike, Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule
from cvatfn.transport.breaks import ClosedEarly, NotConnected, TellingFailed
from cvatfn.transport.budgets import Budget
from cvatfn.transport.credentials import SAFE_METHODS, Auth, without_login
from cvatfn.transport.faults import transport_error
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.links import FAULTS, Link, beginning, opened, packed, whole
from cvatfn.transport.nested import bounding
from cvatfn.transport.opening import ClientCertificate, settings_of
from cvatfn.transport.outgoing import (
    MOST_REDIRECTS,
    Outgoing,
    Ready,
    Trust,
    led_to,
    received,
    trust_of,
)
from cvatfn.transport.pacing import Pace
from cvatfn.transport.retries import retrying
from cvatfn.transport.settings import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, Settings
from cvatfn.transport.streams import LinkStream
from cvatfn.transport.words import WORDS

__all__ = ["Connection", "connect"]

_Ready: TypeAlias = Ready[Mapping[str, str]]


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
    client_certificate: ClientCertificate | None = None,
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
    :param client_certificate: a file (PEM) with your certificate and its key, or a file for each;
        it is shown to the server, and to no proxy. A key with a password cannot be read.
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
    return Connection(
        settings_of(
            host,
            auth=auth,
            organization=organization,
            headers=headers,
            cookies=cookies,
            timeout=timeout,
            retry=retry,
            proxy=proxy,
            verify=verify,
            ca_bundle=ca_bundle,
            client_certificate=client_certificate,
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
        "_idle",
        "_outgoing",
        "_settings",
        "_trust",
    )

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outgoing = Outgoing(settings, _mapping)
        self._budget = Budget()
        self._idle: deque[Link] = deque()
        self._trust: Trust | None = None
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
        ready = self._outgoing.ready(request, closed=self._closed)
        if not isinstance(ready, Ready):
            return Failure(ready)
        limits = settings.timeout if request.timeout is None else request.timeout
        pace = Pace.of(limits, monotonic())
        try:
            return Success(self._answered(request, ready, pace))
        except TellingFailed as failed:
            raise failed.error from None
        except FAULTS as fault:
            return Failure(transport_error(WORDS, settings, request, pace, fault, ready.login))

    def _answered(self, request: Request, ready: _Ready, pace: Pace) -> Response:
        target = ready.target
        response = self._delivered(request, target, ready, request.body, pace)
        for _ in range(MOST_REDIRECTS):
            location = response.headers.get("location")
            url, status = self._settings.url, response.status
            next_target = led_to(url, request.method, status, target, location)
            if next_target is None:
                break
            target = next_target
            response = self._delivered(request, target, ready, None, pace)
        return response

    def _delivered(
        self,
        request: Request,
        target: str,
        ready: _Ready,
        body: bytes | Content | None,
        pace: Pace,
    ) -> Response:
        settings = self._settings
        if settings.proxy is not None and settings.url.scheme == "http":
            target = settings.url.origin + target  # absolute form, RFC 9112, section 3.2.2
        link = self._taken()
        if link is not None:
            try:
                return self._used(link, request, target, ready, body, pace)
            except ClosedEarly:
                # The server closed an idle link at the moment of its use. That is no news of the
                # server's state, but only what is safe may be sent twice.
                if request.method not in SAFE_METHODS:
                    raise
        return self._used(opened(self._connecting(), pace), request, target, ready, body, pace)

    def _used(
        self,
        link: Link,
        request: Request,
        target: str,
        ready: _Ready,
        body: bytes | Content | None,
        pace: Pace,
    ) -> Response:
        settings = self._settings
        limit, refusal = settings.accepted(request.max_body), settings.largest_refusal
        kept = streaming = cut = False
        try:
            most = max(limit, refusal)
            answer = link.answered(request.method, target, ready.fields, body, pace, most)
            granted = 200 <= answer.status < 300
            if request.streamed and granted:
                fields = _received(answer, streaming=True)
                stream = LinkStream(
                    link.streaming(answer, request.max_body),
                    partial(self._released, link, answer),
                    partial(transport_error, WORDS, settings, request, pace, login=ready.login),
                )
                streaming = True
                head = Response(answer.status, fields, stream=stream)
                return without_login(head, ready.login)
            if granted:
                content = whole(answer, limit)
            else:  # however much is said about it, the status is what counts
                content, cut = beginning(answer, refusal)
            kept = link.reusable(answer)
        finally:
            if not streaming:
                self._given_back(link, kept=kept)
        response = Response(answer.status, _received(answer), content, cut=cut)
        return without_login(response, ready.login)

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
        trust = self._trusting()
        if proxy is None:
            return HTTPSConnection(peer.host, peer.port, ssl_context=trust.server)
        if settings.url.scheme == "http":
            return HTTPSConnection(peer.host, peer.port, ssl_context=trust.proxy)
        through = HTTPSConnection(
            peer.host,
            peer.port,
            ssl_context=trust.server,
            proxy_config=ProxyConfig(bounding(trust.proxy), False, None, None),
        )
        through.set_tunnel(
            settings.url.host, settings.url.port, dict(proxy.login), scheme=peer.scheme
        )
        return through

    def _trusting(self) -> Trust:
        if self._trust is None:
            try:
                self._trust = trust_of(self._settings)
            except (OSError, ValueError) as error:
                raise NotConnected(error) from error
        return self._trust


def _mapping(sent: Headers) -> Mapping[str, str]:
    """Fields as urllib3 takes them: a mapping, or its own kind of one where names come twice."""
    named = dict(sent.pairs)
    return named if len({name.lower() for name in named}) == len(sent) else HTTPHeaderDict(sent)


def _received(answer: HTTPResponse, *, streaming: bool = False) -> Headers:
    """The header fields of an answer."""
    unpacked = packed(answer) and (streaming or bool(answer.tell()))
    return received(answer.headers.items(), unpacked=unpacked, streaming=streaming)

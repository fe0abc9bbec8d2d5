"""A connection to one server for event loops: a pool of open links, over the engine of httpx2.

Rule: as in `cvatfn.transport.connection`, with which it shares whatever is no socket: it speaks to
one origin only, and never raises for what a server or the network does. It belongs to one event
loop, under asyncio or trio; a link belongs to the task that took it from the pool. It pickles by
its settings.
"""

from __future__ import annotations

import os
import ssl
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from random import random
from time import monotonic
from types import TracebackType
from typing import Final, Self, TypeAlias, final

import anyio
import httpcore2
from attrs import frozen
from typing_extensions import override

from cvatfn.aio import contents
from cvatfn.aio.driving import wrapped
from cvatfn.aio.exchanges import Exchange, Limits
from cvatfn.aio.faults import transport_error
from cvatfn.aio.homes import Home
from cvatfn.aio.links import FAULTS, AsyncLink
from cvatfn.aio.opening import opened
from cvatfn.aio.streams import AsyncLinkStream, Body, beginning, packed, whole
from cvatfn.aio.threads import in_thread, to_the_end
from cvatfn.aio.types import AsyncTransport
from cvatfn.codecs.files import Content
from cvatfn.errors import TransportError, Unsendable
from cvatfn.forking import when_forked
from cvatfn.messages import Headers, HeadersLike, Request, Response, Timeout, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule
from cvatfn.transport.breaks import ClosedEarly, NotConnected, TellingFailed
from cvatfn.transport.budgets import Budget
from cvatfn.transport.credentials import SAFE_METHODS, Auth, without_login
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.opening import settings_of
from cvatfn.transport.outgoing import (
    MOST_REDIRECTS,
    Outgoing,
    Ready,
    led_to,
    received,
    tls_context,
)
from cvatfn.transport.retries import trying, worth_repeating
from cvatfn.transport.settings import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, Settings

__all__ = ["AsyncConnection", "connect_async"]

Fields: TypeAlias = tuple[tuple[bytes, bytes], ...]
Release: TypeAlias = Callable[[bool], Awaitable[None]]

_NO_CONTENT: Final = 204

_ANNOUNCING: Final = frozenset({"PATCH", "POST", "PUT"})
"""Methods that tell a length also where they have no content (RFC 9110, section 8.6)."""


def connect_async(
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
) -> AsyncConnection:
    """An asynchronous transport to a server over HTTP/1.1, for asyncio and trio.

    It takes what `connect` takes, and means the same by it. Use it in an `async with` block, from
    as many tasks of one event loop as you like; no socket is opened before the first request. At
    the end of the block all links are closed, also those of requests that are still under way.

    Nothing lasts for ever, as with `connect`: an answer must be there an hour after its request,
    and content must make 500 bytes a second of waiting. Looking up a host's name counts here, too.

    :param host: `https://cvat.example`, with a port or a path if needed; a bare name means https.
    :param auth: the login; it goes to this server only.
    :param organization: the slug of the organization to work in; an empty text means the personal
        workspace. It gives way to requests that name one themselves.
    :param headers: fields for each request; a request's own fields of the same names win.
    :param cookies: cookies for each request.
    :param timeout: seconds for the whole exchange; or a pair, for connecting and for each silence;
        or a `Timeout`; or `None` for no limit. As it is: 10 s to connect, 60 s for each silence.
        Connecting is one thing here: names, addresses, TLS and a proxy's tunnel together.
    :param retry: when to try again (see `retrying`); `None` for never.
    :param proxy: `http://proxy.example:3128`, also with `user:password@`, which only it will see.
    :param verify: whether the server must prove who it is; leave it on but for tests.
    :param ca_bundle: a file (PEM) or folder of certificates to trust, in place of the system's.
    :param pool_size: how many idle links are kept open; more tasks may work at once.
    :param max_body: the largest response body, in bytes once decoded; 1 GiB unless told. What is
        asked for may have less (see `at_most`). Of a refusal no more than 16 MiB are read; what is
        `streamed` has no limit but that of its request.
    :returns: the connection.
    :raises ValueError: an argument that cannot be what was meant.

    >>> from cvatfn.auth import AccessToken
    >>> connect_async("cvat.example", auth=AccessToken("s3cret"))
    connect_async('https://cvat.example', auth=AccessToken(token=***))
    """
    return AsyncConnection(
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
            pool_size=pool_size,
            max_body=max_body,
        )
    )


@final
class AsyncConnection:
    """An asynchronous transport that holds links to one server; made by `connect_async`.

    :param settings: what it is opened from.
    """

    __slots__ = (
        "__weakref__",
        "_busy",
        "_closed",
        "_home",
        "_idle",
        "_orphans",
        "_outgoing",
        "_send",
        "_settings",
        "_tls",
    )

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outgoing = Outgoing(settings, _raw)
        self._idle: deque[AsyncLink] = deque()
        self._busy: set[AsyncLink] = set()
        self._orphans: deque[Release] = deque()
        self._tls: ssl.SSLContext | None = None
        self._closed = False
        self._home = Home()
        send: AsyncTransport = self._exchanged
        if settings.retry is not None:
            schedule, limits = settings.retry, settings.timeout
            talk = trying(schedule, worth_repeating, Budget(), limits, random, monotonic)
            send = wrapped(talk, send)
        self._send = send
        when_forked(self)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server: whom credentials are for."""
        return self._settings.url.origin

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    async def __call__(self, request: Request, /) -> Outcome[Response, TransportError]:
        """Send a request.

        :param request: the request. Without an `origin` its path is under the path of the host that
            was given to `connect_async`; with one, it is the whole path.
        :returns: the response, whatever its status; or why no whole one arrived.
        """
        return await self._send(request)

    async def aclose(self) -> None:
        """Close all links; what is under way is lost. Closing twice does nothing more.

        Those of an event loop that has ended are given up; in one that is not theirs, they are
        closed by their own one, soon.
        """
        self._closed = True
        if not (self._home.moved_out(self._forgotten) or self._home.done_there(self._all_closed)):
            await to_the_end(self._all_closed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def forked(self) -> None:
        """Leave all links to the parent: a forked process opens its own, in its own event loop.

        They are not closed as others are: what TLS says in farewell would be said to the parent's.
        """
        self._home = Home()
        self._cleared()

    def __reduce__(self) -> tuple[type[AsyncConnection], tuple[Settings]]:
        return AsyncConnection, (self._settings,)

    @override
    def __repr__(self) -> str:
        return repr(self._settings).replace("connect(", "connect_async(", 1)

    def _is_empty(self) -> bool:
        return not self._idle and not self._busy

    def _forgotten(self) -> None:
        """Give up the links of an event loop that has ended."""
        for link in (*self._idle, *self._busy):
            link.give_up()
        self._cleared()

    def _cleared(self) -> None:
        self._idle.clear()
        self._busy.clear()
        self._orphans.clear()

    async def _all_closed(self) -> None:
        await self._mourned()
        while self._idle:
            await self._idle.pop().aclose()
        for link in tuple(self._busy):
            await link.aclose()

    async def _exchanged(self, request: Request) -> Outcome[Response, TransportError]:
        settings = self._settings
        ready = self._outgoing.ready(request, closed=self._closed)
        if not isinstance(ready, Ready):
            return Failure(ready)
        home = self._home.enter(self._is_empty, self._forgotten)
        if home is None:
            elsewhere = "the connection holds links of another event loop: close it there"
            return Failure(Unsendable(masked_request(request), elsewhere))
        limits = _limits(settings.timeout if request.timeout is None else request.timeout)
        exchange = Exchange(limits)
        try:
            with limits.scope():
                return Success(await self._answered(request, ready, exchange))
            raise TimeoutError("the time for the whole exchange is over")
        except TellingFailed as failed:
            raise failed.error from None
        except FAULTS as fault:
            sent, login = exchange.written > 0, ready.login
            return Failure(
                transport_error(settings, request, limits, fault, login=login, sent=sent)
            )
        finally:
            self._home.leave(home)

    async def _answered(
        self, request: Request, ready: Ready[Fields], exchange: Exchange
    ) -> Response:
        target, sent = ready.target, await _Sent.of(request)
        response = await self._delivered(request, target, ready, sent, exchange)
        for _ in range(MOST_REDIRECTS):
            url, status = self._settings.url, response.status
            next_target = led_to(
                url, request.method, status, target, response.headers.get("location")
            )
            if next_target is None:
                break
            target, nothing = next_target, _Sent(None, None)
            response = await self._delivered(request, target, ready, nothing, exchange)
        return response

    async def _delivered(
        self,
        request: Request,
        target: str,
        ready: Ready[Fields],
        sent: _Sent,
        exchange: Exchange,
    ) -> Response:
        await self._mourned()
        link = await self._taken()
        if link is not None:
            try:
                return await self._used(link, request, target, ready, sent, exchange)
            except ClosedEarly:
                # The server closed an idle link at the moment of its use. That is no news of the
                # server's state, but only what is safe may be sent twice.
                if request.method not in SAFE_METHODS:
                    raise
        exchange.written = 0
        link = await opened(self._settings, await self._trusted(), exchange.limits)
        return await self._used(link, request, target, ready, sent, exchange)

    async def _used(
        self,
        link: AsyncLink,
        request: Request,
        target: str,
        ready: Ready[Fields],
        sent: _Sent,
        exchange: Exchange,
    ) -> Response:
        settings, login = self._settings, ready.login
        limit, refusal = settings.accepted(request.max_body), settings.largest_refusal
        kept = streaming = False
        self._busy.add(link)
        try:
            asked = self._asked(request.method, target, ready.fields, sent, exchange.limits)
            answer = await link.answered(asked, max(limit, refusal), exchange)
            granted = 200 <= answer.status < 300
            if request.streamed and granted:
                body = Body(answer)
                stream = AsyncLinkStream(
                    body,
                    request.max_body,
                    exchange,
                    partial(self._released, link, answer, body),
                    partial(transport_error, settings, request, exchange.limits, login=login),
                    self._orphans.append,
                )
                head = received(_read(answer.headers), unpacked=packed(answer), streaming=True)
                streaming = True
                return without_login(Response(answer.status, head, astream=stream), login)
            # However much is said about what is not granted, the status is what counts.
            wanted = whole(answer, limit, request.method) if granted else beginning(answer, refusal)
            came = await wanted
            kept = _reusable(link, answer)
        finally:
            if not streaming:
                await self._given_back(link, kept=kept)
        head = received(_read(answer.headers), unpacked=came.unpacked)
        response = Response(answer.status, head, came.content, cut=came.cut)
        return without_login(response, login)

    def _asked(
        self, method: str, target: str, fields: Fields, sent: _Sent, limits: Limits
    ) -> httpcore2.Request:
        url = self._settings.url
        if self._settings.proxy is not None and url.scheme == "http":
            target = url.origin + target  # absolute form, RFC 9112, section 3.2.2
        whom = httpcore2.URL(
            scheme=url.scheme.encode(),
            host=url.host.encode(),
            port=url.port,
            target=target.encode("ascii"),
        )
        return httpcore2.Request(
            method.encode("ascii"),
            whom,
            headers=[*fields, *sent.fields],
            content=sent.stream(),
            extensions={"timeout": {"read": limits.read, "write": limits.read}},
        )

    async def _released(
        self, link: AsyncLink, answer: httpcore2.Response, body: Body, whole: bool
    ) -> None:
        await body.aclose()
        await self._given_back(link, kept=whole and _reusable(link, answer))

    async def _given_back(self, link: AsyncLink, *, kept: bool) -> None:
        self._busy.discard(link)
        if kept and not self._closed and len(self._idle) < self._settings.pool_size:
            self._idle.append(link)
        else:
            await link.aclose()

    async def _taken(self) -> AsyncLink | None:
        while self._idle:
            link = self._idle.pop()
            self._busy.add(link)
            quiet = False
            try:
                quiet = await link.quiet()
            finally:
                if not quiet:
                    await self._given_back(link, kept=False)
            if quiet:
                return link
        return None

    async def _mourned(self) -> None:
        """Close the links of streams that were dropped open."""
        while self._orphans:
            release = self._orphans.popleft()
            await to_the_end(lambda: release(False))  # noqa: B023 - it is over before the next

    async def _trusted(self) -> ssl.SSLContext | None:
        """Whom to trust: read once, from the disk; `None` where nothing is `https`."""
        settings = self._settings
        peers = [settings.url] if settings.proxy is None else [settings.url, settings.proxy.url]
        if self._tls is None and any(peer.scheme == "https" for peer in peers):
            try:
                self._tls = await in_thread(partial(tls_context, settings))
            except (OSError, ValueError) as error:
                raise NotConnected(error) from error
        return self._tls


@frozen
class _Sent:
    """The content of a request.

    :param body: bytes, or what is read while it is sent.
    :param length: how many bytes that are; `None` where it is not told.
    """

    body: bytes | Content | None
    length: int | None

    @staticmethod
    async def of(request: Request) -> _Sent:
        """The content of a request, measured.

        :raises Unreadable: a part of it is not there.
        """
        body = request.body
        if isinstance(body, Content):
            return _Sent(*await contents.measured_body(body))
        if body is None:
            return _Sent(None, 0 if request.method in _ANNOUNCING else None)
        return _Sent(body, len(body))

    @property
    def fields(self) -> Fields:
        """The header fields that announce it."""
        if self.length is not None:
            return ((b"Content-Length", str(self.length).encode()),)
        return () if self.body is None else ((b"Transfer-Encoding", b"chunked"),)

    def stream(self) -> bytes | AsyncIterable[bytes] | None:
        """It, as httpcore2 takes it."""
        return contents.pieces(self.body) if isinstance(self.body, Content) else self.body


def _reusable(link: AsyncLink, answer: httpcore2.Response) -> bool:
    """Whether another request may follow an answer whose content was read."""
    return link.idle and _is_clear(answer)


def _is_clear(answer: httpcore2.Response) -> bool:
    """Whether nobody on the way may have taken something else for the end of an answer."""
    named = {name.lower(): value for name, value in answer.headers}
    length, chunked = named.get(b"content-length"), b"transfer-encoding" in named
    if answer.status == _NO_CONTENT:
        return length in (None, b"0") and not chunked
    return not (chunked and length is not None)  # RFC 9112, section 6.3


def _raw(sent: Headers) -> Fields:
    """Header fields as httpcore2 takes them; blanks around a value are no part of it."""
    return tuple((name.encode("latin-1"), value.strip().encode("latin-1")) for name, value in sent)


def _read(fields: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)


def _limits(timeout: Timeout) -> Limits:
    total = timeout.total
    return Limits(
        timeout.connect,
        timeout.read,
        None if total is None else anyio.current_time() + total,
        timeout.answer,
        timeout.rate,
    )

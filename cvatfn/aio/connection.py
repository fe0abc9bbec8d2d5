"""A connection to one server for event loops, over the engine of httpx2.

Rule: as in `cvatfn.transport.connection`, with which it shares whatever is no socket: it speaks to
one origin only, and never raises for what a server or the network does. It belongs to one event
loop, under asyncio or trio. It pickles by its settings.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from random import random
from time import monotonic
from types import TracebackType
from typing import Self, final

import anyio
import httpcore2
from typing_extensions import override

from cvatfn.aio.asking import Fields, Sent, asked, field_of, raw, read
from cvatfn.aio.driving import wrapped
from cvatfn.aio.faults import WORDS
from cvatfn.aio.links import FAULTS, AsyncLink, until
from cvatfn.aio.opening import opened
from cvatfn.aio.pool import Pool
from cvatfn.aio.streams import AsyncLinkStream, Body, beginning, packed, whole
from cvatfn.aio.threads import in_thread
from cvatfn.aio.types import AsyncTransport
from cvatfn.codecs.secrets import Unshown
from cvatfn.errors import TransportError, Unsendable
from cvatfn.messages import HeadersLike, Request, Response, masked_request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule
from cvatfn.transport.breaks import ClosedEarly, Late, NotConnected, TellingFailed
from cvatfn.transport.budgets import Budget
from cvatfn.transport.credentials import SAFE_METHODS, Auth, without_login
from cvatfn.transport.faults import transport_error
from cvatfn.transport.fields import TimeoutLike
from cvatfn.transport.framing import is_clear
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
from cvatfn.transport.pacing import Pace, Passing
from cvatfn.transport.retries import trying, worth_repeating
from cvatfn.transport.settings import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, Settings

__all__ = ["AsyncConnection", "connect_async"]


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
    client_certificate: ClientCertificate | None = None,
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
    :param client_certificate: a file (PEM) with your certificate and its key, or a file for each;
        it is shown to the server, and to no proxy. A key with a password cannot be read.
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
            client_certificate=client_certificate,
            pool_size=pool_size,
            max_body=max_body,
        )
    )


@final
class AsyncConnection:
    """An asynchronous transport that holds links to one server; made by `connect_async`.

    :param settings: what it is opened from.
    """

    __slots__ = ("__weakref__", "_outgoing", "_pool", "_send", "_settings", "_trust")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outgoing = Outgoing(settings, raw)
        self._pool = Pool(settings.pool_size)
        self._trust: Trust | None = None
        send: AsyncTransport = self._exchanged
        if settings.retry is not None:
            schedule, limits = settings.retry, settings.timeout
            talk = trying(schedule, worth_repeating, Budget(), limits, random, monotonic)
            send = wrapped(talk, send)
        self._send = send

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server: whom credentials are for."""
        return self._settings.url.origin

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._pool.closed

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
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __reduce__(self) -> tuple[type[AsyncConnection], tuple[Settings]]:
        return AsyncConnection, (self._settings,)

    @override
    def __repr__(self) -> str:
        return repr(self._settings).replace("connect(", "connect_async(", 1)

    async def _exchanged(self, request: Request) -> Outcome[Response, TransportError]:
        settings = self._settings
        ready = self._outgoing.ready(request, closed=self.closed)
        if not isinstance(ready, Ready):
            return Failure(ready)
        home = self._pool.enter()
        if home is None:
            elsewhere = "the connection holds links of another event loop: close it there"
            return Failure(Unsendable(masked_request(request), elsewhere))
        limits = settings.timeout if request.timeout is None else request.timeout
        pace = Pace.of(limits, anyio.current_time())
        try:
            return Success(await self._answered(request, ready, pace))
        except TellingFailed as failed:
            raise failed.error from None
        except FAULTS as fault:
            return Failure(transport_error(WORDS, settings, request, pace, fault, ready.login))
        finally:
            self._pool.leave(home)

    async def _answered(self, request: Request, ready: Ready[Fields], pace: Pace) -> Response:
        target, sent = ready.target, await Sent.of(request)
        response = await self._delivered(request, target, ready, sent, pace)
        for _ in range(MOST_REDIRECTS):
            location = response.headers.get("location")
            url, status = self._settings.url, response.status
            next_target = led_to(url, request.method, status, target, location)
            if next_target is None:
                break
            target = next_target
            response = await self._delivered(request, target, ready, Sent(), pace)
        return response

    async def _delivered(
        self, request: Request, target: str, ready: Ready[Fields], sent: Sent, pace: Pace
    ) -> Response:
        link = await self._pool.taken()
        if link is not None:
            try:
                return await self._used(link, request, target, ready, sent, pace)
            except ClosedEarly:
                # The server closed an idle link at the moment of its use. That is no news of the
                # server's state, but only what is safe may be sent twice.
                if request.method not in SAFE_METHODS:
                    raise
        link = await opened(self._settings, await self._trusted(), pace)
        return await self._used(link, request, target, ready, sent, pace)

    async def _used(
        self,
        link: AsyncLink,
        request: Request,
        target: str,
        ready: Ready[Fields],
        sent: Sent,
        pace: Pace,
    ) -> Response:
        settings, login = self._settings, ready.login
        limit, refusal = settings.accepted(request.max_body), settings.largest_refusal
        passing = Passing(pace, max(limit, refusal))
        kept = streaming = False
        self._pool.uses(link)
        try:
            with until(pace):
                words = asked(settings, request.method, target, ready.fields, sent)
                answer = await link.answered(words, passing)
                granted = 200 <= answer.status < 300
                if request.streamed and granted:
                    head = received(read(answer), unpacked=packed(answer), streaming=True)
                    stream = self._streaming(link, answer, request, passing, login)
                    streaming = True
                    return without_login(Response(answer.status, head, astream=stream), login)
                if granted:
                    came = await whole(answer, request.method, limit)
                else:  # however much is said about it, the status is what counts
                    came = await beginning(answer, refusal)
                kept = _reusable(link, answer)
                head = received(read(answer), unpacked=came.unpacked)
                return without_login(
                    Response(answer.status, head, came.content, cut=came.cut), login
                )
            raise Late(pace.over)
        finally:
            if not streaming:
                await self._pool.given_back(link, kept=kept)

    def _streaming(
        self,
        link: AsyncLink,
        answer: httpcore2.Response,
        request: Request,
        passing: Passing,
        login: Unshown,
    ) -> AsyncLinkStream:
        body = Body(answer)
        return AsyncLinkStream(
            body,
            request.max_body,
            passing,
            partial(self._released, link, answer, body),
            partial(transport_error, WORDS, self._settings, request, passing.whole, login=login),
            self._pool.orphaned,
        )

    async def _released(
        self, link: AsyncLink, answer: httpcore2.Response, body: Body, whole: bool
    ) -> None:
        await body.aclose()
        await self._pool.given_back(link, kept=whole and _reusable(link, answer))

    async def _trusted(self) -> Trust | None:
        """Whom to trust: read once, from the disk; `None` where nothing is `https`."""
        settings = self._settings
        peers = [settings.url] if settings.proxy is None else [settings.url, settings.proxy.url]
        if self._trust is None and any(peer.scheme == "https" for peer in peers):
            try:
                self._trust = await in_thread(partial(trust_of, settings))
            except (OSError, ValueError) as error:
                raise NotConnected(error) from error
        return self._trust


def _reusable(link: AsyncLink, answer: httpcore2.Response) -> bool:
    """Whether another request may follow an answer whose content was read."""
    chunked = field_of(answer, "transfer-encoding") is not None
    length = field_of(answer, "content-length")
    return link.idle and is_clear(answer.status, length, chunked=chunked)

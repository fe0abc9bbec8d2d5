"""Opening links: to a server, through a proxy, with TLS where it belongs.

Rule: what `connect` allows is all that opening takes: names, addresses, TLS and a proxy's tunnel
together. Whatever fails or is cancelled on the way closes what was open.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import httpcore2

from cvatfn.aio.asking import origin_of
from cvatfn.aio.hushing import hushed
from cvatfn.aio.links import AsyncLink
from cvatfn.aio.sockets import Socket
from cvatfn.aio.wires import Wire
from cvatfn.transport.breaks import NotConnected
from cvatfn.transport.origins import Url
from cvatfn.transport.outgoing import Trust
from cvatfn.transport.pacing import Pace
from cvatfn.transport.settings import Settings

__all__ = ["opened"]


async def opened(settings: Settings, trust: Trust | None, pace: Pace) -> AsyncLink:
    """Connect.

    :param settings: where to.
    :param trust: whom to trust; needed where the server or the proxy is `https`.
    :param pace: how long it may take.
    :raises NotConnected: it could not be done.
    """
    url, proxy = settings.url, settings.proxy
    try:
        with anyio.fail_after(pace.within(pace.connect, anyio.current_time())):
            wire = await _connected(url if proxy is None else proxy.url)
            async with _closed_if_broken(wire):
                if proxy is not None and proxy.url.scheme == "https":
                    wire = await wire.start_tls(_needed(trust).proxy, proxy.url.host)
                if proxy is not None and url.scheme == "https":
                    await _tunnel(wire, url, proxy.url, proxy.login.pairs)
                if url.scheme == "https":
                    wire = await wire.start_tls(_needed(trust).server, url.host)
    except (OSError, ValueError, httpcore2.ProtocolError, httpcore2.NetworkError) as error:
        raise NotConnected(error) from error
    return AsyncLink(wire, origin_of(url))


async def _connected(url: Url) -> Wire:
    return Wire(await Socket.connected(url.host, url.port))


@asynccontextmanager
async def _closed_if_broken(wire: Wire) -> AsyncGenerator[None]:
    try:
        yield
    except BaseException:
        await wire.aclose()
        raise


async def _tunnel(wire: Wire, url: Url, proxy: Url, login: tuple[tuple[str, str], ...]) -> None:
    """Ask a proxy to lead on to the server (RFC 9110, section 9.3.6)."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    target = f"{host}:{url.port}".encode()
    fields = [(b"Host", target), *((name.encode(), value.encode()) for name, value in login)]
    asked = httpcore2.Request(
        b"CONNECT",
        httpcore2.URL(
            scheme=proxy.scheme.encode(), host=proxy.host.encode(), port=proxy.port, target=target
        ),
        headers=fields,
    )
    asking = httpcore2.AsyncHTTP11Connection(origin_of(proxy), wire)
    with hushed():
        answer = await asking.handle_async_request(asked)
    if not 200 <= answer.status < 300:
        raise ConnectionError(f"it opens no way to the server: {answer.status}")


def _needed(trust: Trust | None) -> Trust:
    assert trust is not None  # noqa: S101 - `https` has one: the connection sees to it
    return trust

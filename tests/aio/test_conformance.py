"""The suite, put to asynchronous transports: no check is written twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cvatfn import aio
from cvatfn.aio import AsyncTransport
from cvatfn.auth import AccessToken
from cvatfn.schedule import constant
from cvatfn.testing.conformance import CHECKS, Cannot, answered, blocking, run
from cvatfn.testing.conformance.bridging import MakeAsyncTransport
from cvatfn.testing.sandbox import Sandbox, World
from tests.transport.test_laws import NAMES

Wrap = Callable[[AsyncTransport, str, Path], AsyncTransport]

NO_SOCKETS: Cannot = {"wire": "it has no sockets"}

WRAPPERS: Mapping[str, Wrap] = {
    "with_headers": lambda send, _, __: aio.with_headers(send, {"X-Trace": "7"}),
    "with_timeout": lambda send, _, __: aio.with_timeout(send, (60.0, 60.0)),
    "in_organization": lambda send, _, __: aio.in_organization(send, "acme"),
    "authenticated": lambda send, url, _: aio.authenticated(send, AccessToken("s3cret"), url),
    "retrying": lambda send, _, __: aio.retrying(send, constant(0, attempts=2)),
    "logged": lambda send, _, __: aio.logged(send),
    "rate_limited": lambda send, _, __: aio.rate_limited(send, 100_000, per=0.001),
    "recorded": lambda send, _, folder: aio.recorded(send, folder / "recording.jsonl"),
}
NO_STREAMS: Cannot = {"streams": "a recording has no place for a stream"}


def test_every_wrapper_is_here() -> None:
    assert list(WRAPPERS) == NAMES


def _assert_conforms(make: MakeAsyncTransport, backend: str, cannot: Cannot | None = None) -> None:
    report = run(blocking(make, backend), cannot=cannot)
    assert report.conforms, str(report)
    skipped = {result.check for result in report.of("skipped")}
    assert skipped == {each.name for each in CHECKS if {*each.needs} & {*(cannot or ())}}


def test_the_connection_conforms(backend: str) -> None:
    _assert_conforms(aio.connect_async, backend)


def test_all_wrappers_at_once_around_a_connection_conform(tmp_path: Path) -> None:
    @asynccontextmanager
    async def make(url: str) -> AsyncGenerator[AsyncTransport]:
        async with aio.connect_async(url) as connection:
            transport: AsyncTransport = connection
            for wrap in WRAPPERS.values():
                transport = wrap(transport, url, tmp_path)
            yield transport

    _assert_conforms(make, "asyncio", NO_STREAMS)


@pytest.mark.parametrize("name", NAMES)
def test_every_wrapper_in_memory_conforms(name: str, backend: str, tmp_path: Path) -> None:
    @asynccontextmanager
    async def make(url: str) -> AsyncGenerator[AsyncTransport]:
        yield WRAPPERS[name](aio.in_memory(answered, origin=url), url, tmp_path)

    _assert_conforms(make, backend, NO_SOCKETS)


def test_the_sandbox_conforms(backend: str) -> None:
    @asynccontextmanager
    async def make(_: str) -> AsyncGenerator[AsyncTransport]:
        yield Sandbox(World.empty()).aio

    cannot: Cannot = {**NO_SOCKETS, "answers": "it answers as a CVAT does"}
    _assert_conforms(make, backend, cannot)


def test_the_suite_finds_what_is_wrong_with_an_asynchronous_transport() -> None:
    @asynccontextmanager
    async def make(url: str) -> AsyncGenerator[AsyncTransport]:
        async with aio.connect_async(url) as connection:
            yield lambda request: connection(request.__class__("GET", "/elsewhere"))

    failed = run(blocking(make), checks=CHECKS[:1]).of("failed")
    assert [result.check for result in failed] == ["methods_arrive"]

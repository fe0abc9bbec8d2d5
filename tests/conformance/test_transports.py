"""Every transport of ours passes the suite, and so does one that is not ours."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from cvatfn.auth import AccessToken
from cvatfn.messages import Request
from cvatfn.schedule import constant
from cvatfn.testing.conformance import CHECKS, Cannot, MakeTransport, answered, run
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import (
    Transport,
    authenticated,
    connect,
    in_memory,
    in_organization,
    logged,
    rate_limited,
    recorded,
    replayed,
    retrying,
    with_headers,
    with_timeout,
)
from tests.conformance.plain import CANNOT, plain
from tests.transport.test_laws import NAMES

Wrap = Callable[[Transport, str, Path], Transport]

NO_SOCKETS: Cannot = {"wire": "it has no sockets"}

WRAPPERS: Mapping[str, Wrap] = {
    "with_headers": lambda send, _, __: with_headers(send, {"X-Trace": "7"}),
    "with_timeout": lambda send, _, __: with_timeout(send, (60.0, 60.0)),
    "in_organization": lambda send, _, __: in_organization(send, "acme"),
    "authenticated": lambda send, url, _: authenticated(send, AccessToken("s3cret"), url),
    "retrying": lambda send, _, __: retrying(send, constant(0, attempts=2), sleep=lambda _: None),
    "logged": lambda send, _, __: logged(send),
    "rate_limited": lambda send, _, __: rate_limited(send, 100_000, per=0.001),
    "recorded": lambda send, _, folder: recorded(send, folder / "recording.jsonl"),
}
CANNOT_AROUND: Mapping[str, Cannot] = {
    "recorded": {"streams": "a recording has no place for a stream"}
}


def test_every_wrapper_is_here() -> None:
    assert list(WRAPPERS) == NAMES


def _assert_conforms(
    make: MakeTransport, cannot: Cannot | None = None, *, but_for: tuple[str, ...] = ()
) -> None:
    """Every check passes but those that are named, and what is skipped is what it cannot do."""
    report = run(make, cannot=cannot)
    assert tuple(result.check for result in report.of("failed")) == but_for, str(report)
    skipped = {result.check for result in report.of("skipped")}
    assert skipped == {each.name for each in CHECKS if {*each.needs} & {*(cannot or ())}}


def test_the_connection_conforms() -> None:
    _assert_conforms(connect)


@pytest.mark.parametrize("name", NAMES)
def test_every_wrapper_around_a_connection_conforms(name: str, tmp_path: Path) -> None:
    @contextmanager
    def make(url: str) -> Generator[Transport]:
        with connect(url) as connection:
            yield WRAPPERS[name](connection, url, tmp_path)

    _assert_conforms(make, CANNOT_AROUND.get(name))


def test_all_wrappers_at_once_conform(tmp_path: Path) -> None:
    @contextmanager
    def make(url: str) -> Generator[Transport]:
        with connect(url) as connection:
            transport: Transport = connection
            for wrap in WRAPPERS.values():
                transport = wrap(transport, url, tmp_path)
            yield transport

    _assert_conforms(make, CANNOT_AROUND["recorded"])


def test_a_function_in_memory_conforms() -> None:
    _assert_conforms(lambda url: nullcontext(in_memory(answered, origin=url)), NO_SOCKETS)


@pytest.mark.parametrize("name", NAMES)
def test_every_wrapper_in_memory_conforms(name: str, tmp_path: Path) -> None:
    def make(url: str) -> nullcontext[Transport]:
        return nullcontext(WRAPPERS[name](in_memory(answered, origin=url), url, tmp_path))

    _assert_conforms(make, NO_SOCKETS)


def test_the_sandbox_conforms() -> None:
    cannot: Cannot = {**NO_SOCKETS, "answers": "it answers as a CVAT does"}
    _assert_conforms(lambda _: nullcontext(Sandbox(World.empty())), cannot)


def test_a_recording_conforms(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    recorded(in_memory(answered), path)(Request("GET", "/x"))
    cannot: Cannot = {
        **NO_SOCKETS,
        "answers": "it answers what was recorded",
        "origin": "a recording stands for any server",
    }
    _assert_conforms(lambda _: nullcontext(replayed(path)), cannot)


def test_of_somebody_elses_transport_it_finds_what_http_client_takes_for_an_answer() -> None:
    _assert_conforms(plain, CANNOT, but_for=("a_head_that_is_cut_is_none",))

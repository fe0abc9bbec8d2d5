"""The property of cancelling can fail: with what it is about taken out of the library, it does."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import anyio
import anyio.to_thread
import pytest
from attrs import frozen

from cvatfn.aio import threads
from cvatfn.aio.links import FAULTS
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox import SandboxServer, World, serving
from tests.aio.cancelling import Way
from tests.aio.leftovers import Leftovers, watching
from tests.aio.playing import played
from tests.aio.scenes import Stage
from tests.transport.conftest import Authority

T = TypeVar("T")


async def _disturbed(act: Callable[[], Awaitable[T]]) -> T:
    """Clear up as long as nobody cancels that."""
    return await act()


async def _abandoned(act: Callable[[], object]) -> object:
    """Do what blocks in a thread, and leave it alone there when one is cancelled."""
    caught: Callable[[Callable[[], object]], Outcome[object, BaseException]]
    caught = vars(threads)["_caught"]

    interrupted = threading.Event()

    def slowly() -> object:
        if interrupted.wait(0.05):
            threading.Event().wait(1.0)  # longer than what clears up takes
        return act()

    try:
        done = await anyio.to_thread.run_sync(caught, slowly, abandon_on_cancel=True)
    except BaseException:
        interrupted.set()
        raise
    match done:
        case Success(value):
            return value
        case Failure(error):
            raise error


@asynccontextmanager
async def _open_though_broken(_: object) -> AsyncGenerator[None]:
    """Leave a link open that broke as it was opened."""
    yield


async def _nothing(*_: object, **__: object) -> None:
    """Do nothing."""


@frozen
class Sabotage:
    """Something that is taken out.

    :param place: of what.
    :param broken: what is put there.
    :param scene: which notices.
    :param way: how it is cancelled.
    """

    place: str
    broken: object
    scene: str
    way: Way


WALK: Final = "a_walk_with_pages_asked_for_beforehand"
STREAM: Final = "a_stream_over_a_connection_that_lives_on"
PROXY: Final = "a_call_through_a_proxy_with_tls_to_both"
SABOTAGES: Final[Mapping[str, Sabotage]] = {
    "sockets are not closed": Sabotage(
        "cvatfn.aio.wires.Wire.aclose", _nothing, "a_call", "a scope under asyncio"
    ),
    "a link that broke as it was opened is not closed": Sabotage(
        "cvatfn.aio.opening._closed_if_broken", _open_though_broken, PROXY, "a scope under trio"
    ),
    "a stream that is given up keeps its link": Sabotage(
        "cvatfn.aio.streams.AsyncLinkStream._over", _nothing, STREAM, "a scope under trio"
    ),
    "a link in use is not closed with its connection": Sabotage(
        "cvatfn.aio.pool.Pool._all_closed", _nothing, "a_call", "Task.cancel"
    ),
    "pages asked for beforehand are left to themselves": Sabotage(
        "cvatfn.aio.background.AsyncAhead.aclose", _nothing, WALK, "a scope under trio"
    ),
    "who closes links can be disturbed": Sabotage(
        "cvatfn.aio.pool.to_the_end", _disturbed, WALK, "Task.cancel, again and again"
    ),
    "work in threads is abandoned": Sabotage(
        "cvatfn.aio.driving.in_thread", _abandoned, "a_download", "a scope under trio"
    ),
    "a cancellation is taken for a fault": Sabotage(
        "cvatfn.aio.connection.FAULTS",
        (*FAULTS, asyncio.CancelledError),
        "a_call",
        "Task.cancel",
    ),
}


@pytest.fixture(scope="module")
def cvat() -> Iterator[SandboxServer]:
    with serving(World.with_user("ada", "s3cret")) as served:
        yield served


@pytest.mark.parametrize("name", SABOTAGES)
def test_what_is_taken_out_is_missed(
    name: str,
    cvat: SandboxServer,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sabotage = SABOTAGES[name]
    files = tmp_path / "files"
    files.mkdir()
    with warnings.catch_warnings(), monkeypatch.context() as patch:
        warnings.simplefilter("ignore")  # what is left says so as it is collected
        with watching(patch, tmp_path) as left:
            patch.setattr(sabotage.place, sabotage.broken)
            noticed = _noticed(sabotage, Stage(cvat, authority, files, sabotage.way), left)
            left.opened.clear()
        gc.collect()
    assert noticed


def _noticed(sabotage: Sabotage, stage: Stage, left: Leftovers) -> bool:
    try:
        played(sabotage.scene, stage, left, every=sabotage.scene == "a_call")
    except Exception:
        return True
    return False

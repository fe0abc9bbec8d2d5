"""One cell tried: a hop that breaks what the row says, a kind that is asked over it.

Rule: what must hold in every cell is checked here, once: no thread, no socket and no half-written
file is left, it ends in time, an error can be read, and nothing was done twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import count, repeat
from pathlib import Path
from time import monotonic
from typing import Final, Literal, TypeAlias, TypedDict, TypeVar

import anyio
from attrs import evolve, frozen

from cvatfn import Transport, connect
from cvatfn.aio import AsyncConnection, connect_async
from cvatfn.auth import Basic
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import Schedule, constant
from cvatfn.transfer.flows import Effort
from tests.faults.cells import GOES_ON, Certificate, Nobody, Row
from tests.faults.conftest import ADA, Stage
from tests.faults.kinds import LARGEST, Asked, Kind, Scene, asked_of
from tests.hop.faults import Deaf, Wrong
from tests.hop.framing import Head
from tests.hop.hop import Hop
from tests.hop.retellings import Stall, Trickle
from tests.hop.thresholds import Handshake
from tests.transport.wire import Server, silent

__all__ = ["DRIVERS", "Driver", "Tried", "left_nothing", "tried"]

S = TypeVar("S")

Limiting: TypeAlias = Callable[[Request], Request]

Driver: TypeAlias = Literal["threads", "asyncio", "trio"]
"""Who asks: `connect`, or `connect_async` under an event loop."""

DRIVERS: Final[tuple[Driver, ...]] = ("threads", "asyncio", "trio")

SHORT: Final = 0.1
PATIENT: Final = 10.0
"""Far more than any machine needs for what waits for `SHORT` a few times."""

TRIES: Final = 3
ADVICE: Final = (
    "Check the host",
    "look before you repeat it",
    "safe to repeat",
    "`ca_bundle`",
    "ask for `at_most(endpoint",
    "`raw(endpoint)`",
    "Connect to that origin on its own",
    "try again",
    "Try again later",
    "find out why",
    "wait again",
    "the server contradicts itself",  # nothing can be done but to tell its administrators
)


class Options(TypedDict):
    """How to connect, in both worlds alike."""

    auth: Basic
    timeout: Timeout | float | None
    ca_bundle: str
    max_body: int
    retry: Schedule | None


@frozen
class Tried:
    """What came of it.

    :param outcome: what the call returned.
    :param whole: whether, where it went on, all was there.
    :param done: how often the world shows what must not be done twice.
    :param slept: the waits between tries, in seconds.
    :param file: what lies where a download was to go; `None` where nothing does.
    """

    outcome: Outcome[object, object]
    whole: bool
    done: int
    slept: tuple[float, ...]
    file: bytes | None

    @property
    def came_to(self) -> str:
        """The name of the error's class; empty where it went on."""
        match self.outcome:
            case Success():
                return ""
            case Failure(error):
                return type(error).__name__

    @property
    def error(self) -> object:
        """The error; `None` where it went on."""
        return self.outcome.failure() if isinstance(self.outcome, Failure) else None


def tried(
    stage: Stage,
    row: Row,
    kind: Kind,
    folder: Path,
    *,
    stays: bool = False,
    retry: Schedule | None = None,
    driver: Driver = "threads",
) -> Tried:
    """Try a cell.

    :param stage: where.
    :param row: the fault.
    :param kind: what is asked.
    :param folder: an empty one.
    :param stays: whether the fault strikes each time, or once.
    :param retry: what the connection is told of trying again.
    :param driver: who asks.
    """
    stage.begin()
    slept: list[float] = []
    cell = row.cells[kind.name]
    waits = kind.tries or stays or cell.once != GOES_ON
    limits = _limits(row) if waits else None
    tries = 2 if stays and limits is not None else TRIES
    effort = Effort(schedule=constant(0.0, attempts=tries), sleep=slept.append, clock=lambda: 0.0)
    began = monotonic()
    with left_nothing(), _hopping(stage, row, kind, stays) as url:
        options: Options = {
            "auth": ADA,
            "timeout": limits if isinstance(row.fault, Handshake) else PATIENT,
            "ca_bundle": stage.ca_bundle,
            "max_body": LARGEST,
            "retry": retry,
        }
        limited = _limiting(kind, limits, stays)
        looks = tries if stays else 2 * TRIES
        scene = Scene[None](stage.place, None, folder, effort, looks)
        if driver == "threads":
            with connect(url, **options) as connection:
                outcome = _asked(kind, connection, limited, scene)
        else:
            waiting = connect_async(url, **options)
            outcome = anyio.run(_awaited, kind, waiting, limited, scene, backend=driver)
        assert monotonic() - began < PATIENT
    seen = stage.seen()  # the server has done with all that came to it
    for path in folder.iterdir():
        assert path == scene.file or path.name.startswith("."), path
    file = scene.file.read_bytes() if scene.file.exists() else None
    whole = isinstance(outcome, Success) and kind.whole(scene, seen.world, outcome.unwrap())
    if isinstance(outcome, Failure):
        _can_be_read(outcome.failure())
        assert file is None
    return Tried(outcome, whole, kind.done(stage.place, seen), tuple(slept), file)


def _can_be_read(error: object) -> None:
    said = str(error)
    assert 20 < len(said) < 800, said
    assert all(line.isprintable() for line in said.splitlines()), said
    assert any(advice in said for advice in ADVICE), said
    assert "s3cret" not in f"{said}{error!r}"


def _limits(row: Row) -> Timeout | None:
    match row.fault:
        case Trickle() | Handshake():
            return Timeout(total=SHORT)
        case Stall() | Deaf():
            return Timeout(read=SHORT)
        case _:
            return None


def _asked(
    kind: Kind, transport: Transport, limited: Limiting, scene: Scene[None]
) -> Outcome[object, object]:
    def send(request: Request) -> Outcome[Response, TransportError]:
        return transport(limited(request))

    return kind.run(_over(send, scene))


async def _awaited(
    kind: Kind, connection: AsyncConnection, limited: Limiting, scene: Scene[None]
) -> Outcome[object, object]:
    async def send(request: Request) -> Outcome[Response, TransportError]:
        return await connection(limited(request))

    running = len(anyio.get_running_tasks())
    async with connection:
        outcome = await kind.awaited(_over(send, scene))
    assert len(anyio.get_running_tasks()) == running
    return outcome


def _over(transport: S, scene: Scene[None]) -> Scene[S]:
    return Scene(scene.place, transport, scene.folder, scene.effort, scene.looks)


def _limiting(kind: Kind, limits: Timeout | None, stays: bool) -> Limiting:
    """Only what will be struck is short of time, so that no cell depends on how fast it all is."""
    times = count() if stays else iter(range(1))

    def limited(request: Request) -> Request:
        struck = limits is not None and kind.strikes(asked_of(request))
        if struck and next(times, None) is not None:
            return evolve(request, timeout=limits)
        return request

    return limited


def _as_heard(head: Head) -> Asked:
    method, target = head.words[:2]
    lines = head.raw.decode("latin-1").lower().split("\r\n")[1:]
    return Asked(method, target, frozenset(line.partition(":")[0] for line in lines))


@contextmanager
def _hopping(stage: Stage, row: Row, kind: Kind, stays: bool) -> Generator[str]:
    match row.fault:
        case Nobody():
            with Server(silent) as gone:
                pass
            yield gone.url
        case Certificate(flaw):
            with Hop(stage.url, threshold=stage.contexts[flaw]) as url:
                yield url
        case Handshake() as handshake:
            with Hop(stage.url, threshold=handshake) as url:
                yield url
        case fault:
            plan: Iterator[Wrong] = repeat(fault) if stays else iter([fault])
            hop = Hop(stage.url, plan, only=lambda head: kind.strikes(_as_heard(head)))
            with hop as url:
                yield url
            assert any(each.fault == fault for each in hop.record)


@contextmanager
def left_nothing() -> Generator[None]:
    """See that no thread and no socket is left: of the library, the hop and the server's part.

    Threads that trio keeps for ten seconds, should it need one again, have names of their own.
    """
    threads, sockets = set(threading.enumerate()), _sockets()
    yield
    for thread in set(threading.enumerate()) - threads:
        if thread.name.startswith("Trio thread"):
            continue
        thread.join(PATIENT)
        assert not thread.is_alive(), thread.name
    assert _sockets() <= sockets


def _sockets() -> int:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():  # pragma: no cover - elsewhere, `ResourceWarning` has to do
        return 0
    return sum(_leads_to(each).startswith("socket:") for each in folder.iterdir())


def _leads_to(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # the folder itself, read meanwhile
        return ""

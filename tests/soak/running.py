"""A soak from its beginning to its end, and what is left when it is over.

Rule: whatever a call, a thread or the world does, a soak ends with a report that says it.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

import anyio
from anyio.from_thread import start_blocking_portal
from attrs import define, field, frozen

from cvatfn import File, call, connect, wait_for
from cvatfn.aio import connect_async
from cvatfn.api import jobs, labels, tasks
from cvatfn.auth import Basic
from tests.soak.actors import SOON, Actor, Home, Place
from tests.soak.calls import KINDS, picture
from tests.soak.clients import Awaited, Client, Plain
from tests.soak.ledger import Effect, Ledger, Line, lines_of
from tests.soak.reconciling import digest, reconciled, unaccounted
from tests.soak.serving import LOGIN, other_side

__all__ = ["Report", "Size", "soak"]

LONGEST: Final = 60.0
"""Which call takes longer hangs; each exchange may take ten seconds, and a step forty tries."""

_MOST_GROWTH: Final = 24 << 20
"""How much larger the process may be after the second half than after the first, in bytes."""

_MOST_OBJECTS: Final = 20_000
"""The same for objects that the collector knows: a thing kept for each call would be as many."""


@frozen
class Size:
    """How much memory the process has: what the system says, and what the collector knows."""

    resident: int
    objects: int


@define
class Report:
    """What a soak came to.

    :param calls: by kind and outcome, how many.
    :param done: what the hop did.
    :param looked_at: what was looked for in the world.
    :param problems: what is not accounted for.
    :param sizes: the memory at half the calls, and at the end.
    """

    seed: int
    calls: Counter[tuple[str, str]] = field(factory=Counter[tuple[str, str]])
    done: Counter[str] = field(factory=Counter[str])
    looked_at: Counter[str] = field(factory=Counter[str])
    problems: list[str] = field(factory=list[str])
    sizes: list[Size] = field(factory=list[Size])
    seconds: float = 0.0
    slowest: float = 0.0

    @property
    def total(self) -> int:
        """How many calls there were."""
        return self.calls.total()


def soak(
    seed: int,
    folder: Path,
    *,
    calls: int,
    threads: int,
    minutes: float | None = None,
    measured: bool = True,
    loop: str | None = None,
) -> Report:
    """Ask, under faults, from several threads; then hold the ledger against the world.

    :param seed: what the faults, and what is asked, are drawn from.
    :param folder: an empty one, for files.
    :param calls: how many calls there are at least.
    :param threads: how many threads ask.
    :param minutes: go on for so long, whatever the number.
    :param measured: whether memory is looked at.
    :param loop: `asyncio` or `trio`, for calls by tasks of one event loop, as many in flight as
        there are threads; each thread asks them itself unless given.
    """
    report = Report(seed)
    began = monotonic()
    with _own_temporary(folder) as temporary, other_side(seed, folder) as other:
        (folder / "files").mkdir()
        before = _open_now()
        login = Basic(*LOGIN)
        with (
            connect(other.straight, auth=login, timeout=10) as straight,
            _client(other.faulty, threads, loop, report.problems) as faulty,
            Ledger(folder / "ledger.jsonl") as ledger,
        ):
            place = Place(faulty, straight, folder, ledger)
            actors = [
                Actor(number, place, _home(place, number), Random(f"{seed}/{number}"))  # noqa: S311
                for number in range(threads)
            ]
            until = None if minutes is None else monotonic() + 60 * minutes
            for part in (calls // 2, calls):
                report.problems += _asked(actors, part, until if part == calls else None)
                if measured:
                    report.sizes.append(_size())
        report.problems += [f"left open: {what}" for what in _left(before)]
        report.problems += [f"temporary file left: {path.name}" for path in temporary.iterdir()]
    report.done = other.done
    ledger_path = folder / "ledger.jsonl"
    report.problems += unaccounted(lines_of(ledger_path), other.world)
    report.problems += _late(lines_of(ledger_path))
    report.problems += _files(lines_of(ledger_path), folder / "files")
    report.problems += _grown(report.sizes)
    report.looked_at = reconciled(lines_of(ledger_path))
    report.calls = Counter((line.kind, line.outcome) for line in lines_of(ledger_path))
    report.slowest = max(line.seconds for line in lines_of(ledger_path))
    report.seconds = monotonic() - began
    return report


@contextmanager
def _client(url: str, threads: int, loop: str | None, problems: list[str]) -> Generator[Client]:
    """The one connection that all share; a task that is left in its loop is a problem."""
    login = Basic(*LOGIN)
    if loop is None:
        with connect(url, auth=login, timeout=10, pool_size=threads) as connection:
            yield Plain(connection)
        return
    waiting = connect_async(url, auth=login, timeout=10, pool_size=threads)
    with start_blocking_portal(loop) as portal:
        running = portal.call(_tasks)
        with portal.wrap_async_context_manager(waiting) as awaited:
            yield Awaited(portal, awaited)
        problems += [f"task left: {task}" for task in portal.call(_tasks) - running]


async def _tasks() -> set[str]:
    """What runs in an event loop, but for who asks."""
    for _ in range(5):
        await anyio.sleep(0)
    own = anyio.get_current_task().id
    return {f"{task.name} {task.id}" for task in anyio.get_running_tasks() if task.id != own}


def _home(place: Place, number: int) -> Home:
    """A task with pictures for one actor, made without faults."""
    straight, name = place.straight, f"home{number}"
    files = [(f"{index}.bmp", picture(number << 8 | index)) for index in range(3)]
    task = call(straight, tasks.create, {"name": name, "labels": [{"name": "cat"}]}).unwrap().id
    given = [File(*file) for file in files]
    begun = call(straight, tasks.create_data, task, {"client_files": given, "image_quality": 70})
    work = begun.unwrap()
    assert work is not None
    wait_for(straight, work, schedule=SOON).unwrap()
    (job,) = call(straight, jobs.list, task_id=task).unwrap().results
    (label,) = call(straight, labels.list, task_id=task).unwrap().results
    home = Home(name, task, job.id, label.id, tuple(files))
    for effect in (Effect("made", name), Effect("gave", name, digest(files))):
        place.ledger.write(Line(number, "at the beginning", name, "Success", True, 0, effect))
    return home


def _asked(actors: list[Actor], calls: int, until: float | None) -> Iterator[str]:
    """Let all of them ask until there are so many lines, and the time is over."""
    ledger = actors[0].place.ledger
    weights, kinds = zip(*KINDS, strict=True)

    def ask(actor: Actor) -> None:
        while ledger.count < calls or (until is not None and monotonic() < until):
            (kind,) = actor.random.choices(kinds, weights)
            kind(actor)

    running = [
        threading.Thread(target=_guarded(ask), args=(actor,), name="soak", daemon=True)
        for actor in actors
    ]
    for thread in running:
        thread.start()
    for thread in running:
        while thread.is_alive():
            count = ledger.count
            thread.join(2 * LONGEST)
            if thread.is_alive() and ledger.count == count:
                faulthandler.dump_traceback(sys.stderr)
                yield f"a thread hangs after {ledger.count} calls"
                return
    yield from _FALLEN
    _FALLEN.clear()


_FALLEN: Final[list[str]] = []
"""What made an actor stop: a mistake in the soak itself."""


def _guarded(ask: Callable[[Actor], None]) -> Callable[[Actor], None]:
    def guarded(actor: Actor) -> None:
        try:
            ask(actor)
        except BaseException as error:
            _FALLEN.append(f"actor {actor.number} fell: {error!r}")
            raise

    return guarded


@contextmanager
def _own_temporary(folder: Path) -> Generator[Path]:
    """Have temporary files made where they are seen."""
    before, own = tempfile.tempdir, folder / "temporary"
    own.mkdir()
    tempfile.tempdir = str(own)
    try:
        yield own
    finally:
        tempfile.tempdir = before


def _open_now() -> Counter[str]:
    """Threads and open files of this process, by what they are."""
    found = Counter(
        f"thread {thread.name}"
        for thread in threading.enumerate()
        if not thread.name.startswith("Trio thread")  # idle: it keeps them for ten seconds
    )
    descriptors = Path("/proc/self/fd")
    for each in descriptors.iterdir() if descriptors.exists() else ():
        try:
            target = str(each.readlink())
        except OSError:  # the one that lists them
            continue
        found[target.partition(":")[0] if target.startswith("socket:") else target] += 1
    return found


def _left(before: Counter[str]) -> Iterator[str]:
    """What is open now and was not before, once dropped threads have come to their end."""
    for thread in threading.enumerate():
        if thread.name.startswith("cvatfn"):
            thread.join(LONGEST)
    gc.collect()
    for what, count in (_open_now() - before).items():
        yield f"{count} x {what}"


def _late(lines: Iterator[Line]) -> Iterator[str]:
    for line in lines:
        if line.seconds > LONGEST:
            yield f"line {line.number} ({line.kind}) took {line.seconds:.1f} s"


def _files(lines: Iterator[Line], folder: Path) -> Iterator[str]:
    """Files that are there and should not be: what was read was removed, what broke left a part."""
    broken = {
        line.effect.on
        for line in lines
        if line.effect is not None and line.effect.verb == "saved" and line.outcome != "Success"
    }
    for path in folder.iterdir():
        documented = any(
            path.name.startswith(f".{name}.") and path.name.endswith((".part", ".part.json"))
            for name in broken
        )
        if not documented and path.suffix != ".journal":
            yield f"file left: {path.name}"


def _size() -> Size:
    gc.collect()
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[1]) if statm.exists() else 0
    return Size(pages * os.sysconf("SC_PAGE_SIZE") if pages else 0, len(gc.get_objects()))


def _grown(sizes: list[Size]) -> Iterator[str]:
    if len(sizes) == 2:
        half, whole = sizes
        if whole.resident - half.resident > _MOST_GROWTH:
            yield f"the process grew by {(whole.resident - half.resident) >> 20} MiB"
        if whole.objects - half.objects > _MOST_OBJECTS:
            yield f"the process holds {whole.objects - half.objects} objects more"

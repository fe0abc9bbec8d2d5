"""Those who ask: each in a thread of its own, with things of its own, over one connection.

Rule: what an actor asks depends on its seed and on what came back, not on the clock. It remembers a
few things that are surely there; all else it leaves to the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final, TypeVar

from attrs import define, evolve, field, frozen

from cvatfn import Outcome
from cvatfn.outcome import Success
from cvatfn.polling import WAITING
from cvatfn.schedule import exponential
from cvatfn.transfer.downloading import Saving
from cvatfn.transfer.flows import Effort
from cvatfn.transport import Connection
from tests.soak.clients import Client
from tests.soak.ledger import Effect, Ledger, Line, judged

__all__ = ["HURRIED", "SOON", "Actor", "Home", "Media", "Place"]

T = TypeVar("T")

HURRIED: Final = Effort(schedule=exponential(0.001, cap=0.01, attempts=40))
SOON: Final = evolve(WAITING, initial=0.001, cap=0.01, deadline=20.0)

_LOGGER: Final = logging.getLogger("tests.soak")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False
_LOGGER.setLevel(logging.DEBUG)


@frozen
class Home:
    """What an actor finds when it begins: a task with pictures, which it keeps.

    :param name: the task's name.
    :param files: its pictures by name, as they were uploaded.
    """

    name: str
    task: int
    job: int
    label: int
    files: tuple[tuple[str, bytes], ...]


@frozen
class Media:
    """A task that an actor gave files to.

    :param work: the request that stands for the server's work on them.
    :param imported: whether annotations were imported into it.
    """

    task: int
    files: tuple[tuple[str, bytes], ...]
    work: str
    imported: bool = False


@frozen
class Place:
    """Where all of it happens.

    :param faulty: over the hop; one connection for all, in threads or in an event loop.
    :param straight: to the server itself, to see what is true.
    :param folder: for files.
    """

    faulty: Client
    straight: Connection
    folder: Path
    ledger: Ledger


@define
class Actor:
    """One thread's memory."""

    number: int
    place: Place
    home: Home
    random: Random
    live: dict[str, int] = field(factory=dict[str, int])
    doubtful: set[str] = field(factory=set[str])
    media: dict[str, Media] = field(factory=dict[str, Media])
    works: list[str] = field(factory=list[str])
    counted: int = 0

    def name(self) -> str:
        """A name that nobody had or will have."""
        self.counted += 1
        return f"t{self.number}-{self.counted}"

    def path(self, suffix: str) -> Path:
        """Where no file was or will be."""
        self.counted += 1
        return self.place.folder / "files" / f"t{self.number}-{self.counted}{suffix}"

    def client(self) -> Client:
        """The one connection, with or without something around it."""
        connection = self.place.faulty
        match self.random.randrange(6):
            case 0:
                return connection.retrying(exponential(0.001, cap=0.01, attempts=4))
            case 1:
                return connection.with_timeout(10)
            case 2:
                return connection.logged(_LOGGER)
            case 3:
                recording = self.place.folder / f"recording-{self.number}.jsonl"
                return connection.recorded(recording, 1000)
            case _:
                return connection

    def saving(self, to: Path) -> Saving:
        return Saving(to, effort=HURRIED)

    def ask(
        self,
        kind: str,
        asked: str,
        ask: Callable[[Client], Outcome[T, object]],
        effect: Effect | None = None,
        check: Callable[[T], str | None] = lambda _: None,
        *,
        doubted: bool = False,
        missing: bool = False,
        refused: bool = False,
    ) -> Outcome[T, object] | None:
        """Ask, and write the ledger's line.

        :param kind: which kind of call.
        :param asked: with what, for people.
        :param ask: asks.
        :param effect: what it would change.
        :param check: what cannot be about the answer, in words.
        :param doubted: whether a failure says nothing of what was done before it.
        :param missing: whether what it is about may be missing; it surely is there unless told.
        :param refused: whether it cannot succeed.
        :returns: what came; nothing where it raised, which is no outcome.
        """
        began = monotonic()
        outcome: Outcome[T, object] | None = None
        try:
            outcome = ask(self.client())
            said, acted, wrong = judged(outcome)
            if isinstance(outcome, Success):
                wrong = "it cannot succeed" if refused else check(outcome.unwrap())
            elif said == "Rejected 404" and not missing:
                wrong = f"it is lost: {outcome.failure()}"
            elif doubted and said != "InvalidParams":
                acted = None
        except BaseException as error:  # no call may raise: it is not accounted for
            said, acted, wrong = "raised", None, f"raised {error!r}"
        self.place.ledger.write(
            Line(self.number, kind, asked, said, acted, monotonic() - began, effect, wrong)
        )
        return outcome

    def one_of(self, things: dict[str, T]) -> tuple[str, T] | None:
        """One thing of those that are surely there."""
        if not things:
            return None
        name = self.random.choice(sorted(things))
        return name, things[name]

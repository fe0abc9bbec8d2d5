"""What was asked and what came of it: a line for each call, on the disk as it comes.

Rule: a line is written once, when its call has ended, and says all that the reconciliation needs to
know. Nothing is looked up again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Final, Literal, Self, TypeAlias

from attrs import evolve, field, frozen

from cvatfn.codecs.json import dumps, loads
from cvatfn.errors import InvalidParams, Rejected, TransportError, Undecodable, UnexpectedStatus
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.transfer.errors import DiskError, Implausible

__all__ = ["Effect", "Ledger", "Line", "Verb", "judged", "lines_of"]

Verb: TypeAlias = Literal[
    "made", "changed", "removed", "gave", "drew", "redrew", "imported", "said", "saved"
]


@frozen
class Effect:
    """What a call would change in the world, or on this disk.

    :param verb: `made` a task, `changed` its bug tracker, `removed` it; `gave` it media; `drew` a
        shape in its job, `redrew` all of them as one, or `imported` one; `said` a comment; `saved`
        a file here.
    :param on: the task's name, which is like no other's; or the file's.
    :param what: the new value, as a text; a digest, where it is files.
    """

    verb: Verb
    on: str
    what: str = ""


@frozen
class Line:
    """One call and its one outcome.

    :param number: lines are numbered as their calls end.
    :param thread: who asked; what a thread has made, no other touches.
    :param kind: which kind of call.
    :param asked: with what.
    :param outcome: `Success`, or the error's class, with its status if it has one.
    :param acted: whether the server did it; `None` where nobody can know.
    :param seconds: how long it took.
    :param effect: what it would change.
    :param wrong: what cannot be; such a line is never accounted for.
    """

    thread: int
    kind: str
    asked: str
    outcome: str
    acted: bool | None
    seconds: float
    effect: Effect | None = None
    wrong: str | None = None
    number: int = field(default=0)


class Ledger:
    """A ledger that is being written, by any number of threads.

    :param path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._file: Final[IO[bytes]] = path.open("wb")
        self._lock = Lock()
        self._count = 0

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._count

    def write(self, line: Line) -> None:
        with self._lock:
            self._count += 1
            self._file.write(dumps(evolve(line, number=self._count)) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a ledger, in order."""
    with path.open("rb") as file:
        for text in file:
            yield loads(Line, text).unwrap()


Judgement: TypeAlias = tuple[str, bool | None, str | None]


def judged(outcome: Outcome[object, object]) -> Judgement:
    """What an outcome is called, whether the server did it, and what about it cannot be."""
    match outcome:
        case Success():
            return "Success", True, None
        case Failure(Rejected(status=status)):
            # Between client and server, only the hop answers with 5xx: before the server, or after.
            return f"Rejected {status}", None if status >= 500 else False, None
        case Failure(InvalidParams()):
            return "InvalidParams", False, None
        case Failure(UnexpectedStatus() | Undecodable() | RequestFailed() | Implausible() as error):
            return type(error).__name__, None, str(error)
        case Failure(DiskError() as error):
            return "DiskError", None, str(error)
        case Failure(PollTimedOut()):
            return "PollTimedOut", None, None
        case Failure(error):
            return type(error).__name__, _acted(error), None


def _acted(error: object) -> bool | None:
    assert isinstance(error, TransportError), f"{error!r} is none of the errors there are"
    return None if error.may_have_acted else False

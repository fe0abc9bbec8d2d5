"""What a command has begun, so that the same command goes on where it stopped.

Rule: the same words, said of the same server, are the same command; what it has begun stands in a
folder of its own until it is over. There are names, sizes and addresses in it, and no login.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from time import sleep
from typing import Final

import click
from attrs import field, frozen

from cvatfn.cli.exits import Stopped
from cvatfn.cli.interrupting import leaving_at_the_second
from cvatfn.cli.private import alone_at, read_private, write_private
from cvatfn.cli.shown import look_of, say
from cvatfn.codecs.json import dumps, loads
from cvatfn.schedule import constant
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.partial import disk_error

__all__ = ["ANEW", "Step", "Undone", "undone"]

ANEW: Final = click.Option(
    ["--anew"], is_flag=True, help="Begin anew, whatever the same command has begun before."
)
"""The option of a command that would go on otherwise."""


@frozen(kw_only=True)
class Step:
    """How far a command is.

    :param task: the task that it has made.
    :param rq_id: the server's work that it waits for, once all is sent.
    """

    task: int | None = None
    rq_id: str | None = None


@frozen
class Undone:
    """A command that may have been begun before.

    :param folder: where that stands.
    :param before: how far it was.
    """

    folder: Path
    before: Step = field(factory=Step)

    @property
    def journal(self) -> Path:
        """Where an upload notes what has arrived."""
        return self.folder / "journal.jsonl"

    def note(self, step: Step) -> None:
        """Note how far the command is.

        :param step: how far.
        :raises Stopped: it cannot be noted.
        """
        try:
            write_private(self.folder / _STEP, dumps(step))
        except OSError as error:
            raise Stopped(disk_error(self.folder, error)) from None

    def over(self) -> None:
        """Forget it: there is nothing to go on with."""
        for name in (_STEP, self.journal.name):
            with suppress(OSError):
                (self.folder / name).unlink()


@contextmanager
def undone(said: Mapping[str, object], *, anew: bool = False) -> Generator[Undone]:
    """What is known of a command, while a block runs; of other processes none has it meanwhile.

    Where the block is left before its time, and something has been begun, it is told how to go on.

    :param said: all that makes it the command that it is.
    :param anew: whether what was begun before is to be forgotten.
    :raises Stopped: another process is at it, or the folder cannot be used.
    """
    folder = _folder() / blake2b(dumps(said), digest_size=16).hexdigest()
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            alone = stack.enter_context(alone_at(folder / _STEP, sleep, _AT_ONCE))
        except OSError as error:
            raise Stopped(disk_error(folder, error)) from None
        if not alone:
            wrong = "another process runs the very same command: wait for it"
            raise Stopped(DiskError(str(folder), wrong))
        if anew:
            Undone(folder).over()
        with _told(folder), leaving_at_the_second(f"{_HINT}\n"):
            yield Undone(folder, _step(folder))
        _swept(folder)


_HINT: Final = "Say the same again to go on where it stopped, or --anew to begin anew."
_STEP: Final = "step.json"
_AT_ONCE: Final = constant(0, attempts=1)


def _folder() -> Path:
    from platformdirs import user_state_path

    named = os.environ.get("CVATFN_STATE_DIR")
    return Path(named) if named else user_state_path("cvatfn", appauthor=False)


def _step(folder: Path) -> Step:
    """How far it was; what cannot be read is nothing to go on with."""
    try:
        content = read_private(folder / _STEP)
    except OSError:
        return Step()
    return Step() if isinstance(content, DiskError) else loads(Step, content).value_or(Step())


@contextmanager
def _told(folder: Path) -> Generator[None]:
    try:
        yield
    except (KeyboardInterrupt, Stopped):
        if _is_begun(folder):
            if not look_of().json:
                say(_HINT)
        else:
            _swept(folder)
        raise


def _is_begun(folder: Path) -> bool:
    return any((folder / name).exists() for name in (_STEP, "journal.jsonl"))


def _swept(folder: Path) -> None:
    """Leave no empty folder behind."""
    if not _is_begun(folder):
        with suppress(OSError):
            (folder / f".{_STEP}.lock").unlink()
            folder.rmdir()

"""What a command comes to, as a number that scripts can use, and how it is told.

Rule: a code means the same for every command. The message goes to stderr, and says what was wrong,
where, and what to do; with `--json` it is an object.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, TypeVar

import click

from cvatfn.cli.keyrings import KeyringFailed
from cvatfn.cli.shown import json_text
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.showing import readable
from cvatfn.errors import (
    ConnectFailed,
    ConnectionLost,
    ForeignOrigin,
    InvalidParams,
    Problem,
    Rejected,
    TimedOut,
    TlsFailed,
    TooLarge,
    Undecodable,
    UnexpectedStatus,
    Unsendable,
)
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.transfer.errors import DiskError, Implausible

__all__ = ["Exit", "Stopped", "exit_of", "told", "value_of"]

T = TypeVar("T")


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    FAILED = 1
    """Something that has no code of its own."""
    USAGE = 2
    """The command line is wrong, or the parameters failed their checks; nothing was sent."""
    NOT_LOGGED_IN = 3
    """401; and where the keyring does not give the login, or does not take it."""
    FORBIDDEN = 4
    """403."""
    NOT_FOUND = 5
    """404 and 410."""
    CONFLICT = 6
    """409."""
    REFUSED = 7
    """Any other 4xx: the server does not like what was sent."""
    RATE_LIMITED = 8
    """429."""
    SERVER_FAILED = 9
    """A 5xx."""
    NETWORK = 10
    """No connection, a lost one, or no trust in it."""
    TIMED_OUT = 11
    """No answer in time, or no end of the server's work."""
    WORK_FAILED = 12
    """The server's work in the background failed."""
    UNREADABLE = 13
    """An answer that cannot be read as what it should be."""
    DISK = 14
    """A file on this machine cannot be read or written."""
    INTERRUPTED = 130
    """By Ctrl-C."""
    READER_GONE = 141
    """Whoever read the output has stopped, as `head` does."""


class Stopped(Exception):  # noqa: N818 - it is no error of its own, it carries one
    """A command that came to nothing.

    :param error: why, as the library says it; or a text.
    :param code: the exit code, where the error alone does not say it.
    """

    def __init__(self, error: object, code: Exit | None = None) -> None:
        super().__init__(error)
        self.error: Final = error
        self.code: Final = exit_of(error) if code is None else code


def value_of(outcome: Outcome[T, object]) -> T:
    """The value, or the end of the command.

    :param outcome: what a function of the library returned.
    :raises Stopped: it was a failure.

    >>> value_of(Success(3))
    3
    """
    match outcome:
        case Success(value):
            return value
        case Failure(error):
            raise Stopped(error)


def exit_of(error: object) -> Exit:
    """The code of an error.

    :param error: an error of this library; anything else is `FAILED`.

    >>> exit_of(DiskError("cats.zip", "no space left on device"))
    <Exit.DISK: 14>
    """
    match error:
        case InvalidParams():
            return Exit.USAGE
        case ConnectFailed() | ConnectionLost() | TlsFailed() | ForeignOrigin():
            return Exit.NETWORK
        case TimedOut() | PollTimedOut():
            return Exit.TIMED_OUT
        case Rejected(status=status):
            return _OF_STATUS.get(status, Exit.SERVER_FAILED if status >= 500 else Exit.REFUSED)
        case RequestFailed():
            return Exit.WORK_FAILED
        case Undecodable() | UnexpectedStatus() | TooLarge() | Implausible():
            return Exit.UNREADABLE
        case DiskError():
            return Exit.DISK
        case KeyringFailed():
            return Exit.NOT_LOGGED_IN
        case Unsendable():
            return Exit.USAGE
        case _:
            return Exit.FAILED


_OF_STATUS: Final = {
    401: Exit.NOT_LOGGED_IN,
    403: Exit.FORBIDDEN,
    404: Exit.NOT_FOUND,
    408: Exit.TIMED_OUT,
    409: Exit.CONFLICT,
    410: Exit.NOT_FOUND,
    429: Exit.RATE_LIMITED,
}


def told(error: click.ClickException | Stopped, *, as_json: bool = False) -> int:
    """Tell of what ended a command, on stderr.

    :param error: what it was.
    :param as_json: whether a program reads it.
    :returns: the exit code.
    """
    click.echo(_object(error) if as_json else f"cvatfn: {_message(error)}", err=True)
    return error.code if isinstance(error, Stopped) else error.exit_code


def _message(error: click.ClickException | Stopped) -> str:
    r"""What is said: a line, or several where an error names several things."""
    said = str(error.error) if isinstance(error, Stopped) else error.format_message()
    lines = [readable(line) for line in said.splitlines()]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"Try `{error.ctx.command_path} --help`.")
    return "\n".join(lines)


def _object(error: click.ClickException | Stopped) -> str:
    """The same for programs: names and numbers stand by themselves, what is unknown is left out."""
    if not isinstance(error, Stopped):
        kind, code, facts = "UsageError", error.exit_code, {}
    else:
        kind, code, facts = type(error.error).__name__, int(error.code), _facts(error.error)
    return json_text({"error": kind, "exit_code": code, "message": _message(error), **facts})


def _facts(error: object) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name in ("endpoint", "status", "detail", "retry_after", "may_have_acted", "path"):
        value: object = getattr(error, name, None)
        if value is not None and value != "":
            facts[name] = value
    problems: object = getattr(error, "problems", None) or getattr(error, "fields", ())
    if is_array(problems) and problems:
        facts["problems"] = [
            {"path": problem.path, "message": problem.message}
            for problem in problems
            if isinstance(problem, Problem)
        ]
    match error:
        case Rejected(response=response, outdated=outdated):
            facts |= {"request_id": response.request_id} if response.request_id else {}
            facts |= {"outdated": str(outdated)} if outdated else {}
        case RequestFailed(request=request):
            facts |= {"rq_id": request.id, "detail": request.message}
        case _:
            pass
    return facts

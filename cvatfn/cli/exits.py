"""What a command comes to, as a number that scripts can use, and how it is told.

Rule: a code means the same for every command. The message goes to stderr, and says what was wrong,
where, and what to do; with `--json` it is an object. What this needs is imported when it is needed:
whoever only wants to see a help waits for this module, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Final, TypeVar

import click

from cvatfn.codecs.showing import readable

if TYPE_CHECKING:
    from cvatfn.outcome import Outcome

__all__ = ["ADVICE", "MEANINGS", "Exit", "Stopped", "exit_of", "message_of", "told", "value_of"]

T = TypeVar("T")


class Exit(IntEnum):
    """The exit codes; `MEANINGS` says what each one is for."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_LOGGED_IN = 3
    FORBIDDEN = 4
    NOT_FOUND = 5
    CONFLICT = 6
    REFUSED = 7
    RATE_LIMITED = 8
    SERVER_FAILED = 9
    NETWORK = 10
    TIMED_OUT = 11
    WORK_FAILED = 12
    UNREADABLE = 13
    DISK = 14
    INTERRUPTED = 130
    READER_GONE = 141


MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "done",
    Exit.FAILED: "something that has no code of its own",
    Exit.USAGE: "the command line is wrong; nothing was sent",
    Exit.NOT_LOGGED_IN: "not logged in, 401",
    Exit.FORBIDDEN: "not allowed, 403",
    Exit.NOT_FOUND: "not there, 404 and 410",
    Exit.CONFLICT: "in the way of something else, 409",
    Exit.REFUSED: "what was sent is not liked, any other 4xx",
    Exit.RATE_LIMITED: "asked too often, 429",
    Exit.SERVER_FAILED: "the server failed, 5xx",
    Exit.NETWORK: "no connection, a lost one, or no trust in it",
    Exit.TIMED_OUT: "no answer in time, or no end of the server's work",
    Exit.WORK_FAILED: "the server's work in the background failed",
    Exit.UNREADABLE: "an answer that is not what it should be",
    Exit.DISK: "a file on this machine cannot be read or written",
    Exit.INTERRUPTED: "stopped by Ctrl-C",
    Exit.READER_GONE: "whoever read the output has stopped, as head does",
}
"""What each code says; `cvatfn --help` has this table."""


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

    >>> from cvatfn.outcome import Success
    >>> value_of(Success(3))
    3
    """
    from cvatfn.outcome import Failure, Success

    match outcome:
        case Success(value):
            return value
        case Failure(error):
            raise Stopped(error)


def exit_of(error: object) -> Exit:
    """The code of an error.

    :param error: an error of this library; anything else is `FAILED`.

    >>> from cvatfn.transfer.errors import DiskError
    >>> exit_of(DiskError("cats.zip", "no space left on device"))
    <Exit.DISK: 14>
    """
    from cvatfn.cli.keyrings import KeyringFailed
    from cvatfn.errors import (
        ConnectFailed,
        ConnectionLost,
        ForeignOrigin,
        InvalidParams,
        Rejected,
        TimedOut,
        TlsFailed,
        TooLarge,
        Undecodable,
        UnexpectedStatus,
        Unsendable,
    )
    from cvatfn.polling import PollTimedOut, RequestFailed
    from cvatfn.transfer.errors import DiskError, Implausible

    match error:
        case InvalidParams() | Unsendable():
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
    if as_json:
        from cvatfn.cli.refusals import as_object

        text = as_object(error)
    else:
        text = f"cvatfn: {message_of(error)}"
    click.echo(text, err=True)
    return error.code if isinstance(error, Stopped) else error.exit_code


def message_of(error: click.ClickException | Stopped) -> str:
    """What is said of an error: a line, or several where it names several things.

    :param error: what ended a command.
    """
    if isinstance(error, Stopped):
        return _for_a_shell(str(error.error))
    lines = [error.format_message()]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"Try `{error.ctx.command_path} --help`.")
    return _for_a_shell("\n".join(lines))


def _for_a_shell(text: str) -> str:
    for advice, instead in ADVICE.items():
        text = text.replace(advice, instead)
    return "\n".join(map(readable, text.splitlines()))


ADVICE: Final = {
    "give `auth` to `connect`": "`cvatfn login`, or set CVATFN_TOKEN",
    "`connect(retry=...)` does so where it is safe": "more `--retries` do so where it is safe",
    "Give `ca_bundle` if": "Give `--ca-file` if",
    "`lenient(endpoint)` reads what it can, `raw(endpoint)` gives the bytes": "`--raw` gives it as "
    "it came",
    "ask for `at_most(endpoint, bytes)`, raise `max_body` of the connection, or, of a download, "
    "its `max_size`; `stream` takes an answer of any size in pieces": "save it by `--output`",
    "walk again, or ask for single pages with `call`": "list it again",
    "wait again, with a larger `deadline`, `attempts` or `patience` in the schedule": "wait again",
    "; `request.message` has all of it": "",
    "say `Saving(to, overwrite=True)`": "say `--overwrite`",
    "remove the journal and use a new task": "say `--anew`",
    "begin anew with another task": "say `--anew`",
}
"""What the library advises those who write programs, and what those do who write commands."""

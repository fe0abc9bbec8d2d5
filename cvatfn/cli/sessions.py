"""The options of a session: to which server a command goes, as whom, and how patiently.

Rule: a command says `session_options` and sends over `connected(session)`; it knows no login. What
the options, the environment and the saved logins come to together, `targets` says.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import wraps
from typing import Final, TypeAlias

import click
from attrs import evolve

from cvatfn.cli.exits import value_of
from cvatfn.cli.heard import heard, hearing, with_parameters
from cvatfn.cli.logins import system_store
from cvatfn.cli.shown import look_of
from cvatfn.cli.targets import (
    Session,
    Target,
    Unmeant,
    opened,
    retries_said,
    target_of,
)
from cvatfn.outcome import Failure, Success
from cvatfn.transfer.flows import PATIENT, Effort
from cvatfn.transport import Transport, logged

__all__ = [
    "Opener",
    "Session",
    "connected",
    "effort_of",
    "found_target",
    "reach_options",
    "reach_parameters",
    "reached",
    "session_of",
    "session_options",
    "session_parameters",
]

Opener: TypeAlias = Callable[[Session], AbstractContextManager[Transport]]
"""What stands in for `connected`: a test gives it as `obj` of the outermost context."""

_REFUSED: Final = (
    "everybody on this machine can read a token on the command line, and the shell remembers it. "
    "Set CVATFN_TOKEN, say --token-file, or log in once: cvatfn login"
)


def session_parameters() -> list[click.Parameter]:
    """The options of a session, for a command that is made of data; see `session_of`."""
    return [
        _option("--host", "URL", "The server; else CVATFN_HOST, else that of the default login."),
        _option("--org", "SLUG", "The organization, '' for your own workspace; else CVATFN_ORG."),
        _option(
            "--token-file",
            "FILE",
            "Where an access token is, '-' for standard input; else CVATFN_TOKEN holds it, else "
            "it is that of `cvatfn login`.",
        ),
        click.Option(["--token"], hidden=True, expose_value=False, callback=_refused),
        *reach_parameters(),
    ]


def reach_parameters() -> list[click.Parameter]:
    """Those of them that say how to get to a server, whichever it is."""
    seconds, times = click.FloatRange(0, 1e6, min_open=True), click.IntRange(0, 100)
    return [
        _option(
            "--timeout",
            "SECONDS",
            "How long the server may be silent; else CVATFN_TIMEOUT, else 60.",
            seconds,
        ),
        _option(
            "--retries",
            "N",
            "How often to try again where that does no harm; else CVATFN_RETRIES, else 3.",
            times,
        ),
        _option("--ca-file", "FILE", "Whose certificates to trust (PEM); else CVATFN_CA_FILE."),
        _option(
            "--proxy",
            "URL",
            "Through whom to go, '' for nobody; else CVATFN_PROXY, HTTPS_PROXY, NO_PROXY say it.",
        ),
    ]


def session_options(command: Callable[..., object]) -> Callable[..., object]:
    """Give a command the options of a session; it gets what they come to as `session`.

    :param command: a function with a parameter `session`.
    """
    return _optioned(command, session_parameters())


def reach_options(command: Callable[..., object]) -> Callable[..., object]:
    """Give a command those that say how to get to a server; it gets them as `session`.

    :param command: a function with a parameter `session`, which knows itself where to go.
    """
    return _optioned(command, reach_parameters())


def session_of(context: click.Context) -> Session:
    """What the options of a command came to.

    :param context: the command's context.
    """
    said = heard(context, "session")

    def text(name: str) -> str | None:
        value = said.get(name)
        return value if isinstance(value, str) else None

    timeout, retries = said.get("timeout"), said.get("retries")
    return Session(
        host=text("host"),
        org=text("org"),
        token_file=text("token_file"),
        timeout=timeout if isinstance(timeout, float) else None,
        retries=retries if isinstance(retries, int) else None,
        ca_file=text("ca_file"),
        proxy=text("proxy"),
    )


@contextmanager
def connected(session: Session) -> Generator[Transport]:
    """The transport that a command sends over, with retries where they do no harm.

    Who asks to be told of each request is told, on stderr.

    :param session: where to go.
    :raises click.UsageError: nobody said where to, or what was said cannot be meant.
    :raises Stopped: the saved login, or the file of a token, cannot be read.
    """
    context = click.get_current_context(silent=True)
    opener: Opener | None = None if context is None else context.find_root().obj
    if opener is None:
        with reached(found_target(session)) as transport:
            yield transport
    else:
        with opener(session) as transport:
            logger = _logger()
            yield transport if logger is None else logged(transport, logger)


def effort_of(session: Session) -> Effort:
    """How hard a transfer tries: as the library does, unless somebody said how often.

    :param session: what the options say.
    :raises click.UsageError: the environment says no number.
    """
    try:
        retries = retries_said(session, os.environ)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if retries is None:
        return PATIENT
    return evolve(PATIENT, schedule=evolve(PATIENT.schedule, attempts=retries + 1))


def found_target(session: Session) -> Target:
    """Where a session leads, and as whom.

    :param session: what the options say.
    :raises click.UsageError: nobody said where to, or what was said cannot be meant.
    :raises Stopped: the saved login, or the file of a token, cannot be read.
    """
    match target_of(session, os.environ, system_store(os.environ)):
        case Failure(Unmeant(said)):
            raise click.UsageError(said)
        case Failure() as unread:
            return value_of(unread)
        case Success(target):
            return target


@contextmanager
def reached(target: Target) -> Generator[Transport]:
    """The transport to a target.

    :param target: where to go, and how.
    :raises click.UsageError: the target cannot be meant.
    """
    with ExitStack() as stack:
        try:
            transport = stack.enter_context(opened(target, _logger()))
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        yield transport


def _logger() -> logging.Logger | None:
    """Who is told of each request, if that is wanted; nobody else's logger is set up."""
    if not look_of().verbose:
        return None
    logger = logging.Logger("cvatfn", logging.DEBUG)
    logger.addHandler(logging.StreamHandler(sys.stderr))
    return logger


def _option(
    name: str, metavar: str, help: str, type: click.FloatRange | click.IntRange | None = None
) -> click.Option:
    return click.Option(
        [name],
        metavar=metavar,
        help=help,
        type=type,
        expose_value=False,
        callback=hearing("session"),
    )


def _optioned(
    command: Callable[..., object], parameters: Sequence[click.Parameter]
) -> Callable[..., object]:
    @wraps(command)
    def with_session(*args: object, **params: object) -> object:
        return command(*args, session=session_of(click.get_current_context()), **params)

    return with_parameters(with_session, parameters)


def _refused(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise click.UsageError(_REFUSED, context)
    del parameter

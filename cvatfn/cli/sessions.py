"""To which server a command goes, as whom, and how patiently.

Rule: a command says `session_options` and sends over `connected(session)`; it knows no login.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import TypeAlias

import click
from attrs import field, frozen

from cvatfn.auth import AccessToken
from cvatfn.cli.heard import heard, hearing, with_parameters
from cvatfn.cli.shown import look_of
from cvatfn.codecs.secrets import mask
from cvatfn.schedule import exponential
from cvatfn.transport import Transport, connect, logged

__all__ = [
    "Opener",
    "Session",
    "connected",
    "session_of",
    "session_options",
    "session_parameters",
]


@frozen(kw_only=True)
class Session:
    """Where to go and as whom, as the options say it.

    :param host: the server.
    :param token: an access token.
    """

    host: str | None = None
    token: str | None = field(default=None, repr=mask)


Opener: TypeAlias = Callable[[Session], AbstractContextManager[Transport]]
"""What stands in for `connected`: a test gives it as `obj` of the outermost context."""


def session_parameters() -> list[click.Parameter]:
    """The options of a session, for a command that is made of data; see `session_of`."""
    return [
        click.Option(
            ["--host"],
            envvar="CVATFN_HOST",
            help="The server.",
            expose_value=False,
            callback=hearing("session"),
        ),
        click.Option(
            ["--token"],
            envvar="CVATFN_TOKEN",
            help="An access token; better in the environment, where others do not see it.",
            expose_value=False,
            callback=hearing("session"),
        ),
    ]


def session_options(command: Callable[..., object]) -> Callable[..., object]:
    """Give a command the options of a session; it gets what they come to as `session`.

    :param command: a function with a parameter `session`.
    """

    @wraps(command)
    def with_session(*args: object, **params: object) -> object:
        return command(*args, session=session_of(click.get_current_context()), **params)

    return with_parameters(with_session, session_parameters())


def session_of(context: click.Context) -> Session:
    """What the options of a command came to.

    :param context: the command's context.
    """
    said = heard(context, "session")
    host, token = said.get("host"), said.get("token")
    return Session(
        host=host if isinstance(host, str) else None,
        token=token if isinstance(token, str) else None,
    )


@contextmanager
def connected(session: Session) -> Generator[Transport]:
    """The transport that a command sends over, with retries where they do no harm.

    Who asks to be told of each request is told, on stderr.

    :param session: where to go.
    :raises click.UsageError: nobody said where to, or what was said cannot be meant.
    """
    context = click.get_current_context(silent=True)
    opener: Opener | None = None if context is None else context.find_root().obj
    with (opener or _opened)(session) as transport:
        if not look_of(context).verbose:
            yield transport
            return
        logger = logging.Logger("cvatfn", logging.DEBUG)  # its own: nobody else's is set up
        logger.addHandler(logging.StreamHandler(sys.stderr))
        yield logged(transport, logger)


@contextmanager
def _opened(session: Session) -> Generator[Transport]:
    if session.host is None:
        raise click.UsageError("to which server? Say --host, or set CVATFN_HOST.")
    auth = None if session.token is None else AccessToken(session.token)
    try:
        connection = connect(session.host, auth=auth, retry=exponential(attempts=4))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with connection:
        yield connection

"""To which server a command goes, as whom, and how patiently.

Rule: a command says `session_options` and sends over `connected(session)`; it knows no login.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import update_wrapper
from typing import Final, TypeAlias, TypeVar

import click
from attrs import field, frozen

from cvatfn.auth import AccessToken
from cvatfn.codecs.secrets import mask
from cvatfn.schedule import exponential
from cvatfn.transport import Transport, connect

__all__ = [
    "Opener",
    "Session",
    "connected",
    "session_of",
    "session_options",
    "session_parameters",
]

F = TypeVar("F", bound=Callable[..., object])


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

_KEY: Final = "cvatfn.session"


def session_parameters() -> list[click.Parameter]:
    """The options of a session, for a command that is made of data.

    They pass nothing to the command: it asks `session_of` for what they came to.
    """
    return [
        click.Option(
            ["--host"], envvar="CVATFN_HOST", help="The server.", expose_value=False, callback=_kept
        ),
        click.Option(
            ["--token"],
            envvar="CVATFN_TOKEN",
            help="An access token; better in the environment, where others do not see it.",
            expose_value=False,
            callback=_kept,
        ),
    ]


def session_options(command: Callable[..., object]) -> Callable[..., object]:
    """Give a command the options of a session; it gets what they come to as `session`.

    :param command: a function with a parameter `session`.
    """

    def with_session(*args: object, **params: object) -> object:
        return command(*args, session=session_of(click.get_current_context()), **params)

    update_wrapper(with_session, command)
    memo: list[click.Parameter] = getattr(with_session, "__click_params__", [])
    setattr(with_session, "__click_params__", [*reversed(session_parameters()), *memo])  # noqa: B010
    return with_session


def session_of(context: click.Context) -> Session:
    """What the options of a command came to.

    :param context: the command's context.
    """
    said: Mapping[str, str] = context.meta.get(_KEY, {})
    return Session(host=said.get("host"), token=said.get("token"))


@contextmanager
def connected(session: Session) -> Generator[Transport]:
    """The transport that a command sends over, with retries where they do no harm.

    :param session: where to go.
    :raises click.UsageError: nobody said where to, or what was said cannot be meant.
    """
    context = click.get_current_context(silent=True)
    opener: Opener | None = None if context is None else context.find_root().obj
    with (opener or _opened)(session) as transport:
        yield transport


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


def _kept(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.meta.setdefault(_KEY, {})[parameter.name] = value

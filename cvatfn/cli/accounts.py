"""`cvatfn login`, `logout`, `whoami` and `hosts`: who one is on which server.

Rule: a password or a token is typed unseen, or comes from standard input; there is no option for
one. What is shown of a login is the server, the name, and where the secret is.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

import click
from attrs import evolve

from cvatfn.api import auth, users
from cvatfn.calling import call
from cvatfn.cli.exits import Exit, Stopped, value_of
from cvatfn.cli.grants import Wish, brought, given_back, granted
from cvatfn.cli.kept import Login
from cvatfn.cli.logins import (
    Known,
    Place,
    forget,
    keep,
    known_logins,
    login_for,
    make_default,
    server_named,
    system_store,
)
from cvatfn.cli.sessions import (
    Session,
    found_target,
    reach_options,
    reached,
    session_options,
)
from cvatfn.cli.shown import look_of, look_options, say, show
from cvatfn.cli.targets import Target, way_to
from cvatfn.codecs.showing import readable
from cvatfn.errors import CallError, Rejected
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transport import Transport
from cvatfn.transport.credentials import AccessToken

__all__ = ["hosts", "login", "logout", "whoami"]

_REFUSED: Final = (
    "everybody on this machine can read a password on the command line, and the shell remembers "
    "it. Leave it out to be asked, or say --password-stdin"
)


def _refused(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise click.UsageError(_REFUSED, context)
    del parameter


@click.command
@click.argument("url", required=False)
@click.option("-u", "--username", metavar="NAME", help="Who to log in as: a name, or an address.")
@click.option("--with-token", is_flag=True, help="Read an access token from standard input.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--password", hidden=True, expose_value=False, callback=_refused)
@click.option("--in-file", is_flag=True, help="Keep it in a file of your own, not in the keyring.")
@click.option(
    "--days",
    type=click.IntRange(0, 3650),
    default=90,
    show_default=True,
    help="How long the access token that is made is good; 0 for ever.",
)
@click.option("--read-only", is_flag=True, help="Have it change nothing.")
@click.option("--default", is_flag=True, help="Have this be the server where none is said.")
@reach_options
@look_options
def login(
    url: str | None,
    username: str | None,
    with_token: bool,
    password_stdin: bool,
    in_file: bool,
    days: int,
    read_only: bool,
    default: bool,
    session: Session,
) -> None:
    """Log in to the server at URL, and keep the login for later commands.

    An access token is made for this machine and kept in the system's keyring, or, where there is
    none, in a file that only you can read. The password is not kept.
    """
    if with_token and (username or password_stdin):
        raise click.UsageError("--with-token says already who that is: say nothing else of it")
    server = _server(url)
    store = system_store(os.environ)
    before = login_for(store, server).value_or(None)
    with reached(_way(server, session)) as anyone:
        if with_token:
            made = value_of(brought(anyone, server, _token()))
        else:
            name = username or _asked("User name or address")
            password = _line("Password") if password_stdin else _asked("Password", hidden=True)
            wish = Wish(name=_token_name(), expires=_after(days), read_only=read_only)
            made = _granted(granted(anyone, server, name, password, wish))
        try:
            place = value_of(keep(store, made, in_file=in_file, default=default))
        except BaseException:
            given_back(anyone, made)
            raise
        if before is not None:
            _give_back(anyone, before)
    _tell(made, place)


@click.command
@click.argument("url", required=False)
@reach_options
@look_options
def logout(url: str | None, session: Session) -> None:
    """Log out of the server at URL: revoke what `login` had made, and forget the login."""
    store = system_store(os.environ)
    server = _server(url) if url else found_target(session).server
    held = value_of(login_for(store, server))
    if held is None:
        value_of(forget(store, server))  # its secret may be gone, and its name be left
        raise Stopped(f"no login to {server} is kept", Exit.NOT_LOGGED_IN)
    with reached(_way(server, session)) as anyone:
        outcome = given_back(anyone, held)
    value_of(forget(store, server))
    if isinstance(outcome, Failure) and held.made is not None:
        say(_left_over(held))
    revoked = value_of(outcome)
    if look_of().json:
        show({"server": server, "username": held.username, "revoked": revoked})
    say(f"Logged out of {server}.")


@click.command
@session_options
@look_options
def whoami(session: Session) -> None:
    """Ask the server who this is, and say where the login comes from."""
    target = found_target(session)
    if target.auth is None:
        wrong = f"not logged in to {target.server}: say cvatfn login {target.server}"
        raise Stopped(wrong, Exit.NOT_LOGGED_IN)
    with reached(target) as transport:
        user = value_of(call(transport, users.retrieve_self))
        token = _token_facts(transport) if isinstance(target.auth, AccessToken) else None
    if look_of().json:
        show(
            {
                "server": target.server,
                "id": user.id,
                "username": user.username,
                "login": target.whence,
                "organization": target.org,
                "access_token": token,
            }
        )
    else:
        click.echo(readable(f"{user.username} at {target.server} (login: {target.whence})"))


@click.command
@click.option("--default", metavar="URL", help="Have this be the server where none is said.")
@look_options
def hosts(default: str | None) -> None:
    """List the servers that a login is kept to; the default one is marked."""
    store = system_store(os.environ)
    if default is not None and not value_of(make_default(store, _server(default))):
        raise Stopped(f"no login to {_server(default)} is kept", Exit.NOT_LOGGED_IN)
    kept = value_of(known_logins(store))
    if look_of().json:
        show([_facts(known, kept.default) for known in kept.logins])
        return
    for known in kept.logins:
        mark = "*" if known.server == kept.default else " "
        click.echo(readable(f"{mark} {known.server} {known.username} ({known.place})"))


def _facts(known: Known, default: str | None) -> dict[str, object]:
    return {
        "server": known.server,
        "username": known.username,
        "place": known.place,
        "default": known.server == default,
    }


def _server(url: str | None) -> str:
    said = url or os.environ.get("CVATFN_HOST") or _asked("Server")
    try:
        return server_named(said)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _way(server: str, session: Session) -> Target:
    match way_to(server, session, os.environ):
        case Success(target):
            return evolve(target, org=None)
        case Failure(unmeant):
            raise click.UsageError(str(unmeant))


def _asked(what: str, *, hidden: bool = False) -> str:
    """What somebody types, on standard error: standard output is for programs."""
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"there is no terminal to ask on for: {what}. Say URL, and --with-token, "
            "or --username and --password-stdin"
        )
    typed: str = click.prompt(what, hide_input=hidden, err=True)
    return typed


def _granted(outcome: Outcome[Login, CallError]) -> Login:
    """The login; CVAT answers 400, not 401, to a wrong name or password."""
    match outcome:
        case Failure(Rejected(auth.create_login.name, status=400) as error):
            raise Stopped(error, Exit.NOT_LOGGED_IN)
        case _:
            return value_of(outcome)


def _line(what: str) -> str:
    """The first line of standard input: all of it, blanks too; on a terminal it is not echoed."""
    if sys.stdin.isatty():
        return _asked(what, hidden=True)
    read = sys.stdin.readline().rstrip("\r\n")
    if not read:
        raise click.UsageError(f"standard input is empty, and was to have: {what}")
    return read


def _token() -> AccessToken:
    try:
        return AccessToken(_line("Access token").strip())
    except ValueError as error:
        raise click.UsageError(f"standard input: {error}") from None


def _token_name() -> str:
    return f"cvatfn on {platform.node() or 'a machine'}"[:50]


def _after(days: int) -> datetime | None:
    return datetime.now(UTC) + timedelta(days=days) if days else None


def _give_back(anyone: Transport, before: Login) -> None:
    """Revoke what an earlier login had made; if that cannot be, it is told, and does no harm."""
    if isinstance(given_back(anyone, before), Failure) and before.made is not None:
        say(_left_over(before))


def _left_over(login: Login) -> str:
    return (
        f"The access token number {login.made} could not be revoked, and may be good still: "
        f"revoke it in your account's settings at {login.server}."
    )


def _tell(made: Login, place: Place) -> None:
    where = "the system's keyring" if place == "keyring" else "a file that only you can read"
    kind = "An access token is" if isinstance(made.auth, AccessToken) else "The session is"
    if look_of().json:
        show(
            {
                "server": made.server,
                "username": made.username,
                "place": place,
                "access_token": made.made,
            }
        )
    say(f"Logged in to {made.server} as {made.username}. {kind} kept in {where}.")


def _token_facts(transport: Transport) -> dict[str, object] | None:
    """What the server says of the access token that is used; nothing where it says nothing."""
    match call(transport, auth.retrieve_access_tokens_self):
        case Success(token):
            return {
                "id": token.id,
                "name": token.name,
                "read_only": token.read_only,
                "expiry_date": token.expiry_date,
            }
        case Failure():
            return None

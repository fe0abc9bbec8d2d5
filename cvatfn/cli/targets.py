"""To which server a command goes, as whom, how patiently, and who said so.

It is sought in this order; the first that says something is taken:

| what | command line | environment | else |
|---|---|---|---|
| the server | `--host` | `CVATFN_HOST` | the default one of the saved logins |
| the login | `--token-file` | `CVATFN_TOKEN` | the saved login to that server, or nobody's |
| the organization | `--org` | `CVATFN_ORG` | the server decides |
| the longest silence | `--timeout` | `CVATFN_TIMEOUT` | 60 s, and 10 s to connect |
| how often to retry | `--retries` | `CVATFN_RETRIES` | 3 times |
| whom to trust | `--ca-file` | `CVATFN_CA_FILE` | the system's certificates |
| through whom | `--proxy` | `CVATFN_PROXY`, `HTTPS_PROXY` and its kin | straight |

Rule: no secret comes from a command line, which every user of the machine can read. A login goes
to the server that it is for: a saved one to its own, `CVATFN_TOKEN` to `CVATFN_HOST` where that is
set.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from logging import Logger
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

from attrs import evolve, field, frozen
from typing_extensions import override

from cvatfn.cli.kept import Login
from cvatfn.cli.logins import (
    LoginsError,
    Store,
    known_logins,
    login_for,
    server_named,
)
from cvatfn.cli.proxies import proxy_for
from cvatfn.codecs.secrets import mask
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response, Timeout
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import exponential
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.partial import disk_error
from cvatfn.transport import (
    Transport,
    connect,
    in_organization,
    logged,
    rate_limited,
    retrying,
    worth_repeating,
)
from cvatfn.transport.credentials import AccessToken, Auth
from cvatfn.transport.settings import DEFAULT_TIMEOUT

__all__ = [
    "Session",
    "Target",
    "Unmeant",
    "Whence",
    "opened",
    "retries_said",
    "target_of",
    "token_in",
    "way_to",
]

N = TypeVar("N", int, float)

Whence: TypeAlias = Literal["saved", "CVATFN_TOKEN", "--token-file", "nobody"]
"""Where a login comes from."""


@frozen(kw_only=True)
class Session:
    """Where to go and as whom, as the options of a command say it.

    :param host: the server.
    :param org: the organization's slug; an empty one means the personal workspace.
    :param token_file: where an access token is; `-` for standard input.
    :param timeout: how many seconds the server may be silent.
    :param retries: how often to try again.
    :param ca_file: whose certificates to trust.
    :param proxy: through whom to go; an empty text for nobody.
    """

    host: str | None = None
    org: str | None = None
    token_file: str | None = None
    timeout: float | None = None
    retries: int | None = None
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=mask)


@frozen(kw_only=True)
class Target:
    """What a session comes to.

    :param server: the server's URL.
    :param auth: the login; `None` for nobody's.
    :param whence: where the login was found.
    :param org: the organization's slug; `None` where the server decides.
    :param timeout: the limits of time.
    :param retries: how often to try again.
    :param ca_file: whose certificates to trust, in place of the system's.
    :param proxy: through whom to go.
    """

    server: str
    auth: Auth | None = None
    whence: Whence = "nobody"
    org: str | None = None
    timeout: Timeout = DEFAULT_TIMEOUT
    retries: int = 3
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=mask)


@frozen
class Unmeant:
    """What was said to a command cannot be meant, or was not said at all.

    :param said: what is wrong, and what to do.
    """

    said: str

    @override
    def __str__(self) -> str:
        return self.said


def target_of(
    session: Session, environ: Mapping[str, str], store: Store
) -> Outcome[Target, Unmeant | LoginsError]:
    """What a session comes to; only the store and the file of a token are read.

    :param session: what the options said.
    :param environ: what the environment says; what is empty there says nothing.
    :param store: where logins are kept.

    >>> from pathlib import Path
    >>> store = Store(Path("nowhere"))
    >>> here = {"CVATFN_HOST": "cvat.example", "CVATFN_TOKEN": "s3cret"}
    >>> target_of(Session(), here, store).unwrap().auth
    AccessToken(token=***)
    >>> target_of(Session(host="other.example"), here, store).unwrap().auth is None
    True
    """
    match _server(session, environ, store):
        case Failure() as unknown:
            return unknown
        case Success(server):
            pass
    match way_to(server, session, environ):
        case Failure() as unmeant:
            return unmeant
        case Success(target):
            return _logged_in(target, session, environ, store)


def way_to(server: str, session: Session, environ: Mapping[str, str]) -> Outcome[Target, Unmeant]:
    """How to get to a server, as nobody.

    :param server: the server's URL.
    :param session: what the options said.
    :param environ: what the environment says.
    """
    if session.proxy and "@" in session.proxy:
        return Failure(Unmeant(_NO_LOGIN))
    try:
        silence = _number(session.timeout, environ, "CVATFN_TIMEOUT", float)
        retries = retries_said(session, environ)
    except ValueError as error:
        return Failure(Unmeant(str(error)))
    target = Target(
        server=server,
        org=environ.get("CVATFN_ORG") or None if session.org is None else session.org,
        ca_file=session.ca_file or environ.get("CVATFN_CA_FILE") or None,
        proxy=proxy_for(server, environ) if session.proxy is None else session.proxy or None,
    )
    if silence is not None:
        target = evolve(target, timeout=evolve(DEFAULT_TIMEOUT, connect=silence, read=silence))
    return Success(target if retries is None else evolve(target, retries=retries))


def token_in(file: str) -> Outcome[str, DiskError]:
    """The first line of a file, which is to hold a token.

    :param file: its path, or `-` for standard input.
    """
    try:
        if file == "-":
            return Success(sys.stdin.readline(_LONGEST_TOKEN).strip())
        with Path(file).open(encoding="utf-8") as held:
            return Success(held.readline(_LONGEST_TOKEN).strip())
    except UnicodeDecodeError:  # it would repeat what it read
        return Failure(DiskError(file, "is no text in UTF-8"))
    except (OSError, ValueError) as error:
        return Failure(disk_error(file, error))


def retries_said(session: Session, environ: Mapping[str, str]) -> int | None:
    """How often to try again, where somebody said so.

    :param session: what the options said.
    :param environ: what the environment says.
    :raises ValueError: the environment says no number that can be meant.
    """
    return _number(session.retries, environ, "CVATFN_RETRIES", int)


@contextmanager
def opened(target: Target, logger: Logger | None = None) -> Generator[Transport]:
    """The transport to a target; it is closed when the block ends.

    Safe requests are tried again, and any that surely was not acted on, which 429 says too; its
    `Retry-After` is obeyed. Who is not logged in keeps below the rate that CVAT allows to them.

    :param target: where to go, and how.
    :param logger: who is told of each exchange, each try on its own.
    :raises ValueError: the target cannot be meant.
    """
    with connect(
        target.server,
        auth=target.auth,
        timeout=target.timeout,
        ca_bundle=target.ca_file,
        proxy=target.proxy,
    ) as connection:
        sender: Transport = connection
        if target.auth is None:
            sender = rate_limited(sender, _ANONYMOUS, per=60)
        if logger is not None:
            sender = logged(sender, logger)
        patient = retrying(sender, exponential(attempts=target.retries + 1), when=_repeated)
        yield patient if target.org is None else in_organization(patient, target.org)


_LONGEST_TOKEN: Final = 1 << 14
_ANONYMOUS: Final = 100
"""How many requests a minute CVAT answers to who is not logged in."""

_NO_HOST: Final = "to which server? Say --host, set CVATFN_HOST, or log in once: cvatfn login URL"
_NO_LOGIN: Final = (
    "everybody on this machine can read the login of a proxy on the command line: "
    "set CVATFN_PROXY instead"
)


def _server(
    session: Session, environ: Mapping[str, str], store: Store
) -> Outcome[str, Unmeant | LoginsError]:
    said = session.host or environ.get("CVATFN_HOST")
    if not said:
        match known_logins(store):
            case Failure() as unread:
                return unread
            case Success(logins):
                said = logins.default
    return _named(said) if said else Failure(Unmeant(_NO_HOST))


def _named(host: str) -> Outcome[str, Unmeant]:
    try:
        return Success(server_named(host))
    except ValueError as error:
        return Failure(Unmeant(str(error)))


def _number(
    said: N | None, environ: Mapping[str, str], name: str, kind: Callable[[str], N]
) -> N | None:
    """What an option says, or else the environment.

    :raises ValueError: the environment says no number that can be meant.
    """
    text = environ.get(name)
    if said is not None or not text:
        return said
    try:
        number = kind(text)
    except ValueError:
        raise ValueError(f"{name} is no number: {text!r}") from None
    if not 0 <= number < _LARGEST or (kind is float and not number):
        raise ValueError(f"{name} cannot be meant: {text!r}")
    return number


_LARGEST: Final = 1_000_000


def _logged_in(
    target: Target, session: Session, environ: Mapping[str, str], store: Store
) -> Outcome[Target, Unmeant | LoginsError]:
    if session.token_file is not None:
        match token_in(session.token_file):
            case Failure() as unread:
                return unread
            case Success(token):
                return _with_token(target, token, "--token-file")
    token = environ.get("CVATFN_TOKEN", "")
    if token and _is_meant(environ, target.server):
        return _with_token(target, token, "CVATFN_TOKEN")
    match login_for(store, target.server):
        case Failure() as unread:
            return unread
        case Success(Login(auth=auth)):
            return Success(evolve(target, auth=auth, whence="saved"))
        case Success():
            return Success(target)


def _with_token(target: Target, token: str, whence: Whence) -> Outcome[Target, Unmeant]:
    try:
        return Success(evolve(target, auth=AccessToken(token), whence=whence))
    except ValueError as error:
        return Failure(Unmeant(f"{whence}: {error}"))


def _is_meant(environ: Mapping[str, str], server: str) -> bool:
    """Whether the token in the environment is for a server."""
    host = environ.get("CVATFN_HOST")
    return not host or _named(host) == Success(server)


def _repeated(request: Request, outcome: Outcome[Response, TransportError]) -> bool:
    refused = isinstance(outcome, Success) and outcome.unwrap().status == 429
    return refused or worth_repeating(request, outcome)

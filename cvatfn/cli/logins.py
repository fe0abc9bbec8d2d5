"""Where logins are kept: the system's keyring, or a file that only its owner can read.

What is known of each login (which server, who, where its secret is) stands in `logins.json` in the
platform's folder for settings; the secret stands there too, or in the keyring. Which it is, is
decided at each login (docs/decisions/0046-where-logins-are-kept.md).

Rule: a login belongs to one server, its scheme, host, port and path, and is found by no other name.
The file is its owner's alone from its first byte, is replaced whole, and is not read when others
could have. No secret is in a `repr` or in an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import sleep as slept
from typing import Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from cvatfn.cli.kept import Login, Secret, login_of, secret_of
from cvatfn.cli.keyrings import (
    Keyring,
    KeyringFailed,
    forgotten,
    secret_in,
    system_keyring,
    told,
)
from cvatfn.cli.private import alone_at, read_private, write_private
from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.secrets import mask
from cvatfn.errors import DecodeError
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.partial import disk_error
from cvatfn.transport.settings import read_host

__all__ = [
    "Known",
    "Logins",
    "LoginsError",
    "Place",
    "Store",
    "forget",
    "keep",
    "known_logins",
    "login_for",
    "make_default",
    "server_named",
    "system_store",
]

Place: TypeAlias = Literal["keyring", "file"]
"""Where a secret is."""

_EMPTY: Final = "says that it has a secret which it has not: log in anew"


@frozen
class Known:
    """What may be told of a login.

    :param server: the server's URL.
    :param username: who that is.
    :param place: where the secret is.
    :param secret: the secret, where it is in the file.
    """

    server: str
    username: str
    place: Place
    secret: Secret | None = field(default=None, repr=mask)


@frozen
class Logins:
    """All logins that are kept.

    :param default: the server that is meant where none is said; `None` where there is no such.
    :param logins: what is known of each, in the order of servers.
    """

    default: str | None = None
    logins: tuple[Known, ...] = ()

    def of(self, server: str) -> Known | None:
        """What is known of the login to a server.

        :param server: the server's URL, as `server_named` writes it.
        """
        return next((known for known in self.logins if known.server == server), None)


LoginsError: TypeAlias = DiskError | KeyringFailed
"""Why logins cannot be read or kept."""


@frozen
class Store:
    """Where logins are kept.

    :param folder: where `logins.json` is; it is made when it is needed.
    :param keyring: gives the system's keyring; it is asked only for a login that is to be there.
    :param sleep: how to wait for another process.
    """

    folder: Path
    keyring: Callable[[], Keyring | None] = lambda: None
    sleep: Callable[[float], object] = slept

    @property
    def file(self) -> Path:
        """The file of logins."""
        return self.folder / "logins.json"


def server_named(host: str) -> str:
    """How a server is called here, whoever calls it how.

    :param host: a URL with or without a path, or a bare name, which means https.
    :raises ValueError: it is no such thing.

    >>> server_named("CVAT.example:443"), server_named("http://localhost:8080/cvat/")
    ('https://cvat.example', 'http://localhost:8080/cvat')
    """
    url = read_host(host)
    return url.origin + url.path


def system_store(environ: Mapping[str, str]) -> Store:
    """The store of whoever runs this.

    :param environ: `CVATFN_CONFIG_DIR` names another folder than the platform's.
    """
    from platformdirs import user_config_path

    named = environ.get("CVATFN_CONFIG_DIR")
    folder = Path(named) if named else user_config_path("cvatfn", appauthor=False)
    return Store(folder, system_keyring)


def known_logins(store: Store) -> Outcome[Logins, LoginsError]:
    """All logins, without the secrets that the keyring has.

    :param store: where they are kept.
    """
    try:
        content = read_private(store.file)
    except FileNotFoundError:
        return Success(Logins())
    except OSError as error:
        return Failure(disk_error(store.file, error))
    if isinstance(content, DiskError):
        return Failure(content)
    match loads(Logins, content):
        case Success(logins):
            return Success(logins)
        case Failure(unread):
            return Failure(DiskError(str(store.file), _unreadable(unread)))


def login_for(store: Store, server: str) -> Outcome[Login | None, LoginsError]:
    """The login to a server, if one is kept.

    :param store: where they are kept.
    :param server: the server's URL, as `server_named` writes it; no other server's login is given.
    """
    match known_logins(store):
        case Failure() as unread:
            return unread
        case Success(logins):
            known = logins.of(server)
    return Success(None) if known is None else _whole(store, known)


def keep(
    store: Store, login: Login, *, in_file: bool = False, default: bool = False
) -> Outcome[Place, LoginsError]:
    """Keep a login, in place of an earlier one to the same server.

    :param store: where.
    :param login: the login.
    :param in_file: whether it goes into the file even where there is a keyring.
    :param default: whether this is the server that is meant where none is said; the first one is.
    :returns: where its secret is.
    """
    secret = secret_of(login)
    keyring = None if in_file else store.keyring()
    place: Place = "file" if keyring is None else "keyring"
    kept_here = secret if keyring is None else None
    known = Known(login.server, login.username, place, kept_here)

    def change(logins: Logins) -> Outcome[Logins, LoginsError]:
        before = logins.of(login.server)
        if keyring is not None:
            wrong = told(keyring, login.server, dumps(secret).decode())
            if wrong is not None:
                return Failure(wrong)
        elif before is not None and before.place == "keyring":
            # If that fails, what is left there is never asked for: `--in-file` is what helps then.
            _forgotten(store, login.server)
        others = (each for each in logins.logins if each.server != login.server)
        main = login.server if default else logins.default or login.server
        return Success(_sorted(main, (*others, known)))

    match _changed(store, change):
        case Failure() as unkept:
            return unkept
        case Success():
            return Success(place)


def forget(store: Store, server: str) -> Outcome[None, LoginsError]:
    """Forget the login to a server. Where one other is left, that is the one that is meant then.

    :param store: where it is kept.
    :param server: the server's URL, as `server_named` writes it.
    """

    def change(logins: Logins) -> Outcome[Logins, LoginsError]:
        known = logins.of(server)
        if known is None:
            return Success(logins)
        wrong = _forgotten(store, server) if known.place == "keyring" else None
        if wrong is not None:
            return Failure(wrong)
        others = tuple(each for each in logins.logins if each.server != server)
        only = others[0].server if len(others) == 1 else None
        return Success(_sorted(only if logins.default == server else logins.default, others))

    return _changed(store, change)


def make_default(store: Store, server: str) -> Outcome[bool, LoginsError]:
    """Have a server be the one that is meant where none is said.

    :param store: where its login is kept.
    :param server: the server's URL, as `server_named` writes it.
    :returns: whether a login to it is kept; without one nothing is changed.
    """
    match known_logins(store):
        case Failure() as unread:
            return unread
        case Success(logins) if logins.of(server) is None:
            return Success(False)
        case Success():
            pass

    def change(logins: Logins) -> Outcome[Logins, LoginsError]:
        return Success(evolve(logins, default=server) if logins.of(server) else logins)

    match _changed(store, change):
        case Failure() as unchanged:
            return unchanged
        case Success():
            return Success(True)


def _whole(store: Store, known: Known) -> Outcome[Login | None, LoginsError]:
    """A login with its secret, from wherever that is."""
    if known.place == "file":
        login = login_of(known.server, known.username, known.secret)
        return Success(login) if login else Failure(DiskError(str(store.file), _EMPTY))
    keyring = store.keyring()
    if keyring is None:
        return Failure(_gone(known.server))
    missing = KeyringFailed(f"the login to {known.server} cannot be read")
    match secret_in(keyring, known.server):
        case Failure() as refused:
            return refused
        case Success(None):  # somebody removed it there
            return Success(None)
        case Success(str(text)):
            read = loads(Secret, text.encode(errors="replace"))
        case Success(_):
            return Failure(missing)
    login = login_of(known.server, known.username, read.value_or(None))
    return Success(login) if login else Failure(missing)


def _forgotten(store: Store, server: str) -> KeyringFailed | None:
    keyring = store.keyring()
    return _gone(server) if keyring is None else forgotten(keyring, server)


def _gone(server: str) -> KeyringFailed:
    return KeyringFailed(f"there is none here, though it was to keep the login to {server}")


def _sorted(default: str | None, logins: Iterable[Known]) -> Logins:
    return Logins(default, tuple(sorted(logins, key=lambda known: known.server)))


def _unreadable(error: DecodeError) -> str:
    """What is wrong with the file; its values are not repeated, since they may be secret."""
    paths = ", ".join(sorted({problem.path for problem in error.problems})[:5])
    return f"is no list of logins (at {paths}): move it away, and log in anew"


def _changed(
    store: Store, change: Callable[[Logins], Outcome[Logins, LoginsError]]
) -> Outcome[None, LoginsError]:
    """Read the logins, change them, and put them in the place of what was there."""
    try:
        store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone_at(store.file, store.sleep) as is_alone:
            if not is_alone:
                wrong = "another process is changing the logins: try again"
                return Failure(DiskError(str(store.file), wrong))
            match known_logins(store):
                case Failure() as unread:
                    return unread
                case Success(before):
                    pass
            match change(before):
                case Failure() as refused:
                    return refused
                case Success(after):
                    if after != before:
                        write_private(store.file, dumps(after))
    except OSError as error:
        return Failure(disk_error(store.file, error))
    return Success(None)

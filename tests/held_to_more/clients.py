"""What a user does with a client, and what that came to: the same for every client.

Rule: a client does it as its own documentation says, over HTTP, and may return or raise anything;
whether harm was done is read off the servers, the disk and what was shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from attrs import frozen

from cvatfn.testing.conformance.peers import Behaviour, Server

__all__ = [
    "CSRF",
    "LIMIT",
    "PASSWORD",
    "SESSION",
    "TOKEN",
    "Act",
    "Came",
    "Client",
    "Home",
    "Place",
    "came_of",
]

TOKEN: Final = "t0ken-of-ada"
PASSWORD: Final = "pa55-of-ada"
SESSION: Final = "s3ssion-of-ada"
CSRF: Final = "csrf-of-ada"
LIMIT: Final = 0.5
"""Seconds that a caller gives a request, all in all, where a test is about that."""


@frozen
class Place:
    """Where a user is.

    :param url: the server that they trust.
    :param folder: their files.
    """

    url: str
    folder: Path


class Client(Protocol):
    """What users of a client do.

    They are logged in by `TOKEN`, but for `creates_a_project`, who gives `PASSWORD` first.
    """

    def exports_a_dataset(self, at: Place, /) -> object:
        """Have the dataset of task 1 made, and fetch it into the folder."""
        ...

    def imports_annotations(self, at: Place, /) -> object:
        """Send a file of the folder to task 1."""
        ...

    def creates_a_project(self, at: Place, /) -> object:
        """Log in as `ada`, and create a project named `cats`."""
        ...

    def fetches_a_chunk(self, at: Place, /) -> object:
        """Fetch a chunk of job 1 into the folder."""
        ...

    def withdraws_invitations(self, at: Place, /) -> object:
        """Withdraw the invitations `..` and nothing, which are none."""
        ...

    def lists_the_work(self, at: Place, /) -> Sequence[str]:
        """The ids of all work in the background."""
        ...

    def reads_the_version(self, at: Place, /) -> object:
        """The server's version, as it says."""
        ...

    def reads_a_delivery(self, at: Place, /) -> object:
        """What the receiver of delivery 1 of webhook 1 answered: any JSON."""
        ...

    def reads_a_status(self, at: Place, /) -> object:
        """The status that asking for the version is refused with."""
        ...

    def waits_for_a_while(self, at: Place, /) -> object:
        """Ask for the version, all in all for `LIMIT` seconds."""
        ...

    def writes_a_log(self, at: Place, /) -> object:
        """Ask for the version with all logging that the client has."""
        ...

    def shows_a_login(self, at: Place, /) -> str:
        """The `repr` of a login by `TOKEN`, of one by `PASSWORD`, and of a login's request."""
        ...

    def tries_again(self, at: Place, /) -> str:
        """Ask for the version, with retries; what the user is told in the end."""
        ...


Act: TypeAlias = Callable[[Client], Callable[[Place], object]]
"""One of the things that are done with a client."""

Home: TypeAlias = Callable[[str, list[object]], Behaviour]
"""What the trusted server does, given the URL of a stranger and a place for notes."""


@frozen
class Came:
    """What an act came to, seen from outside.

    :param value: what the client returned; `None` if it raised.
    :param raised: what it raised.
    :param home: the requests that the trusted server was sent.
    :param stranger: those that another one was sent.
    :param written: the files below the test's folder, with their contents.
    :param told: what was printed and logged meanwhile.
    :param seconds: how long it took.
    :param notes: what the trusted server noted.
    """

    value: object
    raised: BaseException | None
    home: tuple[bytes, ...]
    stranger: tuple[bytes, ...]
    written: Mapping[str, bytes]
    told: str
    seconds: float
    notes: tuple[object, ...]


def came_of(act: Act, home: Home, stranger: Behaviour, client: Client, tmp_path: Path) -> Came:
    """Let a client act, and look at what came of it.

    :param act: what its user does.
    :param home: the server that is trusted.
    :param stranger: another server.
    :param client: the client.
    :param tmp_path: of the test; the folder that is given to the client is in it.
    """
    folder = tmp_path / "folder"
    folder.mkdir()
    notes: list[object] = []
    value: object = None
    raised: BaseException | None = None
    with ExitStack() as stack:
        other = stack.enter_context(Server(stranger))
        server = stack.enter_context(Server(home(other.url, notes)))
        printed = stack.enter_context(redirect_stdout(StringIO()))
        _listening(stack, printed)
        began = time.monotonic()
        try:
            value = act(client)(Place(server.url, folder))
        except Exception as error:  # a RecursionError among them
            raised = error
        seconds = time.monotonic() - began
        asked, asked_elsewhere = tuple(server.requests), tuple(other.requests)
    files = (path for path in tmp_path.rglob("*") if path.is_file())
    written = {str(path.relative_to(tmp_path)): path.read_bytes() for path in files}
    told = printed.getvalue()
    return Came(value, raised, asked, asked_elsewhere, written, told, seconds, tuple(notes))


def _listening(stack: ExitStack, to: StringIO) -> None:
    """Hear every log record there is, until the stack is left."""
    root, handler = logging.getLogger(), logging.StreamHandler(to)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    stack.callback(root.removeHandler, handler)
    stack.callback(root.setLevel, before)

"""Running the programs of the page, as their readers would, against a sandbox.

Rule: a program is changed in one place only: where the server is.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache

from attrs import frozen

from cvatfn import connect, login, raise_on_failure
from cvatfn.testing.sandbox import SandboxServer, World, serving
from tests.coming_from.world import LOGIN, world

__all__ = ["HOST", "Place", "output", "place"]

HOST = "https://cvat.example"


@frozen
class Place:
    """Where programs run: a server, and what is known of its logins.

    :param server: the server.
    :param beginning: the world that each program finds.
    :param known: the values that the page's programs have by name.
    """

    server: SandboxServer
    beginning: World
    known: dict[str, object]


@contextmanager
def place() -> Generator[Place]:
    """A server at the page's world, with somebody logged in."""
    with serving(world()) as server:
        with connect(server.url) as anyone:
            asked = login(anyone, username=LOGIN.username, password=LOGIN.password)
            session = raise_on_failure(asked)
        known: dict[str, object] = {
            "access_token": server.token,
            "sessionid": session.sessionid,
            "csrftoken": session.csrftoken,
            "key": session.key,
        }
        yield Place(server, server.sandbox.world, known)


def output(program: str, at: Place, names: dict[str, object]) -> list[str]:
    """What a program prints that begins at the beginning.

    :param program: its text.
    :param at: where it runs.
    :param names: what it has by name, beside what is known of logins.
    """
    at.server.sandbox.rewind(at.beginning)
    text = program.replace(HOST, at.server.url)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run: dict[str, object] = {"__name__": "__main__", **at.known, **names}
        exec(compile(text, "coming-from-cvat-sdk.md", "exec"), run)  # noqa: S102 - our own
    return printed.getvalue().splitlines()

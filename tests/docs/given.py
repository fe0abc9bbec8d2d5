"""What the blocks of a page have by name, where each of them begins anew.

Rule: every block finds the same: the world of the page with one session in it, a connection that is
logged in by name and password, and what else there is to log in with.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

from attrs import frozen

from cvatfn import connect, login
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import SandboxServer, World

__all__ = ["DECLARED", "Beginning", "began"]

DECLARED: Final = "; ".join(
    (
        "from cvatfn.transport import Connection",
        'transport: Connection = globals()["transport"]',
        'access_token: str = globals()["access_token"]',
        'sessionid: str = globals()["sessionid"]',
        'csrftoken: str = globals()["csrftoken"]',
        'key: str = globals()["key"]',
    )
)
"""The same for type checkers: one line, for which there is room before any block."""


@frozen
class Beginning:
    """What each block finds.

    :param world: the world.
    :param logins: by name, what there is to log in with.
    """

    world: World
    logins: Mapping[str, object]

    @contextmanager
    def again(self, server: SandboxServer) -> Generator[dict[str, object]]:
        """Begin anew; gives the names of a block.

        :param server: where.
        """
        server.sandbox.rewind(self.world)
        auth = Basic(server.username, server.password)
        # A page may show the login that CVAT deprecates; whoever runs that is warned, not stopped.
        with (
            warnings.catch_warnings(action="ignore", category=DeprecationWarning),
            connect(server.url, auth=auth) as transport,
        ):
            yield {**self.logins, "transport": transport}


def began(server: SandboxServer) -> Beginning:
    """Log in once, and see what there is.

    :param server: a server at the page's world.
    """
    with connect(server.url) as anyone:
        asked = login(anyone, username=server.username, password=server.password)
    session = asked.unwrap()
    logins = {
        "access_token": server.token,
        "sessionid": session.sessionid,
        "csrftoken": session.csrftoken,
        "key": session.key,
    }
    return Beginning(server.sandbox.world, logins)

"""A sandbox that answers over HTTP, and all that a program needs to talk to it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from attrs import field, frozen

from cvatfn import call, raise_on_failure
from cvatfn.api import auth
from cvatfn.auth import Basic
from cvatfn.codecs.secrets import mask
from cvatfn.testing.sandbox.loopback import to_loopback
from cvatfn.testing.sandbox.server import serve
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.world import World
from cvatfn.testing.sandbox.transport import Sandbox
from cvatfn.transport.wrappers import authenticated

__all__ = ["SandboxServer", "first_login", "serving"]


@frozen(eq=False)
class SandboxServer:
    """A sandbox that answers over HTTP.

    :param url: where, such as `http://127.0.0.1:41203`.
    :param username: who may log in.
    :param password: that person's password.
    :param token: an access token of that person, for `AccessToken` and other clients.
    :param sandbox: what answers; its world may be read and set at any time. As a transport it knows
        no login.
    """

    url: str
    username: str
    password: str = field(repr=mask)
    token: str = field(repr=mask)
    sandbox: Sandbox = field(repr=False)


@contextmanager
def serving(
    world: World, *, port: int = 0, username: str | None = None
) -> Generator[SandboxServer]:
    """Serve a world over HTTP while a `with` block runs; its webhooks reach this machine only.

    :param world: where it begins; it has to have somebody in it.
    :param port: where to listen on the loopback interface; 0 for any free port.
    :param username: whose login and token to give; the first superuser's, unless said.
    :returns: the server.
    :raises ImportError: the extra `sandbox` is not installed.
    :raises OSError: the port is taken.
    :raises ValueError: nobody, or nobody of that name, is in the world.

    >>> from cvatfn import connect
    >>> from cvatfn.api import users
    >>> from cvatfn.auth import AccessToken
    >>> with serving(World.with_user("ada", "s3cret")) as server:
    ...     with connect(server.url, auth=AccessToken(server.token)) as ada:
    ...         call(ada, users.retrieve_self).unwrap().username
    'ada'
    """
    sandbox = Sandbox(world, sender=to_loopback)
    login = first_login(world) if username is None else _login(world, username)
    somebody = authenticated(sandbox, login, world.origin)
    made = call(somebody, auth.create_access_tokens, {"name": "sandbox", "read_only": False})
    token = str(raise_on_failure(made).value)
    with serve(sandbox, port=port) as url:
        yield SandboxServer(url, login.username, login.password, token, sandbox)


def first_login(world: World) -> Basic:
    """The login of the first superuser of a world, or of the first person where there is none.

    :param world: the world.
    :raises ValueError: nobody is in it.

    >>> first_login(World.empty().joined("ann", "x").joined("admin", "y", is_superuser=True))
    Basic(username='admin', password=***)
    """
    accounts = sorted(world.accounts.values(), key=_rank)
    if not accounts:
        raise ValueError("nobody is in the world: begin with `World.with_user`")
    return Basic(accounts[0].username, accounts[0].password)


def _login(world: World, username: str) -> Basic:
    for account in world.accounts.values():
        if account.username == username:
            return Basic(username, account.password)
    raise ValueError(f"{username!r} is not in the world")


def _rank(account: Account) -> tuple[bool, int]:
    return not account.is_superuser, account.id

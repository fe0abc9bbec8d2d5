"""Serve a sandbox: `python -m cvatfn.testing.sandbox --port 8080`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_hex, token_urlsafe
from threading import Event

from attrs import evolve

from cvatfn import call, raise_on_failure
from cvatfn.api import auth
from cvatfn.auth import Basic
from cvatfn.testing.sandbox.loopback import to_loopback
from cvatfn.testing.sandbox.server import serve
from cvatfn.testing.sandbox.state.world import World
from cvatfn.testing.sandbox.transport import Sandbox
from cvatfn.transport import authenticated


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; prints the URL, a login and an access token.

    :param arguments: those of the command line, unless given.
    :returns: the exit code.
    """
    parser = ArgumentParser(prog="python -m cvatfn.testing.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0 for any free port")
    parser.add_argument("--username", default="admin", help="the one login there is")
    parser.add_argument("--password", help="its password; one is made up unless given")
    options = parser.parse_args(arguments)
    port: int = options.port
    username: str = options.username
    password: str = options.password or token_urlsafe(9)
    # Only here does the outer world come in: the time, and a seed that nobody can guess.
    world = evolve(World.empty(), now=datetime.now(UTC), seed=token_hex(16))
    world = world.joined(username, password, is_superuser=True)
    sandbox = Sandbox(world, sender=to_loopback)
    try:
        token = _token(sandbox, Basic(username, password))
        with serve(sandbox, port=port) as url:
            print(f"{url}  username: {username}  password: {password}", flush=True)
            print(f"access token: {token}", flush=True)
            print("Press Ctrl+C to stop; nothing is kept.", flush=True)
            Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, ImportError, ValueError) as error:
        print(f"cannot serve: {error}", file=sys.stderr)
        return 1
    return 0


def _token(sandbox: Sandbox, login: Basic) -> str:
    """An access token of the one person there is, for programs that take no password."""
    somebody = authenticated(sandbox, login, sandbox.world.origin)
    made = call(somebody, auth.create_access_tokens, {"name": "sandbox", "read_only": False})
    return str(raise_on_failure(made).value)


if __name__ == "__main__":
    sys.exit(main())

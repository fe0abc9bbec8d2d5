"""Serve a sandbox: `python -m cvatfn.testing.sandbox --port 8080`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_hex, token_urlsafe
from threading import Event

from attrs import evolve

from cvatfn.testing.sandbox.server import serve
from cvatfn.testing.sandbox.transport import Sandbox
from cvatfn.testing.sandbox.world import World


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; prints the URL and a login.

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
    try:
        with serve(Sandbox(world.joined(username, password, is_superuser=True)), port=port) as url:
            print(f"{url}  username: {username}  password: {password}", flush=True)
            print("Press Ctrl+C to stop; nothing is kept.", flush=True)
            Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, ImportError) as error:
        print(f"cannot serve: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

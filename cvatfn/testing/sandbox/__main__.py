"""Serve a sandbox: `python -m cvatfn.testing.sandbox --port 8080`."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex, token_urlsafe
from threading import Event
from typing import Final

from attrs import evolve, frozen

from cvatfn.codecs.json import dumps
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.keeping.saving import KeepingError, load, save
from cvatfn.testing.sandbox.seeds import SEEDS
from cvatfn.testing.sandbox.served import SandboxServer, serving
from cvatfn.testing.sandbox.state.lookups import account_called
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["main"]

_WHAT: Final = "Serve a CVAT to try and to test against, on this machine, until interrupted."


@frozen
class _Options:
    port: int
    username: str
    password: str | None
    seed: str
    load: Path | None
    save: Path | None
    json: bool


def main(
    arguments: Sequence[str] | None = None, *, name: str = "python -m cvatfn.testing.sandbox"
) -> int:
    """Serve until interrupted; prints the URL, a login and an access token.

    :param arguments: those of the command line, unless given.
    :param name: what was typed before them.
    :returns: the exit code.
    """
    options = _options(arguments, name)
    try:
        begun = _begun(options)
    except ImportError as error:
        return _stopped(f"cannot serve: {error}")
    match begun:
        case Failure(fault):
            return _stopped(f"cannot load {fault}")
        case Success(world):
            pass
    try:
        world = _served(world, options)
    except (OSError, ImportError, ValueError) as error:
        return _stopped(f"cannot serve: {error}")
    if options.save is None:
        return 0
    match save(world, options.save):
        case Failure(fault):
            return _stopped(f"cannot save {fault}")
        case Success(size):
            if not options.json:
                print(f"saved to {options.save}, {size} bytes", flush=True)
    return 0


def _options(arguments: Sequence[str] | None, name: str) -> _Options:
    parser = ArgumentParser(prog=name, description=_WHAT)
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0 for any free port")
    parser.add_argument("--username", default="admin", help="a superuser, made unless there")
    parser.add_argument("--password", help="its password; one is made up unless given")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--seed", choices=sorted(SEEDS), default="empty", help="how to begin")
    where.add_argument("--load", type=Path, metavar="FILE", help="begin at a world that was saved")
    parser.add_argument("--save", type=Path, metavar="FILE", help="save the world in the end")
    parser.add_argument("--json", action="store_true", help="tell of it in one line of JSON")
    return _Options(**vars(parser.parse_args(arguments)))


def _stopped(said: str) -> int:
    print(said, file=sys.stderr)
    return 1


def _begun(options: _Options) -> Outcome[World, KeepingError]:
    """The world to serve, with its superuser.

    Only here does the outer world come in: the time, and a seed that nobody can guess.
    """
    now = datetime.now(UTC)
    if options.load is not None:
        match load(options.load):
            case Failure() as failure:
                return failure
            case Success(loaded):
                world = evolve(loaded, now=max(now, loaded.now))
    else:
        world = evolve(SEEDS[options.seed](), now=now, seed=token_hex(16))
    account = account_called(world, options.username)
    if account is None:
        password = options.password or token_urlsafe(9)
        return Success(world.joined(options.username, password, is_superuser=True))
    account = evolve(account, password=options.password or account.password)
    return Success(evolve(world, accounts=put(world.accounts, account.id, account)))


def _served(world: World, options: _Options) -> World:
    """Serve a world until interrupted: the world after that."""
    ended = Event()
    signal.signal(signal.SIGTERM, lambda _, __: ended.set())
    with serving(world, port=options.port, username=options.username) as server:
        try:
            _tell(server, options)
            ended.wait()
        except KeyboardInterrupt:
            pass
    return server.sandbox.world


def _tell(server: SandboxServer, options: _Options) -> None:
    if options.json:
        said = {
            "url": server.url,
            "username": server.username,
            "password": server.password,
            "token": server.token,
        }
        print(dumps(said).decode(), flush=True)
        return
    login = f"username: {server.username}  password: {server.password}"
    print(f"{server.url}  {login}", flush=True)
    print(f"access token: {server.token}", flush=True)
    kept = "nothing is kept" if options.save is None else f"{options.save} keeps the world"
    print(f"Press Ctrl+C to stop; {kept}.", flush=True)


if __name__ == "__main__":
    sys.exit(main())

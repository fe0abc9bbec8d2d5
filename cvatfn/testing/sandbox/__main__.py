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

from attrs import evolve, frozen

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.keeping.saving import KeepingError, load, save
from cvatfn.testing.sandbox.seeds import SEEDS
from cvatfn.testing.sandbox.served import serving
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["main"]


@frozen
class _Options:
    port: int
    username: str
    password: str | None
    seed: str
    load: Path | None
    save: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; prints the URL, a login and an access token.

    :param arguments: those of the command line, unless given.
    :returns: the exit code.
    """
    options = _options(arguments)
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
            print(f"saved to {options.save}, {size} bytes", flush=True)
    return 0


def _options(arguments: Sequence[str] | None) -> _Options:
    parser = ArgumentParser(prog="python -m cvatfn.testing.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0 for any free port")
    parser.add_argument("--username", default="admin", help="a superuser, made unless there")
    parser.add_argument("--password", help="its password; one is made up unless given")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--seed", choices=sorted(SEEDS), default="empty", help="how to begin")
    where.add_argument("--load", type=Path, metavar="FILE", help="begin at a world that was saved")
    parser.add_argument("--save", type=Path, metavar="FILE", help="save the world in the end")
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
    account = _account(world, options.username)
    if account is None:
        password = options.password or token_urlsafe(9)
        return Success(world.joined(options.username, password, is_superuser=True))
    account = evolve(account, password=options.password or account.password)
    return Success(evolve(world, accounts=put(world.accounts, account.id, account)))


def _account(world: World, username: str) -> Account | None:
    return next((row for row in world.accounts.values() if row.username == username), None)


def _served(world: World, options: _Options) -> World:
    """Serve a world until interrupted: the world after that."""
    ended = Event()
    signal.signal(signal.SIGTERM, lambda _, __: ended.set())
    with serving(world, port=options.port, username=options.username) as server:
        try:
            said = f"username: {server.username}  password: {server.password}"
            print(f"{server.url}  {said}", flush=True)
            print(f"access token: {server.token}", flush=True)
            kept = "nothing is kept" if options.save is None else f"{options.save} keeps the world"
            print(f"Press Ctrl+C to stop; {kept}.", flush=True)
            ended.wait()
        except KeyboardInterrupt:
            pass
    return server.sandbox.world


if __name__ == "__main__":
    sys.exit(main())

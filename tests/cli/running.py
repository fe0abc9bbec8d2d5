"""Running commands in this process, and keyrings for them."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Generator
from contextlib import contextmanager

from click.testing import CliRunner, Result
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked
from typing_extensions import override

from cvatfn.cli.commands import cvatfn
from cvatfn.transport import Transport
from tests.cli import kit


def run(*arguments: object, typed: str | None = None, **environ: str) -> Result:
    """Run the command line with something on standard input."""
    result = CliRunner(env=environ).invoke(cvatfn, [*map(str, arguments)], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*arguments: object, typed: str | None = None, **environ: str) -> str:
    """The same for a command that has to succeed: what it wrote to standard output."""
    result = run(*arguments, typed=typed, **environ)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def facts(*arguments: object, typed: str | None = None, **environ: str) -> dict[str, object]:
    """The same with `--json`: the object."""
    return _object(done(*arguments, "--json", typed=typed, **environ))


class MemoryKeyring(KeyringBackend):
    """A keyring in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    @override
    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class LockedKeyring(KeyringBackend):
    """A keyring that nobody unlocks."""

    def __init__(self) -> None:
        pass

    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("nobody unlocked it")

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("nobody unlocked it")

    @override
    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("nobody unlocked it")


def no_keyring() -> KeyringBackend:
    """What stands in for a keyring where there is none."""
    made: KeyringBackend = fail.Keyring()  # type: ignore[no-untyped-call]  # its base has no types
    return made


def run_in(transport: Transport, *arguments: object) -> Result:
    """Run the command line over a transport, such as a sandbox in memory."""
    return kit.run(transport, *map(str, arguments))


def done_in(transport: Transport, *arguments: object) -> str:
    """The same for a command that has to succeed: what it wrote to standard output."""
    result = run_in(transport, *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def facts_in(transport: Transport, *arguments: object) -> dict[str, object]:
    """The same with `--json`: the object."""
    return _object(done_in(transport, *arguments, "--json"))


@contextmanager
def on_terminal(*arguments: object) -> Generator[tuple[int, int]]:
    """The command line in a terminal of its own: its process and the other end."""
    program = [sys.executable, "-m", "cvatfn", *map(str, arguments)]
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    process, end = pty.fork()
    if process == 0:  # pragma: no cover - it is another process
        os.execve(program[0], program, environ)  # noqa: S606 - itself
    try:
        yield process, end
    finally:
        os.close(end)


def shown_until(end: int, said: bytes = b"") -> str:
    """What a terminal shows until something is said, or until its end."""
    shown = b""
    while not said or said not in shown:
        try:
            piece = os.read(end, 1 << 16)
        except OSError:  # how Linux says that the other end is gone
            break
        if not piece:
            break
        shown += piece
    return shown.decode()


def code_of(process: int) -> int:
    """The exit code of a process, waited for."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _object(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(text)
    return found

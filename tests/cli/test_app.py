"""The command line as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import PIPE, CompletedProcess

import pytest

from cvatfn import __version__, call, connect
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.cli.app import main
from cvatfn.cli.commands import COMMANDS
from cvatfn.testing.sandbox import SandboxServer
from tests.cli.kit import Echo, run


def _run(*words: str, code: str | None = None, **env: str) -> CompletedProcess[str]:
    python = ["-m", "cvatfn", *words] if code is None else ["-c", code]
    return subprocess.run(  # noqa: S603 - our own
        [sys.executable, *python],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", **env},
    )


def test_the_installed_script_is_the_command_line(sandbox_server: SandboxServer) -> None:
    (script,) = entry_points(group="console_scripts", name="cvatfn")
    assert script.load() is main
    env = {"CVATFN_HOST": sandbox_server.url, "CVATFN_TOKEN": sandbox_server.token}
    done = subprocess.run(  # noqa: S603 - our own
        [Path(sys.executable).with_name("cvatfn"), "call", "users.retrieve_self"],
        capture_output=True,
        check=True,
        env={**os.environ, **env},
    )
    assert json.loads(done.stdout)["username"] == "admin"


def test_the_package_is_the_command_line_too() -> None:
    done = _run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"cvatfn {__version__}\n", "")


def test_a_code_is_the_process_own(sandbox_server: SandboxServer) -> None:
    env = {"CVATFN_HOST": sandbox_server.url, "CVATFN_TOKEN": sandbox_server.token}
    done = _run("call", "tasks.retrieve", "--id=99", **env)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("cvatfn: tasks.retrieve (GET /api/tasks/99): 404: ")


def test_who_lacks_the_extra_is_told_its_name_in_a_sentence() -> None:
    code = (
        "import sys; sys.modules['click'] = None; from cvatfn.cli.app import main; sys.exit(main())"
    )
    done = _run(code=code)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cvatfn: the command line needs an extra: install `cvatfn[cli]`\n"


@pytest.mark.parametrize("words", [("describe",), ("describe", "--json"), ("--help",)])
def test_whoever_stops_reading_is_no_error(words: tuple[str, ...]) -> None:
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "cvatfn", *words], stdout=PIPE, stderr=PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (141, b"")


def test_each_command_is_there_and_has_a_help() -> None:
    for name, lazy in COMMANDS.items():
        assert lazy.found().name == name
        said = run(Echo(), name, "--help")
        assert said.exit_code == 0
        assert said.stdout.startswith(f"Usage: cvatfn {name}")
        assert lazy.help in run(Echo(), "--help").stdout


def test_a_terminal_that_knows_few_letters_is_no_error(sandbox_server: SandboxServer) -> None:
    with connect(sandbox_server.url, auth=AccessToken(sandbox_server.token)) as transport:
        call(transport, tasks.create, {"name": "日本"}).unwrap()
    env = {"CVATFN_HOST": sandbox_server.url, "CVATFN_TOKEN": sandbox_server.token}
    done = _run("list", "tasks", "--table", PYTHONIOENCODING="ascii", **env)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u65e5\u672c" in done.stdout

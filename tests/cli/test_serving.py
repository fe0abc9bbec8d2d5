"""`cvatfn sandbox` and `cvatfn demo`, and what a terminal sees of transfers."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from cvatfn.cli.commands import cvatfn
from cvatfn.testing.sandbox import SandboxServer, World, save, serving
from cvatfn.testing.sandbox.__main__ import main
from tests.cli.running import done, run

needs_a_terminal = pytest.mark.skipif(os.name == "nt", reason="there is no pty")


@contextmanager
def on_terminal(*arguments: object) -> Iterator[tuple[int, int]]:
    """The command line in a terminal of its own: its process and the other end."""
    process, end = pty.fork()
    if process == 0:  # pragma: no cover - it is another process
        program = [sys.executable, "-m", "cvatfn", *map(str, arguments)]
        os.execve(program[0], program, {**os.environ, "TERM": "xterm", "COLUMNS": "100"})  # noqa: S606 - itself
    try:
        yield process, end
    finally:
        os.close(end)


def ended(process: int, end: int) -> tuple[int, str]:
    """Wait for a process: its exit code, and all that its terminal showed."""
    shown = b""
    while True:
        try:
            piece = os.read(end, 1 << 16)
        except OSError:  # how Linux says that the other end is gone
            break
        if not piece:
            break
        shown += piece
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown.decode()


def test_the_sandbox_takes_what_its_module_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    theirs = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    ours = set(re.findall(r"--[a-z]+", run("sandbox", "--help").stdout))
    assert ours == theirs
    result = run("sandbox", "--load", tmp_path / "none")
    assert (result.exit_code, "cannot load" in result.stderr) == (1, True)
    assert run("sandbox", "--seed", "no such seed").exit_code == 2


@needs_a_terminal
def test_a_sandbox_tells_of_itself_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    world, kept = tmp_path / "world", tmp_path / "kept"
    save(World.with_user("ada", "s3cret"), world).unwrap()
    options = ("--load", world, "--save", kept, "--username", "ada", "--json")
    with on_terminal("sandbox", *options) as (process, end):
        line = os.read(end, 4096).decode()
        told = json.loads(line)
        assert (told["username"], told["password"]) == ("ada", "s3cret")
        assert done("whoami", CVATFN_HOST=told["url"], CVATFN_TOKEN=told["token"])
        os.kill(process, signal.SIGINT)
        code, _ = ended(process, end)
    assert code == 0
    assert kept.exists()


def test_the_demo_leaves_its_files_where_it_is_told_to(tmp_path: Path) -> None:
    result = run("demo", tmp_path / "out")
    assert result.exit_code == 0
    assert "The exported dataset" in result.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"shapes.zip", "annotated.png"}


@needs_a_terminal
def test_a_terminal_sees_bars_and_a_pipe_does_not(
    sandbox_server: SandboxServer, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CVATFN_HOST", sandbox_server.url)
    monkeypatch.setenv("CVATFN_TOKEN", sandbox_server.token)
    with on_terminal("upload", images) as (process, end):
        code, shown = ended(process, end)
    assert code == 0, shown
    assert re.search(r"task 1 .*(━|100%)", shown)
    assert "create:task" in shown
    with on_terminal("upload", images, "--quiet") as (process, end):
        code, shown = ended(process, end)
    assert (code, shown) == (0, "2\r\n")
    piped = run("upload", images)
    assert "━" not in piped.output
    assert piped.stdout == "3\n"


def completed(incomplete: str, *words: str) -> list[str]:
    """What a shell offers for a word."""
    shell = ShellComplete(cvatfn, {}, "cvatfn", "_CVATFN_COMPLETE")
    return [item.value for item in shell.get_completions([*words], incomplete)]


def test_a_shell_completes_formats_with_what_the_server_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("export", "--task", "1", "--format")
    assert completed("c", *words) == []  # nobody said which server
    with serving(World.with_user("ada", "s3cret")) as server:
        monkeypatch.setenv("CVATFN_HOST", server.url)
        assert completed("c", *words) == []  # nobody is logged in
        monkeypatch.setenv("CVATFN_TOKEN", server.token)
        assert completed("c", *words) == ["COCO 1.0", "CVAT for images 1.1", "CVAT for video 1.1"]
        assert "CVAT 1.1" in completed("CVAT", "import", "annotations", "--format")
    assert completed("c", *words) == []  # the server is gone

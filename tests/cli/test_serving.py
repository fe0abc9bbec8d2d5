"""`cvatfn sandbox` and `cvatfn demo`, and what a terminal sees of transfers."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from cvatfn.cli.commands import cvatfn
from cvatfn.testing.sandbox import SandboxServer, World, save, serving
from cvatfn.testing.sandbox.__main__ import main
from tests.cli.running import code_of, done, on_terminal, run, shown_until

needs_a_terminal = pytest.mark.skipif(os.name == "nt", reason="there is no pty")


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
        shown_until(end)
        assert code_of(process) == 0
    assert kept.exists()


@pytest.mark.parametrize("code", [0, 1])
def test_the_demo_is_run_in_the_folder_that_is_named(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []

    def ran(folder: Path) -> int:
        folders.append(folder)
        return code

    monkeypatch.setattr("cvatfn.testing.demo.main", ran)
    assert run("demo", tmp_path / "out").exit_code == code
    assert run("demo").exit_code == code
    assert folders == [tmp_path / "out", Path("demo")]


@needs_a_terminal
def test_a_terminal_sees_bars_and_a_pipe_does_not(
    sandbox_server: SandboxServer, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CVATFN_HOST", sandbox_server.url)
    monkeypatch.setenv("CVATFN_TOKEN", sandbox_server.token)
    with on_terminal("upload", images) as (process, end):
        shown = shown_until(end)
        assert code_of(process) == 0, shown
    assert re.search(r"task 1 .*(━|100%)", shown)
    assert "create:task" in shown
    with on_terminal("upload", images, "--quiet") as (process, end):
        assert shown_until(end) == "2\r\n"
        assert code_of(process) == 0
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

"""Every code block of the README runs, against the sandbox where it needs a server."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cvatfn import call
from cvatfn.api import auth, tasks
from cvatfn.auth import Basic
from cvatfn.testing.pictures import SCENES, painted
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transport import connect
from tests.typing.agreement import CHECKERS, errors

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_there_are_blocks_to_run() -> None:
    assert len(BLOCKS) == 9


def _ask(test: object, sandbox: Sandbox) -> None:
    """Run a test as pytest would, with the fixture it asks for."""
    assert callable(test)
    wanted = inspect.signature(test).parameters
    test(**({"sandbox": sandbox} if "sandbox" in wanted else {}))


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_runs_and_prints_what_its_comments_say(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("images", "datasets"):
        (tmp_path / folder).mkdir()
    for name in SCENES:
        (tmp_path / "images" / name).write_bytes(painted(name))
    said = [line[2:] for line in block.splitlines() if line.startswith("# ")]
    with serve(Sandbox(World.with_user("ada", "s3cret"))) as url:
        with connect(url, auth=Basic("ada", "s3cret")) as ada:
            key = call(ada, auth.create_access_tokens, {"name": "readme", "read_only": False})
            token = key.unwrap().value
            call(ada, tasks.create, {"name": "cats"}).unwrap()
        program = block.replace("42", "1").replace("https://cvat.example", url)
        program = program.replace('AccessToken("...")', f"AccessToken({str(token)!r})")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            names: dict[str, object] = {"__name__": "readme"}
            exec(compile(program, "README.md", "exec"), names)  # noqa: S102 - our own
            tests = [held for name, held in names.items() if name.startswith("test_")]
            for test in tests:
                _ask(test, sandbox)
    assert printed.getvalue().strip() or tests
    if said:
        assert printed.getvalue().splitlines() == said


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_is_strictly_typed(block: str, tmp_path: Path) -> None:
    program = tmp_path / "block.py"
    program.write_text(block, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(program)]
    checked = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)  # noqa: S603 - our own
    assert checked.returncode == 0, checked.stdout.decode()


@pytest.mark.parametrize("name", sorted(CHECKERS))
def test_the_other_checkers_find_nothing_in_any_block(name: str, tmp_path: Path) -> None:
    files = [tmp_path / f"block_{number}.py" for number in range(len(BLOCKS))]
    for file, block in zip(files, BLOCKS, strict=True):
        file.write_text(block, encoding="utf-8")
    assert errors(CHECKERS[name], files) == frozenset()

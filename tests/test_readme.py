"""Every code block of the README runs, against the sandbox where it needs a server."""

from __future__ import annotations

import contextlib
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

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_there_are_blocks_to_run() -> None:
    assert len(BLOCKS) == 7


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_runs_and_prints_what_its_comments_say(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
            exec(compile(program, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - our own
    assert printed.getvalue().strip()
    if said:
        assert printed.getvalue().splitlines() == said


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_is_strictly_typed(block: str, tmp_path: Path) -> None:
    program = tmp_path / "block.py"
    program.write_text(block, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(program)]
    checked = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)  # noqa: S603 - our own
    assert checked.returncode == 0, checked.stdout.decode()

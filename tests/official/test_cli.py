"""cvat-cli 2.80 driven against the sandbox, as a program: `make official`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from zipfile import ZipFile

import pytest

from cvatfn.testing.sandbox import SandboxServer, dangling
from tests.official.conftest import PASSWORD

pytest.importorskip("cvat_cli", reason="cvat-cli is not installed: `make official` does that")

Run: TypeAlias = Callable[..., str]

FUNCTION = """
import cvat_sdk.auto_annotation as auto

spec = auto.DetectionFunctionSpec(labels=[auto.label_spec("cat", 0)])

def detect(context, image):
    return [auto.rectangle(0, [1, 2, image.width - 1, image.height - 1])]
"""


@pytest.fixture
def run(sandbox_server: SandboxServer, tmp_path: Path) -> Run:
    """Runs the program, which has to succeed; gives what it printed."""
    program = Path(sys.executable).with_name("cvat-cli")
    environment = {**os.environ, "PASS": PASSWORD, "HOME": str(tmp_path)}

    def run(*arguments: object) -> str:
        login = ("--auth", "admin", "--server-host", sandbox_server.url)
        ended = subprocess.run(  # noqa: S603 - the program that is tested
            [program, *login, *map(str, arguments)],
            capture_output=True,
            env=environment,
            text=True,
            check=False,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr
        assert list(dangling(sandbox_server.sandbox.world)) == []
        return ended.stdout.strip()

    return run


def test_tasks_from_beginning_to_end(
    run: Run, sandbox_server: SandboxServer, images: list[Path], tmp_path: Path
) -> None:
    labels = json.dumps([{"name": "cat"}, {"name": "dog"}])
    wait = ("--completion_verification_period", "0.01")
    assert run("task", "create", "cats", "--labels", labels, "local", *images, *wait) == "1"
    assert run("task", "ls") == "1"
    (row,) = json.loads(run("task", "ls", "--json"))
    assert (row["name"], row["size"]) == ("cats", 5)

    run("task", "frames", "1", "0", "4", "--outdir", tmp_path / "frames")
    assert len(list((tmp_path / "frames").iterdir())) == 2

    (tmp_path / "function.py").write_text(FUNCTION)
    function = ("--function-file", tmp_path / "function.py", "--allow-unmatched-labels")
    run("task", "auto-annotate", "1", *function)
    run("task", "auto-annotate", "1", *function, "--clear-existing")
    (job,) = sandbox_server.sandbox.world.jobs.values()
    assert [shape.frame for shape in job.annotations.shapes] == [0, 1, 2, 3, 4]

    dataset = tmp_path / "dataset.zip"
    images_too = ("--with-images", "yes", *wait)
    run("task", "export-dataset", "1", dataset, "--format", "CVAT for images 1.1", *images_too)
    assert len(ZipFile(dataset).namelist()) == 6
    run("task", "import-dataset", "1", dataset, "--format", "CVAT 1.1")
    run("task", "backup", "1", tmp_path / "backup.zip", *wait)
    assert run("task", "create-from-backup", tmp_path / "backup.zip", *wait) == "2"
    run("task", "delete", "1")
    assert run("task", "ls") == "2"


def test_projects_from_beginning_to_end(run: Run, images: list[Path], tmp_path: Path) -> None:
    labels = json.dumps([{"name": "cat"}])
    assert run("project", "create", "pets", "--labels", labels) == "1"
    assert run("task", "create", "in it", "--project_id", "1", "local", *images) == "1"
    dataset = tmp_path / "dataset.zip"
    run("project", "export-dataset", "1", dataset, "--format", "COCO 1.0", "--with-images", "yes")
    run("project", "import-dataset", "1", dataset, "--format", "COCO 1.0")
    run("project", "backup", "1", tmp_path / "backup.zip")
    assert run("project", "create-from-backup", tmp_path / "backup.zip") == "2"
    made = ("--dataset_path", dataset, "--dataset_format", "COCO 1.0")
    assert run("project", "create", "of a dataset", "--labels", labels, *made) == "3"
    rows = json.loads(run("project", "ls", "--json"))
    assert [(row["id"], row["tasks"]["count"]) for row in rows] == [(3, 1), (2, 2), (1, 2)]
    run("project", "delete", "1", "3")
    assert run("project", "ls") == "2"

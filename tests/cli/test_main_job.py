"""The whole main job, by a shell script over HTTP: broken in the middle, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from threading import Event
from typing import Final
from zipfile import ZipFile

import pytest
from attrs import frozen

from cvatfn import connect, paginate
from cvatfn.api import auth, tasks
from cvatfn.auth import AccessToken
from cvatfn.testing.sandbox import SandboxServer
from tests.cli.running import run
from tests.hop.faults import CutRequestUnseen, Deaf, Pass, Wrong
from tests.hop.framing import Head
from tests.hop.hop import Hop

pytestmark = pytest.mark.skipif(os.name == "nt", reason="it is a script for POSIX shells")

SCRIPT: Final = Path(__file__).with_name("main_job.sh")
PASSWORD: Final = "p4ss word"


@frozen
class Served:
    """A sandbox in a process of its own, as it told of itself."""

    url: str
    username: str
    password: str
    token: str


@pytest.fixture
def served() -> Iterator[Served]:
    """`cvatfn sandbox`, until it is told to stop."""
    command = [sys.executable, "-m", "cvatfn", "sandbox", "--json", "--password", PASSWORD]
    with subprocess.Popen(  # noqa: S603 - the program that is tested
        command, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield Served(**json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment where `cvatfn` is this one, as an installation would have it."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "cvatfn"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cvatfn "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    # A dozen processes start: the first one compiles for all, wherever the tests are run.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    return {**os.environ, **compiled, "PATH": path, "CVATFN_RETRIES": "0"}


class Break:
    """A fault that lasts until it is mended."""

    def __init__(self, fault: Wrong) -> None:
        self.fault = fault
        self.mended = False

    def __iter__(self) -> Generator[Wrong]:
        while True:
            yield Pass() if self.mended else self.fault


def carries_files(head: Head) -> bool:
    return bool(head.said("upload-multiple"))


def test_a_shell_script_does_the_main_job_and_goes_on_where_it_was_broken(
    served: Served, images: Path, tmp_path: Path, shell: dict[str, str]
) -> None:
    work = tmp_path / "work"
    breaking = Break(CutRequestUnseen(0))

    def job(url: str) -> subprocess.CompletedProcess[str]:
        login = {"CVAT_URL": url, "CVAT_USERNAME": "admin", "CVAT_PASSWORD": PASSWORD}
        return subprocess.run(  # noqa: S603 - as above
            ["/bin/sh", SCRIPT, images, work],
            env={**shell, **login},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    with (
        Hop(served.url, breaking, only=carries_files) as url,
        connect(served.url, auth=AccessToken(served.token)) as admin,
    ):
        broken = job(url)
        assert broken.returncode == 10, broken.stderr
        assert "no connection" in broken.stderr or "connection lost" in broken.stderr
        assert "Say the same again to go on where it stopped" in broken.stderr
        (begun,) = [task.unwrap() for task in paginate(admin, tasks.list)]
        assert (begun.name, begun.size or None) == ("The main job", None)

        breaking.mended = True
        ended = job(url)
        assert ended.returncode == 0, ended.stderr
        assert f"Going on with task {begun.id}" in ended.stderr
        assert f"task {begun.id}: 2 shapes" in ended.stdout
        assert ended.stdout.endswith(f"done: {work}/dataset.zip\n")
        names = ZipFile(work / "dataset.zip").namelist()
        assert {"annotations.xml", "images/0.png"} <= set(names)

        # Nothing is left: no task, no token but the sandbox's own, no login, no note.
        assert list(paginate(admin, tasks.list)) == []
        keys = [each.unwrap() for each in paginate(admin, auth.list_access_tokens)]
        assert [each.name for each in keys] == ["sandbox"]
        assert not (work / "settings").exists()
        assert not (work / "state").exists()
    said = broken.stdout + broken.stderr + ended.stdout + ended.stderr
    assert PASSWORD not in said


@pytest.mark.parametrize("several", [False, True], ids=["one request", "several at once"])
def test_ctrl_c_in_the_middle_of_an_upload_is_130_and_the_same_goes_on(
    several: bool,
    sandbox_server: SandboxServer,
    images: Path,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    breaking, reached = Break(Deaf()), Event()
    if not several:
        (images / "below" / "3.png").unlink()

    def noticed(head: Head) -> bool:
        if carries_files(head):
            reached.set()
        return carries_files(head)

    with Hop(sandbox_server.url, breaking, only=noticed) as url:
        monkeypatch.setenv("CVATFN_HOST", url)
        monkeypatch.setenv("CVATFN_TOKEN", sandbox_server.token)
        command = [sys.executable, "-m", "cvatfn", "upload", str(images), "--name", "cats"]
        with subprocess.Popen(  # noqa: S603 - as above
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert reached.wait(60)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            assert "Ctrl-C again" in process.stderr.readline()
            if several:  # the other thread waits for a server that says nothing
                process.send_signal(signal.SIGINT)
            said = process.stderr.read()
            assert process.wait(60) == 130
        assert "Say the same again to go on" in said
        assert "Traceback" not in said
        breaking.mended = True
        again = run("upload", images, "--name", "cats")
    assert (again.exit_code, again.stdout) == (0, "1\n")
    (task,) = sandbox_server.sandbox.world.tasks.values()
    assert task.name == "cats"
    assert "frames: 4." in again.stderr if several else "frames: 3." in again.stderr
    assert list(state.iterdir()) == []

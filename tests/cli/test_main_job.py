"""The whole main job, by a shell script over HTTP: broken in the middle, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Final
from zipfile import ZipFile

import pytest
from attrs import frozen

from cvatfn import call, connect, paginate
from cvatfn.api import auth, tasks
from cvatfn.auth import AccessToken
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
    return {**os.environ, "PATH": path, "CVATFN_RETRIES": "0"}


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


@contextmanager
def uploading(images: Path, url: str, token: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    environ = {
        **os.environ,
        "CVATFN_HOST": url,
        "CVATFN_TOKEN": token,
        "CVATFN_STATE_DIR": str(folder),
    }
    with subprocess.Popen(  # noqa: S603 - as above
        [sys.executable, "-m", "cvatfn", "upload", images, "--name", "cats"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.mark.parametrize("several", [False, True], ids=["one request", "several at once"])
def test_ctrl_c_in_the_middle_of_an_upload_is_130_and_the_same_goes_on(
    several: bool, served: Served, images: Path, tmp_path: Path
) -> None:
    breaking, reached, state = Break(Deaf()), Event(), tmp_path / "state"
    if not several:
        (images / "below" / "3.png").unlink()

    def noticed(head: Head) -> bool:
        if carries_files(head):
            reached.set()
        return carries_files(head)

    with (
        Hop(served.url, breaking, only=noticed) as url,
        connect(served.url, auth=AccessToken(served.token)) as admin,
    ):
        with uploading(images, url, served.token, state) as process:
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
        with uploading(images, url, served.token, state) as process:
            number, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert call(admin, tasks.retrieve, int(number)).unwrap().size == 3 + several
        assert len(list(paginate(admin, tasks.list))) == 1
        assert list(state.iterdir()) == []

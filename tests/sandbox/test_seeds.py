"""Worlds to begin with, and the command that begins with them, or where it was left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cvatfn import Transport, call, connect, models
from cvatfn.api import issues, jobs, labels, organizations, projects, tasks, users
from cvatfn.auth import AccessToken, Basic
from cvatfn.testing.sandbox import EXAMPLE_PASSWORD, Sandbox, World, dangling, example_world, load
from cvatfn.testing.sandbox.__main__ import main
from cvatfn.testing.sandbox.areas.handlers import HANDLERS


@pytest.fixture
def admin() -> Transport:
    """The example as its superuser sees it."""
    return Sandbox(example_world(), auth=Basic("admin", EXAMPLE_PASSWORD))


def test_the_example_is_the_same_each_time_and_whole() -> None:
    again = example_world.__wrapped__()
    assert again == example_world()
    assert list(dangling(again)) == []


def test_the_example_has_something_of_everything(admin: Transport) -> None:
    (project,) = call(admin, projects.list).unwrap().results
    found = call(admin, labels.list, project_id=project.id).unwrap().results
    assert {label.type for label in found} == {models.LabelType.ANY, models.LabelType.SKELETON}
    assert sum(len(label.attributes) for label in found) == 2
    shapes, people = call(admin, tasks.list, sort="id").unwrap().results
    drawn = call(admin, tasks.retrieve_annotations, shapes.id).unwrap()
    assert len(drawn.shapes) == 9
    (skeleton,) = call(admin, tasks.retrieve_annotations, people.id).unwrap().shapes
    assert len(skeleton.elements) == 3
    preview = call(admin, tasks.retrieve_preview, people.id).unwrap()
    assert Image.open(BytesIO(preview or b"")).size == (128, 120)
    states = [job.state.value for job in call(admin, jobs.list, sort="id").unwrap().results]
    assert states == ["completed", "new"]
    if organizations.create.name in HANDLERS:
        assert call(admin, organizations.list).unwrap().count == 1
    if issues.create.name in HANDLERS:
        assert call(admin, issues.list).unwrap().count == 1


@pytest.mark.parametrize(
    ("name", "seen"), [("ann", "Shapes on a table"), ("bert", "People waving")]
)
def test_the_annotators_see_their_own_job(name: str, seen: str) -> None:
    somebody = Sandbox(example_world(), auth=Basic(name, EXAMPLE_PASSWORD))
    (job,) = call(somebody, jobs.list).unwrap().results
    assert example_world().tasks[job.task_id].name == seen


@contextmanager
def _command(*arguments: object) -> Generator[tuple[str, str, str]]:
    """The command while it runs: its URL, what it says of the login, and its token."""
    command = [sys.executable, "-m", "cvatfn.testing.sandbox", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        url, _, said = process.stdout.readline().strip().partition("  ")
        _, _, token = process.stdout.readline().strip().partition(": ")
        try:
            yield url, said, token
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert process.returncode == 0


def test_the_command_goes_on_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "left.world"
    with (
        _command("--seed", "example", "--save", path) as (url, said, token),
        connect(url, auth=AccessToken(token)) as admin,
    ):
        assert said == f"username: admin  password: {EXAMPLE_PASSWORD}"
        call(admin, tasks.create, {"name": "mine"}).unwrap()
    left = load(path).unwrap()
    assert [task.name for task in left.tasks.values()][2:] == ["mine"]
    with (
        _command("--load", path, "--username", "ann", "--password", "new") as (url, said, _),
        connect(url, auth=Basic("ann", "new")) as ann,
    ):
        assert said == "username: ann  password: new"
        assert call(ann, users.retrieve_self).unwrap().username == "ann"
        with connect(url, auth=AccessToken(token)) as admin:
            assert call(admin, tasks.list).unwrap().count == 3


def test_the_command_says_what_it_cannot_load(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.world").write_bytes(b"no world")
    assert main(["--load", str(tmp_path / "a.world")]) == 1
    assert "cannot load" in (said := capsys.readouterr().err)
    assert "File is not a zip file" in said
    with pytest.raises(SystemExit):
        main(["--load", "a.world", "--seed", "example"])


def test_a_world_without_anyone_is_not_served() -> None:
    from cvatfn.testing.sandbox import serving

    with pytest.raises(ValueError, match="nobody is in the world"), serving(World.empty()):
        pass

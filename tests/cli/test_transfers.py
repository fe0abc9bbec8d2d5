"""Files up and down from a shell: what is made, what is shown, what goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from attrs import evolve

from cvatfn import call, models
from cvatfn.api import cloudstorages, projects, requests, tasks
from cvatfn.cli.media import Source, media_of
from cvatfn.errors import ConnectionLost, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transfer.uploading import AtUrls, InCloud, OnShare
from cvatfn.transport import Transport
from tests.cli.running import done_in, facts_in, run_in
from tests.sandbox.kit import make_task, picture

FORMAT: Final = "CVAT for images 1.1"
BUCKET: Final[models.CloudStorageWriteRequestDict] = {
    "provider_type": "AWS_S3_BUCKET",
    "resource": "cats",
    "display_name": "Cats",
    "credentials_type": "ANONYMOUS_ACCESS",
}


@pytest.fixture
def sandbox_world() -> World:
    """A superuser, and pictures where CVAT finds them by itself."""
    held = {f"{name}.png": picture(name).content for name in ("a", "b")}
    files = {name: content for name, content in held.items() if isinstance(content, bytes)}
    web = {f"https://pictures.example/{name}": content for name, content in files.items()}
    return evolve(World.with_user("admin", "let-me-in"), share=files, web=web)


def left(state: Path) -> list[str]:
    """What is left of commands that were begun."""
    return sorted(path.name for path in state.rglob("*")) if state.exists() else []


class Breaking:
    """A transport that loses the connection at some requests, until it is mended."""

    def __init__(self, inner: Transport, breaks: Callable[[Request], bool]) -> None:
        self.inner = inner
        self.breaks = breaks
        self.mended = False
        self.interrupts = False
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        self.asked.append(f"{request.method} {request.path}")
        if not self.mended and self.breaks(request):
            if self.interrupts:
                raise KeyboardInterrupt
            return Failure(ConnectionLost(request, "cut", may_have_acted=False))
        return self.inner(request)


def test_an_upload_makes_a_task_with_its_labels_and_waits(
    sandbox: Sandbox, images: Path, state: Path
) -> None:
    result = run_in(
        sandbox,
        "upload",
        images,
        "--label",
        "cat:#ff0000",
        "--label",
        "dog: a good one",
        "--image-quality",
        90,
        "--segment-size",
        2,
    )
    assert (result.exit_code, result.stdout) == (0, "1\n")
    assert "Task 1 is ready: frames: 4." in result.stderr
    task = call(sandbox, tasks.retrieve, 1).unwrap()
    assert (task.name, task.size, task.segment_size) == ("images", 4, 2)
    named = {label.name: label.color for label in sandbox.world.labels.values()}
    assert set(named) == {"cat", "dog: a good one"}
    assert named["cat"] == "#ff0000"
    meta = call(sandbox, tasks.retrieve_data_meta, 1).unwrap()
    assert [frame.name for frame in meta.frames or ()] == ["0.png", "1.png", "2.png", "below/3.png"]
    assert left(state) == []


def test_the_shape_of_what_an_upload_says_to_programs_stays(sandbox: Sandbox, images: Path) -> None:
    told = facts_in(sandbox, "upload", images / "0.png", "--name", "one")
    assert told == {
        "task_id": 1,
        "rq_id": "action=create&target=task&target_id=1",
        "status": "finished",
        "size": 1,
    }
    told = facts_in(sandbox, "upload", images / "0.png", "--name", "one", "--no-wait")
    assert (told["status"], told["size"]) == ("started", None)
    result = run_in(sandbox, "wait", str(told["rq_id"]), "--json")
    (row,) = json.loads(result.stdout)
    assert row == {
        "rq_id": told["rq_id"],
        "operation": "create:task",
        "status": "finished",
        "message": "",
        "result_id": None,
        "result_url": None,
    }


def test_quiet_says_the_number_alone(sandbox: Sandbox, images: Path) -> None:
    result = run_in(sandbox, "upload", images, "--quiet")
    assert (result.stdout, result.stderr) == ("1\n", "")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (("--share", "a.png", "--share", "b.png"), "share"),
        (("--url", "https://pictures.example/a.png"), "web"),
    ],
)
def test_media_may_be_where_the_server_reaches_them(
    source: tuple[str, ...], name: str, sandbox: Sandbox
) -> None:
    assert done_in(sandbox, "upload", *source, "--name", name) == "1\n"
    assert call(sandbox, tasks.retrieve, 1).unwrap().size == len(source) // 2


def test_a_task_that_is_there_may_be_given_media(sandbox: Sandbox, images: Path) -> None:
    made = call(sandbox, tasks.create, {"name": "cats"}).unwrap()
    told = facts_in(sandbox, "upload", "--task", made.id, images)
    assert (told["task_id"], told["size"]) == (made.id, 4)
    assert len(sandbox.world.tasks) == 1


def test_where_media_are_is_said_once() -> None:
    assert media_of(Source(share=("a/",), exclude=("a/b",))) == OnShare(("a/",), ("a/b",))
    assert media_of(Source(urls=("https://x.example/a",))) == AtUrls(("https://x.example/a",))
    assert media_of(Source(cloud=3, keys=("a", "b"))) == InCloud(3, ("a", "b"))


@pytest.mark.parametrize(
    "words",
    [
        ("--name", "x"),
        ("a.png", "--share", "b.png"),
        ("--cloud", "1"),
        ("--key", "a.png", "--share", "b"),
        ("--exclude", "a", "--url", "https://x.example/a"),
        ("--task", "1", "--name", "x", "--share", "b"),
        ("--task", "1", "--label", "x", "--share", "b"),
        ("--share", "b"),
        ("--share", "b", "--name", "x" * 300),
        ("--share", "b", "--name", "x", "--image-quality", "0"),
        ("--share", "b", "--name", "x", "--sorting-method", "by heart"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(
    words: tuple[str, ...], sandbox: Sandbox, state: Path
) -> None:
    asked = Breaking(sandbox, lambda _: False)
    result = run_in(asked, "upload", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith("cvatfn: ")
    assert asked.asked == []
    assert left(state) == []


def test_all_that_is_wrong_is_said_at_once_by_the_names_of_the_options(sandbox: Sandbox) -> None:
    result = run_in(
        sandbox, "upload", "--share", "b", "--name", "", "--chunk-size", "-1", "--overlap", "many"
    )
    assert all(f"--{name}: " in result.stderr for name in ("name", "chunk-size", "overlap"))


@pytest.mark.parametrize("missing", ["nothing.png", "empty"])
def test_files_that_are_not_there_are_code_14(
    missing: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    result = run_in(sandbox, "upload", tmp_path / missing)
    assert result.exit_code == 14
    assert missing in result.stderr
    assert len(sandbox.world.tasks) == 0


def is_upload(request: Request) -> bool:
    return "upload-multiple" in {name.lower() for name, _ in request.headers}


def is_wait(request: Request) -> bool:
    return request.path.startswith("/api/requests")


@pytest.mark.parametrize(
    ("breaks", "interrupts"), [(is_upload, False), (is_upload, True), (is_wait, True)]
)
def test_a_broken_upload_goes_on_when_the_same_is_said_again(
    breaks: Callable[[Request], bool],
    interrupts: bool,
    sandbox: Sandbox,
    images: Path,
    state: Path,
) -> None:
    broken = Breaking(sandbox, breaks)
    broken.interrupts = interrupts
    words = ("upload", images, "--label", "cat", "--retries", 0)
    first = run_in(broken, *words)
    assert first.exit_code == (130 if interrupts else 10)
    assert "Say the same again to go on" in first.stderr
    assert left(state)
    broken.mended = True
    again = run_in(broken, *words)
    assert (again.exit_code, again.stdout) == (0, "1\n")
    assert "Going on with task 1." in again.stderr
    assert len(sandbox.world.tasks) == 1
    assert sum(each == "POST /api/tasks" for each in broken.asked) == 1
    assert call(sandbox, tasks.retrieve, 1).unwrap().size == 4
    assert left(state) == []


def test_other_words_are_another_command(sandbox: Sandbox, images: Path) -> None:
    broken = Breaking(sandbox, is_upload)
    assert run_in(broken, "upload", images, "--retries", 0).exit_code == 10
    broken.mended = True
    assert done_in(broken, "upload", images, "--name", "other") == "2\n"
    assert done_in(broken, "upload", images, "--anew") == "3\n"
    assert done_in(broken, "upload", images) == "4\n"  # that one is over: it is made once more


def test_a_task_that_was_removed_meanwhile_is_made_anew(sandbox: Sandbox, images: Path) -> None:
    broken = Breaking(sandbox, is_upload)
    assert run_in(broken, "upload", images, "--retries", 0).exit_code == 10
    call(sandbox, tasks.destroy, 1).unwrap()
    broken.mended = True
    assert done_in(broken, "upload", images) == "2\n"


def test_data_that_the_server_cannot_use_is_code_12(
    sandbox: Sandbox, tmp_path: Path, state: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    result = run_in(sandbox, "upload", broken, "--json")
    assert result.exit_code == 12
    assert json.loads(result.stderr.splitlines()[-1])["error"] == "RequestFailed"
    assert left(state) == []


def test_an_export_is_made_and_saved(sandbox: Sandbox, tmp_path: Path) -> None:
    task = make_task(sandbox)
    file = tmp_path / "dataset.zip"
    words = ("export", "--task", task.id, "--format", FORMAT, "--save-images", file)
    assert done_in(sandbox, *words) == f"{file}\n"
    assert "images/0.png" in ZipFile(file).namelist()
    again = run_in(sandbox, *words)
    assert again.exit_code == 14
    assert "--overwrite" in again.stderr
    told = facts_in(sandbox, *words, "--overwrite")
    assert told == {
        "path": str(file),
        "size": file.stat().st_size,
        "content_type": "application/zip",
    }


def test_a_folder_is_for_the_name_that_the_server_gives(sandbox: Sandbox, tmp_path: Path) -> None:
    task = make_task(sandbox)
    told = facts_in(sandbox, "export", "--task", task.id, "--format", "coco", tmp_path)
    (file,) = tmp_path.glob("*.zip")
    assert told["path"] == str(file)


@pytest.mark.parametrize("typed", ["COCO 1.0", "coco", "Coco 1.0"])
def test_a_format_is_found_by_what_was_typed(typed: str, sandbox: Sandbox, tmp_path: Path) -> None:
    task = make_task(sandbox)
    done_in(sandbox, "export", "--task", task.id, "--format", typed, tmp_path / "x.zip")


def test_a_format_that_is_not_there_is_told_with_those_that_are(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    task = make_task(sandbox)
    words = ("export", "--task", task.id, tmp_path / "x.zip", "--format")
    assert "did you mean 'COCO 1.0'" in run_in(sandbox, *words, "COCO 1").stderr
    result = run_in(sandbox, *words, "nothing")
    assert result.exit_code == 2
    assert FORMAT in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--format", "x"),
        ("export", "--format", "x", "--task", 1, "--job", 2),
        ("import", "annotations", "--format", "x", "file"),
        ("download", "frames"),
        ("export", "--task", "x", "--format", "x"),
        ("download", "backup", "--job", 1),
    ],
)
def test_what_it_is_about_is_said_once(words: tuple[object, ...], sandbox: Sandbox) -> None:
    assert run_in(sandbox, *words).exit_code == 2


def test_a_cloud_storage_may_take_an_export_and_give_an_import(
    sandbox: Sandbox,
) -> None:
    storage = call(sandbox, cloudstorages.create, BUCKET).unwrap().id
    sandbox.world = evolve(sandbox.world, clouds={storage: sandbox.world.share})
    words: tuple[object, ...]
    words = ("upload", "--cloud", storage, "--key", "a.png", "--key", "b.png", "--name", "cloud")
    task = int(done_in(sandbox, *words, "--label", "cat"))
    assert call(sandbox, tasks.retrieve, task).unwrap().size == 2
    words = ("--task", task, "--format", FORMAT, "--cloud", storage, "--filename", "there.zip")
    told = facts_in(sandbox, "export", *words)
    assert (told["status"], told["operation"]) == ("finished", "export:annotations")
    assert "there.zip" in sandbox.world.clouds[storage]
    words = ("--task", task, "--format", "CVAT 1.1", "--cloud", storage, "there.zip")
    assert facts_in(sandbox, "import", "annotations", *words)["status"] == "finished"
    words = ("--task", task, "--format", FORMAT, "--filename", "there.zip")
    assert run_in(sandbox, "export", *words).exit_code == 2


def test_what_is_exported_can_be_imported(sandbox: Sandbox, tmp_path: Path, state: Path) -> None:
    task = make_task(sandbox)
    project = call(
        sandbox, projects.create, {"name": "p", "labels": [{"name": "cat"}, {"name": "dog"}]}
    ).unwrap()
    dataset, backup = tmp_path / "dataset.zip", tmp_path / "backup.zip"
    done_in(sandbox, "export", "--task", task.id, "--format", FORMAT, "--save-images", dataset)
    words = ("import", "annotations", "--task", task.id, dataset, "--format", "CVAT 1.1")
    told = facts_in(sandbox, *words, "--mode", "append")
    assert (told["status"], told["result_id"]) == ("finished", None)
    words = ("import", "dataset", "--project", project.id, dataset, "--format", "CVAT 1.1")
    assert facts_in(sandbox, *words)["status"] == "finished"
    assert done_in(sandbox, "download", "backup", "--task", task.id, backup) == f"{backup}\n"
    number = int(done_in(sandbox, "import", "task", backup))
    assert call(sandbox, tasks.retrieve, number).unwrap().size == task.size
    assert done_in(sandbox, "download", "backup", "--project", project.id, tmp_path / "p.zip")
    number = int(done_in(sandbox, "import", "project", tmp_path / "p.zip"))
    assert call(sandbox, projects.retrieve, number).unwrap().name == "p"
    assert left(state) == []


def test_an_import_that_was_interrupted_while_it_was_waited_for_goes_on(
    sandbox: Sandbox, tmp_path: Path, state: Path
) -> None:
    task = make_task(sandbox)
    backup = tmp_path / "backup.zip"
    done_in(sandbox, "download", "backup", "--task", task.id, backup)
    broken = Breaking(
        sandbox, lambda request: is_wait(request) and "action" not in dict(request.query)
    )
    broken.interrupts = True
    first = run_in(broken, "import", "task", backup)
    assert first.exit_code == 130
    broken.mended = True
    number = int(done_in(broken, "import", "task", backup))
    assert len(sandbox.world.tasks) == 2
    assert number in sandbox.world.tasks
    assert left(state) == []


def test_a_file_that_is_no_backup_is_code_12_and_nothing_is_left(
    sandbox: Sandbox, tmp_path: Path, state: Path
) -> None:
    (tmp_path / "backup.zip").write_bytes(b"no zip")
    assert run_in(sandbox, "import", "task", tmp_path / "backup.zip").exit_code == 12
    assert left(state) == []


def test_frames_are_files_and_those_that_are_there_are_not_fetched(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    task = make_task(sandbox, [picture(f"{n}.png") for n in range(5)], {"chunk_size": 2})
    asked = Breaking(sandbox, lambda _: False)
    words = ("download", "frames", "--task", task.id, "--to", tmp_path / "frames")
    files = done_in(asked, *words).splitlines()
    assert [Path(file).name for file in files] == [f"00000{n}.jpg" for n in range(5)]
    assert all(Path(file).read_bytes().startswith(b"\xff\xd8") for file in files)
    asked.asked.clear()
    Path(files[4]).unlink()
    assert facts_in(asked, *words) == {"files": files}
    assert asked.asked.count(f"GET /api/tasks/{task.id}/data/") == 1  # the last chunk
    assert done_in(asked, *words, "--overwrite").splitlines() == files
    assert not list((tmp_path / "frames").glob(".*"))


def test_single_frames_come_as_they_were_uploaded_if_that_is_wanted(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    task = make_task(sandbox)
    words = ("download", "frames", "--task", task.id, "--to", tmp_path, "--quality", "original")
    files = done_in(sandbox, *words, "--frame", "0", "--frame", "1-2").splitlines()
    assert [Path(file).name for file in files] == ["000000.png", "000001.png", "000002.png"]
    assert Path(files[0]).read_bytes() == picture("0.png", (40, 30)).content
    assert run_in(sandbox, *words, "--frame", "x").exit_code == 2
    assert run_in(sandbox, *words, "--frame", "99").exit_code == 7


def test_an_interrupted_download_leaves_whole_files_only(sandbox: Sandbox, tmp_path: Path) -> None:
    task = make_task(sandbox, [picture(f"{n}.png") for n in range(4)], {"chunk_size": 1})
    broken = Breaking(sandbox, lambda request: dict(request.query).get("number") == "2")
    broken.interrupts = True
    words = ("download", "frames", "--task", task.id, "--to", tmp_path / "frames")
    interrupted = run_in(broken, *words)
    assert interrupted.exit_code == 130
    assert "Say the same again to go on" in interrupted.stderr
    assert [path.name for path in sorted((tmp_path / "frames").iterdir())] == [
        "000000.jpg",
        "000001.jpg",
    ]
    broken.mended = True
    assert len(done_in(broken, *words).splitlines()) == 4


def test_chunks_previews_and_results_are_saved(sandbox: Sandbox, tmp_path: Path) -> None:
    task = make_task(sandbox)
    told = facts_in(sandbox, "download", "chunk", "--task", task.id, 0, tmp_path)
    assert told["path"] == str(tmp_path / "chunk-0.zip")
    assert len(ZipFile(tmp_path / "chunk-0.zip").namelist()) == 3
    told = facts_in(sandbox, "download", "preview", "--task", task.id, tmp_path)
    assert Path(str(told["path"])).read_bytes()
    assert set(told) == {"path", "size", "content_type"}
    result = run_in(sandbox, "download", "preview", "--task", task.id, told["path"])
    assert result.exit_code == 14

    begun = call(sandbox, tasks.create_dataset_export, task.id, format=FORMAT).unwrap()
    file = tmp_path / "result.zip"
    assert run_in(sandbox, "download", "result", begun.rq_id, file).exit_code == 5
    (row,) = json.loads(done_in(sandbox, "wait", begun.rq_id, "--json"))
    assert done_in(sandbox, "download", "result", begun.rq_id, file) == f"{file}\n"
    other = tmp_path / "url.zip"
    assert done_in(sandbox, "download", "url", row["result_url"], other) == f"{other}\n"
    assert other.read_bytes() == file.read_bytes()
    foreign = "https://elsewhere.example/api/x"
    result = run_in(sandbox, "download", "url", foreign, tmp_path / "none")
    assert result.exit_code == 10
    assert not (tmp_path / "none").exists()


def test_waiting_tells_of_each_and_ends_with_the_code_of_the_first_that_failed(
    sandbox: Sandbox, images: Path, tmp_path: Path
) -> None:
    good = facts_in(sandbox, "upload", images, "--no-wait")["rq_id"]
    (tmp_path / "bad.png").write_bytes(b"no picture")
    bad = facts_in(sandbox, "upload", tmp_path / "bad.png", "--no-wait")["rq_id"]
    result = run_in(sandbox, "wait", good, bad)
    assert result.stdout.splitlines() == [f"finished {good}", f"failed {bad}"]
    assert result.exit_code == 12
    result = run_in(sandbox, "wait", "nothing", "--deadline", 0, "--json")
    (row,) = json.loads(result.stdout)
    assert (row["status"], set(row)) == (
        "unknown",
        {"rq_id", "operation", "status", "message", "result_id", "result_url"},
    )
    assert result.exit_code == 5


def test_what_runs_already_is_not_begun_twice(sandbox: Sandbox, images: Path) -> None:
    def again(request: Request) -> Outcome[Response, TransportError]:
        if is_upload(request):
            inner = run_in(sandbox, "upload", images)
            assert inner.exit_code == 14
            assert "another process" in inner.stderr
        return sandbox(request)

    assert done_in(again, "upload", images) == "1\n"
    assert len(sandbox.world.tasks) == 1


def test_notes_that_cannot_be_read_are_no_obstacle(
    sandbox: Sandbox, images: Path, state: Path
) -> None:
    broken = Breaking(sandbox, is_upload)
    assert run_in(broken, "upload", images, "--retries", 0).exit_code == 10
    (step,) = state.rglob("step.json")
    step.write_text("not JSON")
    (journal,) = state.rglob("journal.jsonl")
    journal.unlink()
    broken.mended = True
    assert done_in(broken, "upload", images) == "2\n"


def test_what_the_library_advises_programs_is_said_in_options(
    sandbox: Sandbox, images: Path, tmp_path: Path
) -> None:
    task = make_task(sandbox)
    begun = call(sandbox, tasks.create_dataset_export, task.id, format=FORMAT).unwrap()
    done_in(sandbox, "wait", begun.rq_id)
    words = ("download", "result", begun.rq_id, tmp_path)  # a folder: the server gives the name
    done_in(sandbox, *words)
    result = run_in(sandbox, *words)
    assert result.exit_code == 14
    assert "say `--overwrite`" in result.stderr
    done_in(sandbox, *words, "--overwrite")
    broken = Breaking(sandbox, is_upload)
    assert run_in(broken, "upload", images, "--retries", 0).exit_code == 10
    (images / "0.png").write_bytes(b"other")
    broken.mended = True
    result = run_in(broken, "upload", images)
    assert result.exit_code == 14
    assert "say `--anew`" in result.stderr


@pytest.mark.parametrize("json", [False, True])
def test_an_export_that_is_interrupted_is_joined_by_the_same_command(
    json: bool, sandbox: Sandbox, tmp_path: Path
) -> None:
    task = make_task(sandbox)
    broken = Breaking(sandbox, is_wait)
    broken.interrupts = True
    words = ("export", "--task", task.id, "--format", FORMAT, tmp_path / "x.zip")
    first = run_in(broken, *words, *(["--json"] if json else []))
    assert first.exit_code == 130
    assert ("Say the same again to join in" in first.stderr) is not json
    assert list(tmp_path.glob("*.zip")) == []
    broken.mended = True
    assert done_in(broken, *words)
    begun = call(sandbox, requests.list, action="export").unwrap()
    assert [each.operation.task_id for each in begun.results] == [task.id]

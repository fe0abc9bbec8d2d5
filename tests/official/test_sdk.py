"""cvat-sdk 2.80, both of its floors, driven against the sandbox over HTTP: `make official`.

Its values are of no type that checkers know; what is asserted of them is what its users read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from cvatfn.testing.sandbox import SandboxServer, compare, dangling
from tests.official.conftest import PASSWORD

MISSING = "the official client is not installed: `make official` does that"
SDK = pytest.importorskip("cvat_sdk", reason=MISSING)
pytest.importorskip("cvat_cli", reason=MISSING)  # `make bench` brings the other one alone
LOW = pytest.importorskip("cvat_sdk.api_client")
MODELS = pytest.importorskip("cvat_sdk.models")
TASKS = pytest.importorskip("cvat_sdk.core.proxies.tasks")
AUTO = pytest.importorskip("cvat_sdk.auto_annotation")
DATASETS = pytest.importorskip("cvat_sdk.datasets")

AT_ONCE = {"status_check_period": 0.01}
LABELS = [{"name": "cat", "color": "#112233"}, {"name": "dog"}]


@pytest.fixture
def client(sandbox_server: SandboxServer) -> Iterator[Any]:
    """Its high-level client, logged in by name and password."""
    with ExitStack() as stack:
        login = (sandbox_server.username, PASSWORD)
        yield stack.enter_context(SDK.make_client(sandbox_server.url, credentials=login))
    assert list(dangling(sandbox_server.sandbox.world)) == []


@pytest.fixture
def task(client: Any, images: list[Path]) -> Any:
    """A task with five pictures, uploaded in bulk."""
    return client.tasks.create_from_data(
        spec=MODELS.TaskWriteRequest(name="cats", labels=LABELS),
        resource_type=TASKS.ResourceType.LOCAL,
        resources=[str(path) for path in images],
        data_params={"image_quality": 80, "sorting_method": "natural"},
        **AT_ONCE,
    )


def _box(task: Any, frame: int = 0) -> Any:
    label = task.get_labels()[0].id
    points = [1.0, 2.0, 11.0, 22.0]
    return MODELS.LabeledShapeRequest(type="rectangle", frame=frame, label_id=label, points=points)


def test_who_is_there(client: Any, sandbox_server: SandboxServer) -> None:
    assert client.check_server_version() is None
    assert client.users.retrieve_current_user().username == "admin"
    assert [user.username for user in client.users.list()] == ["ann", "admin"]
    assert client.api_client.server_api.retrieve_annotation_formats()[0].exporters
    client.logout()
    with SDK.make_client(sandbox_server.url, access_token=sandbox_server.token) as by_token:
        assert by_token.users.retrieve_current_user().username == "admin"


def test_a_task_is_made_of_files_in_bulk(task: Any) -> None:
    assert (task.size, task.mode, task.status) == (5, "annotation", "annotation")
    assert [label.name for label in task.get_labels()] == ["cat", "dog"]
    assert [frame.name for frame in task.get_frames_info()] == [f"{at}.png" for at in range(5)]
    (job,) = task.get_jobs()
    assert (job.start_frame, job.stop_frame) == (0, 4)


@pytest.mark.parametrize(
    ("kind", "resources", "params"),
    [
        ("SHARE", ["a.png", "b.png"], {}),
        ("SHARE", ["a.png", "b.png"], {"cloud_storage_id": 1}),
        ("REMOTE", ["https://pictures.example/a.png", "https://pictures.example/b.png"], {}),
    ],
)
def test_a_task_is_made_of_files_that_the_server_finds(
    client: Any, kind: str, resources: list[str], params: dict[str, object]
) -> None:
    made = client.tasks.create_from_data(
        spec=MODELS.TaskWriteRequest(name="found", labels=LABELS),
        resource_type=TASKS.ResourceType[kind],
        resources=resources,
        data_params={"image_quality": 80, **params},
        **AT_ONCE,
    )
    assert [Path(frame.name).name for frame in made.get_frames_info()] == ["a.png", "b.png"]


def test_images_come_back_as_they_were(task: Any, images: list[Path], tmp_path: Path) -> None:
    assert task.get_frame(1, quality="original").read() == images[1].read_bytes()
    assert task.get_preview().read()[:3] == b"\xff\xd8\xff"
    task.download_frames([0, 4], outdir=str(tmp_path), quality="original")
    chunk = BytesIO()
    task.download_chunk(0, chunk, quality="original")
    assert len(ZipFile(chunk).namelist()) == 5


def test_annotations_are_set_added_and_removed(task: Any, sandbox_server: SandboxServer) -> None:
    tag = MODELS.LabeledImageRequest(frame=1, label_id=task.get_labels()[1].id)
    task.set_annotations(MODELS.LabeledDataRequest(shapes=[_box(task)], tags=[tag]))
    before = sandbox_server.sandbox.world
    task.update_annotations(MODELS.PatchedLabeledDataRequest(shapes=[_box(task, 2)]))
    found = task.get_annotations()
    assert ([shape.frame for shape in found.shapes], len(found.tags)) == ([0, 2], 1)
    changed = compare(before, sandbox_server.sandbox.world).of("jobs").changed
    assert "annotations.shapes[2]" in [change.field for change in changed]
    task.remove_annotations(ids=[found.shapes[0].id])
    assert [shape.frame for shape in task.get_annotations().shapes] == [2]
    (job,) = task.get_jobs()
    job.update(MODELS.PatchedJobWriteRequest(state="completed", assignee=2))
    job.remove_frames_by_ids([4])
    assert job.fetch().state == "completed"
    assert job.get_meta().deleted_frames == [4]


@pytest.mark.parametrize(
    ("exported", "imported"), [("CVAT for images 1.1", "CVAT 1.1"), ("COCO 1.0", "COCO 1.0")]
)
def test_a_dataset_goes_out_and_comes_back(
    task: Any, tmp_path: Path, exported: str, imported: str
) -> None:
    task.set_annotations(MODELS.LabeledDataRequest(shapes=[_box(task), _box(task, 3)]))
    target = tmp_path / "dataset.zip"
    task.export_dataset(exported, str(target), include_images=True, **AT_ONCE)
    assert len(ZipFile(target).namelist()) == 6
    task.remove_annotations()
    task.import_annotations(imported, str(target), **AT_ONCE)
    shapes = task.get_annotations().shapes
    assert [(shape.frame, shape.points) for shape in shapes] == [
        (0, [1.0, 2.0, 11.0, 22.0]),
        (3, [1.0, 2.0, 11.0, 22.0]),
    ]


def test_a_task_is_backed_up_restored_and_removed(client: Any, task: Any, tmp_path: Path) -> None:
    task.set_annotations(MODELS.LabeledDataRequest(shapes=[_box(task)]))
    task.download_backup(str(tmp_path / "task.zip"), **AT_ONCE)
    again = client.tasks.create_from_backup(str(tmp_path / "task.zip"), **AT_ONCE)
    assert (again.name, again.size, len(again.get_annotations().shapes)) == ("cats", 5, 1)
    assert [each.id for each in client.tasks.list()] == [again.id, task.id]
    client.tasks.remove_by_ids([task.id])
    assert [each.id for each in client.tasks.list()] == [again.id]
    with pytest.raises(LOW.exceptions.NotFoundException):
        task.fetch()


def test_a_project_from_beginning_to_end(client: Any, images: list[Path], tmp_path: Path) -> None:
    project = client.projects.create(MODELS.ProjectWriteRequest(name="pets", labels=LABELS))
    inside = client.tasks.create_from_data(
        spec=MODELS.TaskWriteRequest(name="in it", project_id=project.id),
        resources=[str(path) for path in images[:2]],
        **AT_ONCE,
    )
    inside.set_annotations(MODELS.LabeledDataRequest(shapes=[_box(inside)]))
    project.export_dataset("COCO 1.0", str(tmp_path / "coco.zip"), include_images=True, **AT_ONCE)
    project.import_dataset("COCO 1.0", str(tmp_path / "coco.zip"), **AT_ONCE)
    assert len(project.get_tasks()) == 2
    project.download_backup(str(tmp_path / "project.zip"), **AT_ONCE)
    again = client.projects.create_from_backup(str(tmp_path / "project.zip"), **AT_ONCE)
    assert [label.name for label in again.get_labels()] == ["cat", "dog"]
    assert len(again.get_tasks()) == 2
    project.update(MODELS.PatchedProjectWriteRequest(name="old pets"))
    project.remove()
    assert [each.name for each in client.projects.list()] == ["pets"]


def test_its_functions_annotate(client: Any, task: Any) -> None:
    class Everything:
        spec = AUTO.DetectionFunctionSpec(labels=[AUTO.label_spec("cat", 0)])

        def detect(self, _context: object, image: Any) -> list[Any]:
            return [AUTO.rectangle(0, [1, 1, image.width - 1, image.height - 1])]

    AUTO.annotate_task(client, task.id, Everything(), allow_unmatched_labels=True)
    found = task.get_annotations().shapes
    assert [(shape.frame, shape.source) for shape in found] == [(at, "auto") for at in range(5)]


def test_its_datasets_read_a_task(client: Any, task: Any) -> None:
    task.set_annotations(MODELS.LabeledDataRequest(shapes=[_box(task, 2)]))
    dataset = DATASETS.TaskDataset(client, task.id)
    assert [len(sample.annotations.shapes) for sample in dataset.samples] == [0, 0, 1, 0, 0]
    assert dataset.samples[0].media.load_image().size == (40, 30)


def test_the_low_floor_takes_models_and_dicts(
    sandbox_server: SandboxServer, images: list[Path]
) -> None:
    login = LOW.Configuration(sandbox_server.url, username="admin", password=PASSWORD)
    with LOW.ApiClient(login) as api, ExitStack() as stack:
        made, response = api.tasks_api.create({"name": "low", "labels": LABELS})
        assert (response.status, made.name) == (201, "low")
        files = [stack.enter_context(path.open("rb")) for path in images]
        data = MODELS.DataRequest(image_quality=70, client_files=files)
        begun, _ = api.tasks_api.create_data(
            made.id, data_request=data, _content_type="multipart/form-data"
        )
        status = ""
        while status not in ("finished", "failed"):
            status = api.requests_api.retrieve(begun.rq_id)[0].status.value
        assert status == "finished"
        listed, _ = api.tasks_api.list(search="low")
        assert [(row.id, row.size) for row in listed.results] == [(made.id, 5)]
        boxes = [_box_of(api, made.id)]
        api.tasks_api.update_annotations(made.id, labeled_data_request={"shapes": boxes})
        assert len(api.tasks_api.retrieve_annotations(made.id)[0].shapes) == 1
        with pytest.raises(LOW.exceptions.NotFoundException):
            api.tasks_api.retrieve(4711)
        api.tasks_api.destroy(made.id)
    wrong = LOW.Configuration(sandbox_server.url, username="admin", password="wrong")
    with LOW.ApiClient(wrong) as api, pytest.raises(LOW.exceptions.UnauthorizedException):
        api.tasks_api.list()


def _box_of(api: Any, task: int) -> dict[str, object]:
    label = api.labels_api.list(task_id=task)[0].results[0].id
    return {"type": "rectangle", "frame": 0, "label_id": label, "points": [1.0, 1.0, 9.0, 9.0]}

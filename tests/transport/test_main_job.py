"""A whole job with its transfers, recorded over HTTP, comes to the same without a server."""

from __future__ import annotations

from pathlib import Path

from cvatfn import File, Transport, call, collect, login, models, paginate, wait_for
from cvatfn.api import labels, tasks
from cvatfn.schedule import constant
from cvatfn.testing.pictures import SCENES, painted
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transfer import Exporting, Saving, Uploading, export, upload_data
from cvatfn.transport import authenticated, connect, recorded, replayed

PASSWORD = "s3cret-of-ada"
QUICK = constant(0, attempts=50)
PIECES = Uploading(batch=1_000, piece=1_000, parallel=4)
"""So that files go alone, in pieces, several at once: in another order each time."""


def _work(cvat: Transport, origin: str, password: str, to: Path) -> tuple[object, ...]:
    session = login(cvat, username="ada", password=password).unwrap()
    ada = authenticated(cvat, session, origin)
    task = call(ada, tasks.create, {"name": "cats", "labels": [{"name": "cat"}]}).unwrap()
    files = [File(name, painted(name)) for name in SCENES]
    begun = upload_data(ada, task.id, files, {"image_quality": 80}, PIECES).unwrap()
    wait_for(ada, begun, schedule=QUICK).unwrap()
    (label,) = collect(paginate(ada, labels.list, task_id=task.id)).unwrap()
    assert isinstance(label.id, int)
    box: models.LabeledShapeRequestDict = {
        "type": "rectangle",
        "frame": 0,
        "label_id": label.id,
        "points": [1.0, 2.0, 3.0, 4.5],
    }
    drawn = call(ada, tasks.update_annotations, task.id, {"shapes": [box]}).unwrap()
    how = Exporting(Saving(to), waiting=QUICK)
    done = export(ada, tasks.create_dataset_export, how, task.id, format="COCO 1.0").unwrap()
    return drawn, done.request, call(ada, tasks.retrieve, task.id).unwrap()


def test_the_main_job_is_replayed_with_another_password(tmp_path: Path) -> None:
    path, first, second = (tmp_path / name for name in ("job.jsonl", "first.zip", "second.zip"))
    sandbox = Sandbox(World.with_user("ada", PASSWORD))
    with serve(sandbox) as url, connect(url) as cvat:
        outcome = _work(recorded(cvat, path), cvat.origin, PASSWORD, first)
    again = replayed(path)
    assert _work(again, "http://another.example", "whatever", second) == outcome
    assert again.unused == ()
    assert first.read_bytes() == second.read_bytes()
    assert PASSWORD not in path.read_text("utf-8")
    assert sum('"PATCH"' in line for line in path.read_text("utf-8").splitlines()) >= 3

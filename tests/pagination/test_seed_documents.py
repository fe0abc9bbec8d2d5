"""What the official client's page for its low-level API does with listings, done here."""

from __future__ import annotations

from attrs import evolve

from cvatfn import call, collect, connect, paginate, walk_storage
from cvatfn.api import cloudstorages, projects, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World, serve
from tests.sandbox.test_cloudstorages import BUCKET, empty


def test_all_tasks_of_a_project() -> None:
    with (
        serve(Sandbox(World.with_user("ada", "s3cret"))) as url,
        connect(url, auth=Basic("ada", "s3cret")) as cvat,
    ):
        project = call(cvat, projects.create, {"name": "zoo"}).unwrap()
        for number in range(12):  # more than a page of CVAT's own size
            call(cvat, tasks.create, {"name": f"{number}", "project_id": project.id}).unwrap()
        call(cvat, tasks.create, {"name": "elsewhere"}).unwrap()
        found = collect(paginate(cvat, tasks.list, project_id=project.id)).unwrap()
    assert sorted(int(task.name) for task in found) == list(range(12))


def test_all_files_of_a_cloud_storage() -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    with serve(sandbox) as url, connect(url, auth=Basic("ada", "s3cret")) as cvat:
        storage = call(cvat, cloudstorages.create, BUCKET).unwrap()
        files = empty("sub/image_1.jpg", "image_2.jpg")
        sandbox.world = evolve(sandbox.world, clouds={storage.id: files})
        found = collect(walk_storage(cvat, storage.id)).unwrap()
    assert [file.path for file in found] == ["image_2.jpg", "sub/image_1.jpg"]

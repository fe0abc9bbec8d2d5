"""What the sentences of the page say of this library, where no other test says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cvatfn import call, models
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.errors import InvalidParams
from cvatfn.testing.sandbox import Sandbox
from tests.coming_from.world import pets


def test_a_file_that_was_sent_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"1234")
    sandbox = Sandbox(pets(), auth=Basic("ada", "s3cret"))
    with (tmp_path / "a.png").open("rb") as file:
        data = models.DataRequest(client_files=[file], image_quality=70)
        call(sandbox, tasks.create_data, 43, data, upload_multiple=True).unwrap()
        assert not file.closed


def test_a_body_may_be_given_with_its_long_name_and_without() -> None:
    sandbox = Sandbox(pets(), auth=Basic("ada", "s3cret"))
    change = models.PatchedTaskWriteRequest(name="kittens")
    named = call(sandbox, tasks.partial_update, id=42, patched_task_write_request=change)
    assert named.unwrap().name == call(sandbox, tasks.partial_update, 42, change).unwrap().name


def test_a_slip_anywhere_in_a_body_is_told_with_its_path() -> None:
    body: Any = {"name": "cats", "labels": [{"nmae": "cat"}]}
    refused = call(Sandbox(pets()), tasks.create, body).failure()
    assert isinstance(refused, InvalidParams)
    assert "labels[0].nmae" in str(refused)

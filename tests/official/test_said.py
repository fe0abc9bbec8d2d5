"""What the sentences of `docs/coming-from-cvat-sdk.md` say of cvat-sdk 2.80 is so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cvatfn.testing.conformance.behaviours import always, ok
from cvatfn.testing.conformance.peers import Server
from cvatfn.testing.sandbox import SandboxServer, World, first_login
from tests.coming_from.world import pets

MISSING = "the official client is not installed: `make official` does that"
LOW = pytest.importorskip("cvat_sdk.api_client", reason=MISSING)
MODELS = pytest.importorskip("cvat_sdk.models")
HELPERS = pytest.importorskip("cvat_sdk.core.helpers")
UTILS = pytest.importorskip("cvat_sdk.api_client.model_utils")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # it leaves sockets open

NO_TASKS = b'{"count": 0, "next": null, "previous": null, "results": []}'


@pytest.fixture
def sandbox_world() -> World:
    """The world of the page."""
    return pets()


@pytest.fixture
def api(sandbox_server: SandboxServer) -> Iterator[Any]:
    """Its low-level client, logged in."""
    login = first_login(sandbox_server.sandbox.world)
    with ExitStack() as stack:
        asked = LOW.Configuration(
            sandbox_server.url, username=login.username, password=login.password
        )
        yield stack.enter_context(LOW.ApiClient(asked))


def test_without_a_scheme_it_means_http() -> None:
    assert LOW.Configuration("cvat.example").host == "http://cvat.example"


def test_it_tries_again_three_times_unless_told_otherwise() -> None:
    assert LOW.Configuration("cvat.example").retries.total == 3


def test_it_sends_a_misspelled_key() -> None:
    with Server(always(ok(status="400 Bad Request"))) as server, ExitStack() as stack:
        api = stack.enter_context(LOW.ApiClient(LOW.Configuration(server.url)))
        misspelled = {"name": "cats", "subbset": "Train"}
        api.tasks_api.create(misspelled, _check_status=False, _parse_response=False)
        assert b'"subbset"' in server.requests[0]


def test_unchecked_it_reads_a_refusal_as_the_answer(api: Any) -> None:
    with pytest.raises(TypeError, match="missing"):
        api.tasks_api.retrieve(4711, _check_status=False)


def test_without_checks_of_its_inputs_it_wants_three_other_parameters(api: Any) -> None:
    with pytest.raises(LOW.exceptions.ApiValueError, match="_content_type"):
        api.tasks_api.create({"name": "cats"}, _validate_inputs=False)


def test_a_dict_has_times_and_json_has_texts(api: Any) -> None:
    task, _ = api.tasks_api.retrieve(42)
    assert isinstance(task.to_dict()["created_date"], datetime)
    assert isinstance(UTILS.to_json(task)["created_date"], str)


def test_null_and_absent_are_one_to_its_get() -> None:
    change = MODELS.PatchedTaskWriteRequest(assignee_id=None)
    assert (change.get("assignee_id"), change.get("name")) == (None, None)


def test_of_a_tasks_frame_and_of_annotations_that_are_set_it_reads_nothing(api: Any) -> None:
    nothing, response = api.tasks_api.retrieve_data(42, type="frame", number=0)
    assert (nothing, response.data[:2]) == (None, b"\xff\xd8")
    assert api.tasks_api.update_annotations(42, labeled_data_request={})[0] is None


def test_it_closes_a_file_that_it_sends(api: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"1234")
    with (tmp_path / "a.png").open("rb") as file:
        data = MODELS.DataRequest(client_files=[file], image_quality=70)
        options = {"_content_type": "multipart/form-data", "_parse_response": False}
        api.tasks_api.create_data(43, data_request=data, upload_multiple=True, **options)
        assert file.closed


def test_no_organization_is_the_personal_workspace_to_its_helper() -> None:
    answer = ok(NO_TASKS, "Content-Type: application/vnd.cvat+json")
    with Server(always(answer)) as server, ExitStack() as stack:
        api = stack.enter_context(LOW.ApiClient(LOW.Configuration(server.url)))
        HELPERS.get_paginated_collection(api.tasks_api.list_endpoint, org_id=None)
        assert b"org=&" in server.requests[0] or b"org= " in server.requests[0]

from __future__ import annotations

import json

import pytest

from cvatfn import catalogue, models
from cvatfn.cli.describing import described, described_model
from cvatfn.cli.rights import rights_of
from cvatfn.cli.wording import words
from tests.cli.kit import Echo, run


def _told(*asked: str) -> str:
    echo = Echo()
    result = run(echo, "describe", *asked)
    assert (result.exit_code, echo.sent) == (0, [])
    return " ".join(result.stdout.split())


def test_an_endpoint_is_described_with_all_that_is_known() -> None:
    said = _told("tasks.list")
    assert "GET /api/tasks" in said
    assert "--media-type query: one of image, point_cloud, audio; since 2.65.0" in said
    assert "--page-size query: whole number or all" in said
    assert "logins basic, token, access token, session" in said
    assert "200 Page of TaskRead" in said


def test_a_body_is_described_field_by_field() -> None:
    said = _told("tasks.create")
    assert "Body: TaskWriteRequest, as application/json" in said
    assert "--name text of 1 to 256 characters; required" in said
    assert "--overlap whole number, 0 to 2147483647, or null" in said


def test_errors_releases_and_what_is_deprecated_are_said() -> None:
    assert "400" in _told("invitations.accept").partition("Errors:")[2]
    assert "CVAT since 2.31.0" in _told("consensus.create_merge")
    assert "deprecated CVAT advises against it" in _told("tasks.retrieve_status")


def test_who_may_is_said_where_the_table_says_it() -> None:
    assert "to delete owner of the project; maintainer in its organization; admin" in _told(
        "projects.destroy"
    )
    assert "to give" in _told("tasks.partial_update")
    known = {endpoint.name for endpoint in catalogue() if [*rights_of(endpoint)]}
    assert {"tasks.retrieve", "jobs.retrieve_annotations", "cloudstorages.destroy"} <= known
    assert not {name for name in known if name.partition(".")[0] in ("users", "issues", "webhooks")}


def test_every_endpoint_is_described_to_people_and_to_programs() -> None:
    for endpoint in catalogue():
        said = _told(endpoint.name)
        about = json.loads(run(Echo(), "describe", endpoint.name, "--json").stdout)
        assert about == json.loads(json.dumps(described(endpoint)))
        assert (about["method"], about["path"]) == (endpoint.method, endpoint.path)
        assert {each["name"] for each in about["parameters"]} == {
            each.name for each in endpoint.parameters
        }
        assert all(each["option"] in said for each in about["parameters"])


def test_models_are_described_too() -> None:
    assert "one of cloud_storage, local" in _told("StorageRequest")
    assert "polygon" in _told("ShapeType")
    about = json.loads(run(Echo(), "describe", "RqId", "--json").stdout)
    assert about == described_model(models.RqId)


def test_whatever_a_field_holds_has_words() -> None:
    for name in dir(models):
        kind: object = getattr(models, name)
        if isinstance(kind, type) and not name.endswith("Dict"):
            fields = described_model(kind).get("fields", [])
            assert all("typing." not in str(field) and "<" not in str(field) for field in [fields])


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (int | None, "whole number or null"),
        (tuple[str, ...], "list of texts"),
        (dict[str, int], "object of whole numbers"),
        (bytes, "bytes"),
        (type(None), "nothing"),
    ],
)
def test_types_have_words(annotation: object, said: str) -> None:
    assert words(annotation) == said


def test_endpoints_are_listed_and_sought() -> None:
    assert len(json.loads(run(Echo(), "describe", "--json").stdout)) == 166
    found = json.loads(run(Echo(), "describe", "--json", "--search=backup", "--tag=tasks").stdout)
    assert [each["name"] for each in found] == ["tasks.create_backup", "tasks.create_backup_export"]
    assert "tasks.create_backup " in _told("--search=backup")


def test_where_nothing_is_found_it_says_so() -> None:
    result = run(Echo(), "describe", "--search=dinosaurs")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "There is no endpoint like that.\n"
    assert json.loads(run(Echo(), "describe", "--search=dinosaurs", "--json").stdout) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("tasks.creat",), "did you mean 'tasks.create'?"),
        (("TaskRaed",), "did you mean 'TaskRead'?"),
        (("--tag=taks",), "did you mean 'tasks'?"),
        (("tasks.list", "--tag=tasks"), "leave the name out"),
    ],
)
def test_what_is_not_known_says_what_may_have_been_meant(asked: tuple[str, ...], said: str) -> None:
    result = run(Echo(), "describe", *asked)
    assert (result.exit_code, said in result.stderr) == (2, True)

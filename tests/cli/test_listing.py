from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import get_args
from weakref import ref

import pytest
from attrs import frozen

from cvatfn import Failure, Outcome, Request, Response, Success, call
from cvatfn.api import tasks
from cvatfn.cli import tables
from cvatfn.cli.columns import in_brief, leaves
from cvatfn.cli.listing import listings
from cvatfn.cli.tables import Form
from cvatfn.errors import TimedOut, TransportError
from cvatfn.models import TaskRead
from cvatfn.testing.sandbox import Sandbox, World, example_world
from tests.cli.kit import Echo, objects, run


@frozen
class Row:
    """What is listed, where only its number counts."""

    number: int


@pytest.fixture
def sandbox_world() -> World:
    return example_world()


def test_a_listing_is_a_json_object_a_line_where_programs_read(sandbox: Sandbox) -> None:
    listed = run(sandbox, "list", "tasks")
    found = call(sandbox, tasks.list).unwrap().results
    assert [each["id"] for each in objects(listed)] == [task.id for task in found]
    assert all(isinstance(each["owner"], dict) for each in objects(listed))


def test_a_listing_is_a_table_where_people_look(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "on_terminal", lambda: True)
    head, *rows = run(sandbox, "list", "tasks").stdout.splitlines()
    assert head.split()[:2] == ["id", "name"]
    assert len(rows) == len(sandbox.world.tasks)


def test_fields_are_chosen_by_their_paths(sandbox: Sandbox) -> None:
    listed = run(sandbox, "list", "tasks", "--fields", "id,owner.username")
    assert [*objects(listed)] == [
        {"id": 2, "owner.username": "admin"},
        {"id": 1, "owner.username": "admin"},
    ]


def test_json_is_one_array(sandbox: Sandbox) -> None:
    for words, count in (((), 2), (("--limit", "1"), 1), (("--filter", "id>99"), 0)):
        listed = run(sandbox, "list", "tasks", "--json", "--fields=id", *words)
        assert len(json.loads(listed.stdout)) == count


def test_csv_has_a_header_and_all_that_is_no_object(sandbox: Sandbox) -> None:
    header, *rows = csv.reader(StringIO(run(sandbox, "list", "tasks", "--csv").stdout, newline=""))
    assert header == [*leaves(TaskRead)]
    assert [row[header.index("owner.username")] for row in rows] == ["admin", "admin"]
    assert [row[header.index("assignee.username")] for row in rows] == ["", ""]


EMPTY = Response(200, body=b'{"count":0,"next":null,"previous":null,"results":[]}')


def test_filters_orders_and_parameters_are_sent() -> None:
    echo = Echo(EMPTY)
    words = ("--filter", "name~a", "--filter=id>1", "--sort=-id", "--status=completed")
    assert run(echo, "list", "tasks", *words, "--page-size=7").exit_code == 0
    (sent,) = echo.sent
    assert dict(sent.query) == {
        "filter": '{"and":[{"in":["a",{"var":"name"}]},{">":[{"var":"id"},1]}]}',
        "sort": "-id",
        "status": "completed",
        "page": "1",
        "page_size": "7",
    }


def test_a_newer_server_is_asked_for_more_than_is_known() -> None:
    echo = Echo(EMPTY)
    words = ("--filter=mood=good", "--sort=mood", "--status=brandnew", "--unvalidated")
    assert run(echo, "list", "tasks", *words).exit_code == 0
    query = dict(echo.sent[0].query)
    assert (query["sort"], query["status"]) == ("mood", "brandnew")
    assert query["filter"] == '{"==":[{"var":"mood"},"good"]}'


def test_all_that_is_wrong_with_a_listing_is_said_before_anything_is_sent() -> None:
    echo = Echo(EMPTY)
    words = ("--filter=nmae=a", "--sort=nmae", "--fields=nmae", "--status=nwe", "--project-id=x")
    said = run(echo, "list", "tasks", *words)
    assert (said.exit_code, echo.sent) == (2, [])
    for option in ("--filter", "--sort", "--fields", "--status", "--project-id"):
        assert f"\n  {option}: " in said.stderr


@pytest.mark.parametrize("words", [("--csv", "--jsonl"), ("--table", "--json"), ("--limit=0",)])
def test_what_cannot_be_meant_is_refused(words: tuple[str, ...]) -> None:
    assert run(Echo(EMPTY), "list", "tasks", *words).exit_code == 2


def test_a_listing_goes_by_its_own_name_or_the_endpoints(sandbox: Sandbox) -> None:
    names = ("quality-settings", "quality.list_settings")
    first, second = (run(sandbox, "list", name).stdout for name in names)
    assert first == second != ""
    said = run(sandbox, "list", "taks")
    assert (said.exit_code, "did you mean 'tasks'?" in said.stderr) == (2, True)


def test_every_listing_can_be_listed_in_every_form(sandbox: Sandbox) -> None:
    for name, endpoint in listings().items():
        in_path = [each.name for each in endpoint.parameters if each.place == "path"]
        ids = [f"--{each}=1" for each in in_path]
        for form in ("--table", "--json", "--jsonl", "--csv"):
            listed = run(sandbox, "list", name, *ids, form)
            assert listed.exit_code in (0, 5), (name, form, listed.output)


def test_every_listing_has_columns_that_tell_something() -> None:
    for name, endpoint in listings().items():
        (kind,) = get_args(endpoint.declaration.signature.returns)
        assert {"id", "key"} & {*in_brief(kind)}, name
        assert {*in_brief(kind)} <= {*leaves(kind)}


class Paged:
    """Pages of one label each; from some page on there is no answer."""

    def __init__(self, pages: int, broken: int | None = None) -> None:
        self.pages, self.broken, self.asked = pages, broken, 0

    def __call__(self, request: Request, /) -> Outcome[Response, TransportError]:
        self.asked += 1
        number = int(dict(request.query)["page"])
        if number == self.broken:
            return Failure(TimedOut(request, "no answer"))
        return Success(Response(200, body=_label_page(number, self.pages)))


def _label_page(number: int, pages: int) -> bytes:
    label: dict[str, object] = {
        "id": number,
        "name": f"label {number}",
        "color": "#ff0000",
        "attributes": [],
        "type": "any",
        "sublabels": [],
        "parent_id": None,
        "has_parent": False,
    }
    following = f"http://a/api/labels?page={number + 1}" if number < pages else None
    page: dict[str, object] = {
        "count": pages,
        "next": following,
        "previous": None,
        "results": [label],
    }
    return json.dumps(page).encode()


def test_what_came_before_a_failure_is_written_and_does_not_look_whole() -> None:
    for form in ("--jsonl", "--json", "--csv", "--table"):
        broken = run(Paged(5, broken=3), "list", "labels", form, "--page-size=1", "--fields=name")
        assert broken.exit_code == 11
        assert "label 1" in broken.stdout
        assert "label 2" in broken.stdout
        assert "label 3" not in broken.stdout
    with pytest.raises(json.JSONDecodeError):
        json.loads(run(Paged(5, broken=3), "list", "labels", "--json", "--page-size=1").stdout)


def test_no_page_is_asked_for_that_nobody_wants() -> None:
    paged = Paged(5)
    listed = run(paged, "list", "labels", "--limit=2", "--page-size=1", "--fields=id")
    assert [*objects(listed)] == [{"id": 1}, {"id": 2}]
    assert paged.asked == 2


@pytest.mark.parametrize("form", [Form.JSONL, Form.JSON, Form.CSV, Form.TABLE])
def test_rows_are_written_when_they_come(form: Form, capfd: pytest.CaptureFixture[str]) -> None:
    alive: list[ref[Row]] = []

    def rows() -> Iterator[Row]:
        for number in range(1000):
            row = Row(number)
            alive.append(ref(row))
            yield row
            del row
            if number > 200:
                assert sum(each() is not None for each in alive) < 150

    tables.write(rows(), form, ("number",))
    assert capfd.readouterr().out.count("\n") >= 1000

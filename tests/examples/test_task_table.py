"""The example: the table has the tasks of the project, and changes as a whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve

from cvatfn import Outcome, Request, Response, call, models, prepare
from cvatfn.api import projects, tasks
from cvatfn.errors import TransportError
from cvatfn.filters import Tasks
from cvatfn.outcome import Failure, Success
from examples.task_table import Synced, main, sync
from tests.examples.conftest import Server


def _project(server: Server, count: int) -> int:
    project = call(server.cvat, projects.create, {"name": "zoo"}).unwrap().id
    for number in range(count):
        body: models.TaskWriteRequestDict = {"name": f"cats {number}", "project_id": project}
        call(server.cvat, tasks.create, body).unwrap()
    call(server.cvat, tasks.create, {"name": "elsewhere"}).unwrap()
    return project


def _names(table: sqlite3.Connection) -> list[str]:
    return [name for (name,) in table.execute("select name from tasks order by id")]


def test_what_is_new_comes_in_and_what_is_gone_goes_out(server: Server) -> None:
    project = _project(server, 3)
    with closing(sqlite3.connect(":memory:")) as table:
        assert sync(server.cvat, project, table) == Success(Synced(3, 0))
        assert _names(table) == ["cats 0", "cats 1", "cats 2"]
        call(server.cvat, tasks.destroy, 2).unwrap()
        call(server.cvat, tasks.partial_update, 3, {"name": "lions"}).unwrap()
        assert sync(server.cvat, project, table) == Success(Synced(2, 1))
        assert _names(table) == ["cats 0", "lions"]


def test_a_listing_that_breaks_off_changes_nothing(server: Server) -> None:
    project = _project(server, 3)
    with closing(sqlite3.connect(":memory:")) as table:
        sync(server.cvat, project, table).unwrap()
        call(server.cvat, tasks.partial_update, 3, {"name": "lions"}).unwrap()

        def small_pages_and_no_second(request: Request) -> Outcome[Response, TransportError]:
            if ("page", "2") in request.query:
                return Success(Response(500))
            kept = tuple(pair for pair in request.query if pair[0] != "page_size")
            small = Request(
                request.method, request.path, (*kept, ("page_size", "2")), request.headers
            )
            return server.cvat(small)

        assert isinstance(sync(small_pages_and_no_second, project, table), Failure)
        assert _names(table) == ["cats 0", "cats 1", "cats 2"]


def test_a_task_that_was_passed_over_stays(server: Server) -> None:
    project = _project(server, 3)
    with closing(sqlite3.connect(":memory:")) as table:
        sync(server.cvat, project, table).unwrap()
        call(server.cvat, tasks.destroy, 1).unwrap()

        def without_the_second(request: Request) -> Outcome[Response, TransportError]:
            """A listing as it comes out where the first task goes between two pages."""
            if request.path == "/api/tasks":
                less = prepare(tasks.list, filter=~(Tasks.id == 2)).unwrap().query
                return server.cvat(evolve(request, query=(*request.query, *less)))
            return server.cvat(request)

        assert sync(without_the_second, project, table) == Success(Synced(2, 1))
        assert _names(table) == ["cats 1", "cats 2"]

        def refused(request: Request) -> Outcome[Response, TransportError]:
            alone = request.path != "/api/tasks"
            return Success(Response(500)) if alone else without_the_second(request)

        assert isinstance(sync(refused, project, table), Failure)
        assert _names(table) == ["cats 1", "cats 2"]


def test_the_program(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = _project(server, 2)
    file = tmp_path / "tasks.sqlite"
    assert main(server.url, server.token, str(project), str(file)) == 0
    assert capsys.readouterr().out == f"2 tasks in {file}, 0 removed\n"
    assert main(server.url, "wrong", str(project), str(file)) == 1
    with closing(sqlite3.connect(file)) as table:
        assert _names(table) == ["cats 0", "cats 1"]

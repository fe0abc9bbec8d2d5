"""Keep a table of all tasks of a project: what is new comes in, what is gone goes out.

The table changes all at once, or not at all when the listing breaks off half-way.

    python -m examples.task_table https://cvat.example TOKEN PROJECT tasks.sqlite
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from typing import Final

from attrs import frozen

from cvatfn import (
    CallError,
    Failure,
    Outcome,
    Success,
    Transport,
    call,
    connect,
    in_pages_of,
    models,
    paginate,
    prefetching,
)
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from cvatfn.errors import Rejected
from examples.running import run

TABLE: Final = """
    create table if not exists tasks (
        id integer primary key, name text, status text, assignee text, frames integer, updated text
    )
"""
INSERT: Final = "insert or replace into tasks values (?, ?, ?, ?, ?, ?)"


@frozen
class Synced:
    """What changed in the table."""

    kept: int
    gone: int


def sync(cvat: Transport, project: int, table: sqlite3.Connection) -> Outcome[Synced, CallError]:
    """Bring a table up to date.

    :param cvat: what sends.
    :param project: the project's id.
    :param table: a database; its table `tasks` is made if it is not there.
    :returns: how many rows there are now, and how many were removed; or why nothing changed.
    """
    table.execute(TABLE)
    listing = in_pages_of(prefetching(tasks.list, 4), 500)
    known = {id for (id,) in table.execute("select id from tasks")}
    seen: set[int] = set()
    with table:  # one transaction
        for outcome in paginate(cvat, listing, project_id=project, sort="id"):
            match outcome:
                case Success(task):
                    table.execute(INSERT, _row(task))
                    seen.add(task.id)
                case Failure() as failure:
                    table.rollback()
                    return failure
        for id in known - seen:
            # What is deleted during a walk can make others be passed over: each is asked for.
            match call(cvat, tasks.retrieve, id):
                case Success(task) if task.project_id == project:
                    table.execute(INSERT, _row(task))
                    seen.add(id)
                case Success() | Failure(Rejected(status=404)):
                    table.execute("delete from tasks where id = ?", (id,))
                case Failure() as failure:
                    table.rollback()
                    return failure
    return Success(Synced(len(seen), len(known - seen)))


def _row(task: models.TaskRead) -> tuple[int | str | None, ...]:
    assignee = None if task.assignee is None else task.assignee.username
    frames = task.size if isinstance(task.size, int) else None
    updated = task.updated_date.isoformat()
    return (task.id, task.name, task.status.value, assignee, frames, updated)


def main(url: str, token: str, project: str, file: str) -> int:
    """Sync a project's tasks into a file, and say what changed."""
    with connect(url, auth=AccessToken(token)) as cvat, closing(sqlite3.connect(file)) as table:
        match sync(cvat, int(project), table):
            case Success(synced):
                print(f"{synced.kept} tasks in {file}, {synced.gone} removed")
                return 0
            case Failure(error):
                print(error, file=sys.stderr)
                return 1


if __name__ == "__main__":
    run(main)

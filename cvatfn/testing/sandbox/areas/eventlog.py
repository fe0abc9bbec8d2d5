"""Exports of events: what was made in the sandbox, and when, as a table.

Rule: the columns are CVAT's. The sandbox logs nothing; a row is the making of something that is
still there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO
from typing import Final, TypeAlias

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import begun
from cvatfn.testing.sandbox.areas.delivering import delivered, delivery_of, moment
from cvatfn.testing.sandbox.gates.asking import Asked, Done
from cvatfn.testing.sandbox.gates.replies import forbidden
from cvatfn.testing.sandbox.state.works import Background, ExportEvents, Result
from cvatfn.testing.sandbox.state.world import World, unique

__all__ = ["export_events", "make_events"]

Row: TypeAlias = Mapping[str, str | int]

COLUMNS: Final = (
    "scope",
    "obj_name",
    "obj_id",
    "obj_val",
    "source",
    "timestamp",
    "count",
    "duration",
    "project_id",
    "task_id",
    "job_id",
    "user_id",
    "user_name",
    "user_email",
    "org_id",
    "org_slug",
    "payload",
)
NARROWING: Final = ("project_id", "task_id", "job_id", "user_id", "org_id")


def export_events(world: World, asked: Asked) -> Done:
    """Begin to export the events; who is no superuser gets only their own."""
    own, wanted = asked.account.id, asked.given("user_id", int)
    if not asked.account.is_superuser and wanted not in (None, own):
        return forbidden()
    match delivery_of(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(delivery):
            pass
    narrowed = {name: each for name in NARROWING if (each := asked.given(name, int)) is not None}
    world, number = unique(world, "events")
    work = ExportEvents(
        id=number,
        wanted=narrowed if asked.account.is_superuser else {**narrowed, "user_id": own},
        since=asked.given("from_", datetime),
        until=asked.given("to", datetime),
        delivery=delivery,
    )
    return begun(world, asked, f"action=export&target=events&id={number}&user_id={own}", work)


def make_events(world: World, background: Background, work: ExportEvents) -> Outcome[World, str]:
    """Write the table of an export.

    :param world: before.
    :param background: the work that waits for it.
    :param work: what is wanted.
    """
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for made, row in sorted(_rows(world), key=lambda pair: pair[0]):
        wanted = all(row.get(name) == value for name, value in work.wanted.items())
        if wanted and (work.since or made) <= made <= (work.until or made):
            table.writerow([{"timestamp": made.isoformat(), **row}.get(name) for name in COLUMNS])
    content = written.getvalue().encode()
    result = Result(f"logs_{moment(world.now)}.csv", content, world.now, "text/csv")
    return delivered(world, background, work.delivery, result)


def _rows(world: World) -> Iterator[tuple[datetime, Row]]:
    for project in world.projects.values():
        places = {"obj_id": project.id, "project_id": project.id}
        yield project.created, _row(world, "project", project.owner, places)
    for task in world.tasks.values():
        above = {} if task.project is None else {"project_id": task.project}
        places = {"obj_id": task.id, "task_id": task.id, **above}
        yield task.created, _row(world, "task", task.owner, places)
    for job in world.jobs.values():
        task = world.tasks[job.task]
        above = {} if task.project is None else {"project_id": task.project}
        places = {"obj_id": job.id, "job_id": job.id, "task_id": task.id, **above}
        yield job.created, _row(world, "job", task.owner, places)


def _row(world: World, kind: str, user: int, places: Mapping[str, int]) -> Row:
    owner = world.accounts[user]
    return {
        "scope": f"create:{kind}",
        "obj_name": kind,
        "source": "server",
        "count": 1,
        "user_id": owner.id,
        "user_name": owner.username,
        "user_email": owner.email,
        **places,
    }

"""Exports of events: what happened, as a table.

Rule: the columns are CVAT's, the rows those of the log. One sees what one did oneself; within an
organization its maintainers see what was done there. Unless asked otherwise, of the last 30 days.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import StringIO
from typing import Final
from urllib.parse import quote
from uuid import UUID

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import begun, started
from cvatfn.testing.sandbox.areas.delivering import delivered, delivery_of, moment
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, done
from cvatfn.testing.sandbox.gates.permitting import has_role, is_admin
from cvatfn.testing.sandbox.gates.replies import Answer, Refusal, invalid, refused
from cvatfn.testing.sandbox.state.works import Background, Delivery, ExportEvents, Result
from cvatfn.testing.sandbox.state.world import World, dropped, unique

__all__ = ["export_events", "list_events", "make_events"]

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
WINDOW: Final = timedelta(days=30)
DEPRECATED: Final = ("Deprecation", "@1742169600")
"""Since when the old way to the table is deprecated (RFC 9745): 17 March 2025."""


def export_events(world: World, asked: Asked) -> Done:
    """Begin to export the events."""
    match delivery_of(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(delivery):
            pass
    world, number = unique(world, "events")
    match _work(world, asked, number, delivery):
        case Failure() as refusal:
            return refusal
        case Success(work):
            return begun(world, asked, _id(number, asked), work)


def list_events(world: World, asked: Asked) -> Done:
    """Do the same the old way: begin, ask whether it is ready, fetch it; all at one path."""
    wanted = asked.given("query_id", str)
    if wanted is not None and not _is_uuid(wanted):
        return invalid(query_id="Must be a valid UUID.")
    known = None if wanted is None else world.backgrounds.get(_id(wanted, asked))
    if wanted is not None and known is not None:
        return _followed(world, asked, wanted, known)
    world, number = unique(world, "events") if wanted is None else (world, wanted)
    work = _work(world, asked, number, Delivery(asked.origin, asked.given("filename", str)))
    match work:
        case Failure() as refusal:
            return refusal
        case Success(wished):
            world, _ = started(world, asked, _id(number, asked), wished)
            return done(world, {"query_id": number}, 202, DEPRECATED)


def make_events(world: World, background: Background, work: ExportEvents) -> Outcome[World, str]:
    """Write the table of an export.

    :param world: before.
    :param background: the work that waits for it.
    :param work: what is wanted.
    """
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for event in sorted(world.log, key=lambda row: row.timestamp):
        at = event.timestamp
        if (work.since or at) <= at <= (work.until or at) and _is_wanted(event, work.wanted):
            table.writerow([_cell(getattr(event, name)) for name in COLUMNS])
    content = written.getvalue().encode("utf-8", "replace")
    result = Result(f"logs_{moment(world.now)}.csv", content, world.now, "text/csv")
    return delivered(world, background, work.delivery, result)


def _followed(world: World, asked: Asked, number: str, known: Background) -> Done:
    """How far a table is that was asked for before; fetching it forgets it."""
    if known.failure is not None:
        world = evolve(world, backgrounds=dropped(world.backgrounds, known.id))
        return Failure(Refusal(500, known.failure, (DEPRECATED,)))
    if known.result is None:
        return done(world, {"query_id": number}, 202, DEPRECATED)
    if asked.params.get("action") != "download":
        return done(world, None, 201, DEPRECATED)
    world = evolve(world, backgrounds=dropped(world.backgrounds, known.id))
    name = asked.given("filename", str) or known.result.name
    disposition = ("Content-Disposition", f'attachment; filename="{quote(name, safe=" ()~")}"')
    file = Answer(known.result.content, 200, (disposition,), known.result.content_type)
    return Success(Outgoing(world, file))


def _work(
    world: World, asked: Asked, number: str, delivery: Delivery
) -> Outcome[ExportEvents, Refusal]:
    since, until = asked.given("from_", datetime), asked.given("to", datetime)
    if since is not None and until is not None and since > until:
        return invalid("'from' must be before than 'to'")
    if since is None and until is None:
        since, until = world.now - WINDOW, None
    wanted = {name: each for name in NARROWING if (each := asked.given(name, int)) is not None}
    for name, least in _bounds(world, asked).items():
        if wanted.setdefault(name, least) != least:
            said = f"You don't have permission to view events with {name}={wanted[name]}"
            return refused(403, said)
    return Success(
        ExportEvents(id=number, wanted=wanted, since=since, until=until, delivery=delivery)
    )


def _bounds(world: World, asked: Asked) -> Mapping[str, int]:
    """What a person's events are narrowed down to, whatever is asked."""
    account, within = asked.account, asked.organization_id
    own = {} if is_admin(account) else {"user_id": account.id}
    if within is None:
        return own
    leads = has_role(world, account, within, models.RoleEnum.MAINTAINER)
    return {"org_id": within} if leads else {**own, "org_id": within}


def _id(number: str, asked: Asked) -> str:
    return f"action=export&target=events&id={number}&user_id={asked.account.id}"


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _is_wanted(event: models.Event, wanted: Mapping[str, int]) -> bool:
    return all(getattr(event, name) == value for name, value in wanted.items())


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, Unset) else value

"""Events that people's programs report: checked, and written into the log.

Rule: what a program did is taken as it says; who did it, and within which organization, the server
knows better. Times are moved by as much as the program's clock is off.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cvatfn import models
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure
from cvatfn.testing.sandbox.areas.logbook import logged
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.replies import invalid
from cvatfn.testing.sandbox.state.people import Organization
from cvatfn.testing.sandbox.state.world import World

__all__ = ["create"]

SCOPES: Final = frozenset(
    {
        "action:redo",
        "action:undo",
        "change:attribute",
        "change:frame",
        "change:label",
        "click:element",
        "copy:object",
        "debug:info",
        "delete:object",
        "drag:object",
        "draw:object",
        "fit:image",
        "group:objects",
        "join:objects",
        "load:cvat",
        "load:job",
        "lock:object",
        "merge:objects",
        "paste:object",
        "propagate:object",
        "resize:object",
        "restore:job",
        "rotate:image",
        "run:annotations_action",
        "save:job",
        "send:exception",
        "send:task_info",
        "slice:object",
        "split:objects",
        "upload:annotations",
        "zoom:image",
    }
)
"""What programs may report; everything else is for the server to say."""


def create(world: World, asked: Asked) -> Done:
    """Take a program's events into the log."""
    sent = asked.needed("client_events_request", models.ClientEventsRequest)
    for event in sent.events or ():
        if event.scope not in SCOPES:
            return invalid(scope=f"Event scope **{event.scope}** is not allowed from client")
        if isinstance(loads(JSON, (event.payload or "{}").encode("utf-8", "replace")), Failure):
            return invalid(payload="JSON payload is not valid in passed event")
    late = world.now - sent.timestamp
    events = tuple(_taken(asked, event, late) for event in sent.events or ())
    answer = models.ClientEvents(events=events, timestamp=sent.timestamp)
    return done(logged(world, events), answer, 201)


def _taken(asked: Asked, event: models.EventRequest, late: timedelta) -> models.Event:
    account, of = asked.account, asked.organization
    within = of if isinstance(of, Organization) else None
    return models.Event(
        scope=event.scope,
        obj_name=event.obj_name,
        obj_id=event.obj_id,
        obj_val=event.obj_val,
        source="client",
        timestamp=_moved(event, late),
        count=event.count,
        duration=event.duration or 0,
        project_id=event.project_id,
        task_id=event.task_id,
        job_id=event.job_id,
        user_id=account.id,
        user_name=account.username,
        user_email=account.email,
        org_id=None if within is None else within.id,
        org_slug=None if within is None else within.slug,
        payload=event.payload or "{}",
    )


def _moved(event: models.EventRequest, late: timedelta) -> datetime:
    try:
        return event.timestamp + late
    except OverflowError:  # at the ends of the calendar
        return event.timestamp

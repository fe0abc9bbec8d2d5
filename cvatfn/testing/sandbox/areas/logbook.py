"""The log: what people and the server did, as rows.

Rule: a row is CVAT's `Event`. What came, went and changed is seen by comparing worlds, one row for
each field that changed; what people's programs report is taken as it is. A world keeps the newest
rows; nothing that is secret, and no more than a few names of a large change, is in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, Protocol, TypeAlias

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.codecs.json import dumps, unstructure
from cvatfn.codecs.unset import UNSET
from cvatfn.testing.sandbox.areas.changes import Change, Places, places_of
from cvatfn.testing.sandbox.areas.rows import name_of
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.works import (
    Background,
    ExportDataset,
    ImportAnnotations,
    ImportDataset,
)
from cvatfn.testing.sandbox.state.world import World

__all__ = ["MOST_EVENTS", "Told", "begun_rows", "fields_of", "logged", "rows_of", "server_row"]

MOST_EVENTS: Final = 10_000
"""How many rows a world keeps; the oldest are forgotten first."""

Action: TypeAlias = Literal["create", "update", "delete"]


@frozen
class Told:
    """A change, with what people see of it.

    :param old: what was shown of it before, by field; of something new, nothing.
    :param new: what is shown of it now; of what went, nothing.
    """

    change: Change
    old: Mapping[str, object]
    new: Mapping[str, object]

    @property
    def before_update(self) -> Mapping[str, object]:
        """The former values of the fields that an update changed."""
        if self.change.action != "update":
            return {}
        return {
            name: self.old.get(name)
            for name, value in self.new.items()
            if self.old.get(name) != value
        }


def logged(world: World, rows: Iterable[models.Event]) -> World:
    """A world that remembers more.

    :param rows: what happened, in order.
    """
    more = tuple(rows)
    return evolve(world, log=(*world.log, *more)[-MOST_EVENTS:]) if more else world


def rows_of(before: World, after: World, user: int | None, told: Told) -> Iterator[models.Event]:
    """The rows that tell of a change.

    :param before: the world in which the change was still to come.
    :param after: the world after it.
    :param user: who did it.
    :param told: the change.
    """
    change = told.change
    world = before if change.after is None else after
    places = places_of(world, change.row)
    scope = f"{change.action}:{change.kind}"
    number = getattr(change.row, "id", None)
    identity = number if isinstance(number, int) else None
    by = user if user is not None or not isinstance(change.row, Account) else change.row.id
    match change.action:
        case "create":
            payload = {name: told.new[name] for name in told.new if name not in _TOO_MUCH}
            yield server_row(
                world, scope, by, places, payload, obj_id=identity, obj_name=name_of(change.row)
            )
        case "delete":
            yield server_row(
                world, scope, by, places, obj_id=identity, obj_name=name_of(change.row)
            )
        case "update":
            for name, value in told.before_update.items():
                if name in _UNTOLD:
                    continue
                now = str(told.new[name])[:_LONGEST]
                yield server_row(
                    world, scope, by, places, {"old_value": value}, obj_name=name, obj_val=now
                )
    if isinstance(change.after, Job):
        yield from _annotated(after, by, places, change)


def begun_rows(world: World, background: Background) -> Iterator[models.Event]:
    """The row that tells of an export or import of a dataset that was begun.

    :param background: the work.
    """
    match background.work:
        case ExportDataset() as work:
            verb, payload = "export", {"format": work.format, "save_images": work.save_images}
        case ImportAnnotations() | ImportDataset() as work:
            verb, payload = "import", {"format": work.format}
        case _:
            return
    yield server_row(
        world, f"{verb}:dataset", background.user, _subject(world, background), payload
    )


def server_row(
    world: World,
    scope: str,
    user: int | None,
    places: Places,
    payload: Mapping[str, object] | None = None,
    *,
    obj_id: int | None = None,
    obj_name: str | None = None,
    obj_val: str | None = None,
    count: int = 1,
) -> models.Event:
    """A row that the server writes.

    :param scope: what happened, such as `create:task`.
    :param user: who did it.
    :param places: where.
    :param payload: more of it.
    """
    account = None if user is None else world.accounts.get(user)
    of = None if places.organization is None else world.organizations.get(places.organization)
    return models.Event(
        scope=scope,
        obj_name=obj_name,
        obj_id=obj_id,
        obj_val=obj_val,
        source="server",
        timestamp=world.now,
        count=count,
        duration=0,
        project_id=places.project,
        task_id=places.task,
        job_id=places.job,
        user_id=user,
        user_name=None if account is None else account.username,
        user_email=None if account is None else account.email or None,
        org_id=places.organization,
        org_slug=None if of is None else of.slug,
        payload=UNSET if payload is None else dumps(payload).decode(),
    )


def fields_of(model: object) -> Mapping[str, object]:
    """A model's fields by name, plain.

    :param model: a model, or fields already.
    """
    return unstructure(model)


_TOO_MUCH: Final = frozenset(
    {"url", "id", "name", "slug", "key", "username", "display_name", "message", "organization"}
    | {"project", "task", "tasks", "job", "jobs", "comments", "issues", "attributes", "size"}
)
"""Fields that a row says elsewhere, or that are many."""
_UNTOLD: Final = frozenset({"labels", "updated_date", "url", "jobs", "tasks", "issues", "comments"})
"""Fields whose change is no news: they follow from others."""
_LONGEST: Final = 1_000
"""How many characters are told of a value."""
_MOST_IDS: Final = 1_000
"""How many annotations are named; a row counts all of them."""


class _Placed(Protocol):
    @property
    def id(self) -> int | None: ...


def _annotated(
    world: World, user: int | None, places: Places, change: Change
) -> Iterator[models.Event]:
    """Rows for the annotations of a job: how many of which form came, went and changed."""
    job = change.after
    was = change.before.annotations if isinstance(change.before, Job) else None
    if not isinstance(job, Job) or was is None or was is job.annotations:
        return
    now = job.annotations
    pairs = (
        ("tags", was.tags, now.tags),
        ("shapes", was.shapes, now.shapes),
        ("tracks", was.tracks, now.tracks),
    )
    for kind, old, new in pairs:
        for action, items in _compared(old, new):
            forms = Counter(_form(item) for item in items)
            for form, count in forms.items():
                ids = [{"id": item.id} for item in items if _form(item) == form][:_MOST_IDS]
                yield server_row(
                    world,
                    f"{action}:{kind}",
                    user,
                    places,
                    {kind: ids},
                    obj_name=form,
                    count=count,
                )


def _compared(
    old: Iterable[_Placed], new: Iterable[_Placed]
) -> Iterator[tuple[Action, list[_Placed]]]:
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    yield "create", [item for key, item in after.items() if key not in before]
    yield (
        "update",
        [item for key, item in after.items() if key in before and before[key] != item],
    )
    yield "delete", [item for key, item in before.items() if key not in after]


def _form(item: object) -> str | None:
    match item:
        case models.LabeledShape():
            return item.type.value
        case models.LabeledTrack():
            return item.shapes[0].type.value if item.shapes else None
        case _:
            return None


def _subject(world: World, background: Background) -> Places:
    """What a dataset is of; what is gone by now is nowhere."""
    row: Project | Task | Job | None = None
    match background.work:
        case ImportDataset() as work:
            row = world.projects.get(work.project)
        case ExportDataset(target="project") as work:
            row = world.projects.get(work.id)
        case ExportDataset(target="task") | ImportAnnotations(target="task") as work:
            row = world.tasks.get(work.id)
        case ExportDataset() | ImportAnnotations() as work:
            row = world.jobs.get(work.id)
        case _:
            pass
    return Places() if row is None else places_of(world, row)

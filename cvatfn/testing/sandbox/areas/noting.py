"""After each step: what changed is written into the log, and webhooks are told of it.

Rule: an answer is made before anybody is told, and does not depend on who is. Of each change, each
webhook that asks for it is told once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cvatfn import models
from cvatfn.api import server
from cvatfn.messages import Request
from cvatfn.testing.sandbox.areas import background
from cvatfn.testing.sandbox.areas.changes import Change, Places, changes, places_of
from cvatfn.testing.sandbox.areas.logbook import Told, begun_rows, fields_of, logged, rows_of
from cvatfn.testing.sandbox.areas.posting import posted
from cvatfn.testing.sandbox.areas.rows import shown
from cvatfn.testing.sandbox.gates.asking import Asked, Login, basic_user
from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.tidying import tidied
from cvatfn.testing.sandbox.state.works import Background
from cvatfn.testing.sandbox.state.world import World

__all__ = ["completed", "noted", "on_behalf"]


def noted(before: World, after: World, asked: Asked) -> World:
    """The world after a step, tidied up, in which all who want to know are told what changed.

    :param before: the world as the step found it.
    :param after: the world as it left it.
    :param asked: who did it, and under which origin links are to be.
    """
    if after is before:
        return after
    after = tidied(before, after)
    user = None if asked.login is None else asked.login.account.id
    log: list[models.Event] = []
    world = after
    for change in changes(before, after):
        told = _told(before, after, asked, change)
        log.extend(rows_of(before, after, user, told))
        for action, webhook in _audience(before, after, change):
            world = _sent(world, webhook, f"{action}:{change.kind}", asked, told)
    for number, work in after.backgrounds.items():
        if work.finished is None and before.backgrounds.get(number) is not work:
            log.extend(begun_rows(after, work))
    return logged(world, log)


def completed(before: World, after: World) -> World:
    """A world in which webhooks are told which background work ended.

    :param before: where it went on.
    :param after: where it is over.
    """
    world = after
    if before.backgrounds is after.backgrounds:
        return world
    for number, work in after.backgrounds.items():
        known = before.backgrounds.get(number)
        if work.finished is not None and (known is None or known.finished is None):
            world = _told_of_request(world, work)
    return world


def on_behalf(world: World, user: int) -> Asked:
    """What stands for a request where the server does something by itself.

    :param user: who had asked for it.
    """
    account = world.accounts.get(user)
    login = None if account is None else Login(account, "session")
    return Asked(server.retrieve_about, {}, login, world.origin, _NOTHING)


_NOTHING: Final = Request("GET", "/api/server/about")
_TYPES: Final = models.WebhookType


def _told(before: World, after: World, asked: Asked, change: Change) -> Told:
    old = None if change.before is None else shown(before, asked, change.before)
    new = None if change.after is None else shown(after, asked, change.after)
    return Told(
        change,
        {} if old is None else fields_of(old),
        {} if new is None else fields_of(new),
    )


def _audience(before: World, after: World, change: Change) -> Iterator[tuple[str, Webhook]]:
    """Who is to be told of a change, and as what.

    An organization that loses a thing to another one sees it go, and the other one sees it come.
    """
    world = before if change.after is None else after
    if not world.webhooks:
        return
    new = places_of(world, change.row)
    old = new if change.before is None else places_of(before, change.before)
    for webhook in world.webhooks.values():
        action = _action(webhook, change.action, old, new)
        if action is not None and _listens(webhook, f"{action}:{change.kind}"):
            yield action, webhook


def _action(webhook: Webhook, action: str, old: Places, new: Places) -> str | None:
    match webhook.type:
        case _TYPES.PROJECT:
            return action if webhook.project == new.project else None
        case _TYPES.ORGANIZATION if old.organization != new.organization:
            came = webhook.organization == new.organization
            went = webhook.organization == old.organization
            return "create" if came else "delete" if went else None
        case _TYPES.ORGANIZATION:
            return action if webhook.organization == new.organization else None
        case _:
            return action


def _listens(webhook: Webhook, event: str) -> bool:
    return webhook.is_active and any(event == wanted.value for wanted in webhook.events)


def _sent(world: World, webhook: Webhook, event: str, asked: Asked, told: Told) -> World:
    was = told.before_update
    number = None if asked.login is None else asked.login.account.id
    message: dict[str, object] = {
        "event": event,
        told.change.kind: told.new or told.old,
        **({"before_update": was} if was else {}),
        "sender": basic_user(world, asked, number),
        "webhook_id": webhook.id,
    }
    return posted(world, webhook, event, message, changed_fields=was)


def _told_of_request(world: World, work: Background) -> World:
    request = background.shown(world, work)
    event = f"completed:request[{request.operation.type}]"
    places = _places(world, request.operation)
    asked = on_behalf(world, work.user)
    for webhook in tuple(world.webhooks.values()):
        if _action(webhook, "completed", places, places) and _listens(webhook, event):
            message: Mapping[str, object] = {
                "event": event,
                "request": request,
                "sender": basic_user(world, asked, work.user),
                "webhook_id": webhook.id,
            }
            world = posted(world, webhook, event, message)
    return world


def _places(world: World, operation: models.RequestDataOperation) -> Places:
    task = None if operation.task_id is None else world.tasks.get(operation.task_id)
    project = None if operation.project_id is None else world.projects.get(operation.project_id)
    of = task if task is not None else project
    organization = None if of is None else of.organization
    return Places(organization, operation.project_id, operation.task_id, operation.job_id)

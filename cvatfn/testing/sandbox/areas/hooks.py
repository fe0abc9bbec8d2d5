"""Webhooks: set up, listed, changed, removed; and which events there are to listen to.

Rule: who owns a project, or is maintainer of its organization, has it watched; maintainers have
their organization watched, and admins the server. A secret is never shown.
"""

from __future__ import annotations

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.hooking import may_change_webhook, may_create_webhook, may_list
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, server_error
from cvatfn.testing.sandbox.state.hookable import events_for, listed_for
from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.world import World, dropped, put, username_of
from cvatfn.transport.origins import read_url

__all__ = [
    "create",
    "destroy",
    "list_webhooks",
    "partial_update",
    "retrieve",
    "retrieve_events",
    "shown",
    "update",
]

Type = models.WebhookType


def list_webhooks(world: World, asked: Asked) -> Done:
    """The webhooks one may see."""
    rows = [row for row in world.webhooks.values() if may_list(world, asked, row)]
    return paged(
        world,
        asked,
        rows,
        _columns(world),
        lambda row: shown(world, asked, row),
        searched=("target_url", "owner", "type", "description"),
    )


def create(world: World, asked: Asked) -> Done:
    """Set up a webhook."""
    sent = asked.needed("webhook_write_request", models.WebhookWriteRequest)
    number = sent.project_id if isinstance(sent.project_id, int) else None
    project = None if number is None else world.projects.get(number)
    if number is not None and project is None:
        return invalid(f"Could not find project with provided id: {number}")
    if not may_create_webhook(world, asked, sent.type, project):
        return forbidden()
    match _checked(sent.type, sent.target_url, sent.events):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    organization = asked.organization_id if project is None else project.organization
    if not _has_subject(sent.type, number, organization):
        return server_error()  # CVAT leaves this to its database, which refuses
    world, number = world.numbered("webhook")
    webhook = Webhook(
        id=number,
        type=sent.type,
        target_url=sent.target_url,
        description=sent.description or "",
        content_type=sent.content_type or models.WebhookContentType.APPLICATION_JSON,
        secret=sent.secret or "",
        is_active=sent.is_active is not False,
        enable_ssl=sent.enable_ssl is not False,
        owner=asked.account.id,
        project=None if project is None else project.id,
        organization=organization,
        events=frozenset(sent.events),
        created=world.now,
        updated=world.now,
    )
    world = evolve(world, webhooks=put(world.webhooks, number, webhook))
    location = ("Location", asked.url(f"/api/webhooks/{number}"))
    return done(world, shown(world, asked, webhook), 201, location)


def retrieve(world: World, asked: Asked, webhook: Webhook) -> Done:
    """One webhook, without its secret."""
    return done(world, shown(world, asked, webhook))


def update(world: World, asked: Asked, webhook: Webhook) -> Done:
    """Set up a webhook anew; what it watches stays, whatever is sent."""
    sent = asked.needed("webhook_write_request", models.WebhookWriteRequest)
    return _updated(world, asked, webhook, sent)


def partial_update(world: World, asked: Asked, webhook: Webhook) -> Done:
    """Change a webhook: only what is given."""
    kind = models.PatchedWebhookWriteRequest
    sent = asked.given("patched_webhook_write_request", kind)
    return _updated(
        world, asked, webhook, models.PatchedWebhookWriteRequest() if sent is None else sent
    )


def destroy(world: World, asked: Asked, webhook: Webhook) -> Done:
    """Remove a webhook; its deliveries go with it."""
    if not may_change_webhook(world, asked.account, webhook):
        return forbidden()
    return done(evolve(world, webhooks=dropped(world.webhooks, webhook.id)), None, 204)


def retrieve_events(world: World, asked: Asked) -> Done:
    """The events that webhooks of a type may listen to; of all types, unless one is named."""
    kind = asked.given("type", models.AllWebhookType) or models.AllWebhookType.ALL
    return done(world, models.Events(webhook_type=kind, events=listed_for(kind)))


def shown(world: World, asked: Asked, webhook: Webhook) -> models.WebhookRead:
    """A webhook as CVAT shows it.

    :param webhook: the webhook.
    """
    told = [
        delivery
        for delivery in world.deliveries.values()
        if delivery.webhook == webhook.id and delivery.status_code is not None
    ]
    last = max(told, key=lambda delivery: delivery.id, default=None)
    status = None if last is None else last.status_code
    return models.WebhookRead(
        id=webhook.id,
        url=asked.url(f"/api/webhooks/{webhook.id}"),
        target_url=webhook.target_url,
        description=webhook.description,
        type=webhook.type,
        content_type=webhook.content_type,
        is_active=webhook.is_active,
        enable_ssl=webhook.enable_ssl,
        created_date=webhook.created,
        updated_date=webhook.updated,
        owner=basic_user(world, asked, webhook.owner),
        project_id=webhook.project,
        organization=webhook.organization,
        events=tuple(sorted(webhook.events, key=lambda event: event.value)),
        last_status=UNSET if status is None else status,
        last_delivery_date=UNSET if last is None else last.updated,
    )


def _updated(
    world: World,
    asked: Asked,
    webhook: Webhook,
    sent: models.WebhookWriteRequest | models.PatchedWebhookWriteRequest,
) -> Done:
    if not may_change_webhook(world, asked.account, webhook):
        return forbidden()
    match _checked(webhook.type, sent.target_url, sent.events):
        case Failure() as refusal:
            return refusal
        case Success():
            pass
    about, secret = sent.description, sent.secret
    webhook = evolve(
        webhook,
        target_url=sent.target_url or webhook.target_url,
        description=webhook.description if isinstance(about, Unset) else about,
        content_type=sent.content_type or webhook.content_type,
        secret=webhook.secret if isinstance(secret, Unset) else secret,
        is_active=webhook.is_active if isinstance(sent.is_active, Unset) else sent.is_active,
        enable_ssl=webhook.enable_ssl if isinstance(sent.enable_ssl, Unset) else sent.enable_ssl,
        events=webhook.events if isinstance(sent.events, Unset) else frozenset(sent.events),
        updated=world.now,
    )
    world = evolve(world, webhooks=put(world.webhooks, webhook.id, webhook))
    return done(world, shown(world, asked, webhook))


def _checked(
    kind: Type, target: str | Unset, events: tuple[models.EventsEnum, ...] | Unset
) -> Outcome[None, Refusal]:
    if not isinstance(target, Unset) and read_url(target) is None:
        return invalid(target_url="Enter a valid URL.")
    if not isinstance(events, Unset) and not events_for(kind).issuperset(events):
        return invalid(non_field_errors=f"Invalid events list for {kind.value} webhook")
    return Success(None)


def _has_subject(kind: Type, project: int | None, organization: int | None) -> bool:
    """Whether a type of webhook has what it watches, and nothing besides."""
    if kind is Type.PROJECT:
        return project is not None
    if kind is Type.ORGANIZATION:
        return project is None and organization is not None
    return project is None and organization is None


def _columns(world: World) -> Columns[Webhook]:
    return {
        "id": lambda row: row.id,
        "target_url": lambda row: row.target_url,
        "owner": lambda row: username_of(world, row.owner),
        "type": lambda row: row.type.value,
        "description": lambda row: row.description,
        "project_id": lambda row: row.project,
        "updated_date": lambda row: row.updated,
    }

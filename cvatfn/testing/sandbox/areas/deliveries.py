"""What webhooks were told: looked at, sent once more, and tried out with a ping."""

from __future__ import annotations

from typing import Final

from cvatfn import models
from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.areas import hooks
from cvatfn.testing.sandbox.areas.posting import posted, readdressed
from cvatfn.testing.sandbox.gates.asking import Asked, Done, basic_user, done
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.replies import missing
from cvatfn.testing.sandbox.state.hooks import Webhook, WebhookDelivery
from cvatfn.testing.sandbox.state.world import World

__all__ = ["list_deliveries", "ping", "redeliver", "retrieve", "shown"]


def list_deliveries(world: World, asked: Asked, webhook: Webhook) -> Done:
    """What a webhook was told, the latest first."""
    rows = [row for row in world.deliveries.values() if row.webhook == webhook.id]
    return paged(world, asked, rows, _COLUMNS, shown, order="-updated_date,-number")


def retrieve(world: World, asked: Asked, webhook: Webhook) -> Done:
    """One message."""
    delivery = _found(world, asked, webhook)
    return missing("WebhookDelivery") if delivery is None else done(world, shown(delivery))


def redeliver(world: World, asked: Asked, webhook: Webhook) -> Done:
    """Send a message once more; to a webhook that is turned off, nothing is sent."""
    delivery = _found(world, asked, webhook)
    if delivery is None:
        return missing("WebhookDelivery")
    return done(readdressed(world, webhook, delivery) if webhook.is_active else world, {})


def ping(world: World, asked: Asked, webhook: Webhook) -> Done:
    """Send a message that says nothing, to see whether it arrives."""
    message = {
        "event": "ping",
        "webhook": hooks.shown(world, asked, webhook),
        "sender": basic_user(world, asked, asked.account.id),
    }
    world = posted(world, webhook, "ping", message, awaited=True)
    return done(world, shown(world.deliveries[world.ids["webhook delivery"]]))


def shown(delivery: WebhookDelivery) -> models.WebhookDeliveryRead:
    """A message as CVAT shows it.

    :param delivery: the message.
    """
    read = loads(JSON, delivery.content)
    return models.WebhookDeliveryRead(
        id=delivery.id,
        webhook_id=delivery.webhook,
        event=delivery.event,
        status_code=delivery.status_code,
        redelivery=delivery.redelivery,
        attempt=delivery.attempt,
        request_duration=None,
        created_date=delivery.created,
        updated_date=delivery.updated,
        changed_fields=",".join(delivery.changed_fields),
        request=read.unwrap() if isinstance(read, Success) else None,
        response=delivery.response,
    )


_LONGEST_ID: Final = 20
_COLUMNS: Final[Columns[WebhookDelivery]] = {
    "number": lambda row: row.id,  # the parameter `id` is the webhook's
    "updated_date": lambda row: row.updated,
}


def _found(world: World, asked: Asked, webhook: Webhook) -> WebhookDelivery | None:
    digits = asked.needed("delivery_id", str)
    delivery = world.deliveries.get(int(digits)) if len(digits) <= _LONGEST_ID else None
    return delivery if delivery is not None and delivery.webhook == webhook.id else None

"""The post: messages to webhooks, written and signed, and what came back.

Rule: nothing is sent here. `posted` puts a delivery into the world and the request that carries it
into the outbox; `taken` hands out the next one, to whoever sends it, and `answered` writes down
what came of it. A webhook that was removed meanwhile is told nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import new as hmac
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from attrs import evolve

from cvatfn.codecs.json import dumps
from cvatfn.errors import TimedOut, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.state.hooks import (
    MOST_DELIVERIES,
    MOST_POSTINGS,
    Posting,
    Webhook,
    WebhookDelivery,
)
from cvatfn.testing.sandbox.state.world import World, put
from cvatfn.transport.origins import read_url

__all__ = ["answered", "posted", "readdressed", "taken"]

V = TypeVar("V")

LONGEST_ANSWER: Final = 1 << 20
"""How many bytes of an answer are kept; of a longer one nothing is, as CVAT does."""
BAD_GATEWAY: Final = 502
GATEWAY_TIMEOUT: Final = 504


def posted(
    world: World,
    webhook: Webhook,
    event: str,
    message: Mapping[str, object],
    *,
    changed_fields: Iterable[str] = (),
    awaited: bool = False,
) -> World:
    """A world that has one more message for a webhook.

    :param webhook: who is to be told.
    :param event: what happened, such as `create:task`.
    :param message: the message, of models and plain values.
    :param changed_fields: the names of what an update changed.
    :param awaited: whether somebody waits for the answer.
    """
    world, number = world.numbered("webhook delivery")
    delivery = WebhookDelivery(
        id=number,
        webhook=webhook.id,
        event=event,
        content=dumps(message),
        changed_fields=tuple(changed_fields),
        created=world.now,
        updated=world.now,
    )
    return _carried(world, webhook, delivery, awaited=awaited)


def readdressed(world: World, webhook: Webhook, delivery: WebhookDelivery) -> World:
    """A world in which a message is on its way once more, to where the webhook is now.

    :param webhook: who is to be told.
    :param delivery: the message that was sent before.
    """
    world, number = world.numbered("webhook delivery")
    again = evolve(
        delivery,
        id=number,
        redelivery=True,
        status_code=None,
        response="",
        created=world.now,
        updated=world.now,
    )
    return _carried(world, webhook, again, awaited=False)


def taken(world: World) -> tuple[World, Posting | None]:
    """The next request to send, and the world in which it waits no longer.

    >>> taken(World.empty())[1] is None
    True
    """
    if not world.outbox:
        return world, None
    first, *rest = world.outbox
    return evolve(world, outbox=tuple(rest)), first


def answered(world: World, posting: Posting, outcome: Outcome[Response, TransportError]) -> World:
    """A world that knows what came of a posting.

    :param posting: what was sent.
    :param outcome: the answer, or why there was none: that counts as 504 or 502, as in CVAT.
    """
    delivery = world.deliveries.get(posting.delivery)
    if delivery is None:
        return world
    match outcome:
        case Success(response):
            whole = len(response.body) <= LONGEST_ANSWER
            status, said = response.status, response.body.decode("utf-8", "replace")
            said = said if whole else ""
        case Failure(error):
            status = GATEWAY_TIMEOUT if isinstance(error, TimedOut) else BAD_GATEWAY
            said = str(error)
    known = evolve(delivery, status_code=status, response=said, updated=world.now)
    return evolve(world, deliveries=put(world.deliveries, known.id, known))


def _carried(world: World, webhook: Webhook, delivery: WebhookDelivery, *, awaited: bool) -> World:
    request = _request(webhook, delivery.content)
    if request is None:
        nowhere = f"{webhook.target_url!r} is no address"
        delivery = evolve(delivery, status_code=BAD_GATEWAY, response=nowhere)
    else:
        posting = Posting(
            delivery=delivery.id, request=request, verified=webhook.enable_ssl, awaited=awaited
        )
        world = evolve(world, outbox=(*world.outbox, posting)[-MOST_POSTINGS:])
    if webhook.id not in world.webhooks:  # it went with what it is told of
        return world
    deliveries = _newest(put(world.deliveries, delivery.id, delivery))
    return evolve(world, deliveries=deliveries)


def _request(webhook: Webhook, content: bytes) -> Request | None:
    url = read_url(webhook.target_url)
    if url is None:
        return None
    headers = [("Content-Type", webhook.content_type.value)]
    if webhook.secret:
        digest = hmac(webhook.secret.encode("utf-8", "replace"), content, sha256).hexdigest()
        headers.append(("X-Signature-256", f"sha256={digest}"))
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    return Request("POST", url.path or "/", query, tuple(headers), content, origin=url.origin)


def _newest(deliveries: Mapping[int, V]) -> Mapping[int, V]:
    surplus = len(deliveries) - MOST_DELIVERIES
    return deliveries if surplus <= 0 else dict([*deliveries.items()][surplus:])

"""Webhooks: who wants to hear of what, what was told, and what is still to be sent.

Rule: a delivery is data, and so is what the request that carries it is made of. A world holds the
newest of both; sending is for those who hold the world.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import field, frozen

from cvatfn import models
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.secrets import mask
from cvatfn.messages import Request

__all__ = ["MOST_DELIVERIES", "MOST_POSTINGS", "Posting", "Webhook", "WebhookDelivery"]

MOST_DELIVERIES: Final = 10_000
"""How many deliveries a world remembers; the oldest are forgotten first."""
MOST_POSTINGS: Final = 1_000
"""How many requests wait to be sent; where nobody sends any, the oldest are given up first."""


@frozen(kw_only=True)
class Webhook:
    """An address that is told what happens in a project, in an organization or on the server."""

    id: int
    type: models.WebhookType
    target_url: str = field(repr=shown)
    description: str = ""
    content_type: models.WebhookContentType = models.WebhookContentType.APPLICATION_JSON
    secret: str = field(default="", repr=mask)
    is_active: bool = True
    enable_ssl: bool = True
    owner: int | None
    project: int | None = None
    organization: int | None = None
    events: frozenset[models.EventsEnum]
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class WebhookDelivery:
    """One message to a webhook, and what came back; without a status, nothing came back yet.

    :param content: the message, as JSON.
    :param changed_fields: what an update changed, as names.
    :param response: the text of the answer, or why there was none.
    """

    id: int
    webhook: int
    event: str
    content: bytes = field(repr=False)
    changed_fields: tuple[str, ...] = ()
    redelivery: bool = False
    attempt: int = 1
    status_code: int | None = None
    response: str = ""
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Posting:
    """A request that is to be sent: the content of a delivery, signed.

    :param delivery: the id of the delivery.
    :param origin: where to, such as `https://listener.example`.
    :param content: the body; the delivery may be forgotten before it is sent.
    :param verified: whether the receiver must prove who it is, where it speaks TLS.
    :param awaited: whether somebody waits for the answer, who asked for a ping.
    """

    delivery: int
    origin: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = field(repr=False)
    verified: bool = True
    awaited: bool = False

    @property
    def request(self) -> Request:
        """What to send; its `origin` says where to."""
        return Request(
            "POST", self.path, self.query, self.headers, self.content, origin=self.origin
        )

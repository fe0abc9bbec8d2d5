"""Calls the server makes to your URL when something happens, and their history.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from cvatfn import filters, models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, delete, get, patch, post, put

__all__ = [
    "create",
    "create_deliveries_redelivery",
    "create_ping",
    "destroy",
    "list",
    "list_deliveries",
    "partial_update",
    "retrieve",
    "retrieve_deliveries",
    "retrieve_events",
    "update",
]


@get("/api/webhooks")
def list(
    *,
    filter: str | filters.Filter[filters.Webhooks] | Unset = UNSET,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    owner: str | Unset = UNSET,
    page: int | Unset = UNSET,
    page_size: int | Literal["all"] | Unset = UNSET,
    project_id: int | Unset = UNSET,
    search: str | Unset = UNSET,
    sort: str | filters.Order[filters.Webhooks] | Unset = UNSET,
    target_url: str | Unset = UNSET,
    type: models.WebhookTypeLike | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.PaginatedWebhookReadList:
    """List the webhooks you may manage, a page at a time.

    :param filter: condition that the listed objects must meet: a `Filter`, or JSON Logic as text.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param owner: username of the person who owns or made the objects.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :param project_id: id of the project that the objects or events belong to.
    :param search: text to look for in the names and other telling fields.
    :param sort: what to sort by: an `Order`, or a field with a minus sign in front for descending
        order.
    :param target_url: URL that the webhooks call.
    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: a page of `WebhookRead`, with status 200.
    """
    ...


@post("/api/webhooks")
def create(
    webhook_write_request: Annotated[models.WebhookWriteRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.WebhookRead:
    """Set up a webhook: choose the URL to call and the events that trigger it.

    :param webhook_write_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `WebhookRead`, with status 201.
    """
    ...


@get("/api/webhooks/events")
def retrieve_events(*, type: models.AllWebhookTypeLike | Unset = UNSET) -> models.Events:
    """List the events that webhooks of a given type can listen to.

    :param type: type of the listed jobs, labels, conflicts, webhooks or events, or of the data
        wanted.
    :returns: `Events`, with status 200.
    """
    ...


@get("/api/webhooks/{id}")
def retrieve(id: int) -> models.WebhookRead:
    """Get the settings of a webhook and how its last delivery went.

    :param id: id of the object the call is about.
    :returns: `WebhookRead`, with status 200.
    """
    ...


@put("/api/webhooks/{id}")
def update(
    id: int, webhook_write_request: Annotated[models.WebhookWriteRequestLike, Body()]
) -> models.WebhookRead:
    """Replace all settings of a webhook.

    :param id: id of the object the call is about.
    :param webhook_write_request: what to send; a model or a dict.
    :returns: `WebhookRead`, with status 200.
    """
    ...


@patch("/api/webhooks/{id}")
def partial_update(
    id: int,
    patched_webhook_write_request: Annotated[
        models.PatchedWebhookWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.WebhookRead:
    """Change some settings of a webhook, for instance switch it off.

    :param id: id of the object the call is about.
    :param patched_webhook_write_request: what to send; a model or a dict.
    :returns: `WebhookRead`, with status 200.
    """
    ...


@delete("/api/webhooks/{id}")
def destroy(id: int) -> None:
    """Delete a webhook; its URL is called no more.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...


@get("/api/webhooks/{id}/deliveries")
def list_deliveries(
    id: int, *, page: int | Unset = UNSET, page_size: int | Literal["all"] | Unset = UNSET
) -> models.PaginatedWebhookDeliveryReadList:
    """List the calls a webhook has made, a page at a time.

    :param id: id of the object the call is about.
    :param page: number of the page, counted from 1.
    :param page_size: number of entries on a page, up to a limit of the server.
    :returns: a page of `WebhookDeliveryRead`, with status 200.
    """
    ...


@get("/api/webhooks/{id}/deliveries/{delivery_id}")
def retrieve_deliveries(
    id: int, delivery_id: Annotated[str, Meta(pattern=r"^\d+\Z")]
) -> models.WebhookDeliveryRead:
    """Get one call of a webhook: what was sent and what the receiver answered.

    :param id: id of the object the call is about.
    :param delivery_id: id of the delivery, that is, of one call the webhook made.
    :returns: `WebhookDeliveryRead`, with status 200.
    """
    ...


@post("/api/webhooks/{id}/deliveries/{delivery_id}/redelivery", status=200)
def create_deliveries_redelivery(
    id: int, delivery_id: Annotated[str, Meta(pattern=r"^\d+\Z")]
) -> None:
    """Make one earlier call of a webhook again.

    :param id: id of the object the call is about.
    :param delivery_id: id of the delivery, that is, of one call the webhook made.
    :returns: nothing, with status 200.
    """
    ...


@post("/api/webhooks/{id}/ping", status=200)
def create_ping(id: int) -> models.WebhookDeliveryRead:
    """Make a webhook call its URL now, as a trial, and get the outcome.

    :param id: id of the object the call is about.
    :returns: `WebhookDeliveryRead`, with status 200.
    """
    ...

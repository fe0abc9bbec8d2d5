"""Models served as functions: automatic annotation, detectors, trackers, interactors.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from cvatfn import models
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, Header, delete, get, post

__all__ = [
    "create_functions",
    "create_requests",
    "delete_requests",
    "list_functions",
    "list_requests",
    "retrieve_functions",
    "retrieve_requests",
]


@get("/api/lambda/functions")
def list_functions() -> tuple[JSONObject, ...]:
    """List the models that can annotate, with their kinds and labels.

    :returns: a tuple of JSON, with status 200.
    """
    ...


@get("/api/lambda/functions/{func_id}")
def retrieve_functions(
    func_id: Annotated[str, Meta(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z")],
) -> JSONObject:
    """Get what a model does, which labels it knows and what it needs as input.

    :param func_id: id of the function, that is, of the model.
    :returns: JSON, with status 200.
    """
    ...


@post("/api/lambda/functions/{func_id}", status=200)
def create_functions(
    func_id: Annotated[str, Meta(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z")],
    online_function_call_request: Annotated[
        models.OnlineFunctionCallRequestLike | Unset, Body()
    ] = UNSET,
) -> JSON:
    """Run a model on the spot, usually on one frame, and get its output at once.

    :param func_id: id of the function, that is, of the model.
    :param online_function_call_request: what to send; a model or a dict.
    :returns: JSON, with status 200.
    """
    ...


@get("/api/lambda/requests")
def list_requests() -> tuple[models.FunctionCall, ...]:
    """List the automatic annotations that are queued, running or lately ended.

    :returns: a tuple of `FunctionCall`, with status 200.
    """
    ...


@post("/api/lambda/requests", status=200)
def create_requests(
    function_call_request: Annotated[models.FunctionCallRequestLike, Body()],
    *,
    org: str | Unset = UNSET,
    org_id: int | Unset = UNSET,
    x_organization: Annotated[str | Unset, Header("X-Organization")] = UNSET,
) -> models.FunctionCall:
    """Start the automatic annotation of a task or job with a model, in the background.

    :param function_call_request: what to send; a model or a dict.
    :param org: slug of the organization to act in, empty for the personal workspace.
    :param org_id: id of the organization whose objects or events are meant.
    :param x_organization: slug of the organization to act in, the same as org but in a header.
    :returns: `FunctionCall`, with status 200.
    """
    ...


@get("/api/lambda/requests/{id}")
def retrieve_requests(id: str) -> models.FunctionCall:
    """Check how far an automatic annotation has come.

    :param id: id of the object the call is about.
    :returns: `FunctionCall`, with status 200.
    """
    ...


@delete("/api/lambda/requests/{id}")
def delete_requests(id: str) -> None:
    """Cancel an automatic annotation.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...

"""CVAT's official client, as its users have it by default: types checked both ways.

Rule: whatever of `cvat_sdk` is measured passes here, and nothing of it is switched off.
"""

# pyright: reportMissingModuleSource=false
# Checked against the stubs in `typings`; the package itself is there after `make bench` only.

from __future__ import annotations

import json
from typing import TypeVar

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.models import (
    LabeledData,
    LabeledDataRequest,
    PaginatedTaskReadList,
    TaskRead,
)
from urllib3 import HTTPResponse

__all__ = [
    "LabeledData",
    "LabeledDataRequest",
    "PaginatedTaskReadList",
    "TaskRead",
    "client",
    "plain",
    "read",
    "written",
]

T = TypeVar("T")


def client(host: str = "http://localhost", access_token: str | None = None) -> ApiClient:
    """A client.

    :param host: the server.
    :param access_token: the login.
    """
    return ApiClient(Configuration(host=host, access_token=access_token))


def read(api: ApiClient, kind: type[T], body: bytes) -> T:
    """What each method of its API classes does with an answer.

    :param api: the client.
    :param kind: the model.
    :param body: the answer's body.
    """
    headers = {"Content-Type": "application/vnd.cvat+json"}
    response = HTTPResponse(body, headers=headers, status=200, preload_content=False)
    return api.deserialize(response, (kind,), _check_type=True)


def plain(api: ApiClient, model: object) -> object:
    """A model as plain dicts and lists.

    :param api: the client.
    :param model: one of its models.
    """
    return api.sanitize_for_serialization(model)


def written(api: ApiClient, model: object) -> bytes:
    """What it does with a body before sending it.

    :param api: the client.
    :param model: one of its models.
    """
    return json.dumps(api.sanitize_for_serialization(model)).encode()

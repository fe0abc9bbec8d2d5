"""Every endpoint of the API, as data."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from cvatfn import api
from cvatfn.endpoints import Endpoint

__all__ = ["catalogue", "find"]


def catalogue() -> Iterator[Endpoint[..., object]]:
    """Every endpoint of CVAT's API, tag by tag.

    :returns: 166 endpoints, in the order of their names.

    >>> sum(1 for _ in catalogue())
    166
    >>> sorted(endpoint.name for endpoint in catalogue() if endpoint.deprecated)
    ['events.list', 'tasks.retrieve_status']
    """
    for tag in api.TAGS:
        yield from _endpoints(tag)


def find(name: str) -> Endpoint[..., object] | None:
    """Look an endpoint up by its name.

    :param name: tag and operation, such as `"tasks.retrieve"`.
    :returns: the endpoint, or `None` if there is none of that name.

    >>> find("tasks.retrieve")
    <Endpoint tasks.retrieve(id) GET /api/tasks/{id} -> models.TaskRead>
    >>> find("tasks.retreive") is None
    True
    """
    return next((endpoint for endpoint in catalogue() if endpoint.name == name), None)


def _endpoints(tag: str) -> Iterator[Endpoint[..., object]]:
    module = import_module(f"cvatfn.api.{tag}")
    names: list[str] = module.__all__
    for name in names:
        endpoint: Endpoint[..., object] = getattr(module, name)
        yield endpoint

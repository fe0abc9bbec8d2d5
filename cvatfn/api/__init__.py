"""The endpoints of the API, in one module for each of its tags.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

TAGS = (
    "assets",
    "auth",
    "cloudstorages",
    "comments",
    "consensus",
    "events",
    "growth",
    "guides",
    "invitations",
    "issues",
    "jobs",
    "labels",
    "lambda_",
    "memberships",
    "organizations",
    "projects",
    "quality",
    "requests",
    "schema",
    "server",
    "tasks",
    "users",
    "webhooks",
)
"""The modules' names."""

if TYPE_CHECKING:
    from cvatfn.api import assets as assets
    from cvatfn.api import auth as auth
    from cvatfn.api import cloudstorages as cloudstorages
    from cvatfn.api import comments as comments
    from cvatfn.api import consensus as consensus
    from cvatfn.api import events as events
    from cvatfn.api import growth as growth
    from cvatfn.api import guides as guides
    from cvatfn.api import invitations as invitations
    from cvatfn.api import issues as issues
    from cvatfn.api import jobs as jobs
    from cvatfn.api import labels as labels
    from cvatfn.api import lambda_ as lambda_
    from cvatfn.api import memberships as memberships
    from cvatfn.api import organizations as organizations
    from cvatfn.api import projects as projects
    from cvatfn.api import quality as quality
    from cvatfn.api import requests as requests
    from cvatfn.api import schema as schema
    from cvatfn.api import server as server
    from cvatfn.api import tasks as tasks
    from cvatfn.api import users as users
    from cvatfn.api import webhooks as webhooks
else:
    from importlib import import_module

    __all__ = ["TAGS", *TAGS]

    def __getattr__(name: str) -> object:
        if name not in TAGS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.{name}")

    def __dir__() -> list[str]:
        return __all__

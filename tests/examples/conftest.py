"""A sandbox over HTTP for the examples: programs are given a URL and a token, as on a real day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from attrs import frozen

from cvatfn import Transport, call, connect
from cvatfn.api import auth
from cvatfn.auth import AccessToken, Basic
from cvatfn.testing.sandbox import Sandbox, World, serve


@frozen
class Server:
    """Where it answers, the token of somebody who may do everything, and a connection of theirs."""

    url: str
    token: str
    cvat: Transport


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(Sandbox(World.with_user("ada", "s3cret"))) as url:
        with connect(url, auth=Basic("ada", "s3cret")) as ada:
            made = call(ada, auth.create_access_tokens, {"name": "examples", "read_only": False})
            token = str(made.unwrap().value)
        with connect(url, auth=AccessToken(token)) as cvat:
            yield Server(url, token, cvat)

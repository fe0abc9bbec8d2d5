"""Who sends a recorded request: nobody knows, since credentials are not kept.

Rule, the same for all: the status says who is tried, one after another, until one is answered with
it; where none is, the first one's answer counts. Who was let in is the person whom the request
itself names (in an id of work or of an upload), else whose the thing in the path is or whom the
answer calls the owner or oneself, else the superuser, else the owner by an access token; an empty
listing was a stranger's, if that is let in. Who was
refused with 403 is a stranger, else a member of an organization, from worker upwards, else the
owner of the thing, else whoever brings an access token. Nobody logs in for a 401, or where the
request was recorded without a login.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.messages import Headers, Request
from cvatfn.testing.sandbox.state.people import BrowserSession
from cvatfn.testing.sandbox.state.world import World, put
from tests.fidelity.bodies import body_of
from tests.fidelity.rebuilding.people import FIRST, MADE_UP, PASSWORD, member_of, with_key
from tests.fidelity.recorded import Recorded

__all__ = ["Asker", "askers", "asking"]

Login: TypeAlias = Literal["as recorded", "access token", "none"]


@frozen
class Asker:
    """Who asks.

    :param account: the id of the account.
    :param login: by which way; as recorded, by an `Authorization` header or a session.
    """

    account: int | None
    login: Login = "as recorded"


def askers(recorded: Recorded, world: World) -> tuple[Asker, ...]:
    """Who may have sent a request, in the order in which they are tried.

    :param recorded: the exchange.
    :param world: the world before it.
    """
    headers = recorded.request.headers
    bare = headers.get("authorization") is None and headers.get("origin") is None
    if bare or recorded.status == 401:
        return (Asker(None, "none"),)
    rule = _refused if recorded.status == 403 else _let_in
    return tuple(dict.fromkeys(each for each in rule(recorded, world) if _exists(world, each)))


def asking(recorded: Recorded, world: World, asker: Asker) -> tuple[World, Request]:
    """The request with a login, and the world that knows of it.

    :param recorded: the exchange.
    :param world: the world before it.
    :param asker: who sends it.
    """
    content_type, body = body_of(recorded)
    preferred = recorded.response.headers.get("preference-applied")
    sent = [pair for pair in recorded.request.headers if pair[0].lower() not in _REPLACED]
    kind = content_type or recorded.request.headers.get("content-type")
    sent += [] if kind is None else [("Content-Type", kind)]
    # which preference was asked for is not recorded, but the answer repeats it
    sent += [] if preferred is None else [("Prefer", preferred)]
    request = evolve(recorded.request, body=body)
    if asker.account is None:
        return world, evolve(request, headers=Headers(tuple(sent)))
    if asker.login == "access token":
        number = MADE_UP + asker.account
        world = with_key(world, number)
        key = evolve(world.keys[number], user=asker.account)
        world = evolve(world, keys=put(world.keys, number, key))
        sent.append(("Authorization", f"Bearer {key.value}"))
    elif recorded.request.headers.get("authorization") is not None:
        account = world.accounts[asker.account]
        pair = b64encode(f"{account.username}:{account.password}".encode()).decode()
        sent.append(("Authorization", f"Basic {pair}"))
    else:
        session = BrowserSession(asker.account, PASSWORD)
        world = evolve(world, sessions=put(world.sessions, PASSWORD, session))
        cookies = f"sessionid={PASSWORD}; csrftoken={PASSWORD}"
        sent += [("Cookie", cookies), ("X-CSRFToken", PASSWORD)]
    return world, evolve(request, headers=Headers(tuple(sent)))


def _let_in(recorded: Recorded, world: World) -> Iterator[Asker]:
    if recorded.page is not None and not recorded.page.results:
        yield Asker(MADE_UP)
    yield from map(Asker, _named(recorded))
    owners = tuple(_owners(recorded, world))
    yield from map(Asker, owners)
    yield Asker(FIRST)
    for owner in owners:
        yield Asker(owner, "access token")


def _refused(recorded: Recorded, world: World) -> Iterator[Asker]:
    yield Asker(MADE_UP)
    for organization in world.organizations:
        for role in models.RoleEnum:
            yield Asker(member_of(organization, role))
    for owner in _owners(recorded, world):
        yield Asker(owner)
        yield Asker(owner, "access token")
    yield Asker(FIRST, "access token")


def _named(recorded: Recorded) -> Iterator[int]:
    """The people whom a request names: in the id of an upload, in that of background work."""
    target = unquote(unquote(recorded.exchange.target))
    for found in _NAMED.finditer(target):
        yield int(found[1] or found[2])


def _owners(recorded: Recorded, world: World) -> Iterator[int]:
    """Whose the things in the path are; whom the answer calls the owner, or oneself."""
    segments = unquote(recorded.request.path).strip("/").split("/")
    for word, key in pairwise(segments):
        row = _row(world, word, key)
        for name in ("owner", "user"):
            owner = getattr(row, name, None)
            if isinstance(owner, int):
                yield owner
    if recorded.request.path == "/api/users" or not recorded.answer:
        return
    results = getattr(recorded.answer, "results", None) or (recorded.answer,)
    owner = (
        results[0] if isinstance(results[0], models.User) else getattr(results[0], "owner", None)
    )
    number = getattr(owner, "id", None)
    if isinstance(number, int):
        yield number


def _row(world: World, word: str, number: str) -> object:
    if word == "requests":
        return world.backgrounds.get(number)
    rows: Mapping[int, object] | None = getattr(world, _ROWS.get(word, word), None)
    return rows.get(int(number)) if rows and number.isdecimal() else None


def _exists(world: World, asker: Asker) -> bool:
    return asker.account in world.accounts


_REPLACED: Final = frozenset({"authorization", "cookie", "content-type", "x-csrftoken"})
_ROWS: Final = {"access_tokens": "keys", "cloudstorages": "storages"}
_NAMED: Final = re.compile(r"[?&]user_id=([0-9]+)|\b([0-9]+)_[0-9a-f]{8}-[0-9a-f]{4}-")

"""Who asks: the four ways to log in, as CVAT reads them.

Rule: the first way that is tried decides; a wrong login is refused even where none is needed. A
session may only change things with its own token in `X-CSRFToken`, and from its own origin.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from attrs import evolve, frozen

from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Login
from cvatfn.testing.sandbox.gates.replies import Refusal, refused
from cvatfn.testing.sandbox.state.people import Account, BrowserSession, Key
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["CHALLENGE", "Identified", "account_named", "cookies_of", "identify"]

CHALLENGE: Final = ("WWW-Authenticate", "Token")
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@frozen
class Identified:
    """Who asks, if anyone; the world remembers when an access token was last used."""

    world: World
    login: Login | None


def identify(world: World, request: Request, origin: str) -> Outcome[Identified, Refusal]:
    """Find out who asks.

    :param world: where the accounts are.
    :param request: the request with its `Authorization` and `Cookie`.
    :param origin: where the sandbox was asked.
    :returns: who asks, or nobody; a refusal for a login that is wrong.
    """
    scheme, _, rest = (request.headers.get("authorization") or "").strip().partition(" ")
    match scheme.lower():
        case "basic":
            return _basic(world, rest.strip())
        case "token":
            return _token(world, rest.strip())
        case "bearer":
            return _bearer(world, request, rest.strip())
        case _:
            return _session(world, request, origin)


def account_named(world: World, username: str, password: str) -> Account | None:
    """The account of a name or address, if it is active and the password is right.

    :param username: the name, or the e-mail address.
    :param password: the password.
    """
    for account in world.accounts.values():
        named = account.is_active and username in (account.username, account.email)
        if named and _same(account.password, password):
            return account
    return None


def cookies_of(request: Request) -> Mapping[str, str]:
    """The cookies that a request brings.

    >>> cookies_of(Request("GET", "/", headers={"Cookie": "sessionid=a; csrftoken=b"}))
    {'sessionid': 'a', 'csrftoken': 'b'}
    """
    pairs = (
        part.strip().partition("=")
        for header in request.headers.all("cookie")
        for part in header.split(";")
    )
    return {name: value for name, _, value in pairs if name}


def _same(known: str, given: str) -> bool:
    return compare_digest(known.encode("utf-8", "replace"), given.encode("utf-8", "replace"))


def _basic(world: World, text: str) -> Outcome[Identified, Refusal]:
    try:
        username, colon, password = b64decode(text, validate=True).decode().partition(":")
    except (Base64Error, ValueError):
        return refused(401, "Invalid basic header.", CHALLENGE)
    account = account_named(world, username, password) if colon else None
    if account is None:
        return refused(401, "Invalid username/password.", CHALLENGE)
    return Success(Identified(world, Login(account, "basic")))


def _token(world: World, text: str) -> Outcome[Identified, Refusal]:
    owner = next((user for key, user in world.tokens.items() if _same(key, text)), None)
    if owner is None:
        return refused(401, "Invalid token.", CHALLENGE)
    account = world.accounts[owner]
    return Success(Identified(world, Login(account, "token"))) if account.is_active else _locked()


def _bearer(world: World, request: Request, text: str) -> Outcome[Identified, Refusal]:
    key = next((key for key in world.keys.values() if _same(key.value, text)), None)
    if key is None or _expired(world, key):
        return refused(401, "Invalid token.", CHALLENGE)
    if key.read_only and request.method not in SAFE_METHODS:
        return refused(403, "You do not have permission to perform this action.")
    account = world.accounts[key.user]
    if not account.is_active:
        return _locked()
    used = evolve(key, last_used=world.now, updated=world.now)
    after = evolve(world, keys=put(world.keys, key.id, used))
    return Success(Identified(after, Login(account, "access_token", key.id)))


def _locked() -> Failure[Refusal]:
    return refused(401, "User inactive or deleted.", CHALLENGE)


def _expired(world: World, key: Key) -> bool:
    return key.expiry is not None and key.expiry <= world.now


def _session(world: World, request: Request, origin: str) -> Outcome[Identified, Refusal]:
    cookies = cookies_of(request)
    session = world.sessions.get(cookies.get("sessionid", ""))
    account = None if session is None else world.accounts[session.user]
    if session is None or account is None or not account.is_active:
        return Success(Identified(world, None))  # an old cookie is no login, and no mistake either
    if request.method not in SAFE_METHODS:
        wrong = _csrf(session, request, cookies, origin)
        if wrong is not None:
            return refused(403, f"CSRF Failed: {wrong}")
    return Success(Identified(world, Login(account, "session")))


def _csrf(
    session: BrowserSession, request: Request, cookies: Mapping[str, str], origin: str
) -> str | None:
    """What is wrong with a session's write, as Django says it; `None` where nothing is."""
    said = request.headers.get("origin")
    if said is not None and said.rstrip("/") != origin:
        return f"Origin checking failed - {said} does not match any trusted origins."
    token = request.headers.get("x-csrftoken")
    if not token:
        return "CSRF token missing."
    if not _same(session.csrftoken, token) or not _same(cookies.get("csrftoken", ""), token):
        return "CSRF token from the 'X-Csrftoken' HTTP header incorrect."
    return None

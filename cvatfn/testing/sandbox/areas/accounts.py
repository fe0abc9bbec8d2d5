"""Logging in and out, registering, and access tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import UNSET
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done, user_in_brief
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.logins import account_named, cookies_of
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, invalid, missing
from cvatfn.testing.sandbox.state.people import Account, BrowserSession, Key
from cvatfn.testing.sandbox.state.world import World, dropped, put, secret

__all__ = [
    "create_key",
    "destroy_key",
    "list_keys",
    "log_in",
    "log_out",
    "register",
    "retrieve_key",
    "retrieve_own_key",
    "update_key",
]

COOKIE: Final = "Path=/; SameSite=Lax"
GONE: Final = f'""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; {COOKIE}'


def log_in(world: World, asked: Asked) -> Done:
    """Log in by name and password: two cookies and the key."""
    sent = asked.needed("login_serializer_ex_request", models.LoginSerializerExRequest)
    name = sent.username or sent.email or ""
    account = account_named(world, name, sent.password)
    if account is None:
        return invalid(non_field_errors="Unable to log in with provided credentials.")
    account = evolve(account, last_login=world.now)
    world = evolve(world, accounts=put(world.accounts, account.id, account))
    world, key = _key(world, account)
    world, cookies = _cookies(world, account)
    return done(world, models.Token(key=key), 200, *cookies)


def log_out(world: World, asked: Asked) -> Done:
    """End the session, and forget the key that came with it."""
    session = cookies_of(asked.request).get("sessionid", "")
    world = evolve(world, sessions=dropped(world.sessions, session))
    if asked.login is not None:
        own = [key for key, user in world.tokens.items() if user == asked.login.account.id]
        world = evolve(world, tokens=dropped(world.tokens, *own))
    detail = models.RestAuthDetail(detail="Successfully logged out.")
    gone = tuple(("Set-Cookie", f"{name}={GONE}") for name in ("sessionfresh", "sessionid"))
    return done(world, detail, 200, *gone)


def register(world: World, asked: Asked) -> Done:
    """Make an account, and log it in; who was invited gets the account that waits."""
    sent = asked.needed("register_serializer_ex_request", models.RegisterSerializerExRequest)
    found = _of_address(world, sent.email or "")
    if found is not None and (found.is_active or found.email_verified):
        return invalid(email="A user is already registered with this e-mail address.")
    if any(
        account.username == sent.username and account is not found
        for account in world.accounts.values()
    ):
        return invalid(username="A user with that username already exists.")
    if sent.password1 != sent.password2:
        return invalid(non_field_errors="The two password fields didn't match.")
    if found is None:
        world = world.joined(sent.username, sent.password1, email=sent.email or "")
    account = evolve(
        world.accounts[world.ids["user"]] if found is None else found,
        username=sent.username,
        password=sent.password1,
        first_name=sent.first_name or "",
        last_name=sent.last_name or "",
        is_active=True,
        email_verified=True,
        created_via=models.CreatedViaEnum.REGISTRATION if found is None else found.created_via,
        last_login=world.now,
    )
    world = evolve(world, accounts=put(world.accounts, account.id, account))
    world, key = _key(world, account)
    world, cookies = _cookies(world, account)
    made = models.RegisterSerializerEx(
        username=account.username,
        email=account.email,
        first_name=account.first_name,
        last_name=account.last_name,
        email_verification_required=False,
        key=key,
    )
    return done(world, made, 201, *cookies)


def create_key(world: World, asked: Asked) -> Done:
    """Make an access token; its value is in this answer only."""
    if _by_key(asked):
        return forbidden()
    sent = asked.needed("access_token_write_request", models.AccessTokenWriteRequest)
    world, number = world.numbered("access token")
    world, value = secret(world, "access token", 40)
    key = Key(
        id=number,
        user=asked.account.id,
        name=sent.name,
        value=value,
        read_only=sent.read_only if isinstance(sent.read_only, bool) else True,
        created=world.now,
        updated=world.now,
        expiry=sent.expiry_date or None,
    )
    world = evolve(world, keys=put(world.keys, number, key))
    return done(world, _shown_key(world, asked, key, with_value=True), 201)


def list_keys(world: World, asked: Asked) -> Done:
    """One's own access tokens."""
    rows = _own(world, asked)
    return paged(
        world, asked, rows, _KEYS, lambda row: _shown_key(world, asked, row), searched=("name",)
    )


def retrieve_key(world: World, asked: Asked) -> Done:
    """One of one's own access tokens."""
    match _found(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(key):
            return done(world, _shown_key(world, asked, key))


def retrieve_own_key(world: World, asked: Asked) -> Done:
    """The access token that this very request brings."""
    number = None if asked.login is None else asked.login.key
    if number is None:
        return missing("AccessToken")
    return done(world, _shown_key(world, asked, world.keys[number]))


def update_key(world: World, asked: Asked) -> Done:
    """Rename an access token, or change what it is good for."""
    match _changeable(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(key):
            pass
    sent = asked.given("patched_access_token_write_request", models.PatchedAccessTokenWriteRequest)
    if sent is not None:
        key = evolve(
            key,
            name=sent.name or key.name,
            read_only=sent.read_only if isinstance(sent.read_only, bool) else key.read_only,
            expiry=key.expiry if sent.expiry_date is UNSET else sent.expiry_date,
            updated=world.now,
        )
    world = evolve(world, keys=put(world.keys, key.id, key))
    return done(world, _shown_key(world, asked, key))


def destroy_key(world: World, asked: Asked) -> Done:
    """Revoke an access token."""
    match _changeable(world, asked):
        case Failure() as refusal:
            return refusal
        case Success(key):
            return done(evolve(world, keys=dropped(world.keys, key.id)), None, 204)


_KEYS: Final[Columns[Key]] = {
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "read_only": lambda row: row.read_only,
    "created_date": lambda row: row.created,
    "updated_date": lambda row: row.updated,
    "expiry_date": lambda row: row.expiry,
    "last_used_date": lambda row: row.last_used,
}


def _of_address(world: World, email: str) -> Account | None:
    """The account of an address, if that is given."""
    wanted = email.lower()
    of_address = (each for each in world.accounts.values() if each.email.lower() == wanted)
    return next(of_address, None) if wanted else None


def _own(world: World, asked: Asked) -> Iterable[Key]:
    return [key for key in world.keys.values() if key.user == asked.account.id]


def _found(world: World, asked: Asked) -> Outcome[Key, Refusal]:
    """The access token of the path: one's own, or to a superuser anyone's."""
    key = world.keys.get(asked.needed("id", int))
    if key is None:
        return missing("AccessToken")
    own = is_admin(asked.account) or key.user == asked.account.id
    return Success(key) if own else forbidden()


def _changeable(world: World, asked: Asked) -> Outcome[Key, Refusal]:
    """The access token of the path, unless an access token asks."""
    found = _found(world, asked)
    return forbidden() if isinstance(found, Success) and _by_key(asked) else found


def _by_key(asked: Asked) -> bool:
    """Whether an access token asks: with one, the others can be looked at and no more."""
    return asked.login is not None and asked.login.kind == "access_token"


def _key(world: World, account: Account) -> tuple[World, str]:
    """The key of an account, made at its first login."""
    known = next((key for key, user in world.tokens.items() if user == account.id), None)
    if known is not None:
        return world, known
    world, key = secret(world, "token", 40)
    return evolve(world, tokens=put(world.tokens, key, account.id)), key


def _cookies(world: World, account: Account) -> tuple[World, tuple[tuple[str, str], ...]]:
    world, sessionid = secret(world, "session", 32)
    world, csrftoken = secret(world, "csrf", 32)
    sessions = put(world.sessions, sessionid, BrowserSession(account.id, csrftoken))
    return evolve(world, sessions=sessions), (
        ("Set-Cookie", f"csrftoken={csrftoken}; Max-Age=31449600; {COOKIE}"),
        # how long a login counts as a recent one; nothing in the API asks for it
        ("Set-Cookie", f"sessionfresh=true; HttpOnly; Max-Age=86400; {COOKIE}"),
        ("Set-Cookie", f"sessionid={sessionid}; HttpOnly; Max-Age=1209600; {COOKIE}"),
    )


def _shown_key(
    world: World, asked: Asked, key: Key, *, with_value: bool = False
) -> models.AccessTokenRead:
    return models.AccessTokenRead(
        id=key.id,
        name=key.name,
        created_date=key.created,
        updated_date=key.updated,
        expiry_date=key.expiry,
        last_used_date=key.last_used,
        read_only=key.read_only,
        owner=user_in_brief(asked, world.accounts[key.user]),
        value=key.value if with_value else UNSET,
    )

"""Passwords: change one's own, and set another one after it was forgotten.

Rule: whether an address is known is never told. What a real server sends by mail is in
`World.mails`; the link of the mail has the two values that set the new password.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import timedelta
from hmac import compare_digest
from typing import Final
from urllib.parse import urlencode

from attrs import evolve

from cvatfn import models
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.logins import account_named, cookies_of
from cvatfn.testing.sandbox.gates.replies import invalid
from cvatfn.testing.sandbox.state.people import Account, PasswordReset
from cvatfn.testing.sandbox.state.world import World, dropped, posted, put, secret

__all__ = ["change", "confirm_reset", "reset"]

WRONG: Final = "Your old password was entered incorrectly. Please enter it again."
DIFFERENT: Final = "The two password fields didn\N{RIGHT SINGLE QUOTATION MARK}t match."
NO_VALUE: Final = "Invalid value"
KEPT: Final = timedelta(days=3)
"""For how long a password may be set after it was asked for; Django's own measure."""


def change(world: World, asked: Asked) -> Done:
    """Set another password; other sessions than this one end."""
    sent = asked.needed("password_change_request", models.PasswordChangeRequest)
    if account_named(world, asked.account.username, sent.old_password) is None:
        return invalid(old_password=WRONG)
    if sent.new_password1 != sent.new_password2:
        return invalid(new_password2=DIFFERENT)
    own = cookies_of(asked.request).get("sessionid")
    world = _with_password(world, asked.account, sent.new_password1, session=own)
    return done(world, models.RestAuthDetail(detail="New password has been saved."))


def reset(world: World, asked: Asked) -> Done:
    """Mail a link by which another password can be set."""
    sent = asked.needed(
        "password_reset_serializer_ex_request", models.PasswordResetSerializerExRequest
    )
    told = models.RestAuthDetail(detail="Password reset e-mail has been sent.")
    for account in world.accounts.values():
        if account.is_active and account.email.lower() == sent.email.lower():
            world, token = secret(world, "password reset", 39)
            kept = PasswordReset(secret=token, created=world.now)
            query = urlencode({"uid": _uid(account), "token": token})
            link = asked.url(f"/auth/password/reset/confirm?{query}")
            world = posted(world, account.email, "Password reset", link)
            world = evolve(world, resets=put(world.resets, account.id, kept))
    return done(world, told)


def confirm_reset(world: World, asked: Asked) -> Done:
    """Set another password with what the mail told; it is good for once."""
    sent = asked.needed("password_reset_confirm_request", models.PasswordResetConfirmRequest)
    account = _account(world, sent.uid)
    if account is None:
        return invalid(uid=NO_VALUE)
    kept = world.resets.get(account.id)
    if kept is None or kept.created + KEPT <= world.now or not _same(kept.secret, sent.token):
        return invalid(token=NO_VALUE)
    if sent.new_password1 != sent.new_password2:
        return invalid(new_password2=DIFFERENT)
    world = _with_password(world, account, sent.new_password1, session=None)
    detail = "Password has been reset with the new password."
    return done(world, models.RestAuthDetail(detail=detail))


def _with_password(world: World, account: Account, password: str, session: str | None) -> World:
    """The world after a new password: no other session is left, and no reset waits."""
    sessions = {
        key: each
        for key, each in world.sessions.items()
        if each.user != account.id or key == session
    }
    changed = put(world.accounts, account.id, evolve(account, password=password))
    resets = dropped(world.resets, account.id)
    return evolve(world, accounts=changed, sessions=sessions, resets=resets)


def _uid(account: Account) -> str:
    """An account's id as Django writes it into links."""
    return urlsafe_b64encode(str(account.id).encode()).decode().rstrip("=")


def _account(world: World, uid: str) -> Account | None:
    try:
        text = urlsafe_b64decode(uid.encode() + b"=" * (-len(uid) % 4)).decode()
    except (Base64Error, ValueError):
        return None
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return world.accounts.get(int(text)) if plain else None


_DIGITS: Final = 18
"""More have no id: they would only be slow to read."""


def _same(known: str, given: str) -> bool:
    return compare_digest(known.encode(), given.encode("utf-8", "replace"))

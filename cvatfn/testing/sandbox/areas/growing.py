"""What people were shown of prompts, and what they said to notices.

Rule: everyone has one such record, under the id of the account, and sees no other; admins see all.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done, user_in_brief
from cvatfn.testing.sandbox.gates.listing import Columns, paged
from cvatfn.testing.sandbox.gates.permitting import is_admin
from cvatfn.testing.sandbox.gates.replies import forbidden, missing
from cvatfn.testing.sandbox.state.people import Account, Growth
from cvatfn.testing.sandbox.state.world import World, put

__all__ = ["list_growth", "partial_update", "retrieve"]


def list_growth(world: World, asked: Asked) -> Done:
    """One's own record; an admin sees everyone's."""
    rows = [account for account in world.accounts.values() if _may_see(asked, account)]
    return paged(world, asked, rows, _COLUMNS, lambda row: shown(world, asked, row))


def retrieve(world: World, asked: Asked) -> Done:
    """One record."""
    account = _account(world, asked)
    if account is None:
        return missing("UserGrowthData")
    return done(world, shown(world, asked, account)) if _may_see(asked, account) else forbidden()


def partial_update(world: World, asked: Asked) -> Done:
    """Note what was shown or followed, and whether notices are welcome."""
    account = _account(world, asked)
    if account is None:
        return missing("UserGrowthData")
    if not _may_see(asked, account):
        return forbidden()
    kind = models.PatchedUserGrowthDataRequest
    sent = asked.given("patched_user_growth_data_request", kind) or kind()
    before = world.growth.get(account.id, Growth())
    after = Growth(
        github_prompt_shown=_or(sent.github_prompt_shown, before.github_prompt_shown),
        github_prompt_support_clicked=_or(
            sent.github_prompt_support_clicked, before.github_prompt_support_clicked
        ),
        promotion_notifications_allowed=_or(
            sent.promotion_notifications_allowed, before.promotion_notifications_allowed
        ),
    )
    world = evolve(world, growth=put(world.growth, account.id, after))
    return done(world, shown(world, asked, account))


def shown(world: World, asked: Asked, account: Account) -> models.UserGrowthData:
    """A record as CVAT shows it; the prompt has served its end once it was followed.

    :param account: whose record.
    """
    growth = world.growth.get(account.id, Growth())
    return models.UserGrowthData(
        id=account.id,
        owner=user_in_brief(asked, account),
        github_prompt_shown=growth.github_prompt_shown,
        github_prompt_support_clicked=growth.github_prompt_support_clicked,
        github_prompt_enabled=not growth.github_prompt_support_clicked,
        promotion_notifications_allowed=growth.promotion_notifications_allowed,
    )


_COLUMNS: Final[Columns[Account]] = {"id": lambda row: row.id, "user_id": lambda row: row.id}


def _or(sent: bool | Unset, before: bool) -> bool:
    return before if isinstance(sent, Unset) else sent


def _may_see(asked: Asked, account: Account) -> bool:
    return is_admin(asked.account) or asked.account.id == account.id


def _account(world: World, asked: Asked) -> Account | None:
    text = asked.needed("id", str)
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return world.accounts.get(int(text)) if plain else None


_DIGITS: Final = 18
"""More have no id: they would only be slow to read."""

"""Who may have webhooks: owners of projects, maintainers of organizations, admins."""

from __future__ import annotations

from cvatfn import models
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import has_role, is_admin, may_see_project
from cvatfn.testing.sandbox.gates.staff import is_open
from cvatfn.testing.sandbox.state.annotated import Project
from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.people import Account
from cvatfn.testing.sandbox.state.world import World

__all__ = ["may_change_webhook", "may_create_webhook", "may_list"]

Type = models.WebhookType


def may_create_webhook(world: World, asked: Asked, kind: Type, project: Project | None) -> bool:
    """Whether a person may have something watched.

    :param kind: what is to be watched.
    :param project: which project, if it is one.
    """
    account = asked.account
    if is_admin(account):
        return True
    if project is not None and not may_see_project(world, account, project):
        return False
    organization = asked.organization_id
    owns = kind is Type.PROJECT and project is not None and project.owner == account.id
    if organization is None:
        return owns
    leads = has_role(world, account, organization, models.RoleEnum.MAINTAINER)
    return owns or (leads and kind is not Type.SERVER)


def may_change_webhook(world: World, account: Account, webhook: Webhook) -> bool:
    """Whether a person may see, change, ping and remove a webhook."""
    if webhook.type is Type.SERVER:
        return is_admin(account)
    staff = _is_staff(world, account, webhook)
    return is_open(world, account, webhook.organization, staff=staff)


def may_list(world: World, asked: Asked, webhook: Webhook) -> bool:
    """Whether a webhook is in a person's listing; maintainers see all of what they ask within."""
    if not asked.is_within(webhook.organization):
        return False
    if asked.organization_id is not None:
        return may_change_webhook(world, asked.account, webhook)
    if webhook.type is Type.SERVER:
        return is_admin(asked.account)
    return is_admin(asked.account) or _is_staff(world, asked.account, webhook)


def _is_staff(world: World, account: Account, webhook: Webhook) -> bool:
    project = None if webhook.project is None else world.projects.get(webhook.project)
    return account.id == webhook.owner or (project is not None and project.owner == account.id)

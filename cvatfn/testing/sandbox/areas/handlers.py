"""Which function answers which operation: the sandbox's first floor, as a table.

An operation that is not here is answered 501 by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cvatfn.testing.sandbox.areas import (
    about,
    accounts,
    annotating,
    assets,
    autoannotating,
    background,
    backups,
    cloudstorages,
    comments,
    data,
    deliveries,
    delivering,
    eventlog,
    eventposts,
    exporting,
    functions,
    growing,
    guides,
    hooks,
    importing,
    invitations,
    issues,
    jobs,
    labels,
    memberships,
    organizations,
    passwords,
    projects,
    rules,
    tasks,
    uploads,
    users,
)
from cvatfn.testing.sandbox.areas.invitations import on_invitation
from cvatfn.testing.sandbox.areas.owned import FIELDS
from cvatfn.testing.sandbox.areas.uploads import stepped, stepped_alone
from cvatfn.testing.sandbox.gates.asking import (
    Asked,
    Done,
    Handler,
    on_job,
    on_label,
    on_membership,
    on_organization,
    on_project,
    on_storage,
    on_task,
    on_thing,
)
from cvatfn.testing.sandbox.gates.changing import knowing
from cvatfn.testing.sandbox.gates.hooking import may_change_webhook
from cvatfn.testing.sandbox.gates.staff import may_see_comment, may_see_guide, may_see_issue
from cvatfn.testing.sandbox.state.hooks import Webhook
from cvatfn.testing.sandbox.state.talking import Comment, Guide, Issue
from cvatfn.testing.sandbox.state.world import World

__all__ = ["HANDLERS"]


def on_issue(handler: Callable[[World, Asked, Issue], Done]) -> Handler:
    """Find the issue of the path first, and refuse who may not see it."""
    return on_thing("Issue", lambda world: world.issues, may_see_issue, handler)


def on_comment(handler: Callable[[World, Asked, Comment], Done]) -> Handler:
    """Find the comment of the path first, and refuse who may not see it."""
    return on_thing("Comment", lambda world: world.comments, may_see_comment, handler)


def on_guide(handler: Callable[[World, Asked, Guide], Done]) -> Handler:
    """Find the guide of the path first, and refuse who may not read it."""
    return on_thing("AnnotationGuide", lambda world: world.guides, may_see_guide, handler)


def on_webhook(handler: Callable[[World, Asked, Webhook], Done]) -> Handler:
    """Find the webhook of the path first, and refuse who may not change it."""
    return on_thing("Webhook", lambda world: world.webhooks, may_change_webhook, handler)


HANDLERS: Final[Mapping[str, Handler]] = {
    "assets.create": assets.create,
    "assets.destroy": assets.destroy,
    "assets.retrieve": assets.retrieve,
    "auth.create_access_tokens": accounts.create_key,
    "auth.create_login": accounts.log_in,
    "auth.create_logout": accounts.log_out,
    "auth.create_password_change": passwords.change,
    "auth.create_password_reset": passwords.reset,
    "auth.create_password_reset_confirm": passwords.confirm_reset,
    "auth.create_register": accounts.register,
    "auth.destroy_access_tokens": accounts.destroy_key,
    "auth.list_access_tokens": accounts.list_keys,
    "auth.partial_update_access_tokens": accounts.update_key,
    "auth.retrieve_access_tokens": accounts.retrieve_key,
    "auth.retrieve_access_tokens_self": accounts.retrieve_own_key,
    "auth.retrieve_rules": rules.retrieve_rules,
    "cloudstorages.create": cloudstorages.create,
    "cloudstorages.destroy": on_storage(cloudstorages.destroy),
    "cloudstorages.list": cloudstorages.list_storages,
    "cloudstorages.partial_update": on_storage(cloudstorages.partial_update),
    "cloudstorages.retrieve": on_storage(cloudstorages.retrieve),
    "cloudstorages.retrieve_actions": on_storage(cloudstorages.retrieve_actions),
    "cloudstorages.retrieve_content_v2": on_storage(cloudstorages.retrieve_content),
    "cloudstorages.retrieve_preview": on_storage(cloudstorages.retrieve_preview),
    "cloudstorages.retrieve_status": on_storage(cloudstorages.retrieve_status),
    "comments.create": comments.create,
    "comments.destroy": on_comment(comments.destroy),
    "comments.list": comments.list_comments,
    "comments.partial_update": on_comment(comments.partial_update),
    "comments.retrieve": on_comment(comments.retrieve),
    "downloads.retrieve_dataset": on_project(delivering.refuse_old),
    "downloads.retrieve_events": delivering.download_alone,
    "downloads.retrieve_job": on_job(delivering.download),
    "downloads.retrieve_project": on_project(delivering.download),
    "downloads.retrieve_project_backup": on_project(delivering.download),
    "downloads.retrieve_task": on_task(delivering.download),
    "downloads.retrieve_task_backup": on_task(delivering.download),
    "events.create": eventposts.create,
    "events.create_export": eventlog.export_events,
    "growth.list": growing.list_growth,
    "growth.partial_update": growing.partial_update,
    "growth.retrieve": growing.retrieve,
    "invitations.accept": on_invitation(invitations.accept),
    "invitations.create": invitations.create,
    "invitations.decline": on_invitation(invitations.decline),
    "invitations.destroy": on_invitation(invitations.destroy),
    "invitations.list": invitations.list_invitations,
    "invitations.resend": on_invitation(invitations.resend),
    "invitations.retrieve": on_invitation(invitations.retrieve),
    "events.list": eventlog.list_events,
    "guides.create": guides.create,
    "guides.destroy": on_guide(guides.destroy),
    "guides.partial_update": on_guide(guides.partial_update),
    "guides.retrieve": on_guide(guides.retrieve),
    "issues.create": issues.create,
    "issues.destroy": on_issue(issues.destroy),
    "issues.list": issues.list_issues,
    "issues.partial_update": on_issue(issues.partial_update),
    "issues.retrieve": on_issue(issues.retrieve),
    "jobs.create_annotations": on_job(stepped(importing.import_job)),
    "jobs.create_dataset_export": on_job(exporting.export_job),
    "jobs.destroy": on_job(jobs.destroy),
    "jobs.destroy_annotations": on_job(annotating.clear_job),
    "jobs.list": jobs.list_jobs,
    "jobs.partial_update": knowing(jobs.JOB_FIELDS, on_job(jobs.partial_update)),
    "jobs.partial_update_annotations": on_job(annotating.patch_job),
    "jobs.partial_update_data_meta": on_job(data.patch_job_meta),
    "jobs.retrieve": on_job(jobs.retrieve),
    "jobs.retrieve_annotations": on_job(annotating.retrieve_job),
    "jobs.retrieve_data": on_job(data.job_data),
    "jobs.retrieve_data_meta": on_job(data.job_meta),
    "jobs.retrieve_preview": on_job(data.job_preview),
    "jobs.update_annotations": on_job(annotating.replace_job),
    "labels.destroy": on_label(labels.destroy),
    "labels.list": labels.list_labels,
    "labels.partial_update": on_label(labels.partial_update),
    "labels.retrieve": on_label(labels.retrieve),
    "memberships.destroy": on_membership(memberships.destroy),
    "memberships.list": memberships.list_memberships,
    "memberships.partial_update": knowing({"role"}, on_membership(memberships.partial_update)),
    "memberships.retrieve": on_membership(memberships.retrieve),
    "organizations.create": organizations.create,
    "organizations.destroy": on_organization(organizations.destroy),
    "organizations.list": organizations.list_organizations,
    "organizations.partial_update": on_organization(organizations.partial_update),
    "organizations.retrieve": on_organization(organizations.retrieve),
    "lambda.create_functions": functions.call,
    "lambda.create_requests": autoannotating.create,
    "lambda.delete_requests": autoannotating.destroy,
    "lambda.list_functions": functions.list_functions,
    "lambda.list_requests": autoannotating.list_calls,
    "lambda.retrieve_functions": functions.retrieve,
    "lambda.retrieve_requests": autoannotating.retrieve,
    "pieces.job_annotations": on_job(uploads.piece),
    "pieces.project_backup": uploads.piece_alone,
    "pieces.project_dataset": on_project(uploads.piece),
    "pieces.task_annotations": on_task(uploads.piece),
    "pieces.task_backup": uploads.piece_alone,
    "pieces.task_data": on_task(uploads.piece),
    "projects.create": projects.create,
    "projects.create_backup": stepped_alone(backups.restore_project),
    "projects.create_backup_export": on_project(backups.back_up_project),
    "projects.create_dataset": on_project(stepped(importing.import_dataset)),
    "projects.create_dataset_export": on_project(exporting.export_project),
    "projects.destroy": on_project(projects.destroy),
    "projects.list": projects.list_projects,
    "projects.partial_update": knowing(FIELDS, on_project(projects.partial_update)),
    "projects.retrieve": on_project(projects.retrieve),
    "projects.retrieve_preview": on_project(projects.retrieve_preview),
    "requests.create_cancel": background.cancel,
    "requests.list": background.list_requests,
    "requests.retrieve": background.retrieve,
    "server.retrieve_about": about.retrieve_about,
    "server.retrieve_annotation_formats": about.retrieve_formats,
    "server.retrieve_plugins": about.retrieve_plugins,
    "tasks.create": tasks.create,
    "tasks.create_annotations": on_task(stepped(importing.import_task)),
    "tasks.create_backup": stepped_alone(backups.restore_task),
    "tasks.create_backup_export": on_task(backups.back_up_task),
    "tasks.create_data": on_task(data.create_data),
    "tasks.create_dataset_export": on_task(exporting.export_task),
    "tasks.destroy": on_task(tasks.destroy),
    "tasks.destroy_annotations": on_task(annotating.clear_task),
    "tasks.list": tasks.list_tasks,
    "tasks.partial_update": knowing(tasks.TASK_FIELDS, on_task(tasks.partial_update)),
    "tasks.partial_update_annotations": on_task(annotating.patch_task),
    "tasks.partial_update_data_meta": on_task(data.patch_task_meta),
    "tasks.retrieve": on_task(tasks.retrieve),
    "tasks.retrieve_annotations": on_task(annotating.retrieve_task),
    "tasks.retrieve_data": on_task(data.task_data),
    "tasks.retrieve_data_meta": on_task(data.task_meta),
    "tasks.retrieve_preview": on_task(data.task_preview),
    "tasks.retrieve_status": on_task(tasks.retrieve_status),
    "tasks.update_annotations": on_task(annotating.replace_task),
    "users.destroy": users.destroy,
    "users.list": users.list_users,
    "users.partial_update": users.partial_update,
    "users.retrieve": users.retrieve,
    "users.retrieve_self": users.retrieve_self,
    "webhooks.create": hooks.create,
    "webhooks.create_deliveries_redelivery": on_webhook(deliveries.redeliver),
    "webhooks.create_ping": on_webhook(deliveries.ping),
    "webhooks.destroy": on_webhook(hooks.destroy),
    "webhooks.list": hooks.list_webhooks,
    "webhooks.list_deliveries": on_webhook(deliveries.list_deliveries),
    "webhooks.partial_update": on_webhook(hooks.partial_update),
    "webhooks.retrieve": on_webhook(hooks.retrieve),
    "webhooks.retrieve_deliveries": on_webhook(deliveries.retrieve),
    "webhooks.retrieve_events": hooks.retrieve_events,
    "webhooks.update": on_webhook(hooks.update),
}
"""By the endpoint's name."""

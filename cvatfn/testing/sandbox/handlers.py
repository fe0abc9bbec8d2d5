"""Which function answers which operation: the sandbox's first floor, as a table.

An operation that is not here is answered 501 by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cvatfn.testing.sandbox import (
    about,
    accounts,
    annotating,
    background,
    data,
    exporting,
    jobs,
    labels,
    tasks,
)
from cvatfn.testing.sandbox.asking import Handler, on_job, on_label, on_task

__all__ = ["HANDLERS"]

HANDLERS: Final[Mapping[str, Handler]] = {
    "auth.create_access_tokens": accounts.create_key,
    "auth.create_login": accounts.log_in,
    "auth.create_logout": accounts.log_out,
    "auth.create_register": accounts.register,
    "auth.destroy_access_tokens": accounts.destroy_key,
    "auth.list_access_tokens": accounts.list_keys,
    "auth.partial_update_access_tokens": accounts.update_key,
    "auth.retrieve_access_tokens": accounts.retrieve_key,
    "auth.retrieve_access_tokens_self": accounts.retrieve_own_key,
    "downloads.retrieve_job": on_job(exporting.download_job),
    "downloads.retrieve_task": on_task(exporting.download_task),
    "jobs.create_dataset_export": on_job(exporting.export_job),
    "jobs.destroy": on_job(jobs.destroy),
    "jobs.destroy_annotations": on_job(annotating.clear_job),
    "jobs.list": jobs.list_jobs,
    "jobs.partial_update": on_job(jobs.partial_update),
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
    "requests.create_cancel": background.cancel,
    "requests.list": background.list_requests,
    "requests.retrieve": background.retrieve,
    "server.retrieve_about": about.retrieve_about,
    "server.retrieve_annotation_formats": about.retrieve_formats,
    "server.retrieve_plugins": about.retrieve_plugins,
    "tasks.create": tasks.create,
    "tasks.create_data": on_task(data.create_data),
    "tasks.create_dataset_export": on_task(exporting.export_task),
    "tasks.destroy": on_task(tasks.destroy),
    "tasks.destroy_annotations": on_task(annotating.clear_task),
    "tasks.list": tasks.list_tasks,
    "tasks.partial_update": on_task(tasks.partial_update),
    "tasks.partial_update_annotations": on_task(annotating.patch_task),
    "tasks.partial_update_data_meta": on_task(data.patch_task_meta),
    "tasks.retrieve": on_task(tasks.retrieve),
    "tasks.retrieve_annotations": on_task(annotating.retrieve_task),
    "tasks.retrieve_data": on_task(data.task_data),
    "tasks.retrieve_data_meta": on_task(data.task_meta),
    "tasks.retrieve_preview": on_task(data.task_preview),
    "tasks.retrieve_status": on_task(tasks.retrieve_status),
    "tasks.update_annotations": on_task(annotating.replace_task),
    "users.list": accounts.list_users,
    "users.retrieve": accounts.retrieve_user,
    "users.retrieve_self": accounts.retrieve_self,
}
"""By the endpoint's name."""

"""Exports: asked for, waited for, downloaded."""

from __future__ import annotations

import re
from email.utils import format_datetime
from hashlib import blake2b
from typing import Final, Literal
from urllib.parse import quote

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.asking import Asked, Done, Outgoing
from cvatfn.testing.sandbox.background import started, subresource
from cvatfn.testing.sandbox.exports import FORMATS
from cvatfn.testing.sandbox.exports.archives import written_zip
from cvatfn.testing.sandbox.exports.subjects import subject_of
from cvatfn.testing.sandbox.replies import (
    Answer,
    Refusal,
    conflicting,
    invalid,
    page_not_found,
    unbuilt,
)
from cvatfn.testing.sandbox.world import (
    Background,
    ExportDataset,
    Job,
    Result,
    Task,
    World,
    put,
)

__all__ = ["download_job", "download_task", "export_job", "export_task", "make_export"]


def export_task(world: World, asked: Asked, task: Task) -> Done:
    """Begin to export a task."""
    return _export(world, asked, "task", task)


def export_job(world: World, asked: Asked, job: Job) -> Done:
    """Begin to export a job."""
    return _export(world, asked, "job", world.tasks[job.task], job.id)


def download_task(world: World, asked: Asked, task: Task) -> Done:
    """The file of a task's export."""
    return _download(world, asked, "task", task.id)


def download_job(world: World, asked: Asked, job: Job) -> Done:
    """The file of a job's export."""
    return _download(world, asked, "job", job.id)


def make_export(world: World, background: Background, work: ExportDataset) -> Outcome[World, str]:
    """Write the file of an export.

    :param world: before.
    :param background: the work that waits for it.
    :param work: what is wanted.
    :returns: the world with the file, or why not.
    """
    subject = subject_of(world, work)
    if subject is None:
        return Failure(f"the {work.target} is gone or has no data")
    content = written_zip(FORMATS[work.format](subject), world.now)
    moment = world.now.strftime("%Y_%m_%d_%H_%M_%S")
    name = f"{work.target}_{work.id}_{subresource(work)}_{moment}_{work.format.lower()}.zip"
    result = Result(name, content, world.now)
    finished = evolve(background, result=result)
    return Success(evolve(world, backgrounds=put(world.backgrounds, background.id, finished)))


def _export(
    world: World,
    asked: Asked,
    target: Literal["task", "job"],
    task: Task,
    job: int | None = None,
) -> Done:
    format = asked.needed("format", str)
    if format not in FORMATS:
        return invalid(f"{format!r} is not a format that can be exported: {', '.join(FORMATS)}")
    if str(asked.params.get("location", "local")) != "local" or "cloud_storage_id" in asked.params:
        return unbuilt("cloud storages yet")
    if task.media is None:
        return invalid("Data is not uploaded for the task yet")
    work = ExportDataset(
        target=target,
        id=task.id if job is None else job,
        format=format,
        save_images=asked.params.get("save_images") is True,
        filename=asked.given("filename", str),
        origin=asked.origin,
    )
    number = _id(work, asked.account.id)
    same = world.backgrounds.get(number)
    if same is not None and same.finished is None:
        return conflicting(models.RqId(rq_id=number))
    world, number = started(world, number, asked.account.id, work)
    return Success(Outgoing(world, Answer(models.RqId(rq_id=number), 202)))


def _id(work: ExportDataset, user: int) -> str:
    """CVAT's id of an export; blanks and points of the format are written as `_` and `~`."""
    format = work.format.replace(" ", "_").replace(".", "~")
    return (
        f"action=export&target={work.target}&target_id={work.id}&user_id={user}"
        f"&format={format}&subresource={subresource(work)}"
    )


def _download(world: World, asked: Asked, target: str, number: int) -> Done:
    work = world.backgrounds.get(asked.needed("rq_id", str))
    if work is None or work.result is None or work.user != asked.account.id:
        return page_not_found("There is no such file.")
    if not isinstance(work.work, ExportDataset) or (work.work.target, work.work.id) != (
        target,
        number,
    ):
        return page_not_found("There is no such file.")
    return _part(world, asked, work.result)


_RANGE: Final = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


def _part(world: World, asked: Asked, result: Result) -> Done:
    """The file, or the range of it that was asked for (RFC 9110, section 14)."""
    size = len(result.content)
    tag = f'"{blake2b(result.content, digest_size=8).hexdigest()}"'
    headers = (
        ("Last-Modified", format_datetime(result.made, usegmt=True)),
        ("Content-Disposition", f'attachment; filename="{quote(result.name, safe=" ()~")}"'),
        ("ETag", tag),
        ("Accept-Ranges", "bytes"),
    )
    found = _RANGE.fullmatch(asked.request.headers.get("range") or "")
    expected = asked.request.headers.get("if-range")
    if found is None or expected not in (None, tag) or not (found["first"] or found["last"]):
        return Success(Outgoing(world, Answer(result.content, 200, headers, "application/zip")))
    if found["first"]:
        first, last = int(found["first"]), int(found["last"] or size)
    else:
        first, last = max(0, size - int(found["last"])), size
    last = min(last, size - 1)
    if first > last:
        beyond = ("Content-Range", f"bytes */{size}")
        return Failure(Refusal(416, b"The range is not in the file.", (beyond,)))
    span = ("Content-Range", f"bytes {first}-{last}/{size}")
    content = result.content[first : last + 1]
    return Success(Outgoing(world, Answer(content, 206, (*headers, span), "application/zip")))

"""Files that exports make: where they go, and how they are fetched.

Rule: the link to a file is made of the work that made it, and only who asked for the work may
follow it. A file that went into a cloud storage has no link.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Final
from urllib.parse import quote

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.owned import reachable_storage
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing
from cvatfn.testing.sandbox.gates.replies import Answer, Refusal, invalid, page_not_found, refused
from cvatfn.testing.sandbox.state.works import (
    Background,
    Delivery,
    Export,
    ExportBackup,
    ExportDataset,
    ExportEvents,
    Result,
)
from cvatfn.testing.sandbox.state.world import World, put

__all__ = [
    "delivered",
    "delivery_of",
    "download",
    "download_alone",
    "moment",
    "path_of",
    "place_of",
    "refuse_old",
]


def delivery_of(
    world: World,
    asked: Asked,
    organization: int | None = None,
    target: models.Storage | None = None,
) -> Outcome[Delivery, Refusal]:
    """Where a request wants the file of an export to go.

    :param world: where the cloud storages are.
    :param asked: the request.
    :param organization: the id of the organization of what is exported.
    :param target: where its exports go, unless the request says where.
    """
    filename = asked.given("filename", str)
    match place_of(world, asked, organization, target):
        case Failure() as refusal:
            return refusal
        case Success(number):
            return Success(Delivery(asked.origin, filename, number))


def place_of(
    world: World, asked: Asked, organization: int | None, usual: models.Storage | None
) -> Outcome[int | None, Refusal]:
    """The id of the cloud storage to which or from which a file goes; `None` where it is local.

    :param organization: the id of the organization of what the file is of.
    :param usual: where its files go, unless the request says where.
    """
    said = asked.params.get("location")
    number = asked.given("cloud_storage_id", int)
    usually = asked.params.get("use_default_location") is not False
    if said is None and usual is not None and usually:
        location, number = usual.location.value, usual.cloud_storage_id
    else:
        location = str("local" if said is None else said)
    if location != "cloud_storage":
        return Success(None)
    if number is None:
        return invalid(UNNAMED)
    match reachable_storage(world, asked, number, organization):
        case Failure() as refusal:
            return refusal
        case Success():
            return Success(number)


UNNAMED: Final = "Cloud storage location was selected, but cloud storage id was not specified"


def delivered(
    world: World, background: Background, delivery: Delivery, result: Result
) -> Outcome[World, str]:
    """The world in which a file is where it was wanted, if that place is still there.

    :param world: before.
    :param background: the work that made the file.
    :param delivery: where it was wanted.
    :param result: the file; it bears another name where one was wished for.
    """
    result = evolve(result, name=delivery.filename or result.name)
    if delivery.cloud is not None:
        if delivery.cloud not in world.clouds:
            return Failure("the cloud storage is not there any more")
        held = put(world.clouds[delivery.cloud], result.name, result.content)
        return Success(evolve(world, clouds=put(world.clouds, delivery.cloud, held)))
    finished = evolve(background, result=result)
    return Success(evolve(world, backgrounds=put(world.backgrounds, background.id, finished)))


def path_of(work: Export) -> str:
    """The path at which the file of an export is fetched.

    :param work: the export.
    """
    match work:
        case ExportDataset():
            return f"/api/{work.target}s/{work.id}/dataset/download"
        case ExportBackup():
            return f"/api/{work.target}s/{work.id}/backup/download"
        case ExportEvents():
            return "/api/events/download"


def moment(when: datetime) -> str:
    """A time, as names of files have it.

    :param when: for a file of a project, task or job: when that was changed last.
    """
    return when.strftime("%Y_%m_%d_%H_%M_%S")


def download(world: World, asked: Asked, _subject: object) -> Done:
    """The file that the work `rq_id` made, if it was made for this path and person."""
    found = world.backgrounds.get(asked.needed("rq_id", str))
    if found is None or found.result is None or found.user != asked.account.id:
        return page_not_found("There is no such file.")
    if (
        isinstance(found.work, ExportDataset | ExportBackup | ExportEvents)
        and path_of(found.work) == asked.request.path
    ):
        return _part(world, asked, found.result)
    return page_not_found("There is no such file.")


def download_alone(world: World, asked: Asked) -> Done:
    """Do the same for a path that names nothing."""
    return download(world, asked, None)


def refuse_old(_world: World, _asked: Asked, _subject: object) -> Done:
    """Send who wants a file at once to the endpoint that begins an export."""
    return refused(410, "This endpoint is gone: begin with POST /api/projects/{id}/dataset/export")


_RANGE: Final = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


def _part(world: World, asked: Asked, result: Result) -> Done:
    """The file, or the range of it that was asked for (RFC 9110, section 14)."""
    size = len(result.content)
    # nginx makes it of a time and the size; what is in the file tells more than when it was made
    tag = f'"{blake2b(result.content, digest_size=4).hexdigest()}-{size:x}"'
    made = format_datetime(result.made, usegmt=True)
    headers = (
        ("Last-Modified", made),
        ("Content-Disposition", f'attachment; filename="{quote(result.name, safe=" ()~")}"'),
        ("ETag", tag),
        ("Accept-Ranges", "bytes"),
    )
    kind = result.content_type
    found = _RANGE.fullmatch(asked.request.headers.get("range") or "")
    expected = asked.request.headers.get("if-range")
    if found is None or expected not in (None, tag, made) or not (found["first"] or found["last"]):
        return Success(Outgoing(world, Answer(result.content, 200, headers, kind)))
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
    return Success(Outgoing(world, Answer(content, 206, (*headers, span), kind)))

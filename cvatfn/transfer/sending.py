"""Sending the files of this machine to a task: which go together, which alone, and several at once.

Rule: the files are dealt out before anything is sent (`_items`, pure). CVAT appends a file that
comes twice to itself, so no request with files is repeated whose answer was lost: its files then go
one by one, by TUS, which tells those that are there already.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from os import PathLike
from typing import Final

from attrs import evolve, frozen

from cvatfn import models
from cvatfn.api import tasks
from cvatfn.codecs.files import Content, File
from cvatfn.codecs.unset import Unset
from cvatfn.endpoints import unvalidated
from cvatfn.flows import Flow, Pause, done, together
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.preparing import prepare
from cvatfn.transfer.errors import DiskError, TransferError
from cvatfn.transfer.flows import PATIENT, Effort, again, asked
from cvatfn.transfer.journal import Journal, Line, Past
from cvatfn.transfer.progress import Progress, serialized, silent
from cvatfn.transfer.resumable import Meter, Target, uploaded
from cvatfn.transfer.sources import Local
from cvatfn.transfer.tus import Creating, Spot, State, Terms, begun, resumed
from cvatfn.transport.retries import may_pass

__all__ = ["CHECKED", "Uploading", "sent"]

CHECKED: Final = unvalidated(tasks.create_data)
"""For bodies that were checked before, or written here: a check would load what checks."""

MOST_FILES: Final = 1_000
"""How many files go in one request."""


@frozen(kw_only=True)
class Uploading:
    """How local files are sent.

    :param batch: up to which size small files go together, in bytes; a larger file goes alone.
        CVAT's web server takes about 100 MB in one request.
    :param piece: in pieces of which size a large file goes, in bytes; faults make them smaller.
    :param parallel: how many requests are under way at once.
    :param progress: who is told how far it is.
    :param journal: a file to note there what was done: the same call with the same journal goes on
        where another process was stopped. It is for one upload to one server, and one process at a
        time: another one gets a `DiskError`. A `transport` of your own says whom it speaks to by
        its `origin`, as connections do.
    :param effort: how hard to try.
    :raises ValueError: a number is not positive.
    """

    batch: int = 1 << 25
    piece: int = 1 << 24
    parallel: int = 2
    progress: Progress = silent
    journal: str | PathLike[str] | None = None
    effort: Effort = PATIENT

    def __attrs_post_init__(self) -> None:
        if min(self.batch, self.piece, self.parallel) < 1:
            raise ValueError("batch, piece and parallel must be at least 1")


def sent(
    task_id: int,
    files: tuple[Local, ...],
    quality: int | Unset,
    options: Uploading,
    journal: Journal,
) -> _Flow:
    """Send files to a task, so that only the end of the upload is left to be said.

    :param task_id: the task.
    :param files: what to send.
    :param quality: the quality of frames; CVAT wants it with every request of an upload.
    :param options: how.
    :param journal: what was done of it before, and is now.
    :returns: why not all of them arrived.
    """
    past = journal.past
    start = prepare(CHECKED, task_id, models.DataRequest(image_quality=quality), upload_start=True)
    match start:
        case Failure() as refused:
            return refused
        case Success(first):
            pass
    match _items(files, past, options):
        case Failure() as changed:
            return changed
        case Success(items):
            pass
    bare = Request("POST", first.path)
    job = _Job(
        task_id,
        quality,
        Target(tasks.create_data, bare),
        options,
        serialized(options.progress),
        journal,
    )
    total = sum(local.size for local in files)
    job.progress.start(f"task {task_id}", total)
    job.progress.advance(total - sum(item.size for item in items))
    error = None if past.started else (yield from _began(job, first))
    if error is not None:
        return error
    parts = [partial(_flow, job, item) for item in items]
    return (yield from together(parts, options.parallel))


@frozen
class _Job:
    """What all parts of one upload share."""

    task_id: int
    quality: int | Unset
    target: Target
    options: Uploading
    progress: Progress
    journal: Journal

    def write(self, line: Line) -> _Flow:
        """Note what was done."""
        return done(partial(self.journal.write, line))


@frozen
class _Batch:
    """Small files that go together."""

    files: tuple[Local, ...]

    @property
    def size(self) -> int:
        return sum(local.size for local in self.files)


@frozen
class _Single:
    """A file that goes alone, in pieces; and where it stands."""

    file: Local
    state: State

    @property
    def size(self) -> int:
        return self.file.size


_Item = _Batch | _Single
_Flow = Flow[Failure[TransferError] | None]
"""A part of the upload; nothing when it arrived."""


def _items(
    files: tuple[Local, ...], past: Past, options: Uploading
) -> Outcome[tuple[_Item, ...], DiskError]:
    """Deal out the files, large ones first; those that are there are left out, begun ones go on."""
    begun_before = {*past.sent, *past.doubted, *past.standing}
    for name in sorted(begun_before - {local.name for local in files}):
        wrong = "was sent before and is not given now: give it, or begin anew with another task"
        return Failure(DiskError(name, wrong))
    singles: list[_Item] = []
    together: list[Local] = []
    for local in files:
        before = past.sent.get(local.name) or past.doubted.get(local.name)
        if before is not None and before != local.mark:
            wrong = "has changed since its upload began: remove the journal and use a new task"
            return Failure(DiskError(local.name, wrong))
        stood = past.standing.get(local.name)
        if local.name in past.sent:
            continue
        if local.name in past.doubted:
            singles.append(_Single(local, Creating(doubted=True)))
        elif stood is not None and stood[0] == local.mark:
            singles.append(_Single(local, resumed(_terms(local, options), stood[1])))
        elif local.size > options.batch or "/" in local.name or "\\" in local.name:
            # The name of a file in a form loses its folders on the way; TUS keeps them.
            singles.append(_Single(local, begun()))
        else:
            together.append(local)
    return Success((*singles, *_batches(together, options.batch)))


def _terms(local: Local, options: Uploading) -> Terms:
    return Terms(local.name, local.size, keeps_name=True, most=options.piece)


def _batches(files: list[Local], limit: int) -> Iterator[_Batch]:
    batch: list[Local] = []
    size = 0
    for local in files:
        if batch and (size + local.size > limit or len(batch) >= MOST_FILES):
            yield _Batch(tuple(batch))
            batch, size = [], 0
        batch.append(local)
        size += local.size
    if batch:
        yield _Batch(tuple(batch))


def _began(job: _Job, start: Request) -> _Flow:
    reply = yield from asked(job.options.effort, start)
    return job.target.failed(start, reply) or (yield from job.write(Line("started")))


def _flow(job: _Job, item: _Item) -> _Flow:
    return _together(job, item) if isinstance(item, _Batch) else _alone(job, item)


def _alone(job: _Job, item: _Single) -> _Flow:
    local = item.file
    marks = {local.name: local.mark}

    def keep(spot: Spot) -> Failure[DiskError] | None:
        return job.journal.write(Line("standing", marks, spot))

    outcome = yield from uploaded(
        job.options.effort,
        job.target,
        _terms(local, job.options),
        local,
        job.progress,
        state=item.state,
        keep=keep,
    )
    if isinstance(outcome, Failure):
        return outcome
    return (yield from job.write(Line("sent", marks)))


def _together(job: _Job, item: _Batch) -> _Flow:
    effort, meter = job.options.effort, Meter(job.progress)
    match _form(job, item, meter):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    marks = {local.name: local.mark for local in item.files}
    wrong = yield from job.write(Line("sending", marks))
    if wrong is not None:
        return wrong
    began = effort.clock()
    for tried in count(1):
        reply = yield request
        one_by_one = False
        match reply:
            case Success(response) if 200 <= response.status < 300:
                meter.settle(item.size)
                return (yield from _arrived(job, item))
            case Success(response) if response.status == 413:
                break  # for some hop between they are too many; one by one they go in pieces
            case Success(response) if may_pass(reply) and response.status != 429:
                one_by_one = True
            case Failure(error) if error.may_have_acted:
                one_by_one = True
            case _ if not may_pass(reply):
                meter.settle(0)
                return job.target.failed(request, reply)
            case _:
                pass
        meter.settle(0)
        wait = again(effort, tried, began, reply)
        if wait is None:
            return job.target.failed(request, reply)
        yield Pause(wait)
        if one_by_one:
            break
    meter.settle(0)
    return (yield from _one_by_one(job, item))


def _one_by_one(job: _Job, batch: _Batch) -> _Flow:
    """Some of them may be there: each is announced, and CVAT refuses what it has."""
    for local in batch.files:
        error = yield from _alone(job, _Single(local, Creating(doubted=True)))
        if error is not None:
            return error
    return None


def _arrived(job: _Job, batch: _Batch) -> _Flow:
    for local in batch.files:
        changed = yield from done(local.changed)
        if changed is not None:
            return Failure(changed)
    return (yield from job.write(Line("sent", {each.name: each.mark for each in batch.files})))


def _form(job: _Job, batch: _Batch, meter: Meter) -> Outcome[Request, TransferError]:
    files = [
        File(local.name, local.source, local.file.content_type, size=local.size)
        for local in batch.files
    ]
    data = models.DataRequest(client_files=files, image_quality=job.quality)
    match prepare(CHECKED, job.task_id, data, upload_multiple=True):
        case Failure() as refused:
            return refused
        case Success(request) if isinstance(request.body, Content):
            return Success(evolve(request, body=evolve(request.body, told=meter.read)))
        case Success() as whole:
            return whole

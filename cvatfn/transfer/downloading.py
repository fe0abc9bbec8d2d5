"""Files from the server to this machine, whole or not at all.

How it goes: ask, for what is missing only; look at the head of the answer; write the pieces as they
come. What breaks is asked for again after a while. In the end lengths and digests are compared, and
the file gets its name.

Rule: `receiving.py` says what an answer is worth, `partial.py` where its bytes go; here they meet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Final, ParamSpec, TypeAlias

from attrs import define, evolve, field, frozen

from cvatfn.calling import concluded, request_of, settled
from cvatfn.endpoints import Endpoint, raw
from cvatfn.errors import CallError, InvalidParams, Rejected, TooLarge
from cvatfn.flows import Flow, Pause, Piece, Reply, done, dropped
from cvatfn.messages import Request, Response, masked_request, quoted
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.preparing import prepare
from cvatfn.transfer.digests import Checker, checking, digests_of
from cvatfn.transfer.errors import DiskError, Implausible, TransferError
from cvatfn.transfer.flows import PATIENT, Effort, again, led
from cvatfn.transfer.names import name_sent, safe_name
from cvatfn.transfer.partial import Handed, Sink, Writable, disk_error, part_file
from cvatfn.transfer.progress import Progress, finishing, silent
from cvatfn.transfer.receiving import Fresh, Held, More, Unfit, brought, range_headers
from cvatfn.transfer.streaming import arriving, streamed_request
from cvatfn.transport.retries import may_pass
from cvatfn.transport.types import Transport

__all__ = [
    "Download",
    "Saving",
    "To",
    "download",
    "download_url",
    "downloaded",
    "in_the_way",
    "saved_url",
    "saving_of",
    "url_downloaded",
]

P = ParamSpec("P")

LARGEST: Final = 1 << 40
"""What a file may have unless told otherwise: 1 TiB."""


@frozen
class Saving:
    """Where a download goes, and how.

    :param to: a file's path; a folder's, for the name that the server gives; or an open file.
    :param overwrite: whether it may take the place of a file that is there.
    :param progress: who is told how far it is.
    :param max_size: the largest file that is accepted, in bytes.
    :param effort: how hard to try.
    """

    to: str | os.PathLike[str] | Writable
    overwrite: bool = field(default=False, kw_only=True)
    progress: Progress = field(default=silent, kw_only=True)
    max_size: int = field(default=LARGEST, kw_only=True)
    effort: Effort = field(default=PATIENT, kw_only=True)


To: TypeAlias = str | os.PathLike[str] | Writable | Saving
"""Where a download goes: a path, an open file, or a `Saving` that says more."""


@frozen
class Download:
    """A file that arrived.

    :param path: where it is; `None` where it went to an open file.
    :param size: bytes.
    :param content_type: its media type, as the server said.
    :param name: what the server calls it, as it sent it: no name to write under.
    """

    path: Path | None
    size: int
    content_type: str
    name: str | None


def download(
    transport: Transport,
    endpoint: Endpoint[P, object],
    to: To,
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Outcome[Download, TransferError]:
    """Ask an endpoint and write its answer to a file, piece by piece.

    The endpoint's parameters follow `to`, all of them checked; what else there is to say goes into
    a `Saving`, so that it cannot be taken for a parameter.

    :param transport: what sends.
    :param endpoint: which operation.
    :param to: where the file goes: a path, a folder, an open file, or a `Saving`.
    :param args: the endpoint's parameters.
    :param params: the same, by name.
    :returns: the file; or why there is none. What came of it is kept for the next try if the server
        can go on where it stopped, never under the file's own name.

    >>> from tempfile import mkdtemp
    >>> from cvatfn import in_memory
    >>> from cvatfn.api import tasks
    >>> transport = in_memory(lambda request: Response(200, body=b"a picture"))
    >>> download(transport, tasks.retrieve_preview, Path(mkdtemp()) / "7.jpg", 7).unwrap().size
    9
    """
    flow = downloaded(endpoint, saving_of(to), prepare(endpoint, *args, **params))
    return led(flow, transport, saving_of(to).effort)


def downloaded(
    endpoint: Endpoint[P, object], saving: Saving, prepared: Outcome[Request, InvalidParams]
) -> Flow[Outcome[Download, TransferError]]:
    """The same as a flow.

    :param endpoint: which operation.
    :param saving: where the file goes.
    :param prepared: what `prepare` made of the endpoint's parameters.
    """
    with finishing(saving.progress):
        match prepared:
            case Failure() as refused:
                return refused
            case Success(request):
                answered = raw(endpoint)
        fetch = _Fetch(
            streamed_request(request),
            endpoint,
            lambda asked, reply: concluded(answered, asked, reply),
        )
        outcome = yield from _saved(fetch, saving, endpoint.name)
        return (yield from explained(endpoint, request, outcome))


def download_url(transport: Transport, url: str, to: To, /) -> Outcome[Download, TransferError]:
    """Write what a URL of the server names to a file, with the connection's credentials.

    :param transport: a connection to the URL's own origin; nothing is sent to another one.
    :param url: an absolute URL, such as a `result_url`, or a path with its query.
    :param to: where the file goes: a path, a folder, an open file, or a `Saving`.
    :returns: the file; or why there is none, such as `ForeignOrigin`.
    """
    return led(url_downloaded(url, saving_of(to)), transport, saving_of(to).effort)


def url_downloaded(url: str, saving: Saving) -> Flow[Outcome[Download, TransferError]]:
    """The same as a flow.

    :param url: an absolute URL, or a path with its query.
    :param saving: where the file goes.
    """
    with finishing(saving.progress):
        return (yield from saved_url(url, saving))


def saving_of(to: To) -> Saving:
    """Where a download goes, with all that may be said of it.

    :param to: where it goes.
    """
    return to if isinstance(to, Saving) else Saving(to)


def saved_url(url: str, saving: Saving) -> Flow[Outcome[Download, TransferError]]:
    """Do the same within a transfer that does more: its progress is finished by the caller.

    :param url: an absolute URL, or a path with its query.
    :param saving: where the file goes.
    """
    match request_of(url):
        case Failure() as refused:
            return refused
        case Success(request):
            pass
    fetch = _Fetch(streamed_request(request), None, settled)
    return (yield from _saved(fetch, saving, request.path.rpartition("/")[2]))


@frozen
class _Fetch:
    """What is asked, and how its answers are read."""

    request: Request
    endpoint: Endpoint[..., object] | None
    conclude: Callable[[Request, Reply], Outcome[Response, CallError]]

    def implausible(self, said: str) -> Failure[Implausible]:
        """The error that a server's impossible word is."""
        return Failure(Implausible("" if self.endpoint is None else self.endpoint.name, said))


def _saved(fetch: _Fetch, saving: Saving, otherwise: str) -> Flow[Outcome[Download, TransferError]]:
    to = saving.to
    if not isinstance(to, str | os.PathLike):
        try:
            handed = Handed(to)
            received = yield from _Receiving(fetch, saving, handed, lambda _: None).all()
        except _NotOurs as told:
            raise told.error from None
        except (OSError, TypeError, ValueError) as error:
            return Failure(disk_error(type(to).__name__, error))
        return _arrived(received, None, handed)
    try:
        return (yield from _on_disk(fetch, saving, Path(to), otherwise))
    except _NotOurs as told:
        raise told.error from None
    except (OSError, TypeError, ValueError) as error:
        # A path with a NUL in it is a ValueError, one that stands for bytes a TypeError.
        return Failure(disk_error(to, error))


def _on_disk(
    fetch: _Fetch, saving: Saving, path: Path, otherwise: str
) -> Flow[Outcome[Download, TransferError]]:
    folder = path if (yield from done(path.is_dir)) else path.parent

    def final(head: Response) -> Path:
        if folder != path:
            return path
        return folder / safe_name(name_sent(head.headers) or otherwise, otherwise="download")

    def taken(head: Response) -> DiskError | None:
        return None if saving.overwrite else _taken(final(head))

    refused = yield from done(lambda: in_the_way(saving))
    if refused is not None:
        return Failure(refused)
    name = path.name if folder != path else "cvatfn"
    opened = ExitStack()
    try:
        part = yield from done(
            lambda: opened.enter_context(closing(part_file(folder, name, _digest(fetch.request))))
        )
        received = yield from _Receiving(fetch, saving, part, taken).all()
        if isinstance(received, Success):
            place = final(received.unwrap())
            yield from done(lambda: part.commit(place, overwrite=saving.overwrite))
            return _arrived(received, place, part)
        return received
    finally:
        yield from done(opened.close)


def in_the_way(saving: Saving) -> DiskError | None:
    """Why a file cannot be saved under the name that it is to have; `None` if nothing says so yet.

    :param saving: where it is to go; in a folder it has no name before it comes.
    """
    to = saving.to
    if not isinstance(to, str | os.PathLike) or Path(to).is_dir():
        return None
    if os.fspath(to).endswith(("/", os.sep)):  # a `Path` no longer knows that a folder was meant
        return DiskError(os.fspath(to), "there is no such folder: make it first")
    return None if saving.overwrite else _taken(Path(to))


def _taken(place: Path) -> DiskError | None:
    if not os.path.lexists(place):
        return None
    wrong = "is there already: remove it, or say `Saving(to, overwrite=True)`"
    return DiskError(str(place), wrong)


def _arrived(
    received: Outcome[Response, TransferError], path: Path | None, sink: Sink
) -> Outcome[Download, TransferError]:
    match received:
        case Success(head):
            name = name_sent(head.headers)
            return Success(Download(path, sink.held.size, head.content_type, name))
        case Failure() as broken:
            return broken


class _NotOurs(Exception):  # noqa: N818 - carries what somebody else raised
    """No fault of the disk, though it may look like one."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def _not_ours() -> Generator[None]:
    """Here the caller's own functions are called: what they raise is not for us to judge."""
    try:
        yield
    except Exception as error:
        raise _NotOurs(error) from error


@frozen
class _Again:
    """It broke off; it may come to more the next time."""

    error: TransferError
    reply: Reply | None = None


@define
class _Receiving:
    """One download on its way: what is asked, what is here, and what is known of the rest."""

    fetch: _Fetch
    saving: Saving
    sink: Sink
    refuse: Callable[[Response], DiskError | None]
    checker: Checker | None = None
    told: int | None = None
    corrupted: bool = False

    def all(self) -> Flow[Outcome[Response, TransferError]]:
        """Receive until all is here: the head of the last answer, or why it cannot be had."""
        effort, tried = self.saving.effort, 0
        began, furthest = effort.clock(), self.sink.held.size
        while True:
            outcome = yield from self._once()
            if not isinstance(outcome, _Again):
                return outcome
            # To come as far as before is no step forward, or it might go on for ever.
            if self.sink.held.size > furthest:
                began, tried, furthest = effort.clock(), 0, self.sink.held.size
            tried += 1
            with _not_ours():
                wait = again(effort, tried, began, outcome.reply)
                if wait is not None:
                    yield Pause(wait)
                    continue
            return Failure(outcome.error)

    def _once(self) -> Flow[Outcome[Response, TransferError] | _Again]:
        fetch, held = self.fetch, self.sink.held
        headers = fetch.request.headers.replaced(range_headers(held))
        request = evolve(fetch.request, headers=headers)
        with _not_ours():
            reply = yield request
        match fetch.conclude(request, reply):
            case Failure(Rejected(response=response)) if response.status == 416 and held.size:
                wrong = "it has less of the file than it sent before"
                return (yield from done(partial(self._unfit, wrong)))
            case Failure(error) as refused:
                return _Again(error, reply) if may_pass(reply) else refused
            case Success(head):
                pass
        try:
            begun = yield from done(lambda: self._begun(head))
            if begun is not None:
                return begun
            self._tell(self.sink.held.total)
            return (yield from self._filled(head))
        finally:
            yield from dropped(head)

    def _begun(self, head: Response) -> Failure[TransferError] | _Again | None:
        """Get ready for what an answer brings; or why that is nothing."""
        held = self.sink.held
        coding = head.headers.get("content-encoding") or "identity"
        if coding.lower() != "identity":  # what the transport undoes is no longer said
            said = quoted(head, "content-encoding", 40)
            return self.fetch.implausible(f"it sent the file coded ({said}), unasked")
        match brought(held, head):
            case str(wrong):
                return self._useless(self.fetch.implausible(wrong))
            case Unfit():
                return self._unfit("the file has changed while it was fetched")
            case Fresh(total, validator):
                self.sink.restart(Held(0, total, validator))
                self.checker = checking(digests_of(head.headers))
            case More(total=total):
                self.sink.proceed(total)
                if self.checker is None:
                    self.checker = checking(digests_of(head.headers, partial=True))
                    for piece in self.sink.pieces():
                        self.checker.feed(piece)
        if total is not None and total > self.saving.max_size:
            return self._too_large()
        refused = self.refuse(head)
        return None if refused is None else Failure(refused)

    def _filled(self, head: Response) -> Flow[Outcome[Response, TransferError] | _Again]:
        """Write what comes, until it is all."""
        following = arriving(head, self.fetch.endpoint)
        while (outcome := (yield from _brought_on(following))) is not None:
            match outcome:
                case Failure(error) as broken:
                    return _Again(error) if may_pass(broken) else broken
                case Success(piece):
                    pass
            size = self.sink.held.size + len(piece)
            if size > self.saving.max_size:
                return (yield from done(self._too_large))
            if size > (self.sink.held.total or size):
                said = f"it sent more than the {self.sink.held.total} bytes of the file"
                return (yield from done(partial(self._useless, self.fetch.implausible(said))))
            yield from done(partial(self._take, piece))
            self._tell(None)
        held = self.sink.held
        if held.total is not None and held.size != held.total:
            said = f"it sent {held.size} bytes of a file of {held.total}"
            return _Again(self.fetch.implausible(said).failure())
        wrong = None if self.checker is None else self.checker.wrong()
        if wrong is None:
            return Success(head)
        if self.corrupted:
            return (yield from done(partial(self._useless, self.fetch.implausible(wrong))))
        self.corrupted = True
        return (yield from done(partial(self._unfit, wrong)))

    def _take(self, piece: bytes) -> None:
        self.sink.write(piece)
        if self.checker is not None:
            self.checker.feed(piece)

    def _unfit(self, why: str) -> _Again:
        self.sink.restart(Held())
        self.checker = None
        return _Again(self.fetch.implausible(why).failure())

    def _too_large(self) -> Failure[TransferError]:
        name = "" if self.fetch.endpoint is None else self.fetch.endpoint.name
        kept = masked_request(self.fetch.request)
        return self._useless(Failure(TooLarge(kept, self.saving.max_size, name)))

    def _useless(self, failed: Failure[TransferError]) -> Failure[TransferError]:
        """Give up, and let nobody go on with what is here."""
        with suppress(ValueError):  # a pipe cannot take it back
            self.sink.restart(Held())
        return failed

    def _tell(self, total: int | None) -> None:
        with _not_ours():
            if self.told is None:
                self.saving.progress.start(self.fetch.request.path, total)
                self.told = 0
            if self.sink.held.size != self.told:
                self.saving.progress.advance(self.sink.held.size - self.told)
                self.told = self.sink.held.size


def _brought_on(following: Callable[[], Flow[Piece]]) -> Flow[Piece]:
    """What a stream brings; it may be the caller's own."""
    with _not_ours():
        return (yield from following())


def _digest(request: Request) -> str:
    """What tells one download from another: what is asked, and of whom."""
    asked = f"{request.method}\n{request.origin}\n{request.target}\n{request.headers.pairs}"
    return blake2b(asked.encode("utf-8", "replace"), digest_size=8).hexdigest()

"""Leading the machine of a resumable upload: from its actions to requests, and the waits between.

Rule: the machine (`tus.py`) decides, here it is only carried out. Bytes are told to the progress as
they are read, and taken back where the server did not get them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from typing import Final, assert_never
from urllib.parse import urljoin

from attrs import define, evolve, field, frozen

from cvatfn.calling import concluded, request_of
from cvatfn.codecs.files import Content
from cvatfn.endpoints import Endpoint, raw
from cvatfn.errors import CallError
from cvatfn.flows import Flow, Pause, Reply, done
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import DiskError, Implausible
from cvatfn.transfer.flows import Effort, again
from cvatfn.transfer.progress import Progress
from cvatfn.transfer.sources import Local
from cvatfn.transfer.tus import (
    Arrived,
    Broken,
    Create,
    Look,
    Nothing,
    Patch,
    Sending,
    Spot,
    State,
    Terms,
    action_of,
    begun,
    step,
)

__all__ = ["Meter", "Target", "uploaded"]

VERSION: Final = {"Tus-Resumable": "1.0.0"}
PIECE: Final = "application/offset+octet-stream"


@frozen
class Target:
    """Where files are uploaded to.

    :param endpoint: the operation that takes them.
    :param request: a request to it, as it was prepared.
    """

    endpoint: Endpoint[..., object]
    request: Request

    def failed(self, request: Request, reply: Reply) -> Failure[CallError] | None:
        """The error that a reply is; `None` if it is none.

        :param request: what was sent.
        :param reply: what it came to.
        """
        outcome = concluded(raw(self.endpoint), request, reply)
        return outcome if isinstance(outcome, Failure) else None

    def implausible(self, said: str) -> Failure[Implausible]:
        """The error that a server's impossible word is.

        :param said: what cannot be.
        """
        return Failure(Implausible(self.endpoint.name, said))


@define
class Meter:
    """Tells of bytes as they are read, and takes back those that did not arrive.

    :param progress: who is told.
    """

    progress: Progress
    told: int = field(default=0)

    def read(self, count: int) -> None:
        """Tell of bytes that were read to be sent.

        :param count: how many.
        """
        self.told += count
        self.progress.advance(count)

    def settle(self, arrived: int) -> None:
        """Tell what came of it.

        :param arrived: how many bytes are there in all.
        """
        if arrived != self.told:
            self.progress.advance(arrived - self.told)
            self.told = arrived


def uploaded(
    effort: Effort,
    target: Target,
    terms: Terms,
    local: Local,
    progress: Progress,
    *,
    state: State | None = None,
    keep: Callable[[Spot], Failure[DiskError] | None] | None = None,
) -> Flow[Outcome[Arrived, CallError | Implausible | DiskError]]:
    """Upload a file.

    :param effort: how hard to try.
    :param target: where to.
    :param terms: what is uploaded, and in which pieces.
    :param local: the file.
    :param progress: who is told of each piece.
    :param state: where to go on; a new upload unless told.
    :param keep: notes where the upload stands, before each piece.
    :returns: that it arrived, and as what; or why not.
    """
    state = begun() if state is None else state
    action = action_of(terms, state)
    meter, began = Meter(progress), effort.clock()
    while not isinstance(action, Nothing):
        if isinstance(state, Sending):
            meter.settle(state.spot.offset)
            if keep is not None and isinstance(action, Patch):
                sent = max(state.spot.sent, action.offset + action.size)
                wrong = yield from done(partial(keep, evolve(state.spot, sent=sent)))
                if wrong is not None:
                    return wrong
        match _request(target, action, local, meter):
            case Failure() as nowhere:
                return nowhere
            case Success(request):
                pass
        reply = yield request
        tried = _tried(state)
        state, action = step(terms, state, reply)
        if _tried(state) > tried:
            wait = again(effort, _tried(state), began, reply)
            if wait is None:
                return target.failed(request, reply) or target.implausible("it gets nowhere")
            yield Pause(wait)
        elif not _tried(state):
            began = effort.clock()
        if isinstance(state, Broken):
            if isinstance(state.why, str):
                return target.implausible(state.why)
            return target.failed(request, state.why) or target.implausible("this is no answer")
    meter.settle(local.size)
    changed = yield from done(local.changed)
    if changed is not None:
        return Failure(changed)
    if isinstance(state, Arrived):
        return Success(state)
    raise AssertionError(f"an upload ended as {state}")  # pragma: no cover


def _tried(state: State) -> int:
    return 0 if isinstance(state, Arrived | Broken) else state.tried


def _request(
    target: Target, action: Create | Patch | Look, local: Local, meter: Meter
) -> Outcome[Request, CallError | Implausible]:
    match action:
        case Create():
            filename = b64encode(local.name.encode("utf-8", "replace")).decode()
            announced = {
                **VERSION,
                "Upload-Length": str(local.size),
                "Upload-Metadata": f"filename {filename}",
            }
            headers = target.request.headers.replaced(announced)
            return Success(evolve(target.request, query=(), headers=headers, body=None))
        case Patch(location, offset, size):
            sent = {**VERSION, "Upload-Offset": str(offset), "Content-Type": PIECE}
            body = Content((local.part(offset, size),), told=meter.read)
            return _at(target, location, "PATCH", sent, body)
        case Look(location):
            return _at(target, location, "HEAD", VERSION, None)
        case _:
            assert_never(action)


def _at(
    target: Target, location: str, method: str, headers: dict[str, str], body: Content | None
) -> Outcome[Request, Implausible]:
    try:
        url = urljoin(target.request.path, location)
    except ValueError:
        url = ""
    match request_of(url, method):
        case Success(request):
            return Success(evolve(request, headers=request.headers.replaced(headers), body=body))
        case Failure():
            return target.implausible("it put the upload at a `Location` which is no place")

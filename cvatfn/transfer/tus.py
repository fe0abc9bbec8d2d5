"""Resumable uploads as a machine: TUS 1.0.0 in CVAT's dialect.

How it goes: a POST creates an upload and is told where it is; each PATCH sends the next piece; when
anything breaks, a HEAD asks how much has arrived. CVAT forgets an upload at the moment it is whole,
so after a lost last answer the HEAD says 404: then the file has arrived, or the server has lost it.
For task data that is told apart by creating it once more: a name that is there is refused with 409.
Elsewhere it shows when the upload is finished; `Arrived.sure` says which of the two it is.

States and what is done in them; whatever may pass leads to `Asking`, the rest to `Broken`:

    Creating  POST   201 -> Sending    409, after a doubt -> Arrived
    Sending   PATCH  204 -> Sending, Arrived at the end    404 -> Creating anew
    Asking    HEAD   200 -> Sending    404 -> Creating anew; after the last piece: see above

Rule: pure. No answer is trusted beyond what it can know: an offset is never taken that lies behind
what was sent, nor a length that is not the file's. Pieces shrink with faults and grow again.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias, assert_never

from attrs import Factory, evolve, field, frozen

from cvatfn.codecs.clearing import shown
from cvatfn.flows import Reply
from cvatfn.messages import Response, quoted
from cvatfn.outcome import Success
from cvatfn.transport.retries import may_pass

__all__ = [
    "Action",
    "Arrived",
    "Asking",
    "Broken",
    "Create",
    "Creating",
    "Look",
    "Nothing",
    "Patch",
    "Sending",
    "Spot",
    "State",
    "Terms",
    "action_of",
    "begun",
    "resumed",
    "step",
]

LEAST: Final = 1 << 18

MOST_LOST: Final = 3
"""How often an upload may be begun anew, in whole or in part, because the server has lost it."""

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_GONE: Final = (404, 410)
_UNWELL: Final = 500
"""What CVAT answers to a piece that it could not take this time."""
_LOST: Final = f"it lost what it had of the upload {MOST_LOST + 1} times"


def _least(terms: Terms) -> int:
    return min(terms.most, LEAST)


@frozen
class Terms:
    """What is uploaded, and in pieces of which sizes.

    :param name: the file's name.
    :param length: its size, in bytes.
    :param keeps_name: whether the server keeps the file under this name, as it does with task data.
    :param most: the largest piece, in bytes.
    :param least: the smallest piece that faults make of it, in bytes.
    """

    name: str
    length: int
    keeps_name: bool = False
    most: int = 1 << 24
    least: int = field(default=Factory(_least, takes_self=True))


@frozen
class Spot:
    """Where an upload stands; this is all that another process needs to go on with it.

    :param location: the upload's URL.
    :param filename: what the server calls the file.
    :param offset: how many bytes the server said it has.
    :param sent: how many it may have at most: so much was on its way, now or earlier.
    """

    location: str = field(repr=shown)
    filename: str
    offset: int = 0
    sent: int = 0


@frozen
class Creating:
    """Nothing is there yet.

    :param tried: how many requests came to nothing since the last step forward.
    :param lost: how often an upload was lost.
    :param doubted: whether a file of this name may have arrived already.
    """

    tried: int = 0
    lost: int = 0
    doubted: bool = False


@frozen
class Sending:
    """The server has what lies before the spot's offset.

    :param piece: how much goes next.
    :param tried: how many requests came to nothing since the last step forward.
    :param lost: how often the upload, or a part of it, was lost.
    :param limit: how large pieces may be, where a larger one was refused for its size.
    """

    spot: Spot
    piece: int
    tried: int = 0
    lost: int = 0
    limit: int | None = None


@frozen
class Asking:
    """Something broke: how much has arrived? The fields are those of `Sending`."""

    spot: Spot
    piece: int
    tried: int = 0
    lost: int = 0
    limit: int | None = None


@frozen
class Arrived:
    """All of it is there.

    :param filename: what the server calls the file.
    :param sure: whether the server said so; or it may have lost the whole of it.
    """

    filename: str
    sure: bool = True


@frozen
class Broken:
    """It cannot be done.

    :param why: the reply that says so; or a text, where the reply cannot be true.
    """

    why: Reply | str


State: TypeAlias = Creating | Sending | Asking | Arrived | Broken


@frozen
class Create:
    """Announce the file."""


@frozen
class Patch:
    """Send a piece."""

    location: str = field(repr=shown)
    offset: int
    size: int


@frozen
class Look:
    """Ask how much has arrived."""

    location: str = field(repr=shown)


@frozen
class Nothing:
    """It is over."""


Action: TypeAlias = Create | Patch | Look | Nothing


def begun() -> State:
    """Where a new upload begins."""
    return Creating()


def resumed(terms: Terms, spot: Spot) -> State:
    """Where an upload goes on that another process began.

    :param terms: what is uploaded.
    :param spot: where it stood.
    """
    return Asking(spot, terms.most)


def action_of(terms: Terms, state: State) -> Action:
    """What to do in a state.

    :param terms: what is uploaded.
    :param state: the state.

    >>> action_of(Terms("a.zip", 5), Sending(Spot("/a/1", "a.zip", 2), 2))
    Patch(location='/a/1', offset=2, size=2)
    """
    match state:
        case Creating():
            return Create()
        case Sending(spot, piece):
            return Patch(spot.location, spot.offset, min(piece, terms.length - spot.offset))
        case Asking(spot):
            return Look(spot.location)
        case Arrived() | Broken():
            return Nothing()
        case _:
            assert_never(state)


def step(terms: Terms, state: State, reply: Reply) -> tuple[State, Action]:
    """What a reply to a state's action leads to.

    :param terms: what is uploaded.
    :param state: the state.
    :param reply: what the request came to.
    :returns: the next state, and what to do in it.

    >>> created = Response(201, {"Location": "/a/1"})
    >>> step(Terms("a.zip", 5), Creating(), Success(created))[1]
    Patch(location='/a/1', offset=0, size=5)
    """
    match state:
        case Creating():
            after = _created(terms, state, reply)
        case Sending():
            after = _sent(terms, state, reply)
        case Asking():
            after = _looked(terms, state, reply)
        case Arrived() | Broken():
            after = state
        case _:
            assert_never(state)
    return after, action_of(terms, after)


def _created(terms: Terms, state: Creating, reply: Reply) -> State:
    if may_pass(reply):
        return evolve(state, tried=state.tried + 1)
    match reply:
        case Success(response) if 200 <= response.status < 300:
            location = response.headers.get("location")
            if not location:
                return Broken("it created an upload, but does not say where (no Location)")
            if state.doubted and state.lost >= MOST_LOST:
                return Broken(_LOST)
            lost = state.lost + state.doubted  # it had not arrived
            filename = response.headers.get("upload-filename") or terms.name
            # CVAT calls the file what the last part of its URL is, unless it says otherwise.
            return Sending(Spot(location, filename), terms.most, lost=lost)
        case Success(response) if response.status == 409 and state.doubted:
            return Arrived(terms.name)
        case _:
            return Broken(reply)


def _stumbled(reply: Reply) -> bool:
    unwell = isinstance(reply, Success) and reply.unwrap().status == _UNWELL
    return unwell or may_pass(reply)


def _sent(terms: Terms, state: Sending, reply: Reply) -> State:
    spot = state.spot
    end = spot.offset + min(state.piece, terms.length - spot.offset)
    smaller = max(terms.least, state.piece // 2)
    reached = evolve(spot, sent=max(spot.sent, end))
    broken = Asking(reached, smaller, state.tried + 1, state.lost, state.limit)
    if _stumbled(reply):
        return broken
    match reply:
        case Success(response) if 200 <= response.status < 300:
            offset = _offset(response)
            if offset is None or not spot.offset <= offset <= end:
                return Broken(_lie(response, spot.offset, end))
            if offset == terms.length:
                return Arrived(spot.filename)
            if offset == spot.offset:
                return broken
            larger = min(state.limit or terms.most, state.piece * 2)
            stands = evolve(reached, offset=offset)
            return Sending(stands, larger, lost=state.lost, limit=state.limit)
        case Success(response) if response.status == 409:  # it has more, or less, than we know
            return broken
        case Success(response) if response.status == 413 and state.piece > terms.least:
            return evolve(broken, limit=smaller)  # for some hop between the piece is too large
        case Success(response) if response.status in _GONE:
            return _gone(terms, state)
        case _:
            return Broken(reply)


def _looked(terms: Terms, state: Asking, reply: Reply) -> State:
    if _stumbled(reply):
        return evolve(state, tried=state.tried + 1)
    spot = state.spot
    match reply:
        case Success(response) if 200 <= response.status < 300:
            offset, length = _offset(response), response.headers.get("upload-length")
            if length is not None and length != str(terms.length):
                said = quoted(response, "upload-length", 40)
                return Broken(f"the upload has a length of {said}, the file of {terms.length}")
            most = min(max(spot.sent, spot.offset), terms.length)
            if offset is None or offset > most:
                return Broken(_lie(response, 0, most))
            if offset == terms.length and terms.length:
                return Arrived(spot.filename)
            tried = 0 if offset > spot.offset else state.tried
            # What it said to have and has no longer: were that no loss, it might go on for ever.
            lost = state.lost + (offset < spot.offset)
            if lost > MOST_LOST:
                return Broken(_LOST)
            # What a hop gave up on may still be on its way: `sent` stays.
            stands = evolve(spot, offset=offset, sent=max(spot.sent, offset))
            return Sending(stands, state.piece, tried, lost, state.limit)
        case Success(response) if response.status in _GONE:
            return _gone(terms, state)
        case _:
            return Broken(reply)


def _gone(terms: Terms, state: Sending | Asking) -> State:
    if state.spot.sent == terms.length:  # the last piece was on its way before: it may be whole
        if terms.keeps_name:
            return Creating(state.tried, state.lost, doubted=True)
        return Arrived(state.spot.filename, sure=False)
    if state.lost >= MOST_LOST:
        return Broken(_LOST)
    return Creating(state.tried, state.lost + 1)


def _offset(response: Response) -> int | None:
    said = response.headers.get("upload-offset") or ""
    return int(said) if _NUMBER.fullmatch(said) else None


def _lie(response: Response, least: int, most: int) -> str:
    said = quoted(response, "upload-offset", 40)
    return f"it says that it has {said} bytes, where only {least} to {most} are possible"

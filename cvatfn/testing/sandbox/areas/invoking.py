"""Calling a function: with the picture and the parameters that its kind is given.

Rule: a function is foreign code. Whatever it does, and whatever it answers, becomes a value; what
it raises is told in words.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from attrs import frozen

from cvatfn import models
from cvatfn.codecs.json import dumps, loads, structure
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.frames import NO_DATA
from cvatfn.testing.sandbox.files.detected import is_object, is_sequence, translated
from cvatfn.testing.sandbox.files.labelmaps import LabelMap, label_map, task_labels
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.functions import Function
from cvatfn.testing.sandbox.state.world import World

__all__ = ["Trouble", "invoked"]

Given = dict[str, JSON]


@frozen
class Trouble:
    """Why a call came to nothing, and the status that says so."""

    status: int
    said: str


def invoked(
    world: World, function: Function, task: Task, job: Job | None, arguments: JSONObject
) -> Outcome[JSON, Trouble]:
    """Call a function.

    :param function: which one.
    :param task: on whose frames.
    :param job: the job whose frames these must be, if it is about one.
    :param arguments: what was sent: `frame`, `threshold`, `pos_points`, `mapping`...
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    match _labels(world, function, task, given):
        case Failure(wrong):
            return Failure(Trouble(400, wrong))
        case Success(labels):
            pass
    match _parameters(world, function, task, job, given):
        case Failure(wrong):
            return Failure(Trouble(400, wrong))
        case Success((image, parameters)):
            pass
    match _answer(function, image, parameters):
        case Failure() as failed:
            return failed
        case Success(answer):
            return _translated(world, function, labels, answer)


_NAMES: Final = (("frame", "frame"), ("frame0", "start frame"), ("frame1", "end frame"))
_STATES_LAST: Final = timedelta(hours=8)


def _labels(
    world: World, function: Function, task: Task, given: JSONObject
) -> Outcome[LabelMap, str]:
    match structure(dict[str, models.LabelMappingEntryRequest], given.get("mapping", {})):
        case Failure(error):
            return Failure(f"Invalid mapping. {error}")
        case Success(mapping):
            return label_map(function.labels, task_labels(world, task), mapping)


def _parameters(
    world: World, function: Function, task: Task, job: Job | None, given: JSONObject
) -> Outcome[tuple[bytes, JSONObject], str]:
    for name, said in _NAMES:
        frame = given.get(name)
        if job is not None and isinstance(frame, int) and not job.start <= frame <= job.stop:
            return Failure(f"The {said} is outside the job range")
    for name in _NEEDED[function.kind]:
        if name not in given:
            return Failure(
                f"`{function.id}` lambda function was called without mandatory argument: {name}"
            )
    parameters: Given = {name: given[name] for name in _PASSED[function.kind] if name in given}
    match _picture(task, given.get("frame0" if function.kind == "reid" else "frame")):
        case Failure() as wrong:
            return wrong
        case Success(image):
            pass
    if function.kind == "reid":
        match _picture(task, given["frame1"]):
            case Failure() as wrong:
                return wrong
            case Success(second):
                parameters["image1"] = b64encode(second).decode()
    if function.kind == "tracker":
        match _opened(world, function, given.get("states", [])):
            case Failure() as wrong:
                return wrong
            case Success(states):
                parameters = {"shapes": [], **parameters, "states": states}
    return Success((image, parameters))


_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "detector": ("frame",),
    "interactor": ("frame", "pos_points", "neg_points"),
    "reid": ("frame0", "frame1", "boxes0", "boxes1"),
    "tracker": ("frame",),
}
_PASSED: Final[Mapping[str, tuple[str, ...]]] = {
    "detector": ("threshold", "roi"),
    "interactor": ("threshold", "pos_points", "neg_points", "obj_bbox"),
    "reid": ("threshold", "boxes0", "boxes1", "max_distance"),
    "tracker": ("threshold", "shapes"),
}


def _picture(task: Task, frame: JSON) -> Outcome[bytes, str]:
    media = task.media
    if media is None:
        return Failure(NO_DATA)
    if not isinstance(frame, int) or not 0 <= frame < len(media.frames):
        return Failure(f"Incorrect requested frame number: {frame}")
    return Success(media.frames[frame].content)


def _answer(function: Function, image: bytes, parameters: JSONObject) -> Outcome[JSON, Trouble]:
    if function.call is None:
        return Failure(Trouble(503, f"the function {function.id!r} was not given its code again"))
    try:
        # written and read back, so that what goes on is JSON and nothing else
        return Success(loads(JSON, dumps(function.call(image, parameters))).unwrap())
    except Exception as error:  # foreign code may raise anything
        said = f"the function {function.id!r} failed: {type(error).__name__}: {_words_of(error)}"
        return Failure(Trouble(500, said))


def _words_of(error: Exception) -> str:
    """What an error says, as JSON can hold it; the words of foreign code are foreign code, too."""
    try:
        return str(error).encode("utf-8", "replace").decode()
    except Exception:  # see above
        return "it does not say why"


def _translated(
    world: World, function: Function, labels: LabelMap, answer: JSON
) -> Outcome[JSON, Trouble]:
    if function.kind == "detector":
        match translated(answer, labels):
            case Failure(wrong):
                return Failure(Trouble(500, f"{function.id!r}: {wrong}"))
            case Success(found):
                return Success(list(found))
    if function.kind == "tracker" and is_object(answer):
        states = answer.get("states")
        kept: Sequence[JSON] = states if is_sequence(states) else ()
        return Success({**answer, "states": [_closed(world, function, state) for state in kept]})
    return Success(answer)


def _closed(world: World, function: Function, state: JSON) -> str:
    """A tracker's state as a text that only this world opens again, and not for long."""
    said = f"{dumps(state).decode()}:{int(world.now.timestamp())}"
    return f"{said}:{_seal(world, function, said)}"


def _opened(world: World, function: Function, states: JSON) -> Outcome[list[JSON], str]:
    opened: list[JSON] = []
    for state in states if is_sequence(states) else ():
        if state is None:
            opened.append(None)
            continue
        said, _, seal = str(state).rpartition(":")
        content, _, moment = said.rpartition(":")
        read = loads(JSON, content.encode("utf-8", "replace"))
        if not compare_digest(
            seal.encode("utf-8", "replace"), _seal(world, function, said).encode()
        ):
            return Failure("Invalid or expired tracker state")
        late = world.now.timestamp() - int(moment) > _STATES_LAST.total_seconds()
        if late or isinstance(read, Failure):
            return Failure("Invalid or expired tracker state")
        opened.append(read.unwrap())
    return Success(opened)


def _seal(world: World, function: Function, said: str) -> str:
    sealed = f"{world.seed}\0tracker {function.id}\0{said}"
    return blake2b(sealed.encode("utf-8", "replace"), digest_size=16).hexdigest()

"""Functions: listed, looked at, and called at once for one frame.

Rule: everyone sees which functions there are; who may look at a task or job has them look at its
frames. Refusals are bare texts, as CVAT gives them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cvatfn.codecs.json import dumps, loads
from cvatfn.codecs.jsonvalue import JSON, JSONObject
from cvatfn.endpoints import CVAT_JSON
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.changes import places_of
from cvatfn.testing.sandbox.areas.invoking import invoked
from cvatfn.testing.sandbox.areas.logbook import logged, server_row
from cvatfn.testing.sandbox.files.detected import is_object
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, done
from cvatfn.testing.sandbox.gates.permitting import may_see_job, may_see_task
from cvatfn.testing.sandbox.gates.replies import Answer, Refusal, forbidden, invalid
from cvatfn.testing.sandbox.state.annotated import Job, Task
from cvatfn.testing.sandbox.state.functions import Function, FunctionLabel
from cvatfn.testing.sandbox.state.world import World

__all__ = ["call", "list_functions", "no_function", "retrieve", "said_no"]


def list_functions(world: World, _: Asked) -> Done:
    """All functions there are."""
    return done(world, tuple(map(shown, world.functions.values())))


def retrieve(world: World, asked: Asked) -> Done:
    """One function."""
    number = asked.needed("func_id", str)
    function = world.functions.get(number)
    return no_function(number) if function is None else done(world, shown(function))


def call(world: World, asked: Asked) -> Done:
    """Have a function look at a frame, and answer what it found."""
    number = asked.needed("func_id", str)
    arguments = _arguments(asked)
    match _target(world, asked, number, arguments):
        case Failure() as refusal:
            return refusal
        case Success((task, job)):
            pass
    function = world.functions.get(number)
    if function is None:
        return no_function(number)
    match invoked(world, function, task, job, arguments):
        case Failure(trouble):
            return said_no(trouble.status, trouble.said)
        case Success(answer):
            frames = {name: arguments[name] for name in _FRAMES if name in arguments}
            payload = {
                "function": {"id": number},
                "category": "interactive",
                "parameters": frames,
            }
            places = places_of(world, task if job is None else job)
            row = server_row(world, "call:function", asked.account.id, places, payload)
            kept = Answer(dumps(answer), content_type=CVAT_JSON)
            return Success(Outgoing(logged(world, [row]), kept))


def no_function(number: str) -> Failure[Refusal]:
    """Refuse because there is no such function.

    :param number: its id.
    """
    return said_no(404, f"there is no function {number!r}")


def said_no(status: int, said: str) -> Failure[Refusal]:
    """Refuse with a bare text.

    :param status: the status code.
    :param said: why not.
    """
    return Failure(Refusal(status, said))


def shown(function: Function) -> Mapping[str, object]:
    """A function as CVAT shows it.

    :param function: the function.
    """
    about: dict[str, object] = {
        "id": function.id,
        "kind": function.kind,
        "labels_v2": [_label(label) for label in function.labels],
        "description": function.description,
        "name": function.name or function.id,
        "version": function.version,
    }
    if function.kind != "interactor":
        return about
    return {
        **about,
        "min_pos_points": function.min_pos_points,
        "min_neg_points": function.min_neg_points,
        "startswith_box": function.startswith_box,
        "startswith_box_optional": function.startswith_box_optional,
        "help_message": function.help_message,
        "animated_gif": function.animated_gif,
    }


_FRAMES: Final = ("frame", "frame0", "frame1")


def _label(label: FunctionLabel) -> Mapping[str, object]:
    about: dict[str, object] = {
        "name": label.name,
        "type": label.type,
        "attributes": [
            {"name": each.name, "input_type": each.input_type, "values": list(each.values)}
            for each in label.attributes
        ],
    }
    if label.type != "skeleton":
        return about
    return {**about, "sublabels": [_label(each) for each in label.sublabels], "svg": label.svg}


def _arguments(asked: Asked) -> JSONObject:
    """All that was sent: each kind of function asks for other things than the schema says."""
    read = loads(JSON, asked.request.content or b"{}")
    held = read.unwrap() if isinstance(read, Success) else None
    return held if is_object(held) else {}


def _target(
    world: World, asked: Asked, function: str, arguments: JSONObject
) -> Outcome[tuple[Task, Job | None], Refusal]:
    number = arguments.get("job")
    if number is not None:
        job = world.jobs.get(number) if isinstance(number, int) else None
        if job is None:
            return invalid("Job matching query does not exist.")
        seen = may_see_job(world, asked.account, job)
        return Success((world.tasks[job.task], job)) if seen else forbidden()
    number = arguments.get("task")
    if number is None:
        return said_no(400, f"`{function}` lambda function was run with wrong arguments ('task')")
    task = world.tasks.get(number) if isinstance(number, int) else None
    if task is None:
        return invalid("Task matching query does not exist.")
    return Success((task, None)) if may_see_task(world, asked.account, task) else forbidden()

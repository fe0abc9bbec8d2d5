"""What a PATCH changes, field by field.

Rule: a PATCH is granted when each field that is given is: CVAT asks for a right for every one, and
answers a field it does not know as one that nobody may change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Handler
from cvatfn.testing.sandbox.gates.permitting import Right, Thing, may
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, refused
from cvatfn.testing.sandbox.state.world import World

__all__ = ["granted", "knowing"]


def knowing(fields: Collection[str], handler: Handler) -> Handler:
    """Refuse fields that are not known first, whoever asks.

    :param fields: the fields that can be changed.
    :param handler: what to do with the others.
    """

    def handle(world: World, asked: Asked) -> Done:
        if _fields(asked) <= frozenset(fields):
            return handler(world, asked)
        return refused(403, "Attempted to update an unknown field")

    return handle


def granted(
    world: World, asked: Asked, thing: Thing, rights: Mapping[str, Right]
) -> Outcome[None, Refusal]:
    """Refuse who may not change all that a request gives.

    :param thing: what is to be changed.
    :param rights: by field, the right that it needs.
    """
    needed = {rights[name] for name in _fields(asked) if name in rights}
    allowed = all(may(world, asked.account, right, thing) for right in needed)
    return Success(None) if allowed else forbidden()


def _fields(asked: Asked) -> frozenset[str]:
    """The names of the fields that a request gives."""
    body = asked.request.body
    read = loads(JSON, body) if isinstance(body, bytes) else Success(None)
    value = read.unwrap() if isinstance(read, Success) else None
    return frozenset(value) if isinstance(value, dict) else frozenset()

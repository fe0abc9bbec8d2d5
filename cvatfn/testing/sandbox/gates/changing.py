"""What a PATCH changes, field by field.

Rule: a PATCH is granted when each field that is given is: CVAT asks for a right for every one, and
answers a field it does not know as one that nobody may change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cvatfn.codecs.json import loads
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.permitting import Right, Thing, may
from cvatfn.testing.sandbox.gates.replies import Refusal, forbidden, refused
from cvatfn.testing.sandbox.state.world import World

__all__ = ["fields_sent", "granted"]


def fields_sent(asked: Asked, known: Collection[str]) -> Outcome[frozenset[str], Refusal]:
    """The names of the fields that are to be changed.

    :param asked: the request.
    :param known: the fields that can be.
    """
    body = asked.request.body
    read = loads(JSON, body) if isinstance(body, bytes) else Success(None)
    value = read.unwrap() if isinstance(read, Success) else None
    names = frozenset(value) if isinstance(value, dict) else frozenset[str]()
    if names <= frozenset(known):
        return Success(names)
    return refused(403, "Attempted to update an unknown field")


def granted(
    world: World, asked: Asked, thing: Thing, rights: Mapping[str, Right]
) -> Outcome[frozenset[str], Refusal]:
    """The names of the fields that are to be changed, if who asks may change all of them.

    :param thing: what is to be changed.
    :param rights: by field, the right that it needs.
    """
    match fields_sent(asked, rights):
        case Failure() as refusal:
            return refusal
        case Success(names):
            needed = {rights[name] for name in names}
    allowed = all(may(world, asked.account, right, thing) for right in needed)
    return Success(names) if allowed else forbidden()

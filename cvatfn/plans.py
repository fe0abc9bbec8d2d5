"""What a declaration comes to when it is used: all that a call needs of it, looked up once.

Rule: a plan is pure data made of a declaration; the models that the declaration names are imported
here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import NoneType
from typing import Final, get_args

from attrs import frozen

from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import reached
from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.params import ParamCodec, param_codec
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.secrets import secret_names
from cvatfn.codecs.unset import UNSET
from cvatfn.endpoints import Declaration, Parameter, RequestBody

__all__ = ["MODEST", "Plan", "Slot", "plan_of"]

MODEST: Final = 1 << 24
"""How many bytes an answer may have that is a few fields: a text among them may be long."""


@frozen
class Slot:
    """One parameter, with the codec of its type."""

    parameter: Parameter
    codec: ParamCodec
    nullable: bool


@frozen
class Plan:
    """All that `prepare` and `interpret` need of a declaration, looked up once."""

    method: str
    path: tuple[str | Slot, ...]
    accept: str
    positional: tuple[str, ...]
    required: tuple[str, ...]
    defaults: Mapping[str, object]
    query: tuple[Slot, ...]
    headers: tuple[Slot, ...]
    body: RequestBody | None
    known: frozenset[str]
    sent_secrets: frozenset[str]
    answered_secrets: frozenset[str]
    may_be_empty: bool
    bytes_among: bool
    text_among: bool
    returns: object
    json_returns: object
    max_body: int | None


@remembered
def plan_of(declaration: Declaration) -> Plan:
    """The plan of a declaration, made at its first use.

    :param declaration: the endpoint's.
    :raises TypeError: the declaration cannot work; it says why.

    >>> from cvatfn.api import tasks
    >>> plan_of(tasks.retrieve.declaration).required
    ('id',)
    """
    facts, signature = declaration.facts, declaration.signature
    slots = {
        parameter.name: Slot(parameter, param_codec(parameter.type), _takes_none(parameter))
        for parameter in signature.parameters
    }
    in_path = {
        f"{{{slot.parameter.wire_name}}}": slot
        for slot in slots.values()
        if slot.parameter.place == "path"
    }
    body, returns = signature.body, signature.returns
    parts: tuple[object, ...] = get_args(returns) if is_union(returns) else ()
    rest: list[object] = [part for part in parts if part is not bytes]
    return Plan(
        method=facts.method,
        path=tuple(in_path.get(piece, piece) for piece in _BRACES.split(facts.path)),
        accept="*/*" if returns is bytes else facts.produces[0],
        positional=signature.positional,
        required=tuple(
            [name for name, slot in slots.items() if slot.parameter.required]
            + ([body.name] if body is not None and body.required else [])
        ),
        defaults={
            name: slot.parameter.default
            for name, slot in slots.items()
            if slot.parameter.default is not UNSET
        },
        query=tuple(slot for slot in slots.values() if slot.parameter.place == "query"),
        headers=tuple(slot for slot in slots.values() if slot.parameter.place == "header"),
        body=body,
        known=frozenset([*slots, *([] if body is None else [body.name])]),
        sent_secrets=frozenset() if body is None else secret_names(sent_kind(body.type)),
        answered_secrets=secret_names(returns),
        may_be_empty=returns is NoneType or NoneType in parts,
        bytes_among=bytes in parts,
        text_among=returns is str or str in parts,
        returns=returns,
        json_returns=rest[0] if bytes in parts and len(rest) == 1 else returns,
        max_body=None if any(map(_is_open_ended, reached(returns))) else MODEST,
    )


def _is_open_ended(kind: object) -> bool:
    """Whether a value of a type may well be large: a list, a file, whatever JSON can say."""
    return class_of(kind) in (bytes, dict, list, object, tuple)


_BRACES: Final = re.compile(r"({\w+})")


def _takes_none(parameter: Parameter) -> bool:
    """Whether `None` may be given for it; a path has no place for what is absent."""
    return parameter.place != "path" and NoneType in get_args(parameter.type)

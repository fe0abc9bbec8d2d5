"""The reference of the models: a page for each area, written from the classes.

Rule: types are spelled as the source has them, limits are those that requests are held to, and
releases are the ledger's.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TypeGuard, cast

import attrs

from cvatfn import models
from cvatfn.codecs.building import field_types, fields_of
from cvatfn.codecs.enums import OpenEnum
from generator.schemas import is_request
from handbook.dated import Dated, in_words
from handbook.spelling import limits, may_be_left_out, spelled
from handbook.telling import heading, indented, sentence

__all__ = ["fields_told", "model_page"]


def model_page(area: str, facts: Dated, known: Mapping[str, str]) -> str:
    """The page of an area's models.

    :param area: the module's name, such as `tasks`.
    :param facts: what the models do not hold.
    :param known: where each public name is documented.
    """
    module = import_module(f"cvatfn.models.{area}")
    names: list[str] = module.__all__
    title = f"Models: {area}"
    about = facts.areas.get(area, (module.__doc__ or "").partition("\n\n")[0])
    return "\n".join(
        [
            *heading(title),
            *(sentence(about, known), ""),
            ".. py:currentmodule:: cvatfn.models",
            "",
            *(line for name in names for line in _described(name, module.__name__, facts, known)),
        ]
    )


def fields_told(model: str, facts: Dated) -> Iterator[str]:
    """A model's fields, one a line.

    :param model: its name.
    :param facts: what the models do not hold.
    """
    found: object = getattr(models, model)
    kinds = _annotations(found)
    for name, kind in kinds.items():
        notes = _field_notes(found, name, facts)
        told = f"; {'; '.join(notes)}" if notes else ""
        yield f"- ``{name}``: :typed:`{spelled(kind, optional=False)}`{told}"


def _described(name: str, home: str, facts: Dated, known: Mapping[str, str]) -> Iterator[str]:
    found: object = getattr(models, name)
    lines: list[str]
    if _is_enum(found):
        head, lines = "class", [*_summary(found, known), *_members(found, facts)]
    elif _is_model(found):
        head, lines = "class", [*_summary(found, known), *_fields(found, facts)]
    elif isinstance(found, type):  # the twin of a request's model
        of = name.removesuffix("Dict")
        head = "class"
        lines = [f":py:class:`{of}` as a dict: the same keys, the same types, the same limits."]
    else:
        head, lines = "data", _alias(name, home)
    # No entry for the twins among the contents: their model stands there.
    contents = [] if not name.endswith(("Dict", "Like")) else ["   :no-contents-entry:"]
    yield from (f".. py:{head}:: {name}", *contents, "")
    yield from indented(lines)
    yield ""


def _summary(found: object, known: Mapping[str, str]) -> list[str]:
    said = inspect.getdoc(found) or ""
    text, _, more = said.partition("\n\n")
    release = [line for line in more.split("\n") if line.startswith(".. version")]
    return [sentence(text.replace("\n", " "), known), "", *release, ""]


def _fields(model: type, facts: Dated) -> Iterator[str]:
    for name, kind in _annotations(model).items():
        yield f".. py:attribute:: {name}"
        yield f"   :type: {spelled(kind)}"
        yield "   :no-contents-entry:"
        yield ""
        notes = _field_notes(model, name, facts)
        if notes:
            told = "; ".join(notes)
            yield from indented([f"{told[0].upper()}{told[1:]}.", ""])


def _field_notes(model: object, name: str, facts: Dated) -> list[str]:
    if not _is_model(model):
        return []
    kind = field_types(model)[name]
    fact = facts.fields.get((model.__name__, name))
    notes: list[str] = []
    if is_request(model.__name__):  # what is read is held to no limit
        notes = [*([] if may_be_left_out(kind) else ["required"]), *limits(kind)]
    if fact is not None:
        released = in_words(fact.lives.since, fact.lives.until, deprecated=fact.deprecated)
        notes += [*(["a secret, masked wherever it is shown"] if fact.secret else [])]
        notes += [released] if released else []
    return notes


def _members(enum: type[OpenEnum], facts: Dated) -> Iterator[str]:
    for member in enum:
        lives = facts.members.get((enum.__name__, member.name))
        released = in_words(lives.since, lives.until) if lives else ""
        yield f".. py:attribute:: {member.name}"
        yield f'   :value: "{member.value}"'
        yield "   :no-contents-entry:"
        yield ""
        if released:
            yield from indented([f"{released[0].upper()}{released[1:]}.", ""])


def _alias(name: str, home: str) -> list[str]:
    module = import_module(home)
    source = inspect.getsource(module)
    _, _, rest = source.partition(f"\n{name}: TypeAlias = ")
    value = _first_expression(rest)
    return [f"Stands for :typed:`{spelled(value)}`."]


def _first_expression(source: str) -> str:
    """The expression at the beginning of a text, over as many lines as its brackets need."""
    depth, taken = 0, ""
    for line in source.split("\n"):
        taken += line.strip()
        depth += sum(line.count(mark) for mark in "([{") - sum(line.count(mark) for mark in ")]}")
        if depth <= 0:
            break
        taken += " "
    return taken.strip("() ") if taken.startswith("(") else taken


def _annotations(model: object) -> Mapping[str, str]:
    """The fields of a model as its source has them."""
    if not _is_model(model):
        return {}
    written: dict[str, object] = inspect.get_annotations(model)
    return {field.name: str(written[field.name]) for field in fields_of(model)}


def _is_model(found: object) -> TypeGuard[type]:
    return isinstance(found, type) and attrs.has(cast("type[attrs.AttrsInstance]", found))


def _is_enum(found: object) -> TypeGuard[type[OpenEnum]]:
    return isinstance(found, type) and issubclass(found, OpenEnum)
